"""Mails, saved pages, feeds, tables, Word files and books become articles with what their own format tells of them."""

from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from docx.shared import Pt, RGBColor
from made_files import LIE, MORE, PROSE, chapter, epub

from index.drafts import Draft
from index.errors import RejectedFile
from index.readers import FORMATS, reader_for

SAMPLES = Path(__file__).parent / "samples"
MOST = 1_000_000


def read(path: Path, columns: dict[str, str] | None = None) -> list[Draft | RejectedFile]:
    reader = reader_for(path, columns)
    assert reader is not None
    return list(reader(path, MOST))


def one(path: Path) -> Draft:
    [draft] = read(path)
    assert isinstance(draft, Draft)
    return draft


def drafts(path: Path, columns: dict[str, str] | None = None) -> list[Draft]:
    found = read(path, columns)
    assert all(isinstance(each, Draft) for each in found), found
    return [each for each in found if isinstance(each, Draft)]


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_newsletter() -> None:
    draft, attachment = read(SAMPLES / "newsletter.eml")
    assert isinstance(draft, Draft)
    assert draft.text.split("\n\n") == [
        "Storm shuts the harbour — again",
        PROSE,
        "Repairs will last until autumn, the port’s director said, and cost about €2.1 million.",
        "| Ferry | Damage |\n| Astrid | €2.1 million |",
    ]
    assert (draft.title, draft.author, draft.publisher) == (
        "Storm shuts the harbour — again",
        "Ann Björk",
        "Lindholm Post",
    )
    assert draft.published_at == datetime(2025, 6, 8, 8, tzinfo=UTC)
    assert draft.url == "https://lindholmpost.example/letters/2025-06-08"
    assert draft.found == {
        "title": "mail Subject", "author": "mail From", "publisher": "mail Organization", "published_at": "mail Date",
        "url": "mail Archived-At",
    }  # fmt: skip
    assert isinstance(attachment, RejectedFile)
    assert attachment.path.endswith("newsletter.eml:report.pdf")
    assert "not read" in str(attachment)


def test_a_mail_of_plain_text_and_no_names(tmp_path: Path) -> None:
    mail = f"From: desk@wire.example\nSubject: Fwd: RE: Storm\n\nBy Bo Ek\n\n{PROSE}\n\n{MORE}\n"
    draft = one(written(tmp_path / "a.eml", mail))
    assert draft.text == f"{PROSE}\n\n{MORE}"
    assert (draft.title, draft.author, draft.publisher, draft.published_at) == ("Storm", "Bo Ek", None, None)
    assert draft.found == {"title": "mail Subject", "author": "byline"}


def test_a_page_saved_with_its_parts_is_read_without_frames_and_the_date_of_saving() -> None:
    draft = one(SAMPLES / "saved.mhtml")
    assert PROSE in draft.text
    assert "the port’s director said, and cost about €2.1 million." in draft.text
    for gone in ("Forty ferries", "Buy a new car", "Home"):
        assert gone not in draft.text
    assert (draft.publisher, draft.url) == ("Lindholm Post", "https://lindholmpost.example/2025/storm")
    assert draft.published_at == datetime(2025, 6, 8, 8, tzinfo=UTC)
    assert (draft.retrieved_at, draft.found["retrieved_at"]) == (datetime(2026, 2, 3, 9, 15, tzinfo=UTC), "mhtml Date")


RSS = f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Lindholm Post</title><language>en</language>
<item><title>Storm &amp;amp; harbour</title><link>https://l.example/a</link><guid isPermaLink="false">1</guid>
<dc:creator>Ann Berg</dc:creator><pubDate>Sun, 08 Jun 2025 10:00:00 EDT</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{PROSE}</p><p style="display:none">{LIE}</p><!-- {LIE} --><img alt="{LIE}"><ul><li>Astrid</li></ul>
<table><tr><td>Astrid</td><td>$2.1 million</td></tr></table>]]></content:encoded></item>
<item><title>Only a summary</title><link>javascript:x</link><guid>2</guid><description>&lt;b&gt;{MORE}&lt;/b&gt;</description></item>
<item><title>Nothing</title></item><item><guid>2</guid><description>{MORE}</description></item></channel></rss>"""


def test_a_saved_feed(tmp_path: Path) -> None:
    for name in ("a.xml", "a.rss"):
        full, summary, empty = read(written(tmp_path / name, RSS))
        assert isinstance(full, Draft)
        assert isinstance(summary, Draft)
        assert full.text == f"{PROSE}\n\n- Astrid\n\n| Astrid | $2.1 million |"
        assert (full.title, full.author, full.publisher, full.language) == (
            "Storm & harbour",
            "Ann Berg",
            "Lindholm Post",
            "en",
        )
        assert full.published_at == datetime(2025, 6, 8, 14, tzinfo=UTC)
        assert (full.updated_at, full.url) == (None, "https://l.example/a")
        assert full.found["publisher"] == "feed title"
        assert (summary.text, summary.url, summary.published_at) == (MORE, None, None)
        assert summary.found["text"] == "feed entry summary"
        assert isinstance(empty, RejectedFile)
        assert empty.path.endswith(f"{name}:entry 3")


def test_an_atom_feed_names_the_source_of_an_entry(tmp_path: Path) -> None:
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>All news</title><entry><id>urn:1</id><title>Storm</title>
    <link href="https://l.example/a"/><published>2025-06-08T10:00:00+02:00</published><updated>2025-06-09T10:00:00Z</updated>
    <author><name>Ann Berg</name></author><source><title>Lindholm Post</title></source><content type="html">&lt;p&gt;{PROSE}&lt;/p&gt;</content></entry>
    <entry><id>urn:2</id><title>Other</title><updated>2025-06-09T10:00:00Z</updated><summary>{MORE}</summary></entry></feed>"""
    first, second = drafts(written(tmp_path / "a.atom", atom))
    assert (first.publisher, first.author) == ("Lindholm Post", "Ann Berg")
    assert first.published_at == datetime(2025, 6, 8, 8, tzinfo=UTC)
    assert first.updated_at == datetime(2025, 6, 9, 10, tzinfo=UTC)
    # The moment of an update is not passed off as that of publishing.
    assert (second.published_at, second.updated_at) == (None, datetime(2025, 6, 9, 10, tzinfo=UTC))


def test_a_table_with_sensible_names(tmp_path: Path) -> None:
    table = f'Headline,Source Name,Publication_Date,By,Link,Body,n\nStorm,Lindholm Post,2025-06-08,Ann Berg,https://l.example/a,"{PROSE}\n\n{MORE}",1\n,,,,,,\nX,,,,,,2\nY,,05/06/2025,,not a url,{MORE},3\n'
    first, empty, second = read(written(tmp_path / "a.csv", table))
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert first.text == f"{PROSE}\n\n{MORE}"
    assert (first.title, first.publisher, first.author, first.url) == (
        "Storm",
        "Lindholm Post",
        "Ann Berg",
        "https://l.example/a",
    )
    assert first.published_at == datetime(2025, 6, 8, tzinfo=UTC)
    assert first.found["publisher"] == "column Source Name"
    assert (second.title, second.url, second.published_at) == ("Y", None, None)
    assert isinstance(empty, RejectedFile)
    assert empty.path.endswith("a.csv:6")


def test_a_table_whose_columns_are_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f"Kop;Tekst;Content\nStorm;{PROSE};other\n")
    [draft] = drafts(path, {"title": "Kop", "text": "tekst"})
    assert (draft.title, draft.text) == ("Storm", PROSE)
    with pytest.raises(RejectedFile, match=r"no column Titel.*It has: Kop, Tekst, Content"):
        read(path, {"title": "Titel"})
    with pytest.raises(RejectedFile, match=r"none of its columns.*It has: a, b\..*--column text=NAME"):
        read(written(tmp_path / "b.csv", "a,b\n1,2\n"))


def test_a_table_apart_by_tabs_is_read_up_to_what_breaks_it(tmp_path: Path) -> None:
    reader = reader_for(tmp_path / "a.tsv")
    assert reader is not None
    found: list[Draft | RejectedFile] = []
    with pytest.raises(RejectedFile, match="not a table") as broken:
        found.extend(reader(written(tmp_path / "a.tsv", f'title\ttext\nOne\t{PROSE}\nTwo\t"a"b\n'), MOST))
    assert [each.title for each in found if isinstance(each, Draft)] == ["One"]
    assert broken.value.path.endswith("a.tsv:3")


def word(path: Path) -> Path:
    file = docx.Document()
    file.core_properties.author = "Ann Berg"
    file.core_properties.created = datetime(2025, 6, 8, 10)
    file.add_heading("Storm shuts the harbour", 0)
    file.add_paragraph("By Bo Ek")
    told = file.add_paragraph("The harbour of ")
    told.add_run(LIE).font.hidden = True
    white = told.add_run(LIE)
    white.font.color.rgb = RGBColor(255, 255, 255)
    small = told.add_run(LIE)
    small.font.size = Pt(1)
    inserted, deleted = OxmlElement("w:ins"), OxmlElement("w:del")
    inserted.append(told.add_run("Lindholm was closed.")._r)
    deleted.append(told.add_run(LIE)._r)
    told._p.append(inserted)
    told._p.append(deleted)
    unseen = file.styles.add_style("Unseen", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    unseen.font.hidden = True
    file.add_paragraph(LIE, style="Unseen")
    file.add_comment(told.runs, text=LIE, author="x", initials="x")
    file.add_paragraph("The Astrid.", style="List Bullet")
    file.add_paragraph("The Berta.", style="List Number")
    table = file.add_table(2, 2)
    for (row, column), cell in {(0, 0): "Ferry", (0, 1): "Damage", (1, 0): "Astrid", (1, 1): "$2.1 | million"}.items():
        table.cell(row, column).text = cell
    file.sections[0].header.paragraphs[0].text = LIE
    file.save(str(path))
    return path


def test_a_word_file(tmp_path: Path) -> None:
    draft = one(word(tmp_path / "a.docx"))
    assert draft.text.split("\n\n") == [
        "Storm shuts the harbour",
        "The harbour of Lindholm was closed.",
        "- The Astrid.\n- The Berta.",
        "| Ferry | Damage |\n| Astrid | $2.1 / million |",
    ]
    assert (draft.title, draft.author, draft.publisher) == ("Storm shuts the harbour", "Bo Ek", None)
    assert draft.published_at == datetime(2025, 6, 8, 10, tzinfo=UTC)
    assert draft.found == {
        "title": "paragraph in style Title", "author": "byline", "published_at": "file date (docx created)",
    }  # fmt: skip


def test_what_the_library_says_of_itself_is_not_said_of_a_word_file(tmp_path: Path) -> None:
    file = docx.Document()
    file.add_paragraph(PROSE)
    file.save(str(tmp_path / "a.docx"))
    draft = one(tmp_path / "a.docx")
    assert (draft.text, draft.author, draft.published_at, dict(draft.found)) == (PROSE, None, None, {})


def test_white_letters_on_a_dark_cell_are_seen(tmp_path: Path) -> None:
    file = docx.Document()
    table = file.add_table(1, 2)
    shade = OxmlElement("w:shd")
    shade.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}fill", "000080")
    table.cell(0, 0)._tc.get_or_add_tcPr().append(shade)
    for at, words in enumerate(("Seen", "Unseen")):
        table.cell(0, at).paragraphs[0].add_run(words).font.color.rgb = RGBColor(255, 255, 255)
    table.cell(0, 1).add_paragraph("Black")
    file.save(str(tmp_path / "a.docx"))
    assert one(tmp_path / "a.docx").text == "| Seen | Black |"


METADATA = (
    "<dc:title>Weekly</dc:title><dc:creator>Ann Berg</dc:creator><dc:creator>Bo Ek</dc:creator>"
    "<dc:publisher>Lindholm Post</dc:publisher><dc:date>2025-06-08</dc:date><dc:language>en</dc:language>"
    "<dc:source>https://l.example/a</dc:source>"
)


def test_a_magazine_is_an_article_for_each_entry_of_its_contents(tmp_path: Path) -> None:
    pages = {
        "cover.xhtml": chapter("Weekly", ""),
        "a.xhtml": chapter("Storm", f"<p>{PROSE}</p>"),
        "a2.xhtml": chapter(
            "", f"<p>{MORE}</p><p class='x'>{LIE}</p><p hidden=''>{LIE}</p><table><tr><td>a</td><td>1</td></tr></table>"
        ),
        "b%20b.xhtml": chapter("Ferry", f"<p>{MORE}</p>").replace("<p>", "<p><script/>"),
    }
    path = epub(tmp_path / "a.epub", {}, None)
    path = epub(
        tmp_path / "a.epub",
        {name: page for name, page in pages.items() if "%" not in name} | {"b%20b.xhtml": ""},
        {"a.xhtml": "The storm", "b%20b.xhtml#top": "The ferry"},
        METADATA,
        {"OEBPS/b b.xhtml": pages["b%20b.xhtml"]},
    )
    storm, ferry = drafts(path)
    assert storm.text == f"Storm\n\n{PROSE}\n\n{MORE}\n\n| a | 1 |"
    assert ferry.text == f"Ferry\n\n{MORE}"
    assert (storm.title, ferry.title, storm.publisher, storm.author) == (
        "The storm",
        "The ferry",
        "Lindholm Post",
        "Ann Berg, Bo Ek",
    )
    assert storm.published_at == datetime(2025, 6, 8, tzinfo=UTC)
    assert (storm.url, storm.language, storm.found["title"]) == (None, "en", "epub contents")
    assert storm.key != ferry.key


def test_a_book_of_one_chapter_has_the_title_and_the_address_of_the_book(tmp_path: Path) -> None:
    draft = one(epub(tmp_path / "a.epub", {"a.xhtml": chapter("Storm", f"<p>{PROSE}</p>")}, None, METADATA))
    assert (draft.title, draft.url, draft.found["url"]) == ("Weekly", "https://l.example/a", "epub source")


def test_every_format_has_its_reader() -> None:
    for suffix in FORMATS:
        assert reader_for(Path(f"a{suffix.upper()}")) is not None
    assert reader_for(Path("a.zip")) is None
