"""PDF files are read as one reads the page, and what cannot be seen on it is left out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fpdf import FPDF
from made_files import LIE, MORE, PROSE, pdf

from index.drafts import Draft
from index.errors import RejectedFile
from index.readers import reader_for
from index.readers.pdf_child import told_of

LEFT = "In Lindholm the ferries will not sail before autumn. " + PROSE + " " + MORE
RIGHT = "The town of Norrby has offered its own quay for the summer. " + MORE + " " + PROSE


def text(path: Path) -> str:
    said = told_of(path)
    assert "problem" not in said, said
    return str(said["text"])


def set_in(made: FPDF, words: str, width: float) -> list[str]:
    """The lines of a text set in a column of a width in points."""
    return [each.rstrip() for each in made.multi_cell(width, 14, words, align="L", dry_run=True, output="LINES")]


def columns(made: FPDF, *texts: str, top: float = 160, width: float = 250, step: float = 270) -> None:
    """Texts side by side, drawn row by row over all columns, as some programs do."""
    rows = [set_in(made, each, width) for each in texts]
    for at in range(max(map(len, rows))):
        for number, lines in enumerate(rows):
            if at < len(lines):
                made.text(40 + number * step, top + 14 * at, lines[at])


def test_two_columns_under_one_headline_are_read_one_after_the_other(tmp_path: Path) -> None:
    def draw(made: FPDF) -> None:
        made.set_font("Times", size=22)
        made.text(40, 100, "Storm shuts the harbour of Lindholm until autumn")
        made.set_font("Times", size=11)
        made.text(40, 125, "By Ann Berg")
        columns(made, f"{LEFT} {LEFT}", f"{RIGHT} {RIGHT}")

    path = pdf(tmp_path / "a.pdf", draw)
    assert text(path).split("\n\n") == [
        "Storm shuts the harbour of Lindholm until autumn",
        "By Ann Berg",
        f"{LEFT} {LEFT}",
        f"{RIGHT} {RIGHT}",
    ]
    reader = reader_for(path)
    assert reader is not None
    [draft] = reader(path, 1_000_000)
    assert isinstance(draft, Draft)
    assert (draft.title, draft.author) == ("Storm shuts the harbour of Lindholm until autumn", "Ann Berg")
    assert draft.found["title"] == "largest line of the first page"
    assert "By Ann Berg" not in draft.text


def test_three_columns(tmp_path: Path) -> None:
    parts = [f"Part {n} begins. {LEFT} {RIGHT}" for n in ("one", "two", "three")]
    path = pdf(tmp_path / "a.pdf", lambda made: columns(made, *parts, width=165, step=180))
    assert text(path).split("\n\n") == parts


def test_a_sentence_goes_on_in_the_next_column_and_on_the_next_page(tmp_path: Path) -> None:
    whole = f"{LEFT} {RIGHT} {LEFT} {RIGHT}"

    def draw(made: FPDF) -> None:
        lines = set_in(made, whole, 250)
        third = len(lines) // 3
        for at in range(third):
            made.text(40, 160 + 14 * at, lines[at])
        for at in range(third, 2 * third):
            made.text(310, 160 + 14 * (at - third), lines[at])
        made.add_page()
        for at in range(2 * third, len(lines)):
            made.text(40, 160 + 14 * (at - 2 * third), lines[at])

    assert text(pdf(tmp_path / "a.pdf", draw)) == whole


def test_running_heads_and_page_numbers_go_and_figures_of_the_story_stay(tmp_path: Path) -> None:
    def draw(made: FPDF) -> None:
        for page in range(1, 4):
            if page > 1:
                made.add_page()
            made.text(40, 40, f"LINDHOLM POST      Sunday 8 June 2025      {page}")
            made.text(40, 200, f"{page}. In year {page} the port had {page}00 ships.")
            made.text(280, 810, f"Page {page} of 3")

    assert text(pdf(tmp_path / "a.pdf", draw)).split("\n\n") == [
        f"{n}. In year {n} the port had {n}00 ships." for n in (1, 2, 3)
    ]


def test_words_parted_at_the_end_of_a_line_are_whole_again(tmp_path: Path) -> None:
    lines = [
        "A well-known captain said that the har-",
        "bour would be closed. He is not so well-",
        "known abroad, and of Anglo-",
        "Saxon stock, and the cost is 12-",
        "14 million.",
    ]

    def draw(made: FPDF) -> None:
        for at, line in enumerate(lines):
            made.text(40, 200 + 14 * at, line)

    whole = "A well-known captain said that the harbour would be closed. He is not so well-known abroad, and of"
    assert text(pdf(tmp_path / "a.pdf", draw)).startswith(whole)


def test_paragraphs_lists_and_tables(tmp_path: Path) -> None:
    def draw(made: FPDF) -> None:
        for at, line in enumerate(set_in(made, LEFT, 500)):
            made.text(40, 160 + 14 * at, line)
        for at, line in enumerate(set_in(made, RIGHT, 500)):
            made.text(40, 240 + 14 * at, line)
        for at, line in enumerate(("- The Astrid.", "- The Berta.")):
            made.text(40, 320 + 14 * at, line)
        for at, row in enumerate(
            (("Ferry", "Damage", "Year"), ("Astrid", "$2.1 million", "2025"), ("Berta", "$900", "2024"))
        ):
            for column, cell in enumerate(row):
                made.text(40 + 120 * column, 380 + 14 * at, cell)

    assert text(pdf(tmp_path / "a.pdf", draw)).split("\n\n") == [
        LEFT,
        RIGHT,
        "- The Astrid.\n- The Berta.",
        "| Ferry | Damage | Year |\n| Astrid | $2.1 million | 2025 |\n| Berta | $900 | 2024 |",
    ]


def test_what_cannot_be_seen_is_not_read(tmp_path: Path) -> None:
    def draw(made: FPDF) -> None:
        made.text(40, 200, PROSE)
        made.set_text_color(255, 255, 255)
        made.text(40, 220, LIE + " white")
        made.set_fill_color(0, 0, 120)
        made.rect(30, 235, 500, 20, style="F")
        made.text(40, 250, MORE)
        made.set_text_color(0, 0, 0)
        made.set_font("Times", size=1)
        made.text(40, 270, LIE + " tiny")
        made.set_font("Times", size=11)
        with made.local_context(text_mode="INVISIBLE"):
            made.text(40, 290, LIE + " invisible")
        with made.local_context(fill_opacity=0):
            made.text(40, 310, LIE + " clear")
        made.text(40, 330, LIE + " blacked out")
        made.set_fill_color(0, 0, 0)
        made.rect(30, 318, 500, 16, style="F")
        made.text(700, 350, LIE + " off the page")

    assert text(pdf(tmp_path / "a.pdf", draw)).split("\n\n") == [PROSE, MORE]


def test_letters_recognised_under_a_scan_are_read(tmp_path: Path) -> None:
    from PIL import Image

    def draw(made: FPDF) -> None:
        made.image(Image.new("L", (60, 80), 200), x=0, y=0, w=595, h=842)
        with made.local_context(text_mode="INVISIBLE"):
            made.text(40, 200, PROSE)

    assert text(pdf(tmp_path / "a.pdf", draw)) == PROSE


def test_a_page_on_its_side_is_read_upright(tmp_path: Path) -> None:
    def draw(made: FPDF) -> None:
        for at, line in enumerate(set_in(made, LEFT, 350)):
            with made.rotation(90, 300, 400):
                made.text(100, 400 + 14 * at, line)

    assert text(pdf(tmp_path / "a.pdf", draw)) == LEFT


def rejected(path: Path) -> str:
    reader = reader_for(path)
    assert reader is not None
    with pytest.raises(RejectedFile) as error:
        list(reader(path, 1_000_000))
    assert error.value.path == str(path)
    return str(error.value)


def test_a_scan_is_refused_with_what_to_do(tmp_path: Path) -> None:
    from PIL import Image

    path = pdf(
        tmp_path / "a.pdf", lambda made: made.image(Image.new("L", (60, 80), 200), x=0, y=0, w=595, h=842) and None
    )
    assert rejected(path) == (
        "its page holds no text: it is a picture, as of a scan Recognise its letters first, e.g.: ocrmypdf IN.pdf OUT.pdf"
    )


def test_a_page_that_is_a_picture_among_others_is_named(tmp_path: Path) -> None:
    from PIL import Image

    def draw(made: FPDF) -> None:
        made.text(40, 200, PROSE)
        made.add_page()
        made.image(Image.new("L", (60, 80), 200), x=0, y=0, w=595, h=842)

    path = pdf(tmp_path / "a.pdf", draw)
    reader = reader_for(path)
    assert reader is not None
    draft, page = reader(path, 1_000_000)
    assert isinstance(draft, Draft)
    assert draft.text == PROSE
    assert isinstance(page, RejectedFile)
    assert page.path.endswith("a.pdf:page 2")


def test_locked_broken_and_false_files_are_refused(tmp_path: Path) -> None:
    locked = FPDF()
    locked.add_page()
    locked.set_font("Times", size=11)
    locked.text(40, 40, PROSE)
    locked.set_encryption(owner_password="a", user_password="b")
    locked.output(str(tmp_path / "locked.pdf"))
    assert rejected(tmp_path / "locked.pdf").startswith("it is locked with a password")
    whole = pdf(tmp_path / "whole.pdf", lambda made: made.text(40, 200, PROSE)).read_bytes()
    for name, data in {
        "cut.pdf": whole[:300],
        "none.pdf": b"",
        "text.pdf": PROSE.encode(),
        "zeros.pdf": bytes(5000),
    }.items():
        (tmp_path / name).write_bytes(data)
        assert "is not a PDF file that can be read" in rejected(tmp_path / name)


def test_what_the_file_says_of_itself(tmp_path: Path) -> None:
    made = datetime(2025, 6, 8, 10, tzinfo=UTC)

    def read(name: str, **told: object) -> Draft:
        def draw(drawn: FPDF) -> None:
            drawn.text(40, 200, PROSE)
            for key, value in told.items():
                getattr(drawn, f"set_{key}")(value)

        path = pdf(tmp_path / name, draw)
        reader = reader_for(path)
        assert reader is not None
        [draft] = reader(path, 1_000_000)
        assert isinstance(draft, Draft)
        return draft

    typeset = read(
        "a.pdf", title="Storm shuts harbour", author="Ann Berg", producer="Adobe InDesign", creation_date=made
    )
    assert (typeset.title, typeset.author, typeset.published_at) == ("Storm shuts harbour", "Ann Berg", made)
    assert dict(typeset.found) == {
        "title": "PDF Title", "author": "PDF Author", "published_at": "file date (PDF CreationDate)",
    }  # fmt: skip
    saved = read("b.pdf", title="Microsoft Word - x.doc", author="user1", producer="Skia/PDF m120", creation_date=made)
    assert (saved.title, saved.author, saved.published_at, dict(saved.found)) == (None, None, None, {})


def test_a_process_that_breaks_costs_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import index.readers.pdf as reading

    path = pdf(tmp_path / "a.pdf", lambda made: made.text(40, 200, PROSE))
    breaks = tmp_path / "breaks.sh"
    breaks.write_text("#!/bin/sh\nkill -SEGV $$\n")
    breaks.chmod(0o755)
    monkeypatch.setattr(reading.sys, "executable", str(breaks))
    assert rejected(path) == "the PDF library breaks on it: exit -11"
