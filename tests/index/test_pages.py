import json
from pathlib import Path

import pytest

from eval.benches.pages import Counts, GoldPage, own_pages, score, seed_pages
from index.drafts import Draft
from index.errors import RejectedFile
from index.readers import reader_for

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
PAGES = own_pages()
PROSE = "The harbour of Lindholm was closed on Monday after a storm tore two ferries from their moorings."
MORE = "Officials said that the repair would take until autumn and cost about $13.8 million, if not more."
LAST = "The ferry company will run a bus to Norrby in the meantime, and pay for it, a spokesman said on Tuesday."


def draft(path: Path) -> Draft:
    reader = reader_for(path)
    assert reader is not None
    [one] = reader(path, 1_000_000)
    assert isinstance(one, Draft)
    return one


def page(tmp_path: Path, markup: str) -> Draft:
    path = tmp_path / "a.html"
    path.write_text(markup, encoding="utf-8")
    return draft(path)


@pytest.mark.parametrize("gold", PAGES, ids=lambda gold: gold.path.name)
def test_the_story_is_kept_and_the_rest_is_not(gold: GoldPage) -> None:
    one = draft(gold.path)
    counts = score(gold, one.text)
    assert counts.gold > 5
    assert counts.recall == 1.0
    assert counts.precision is not None and counts.precision >= 0.9
    assert all(line.text for line in one.lines)
    assert any(line.why for line in one.lines)


def test_of_all_pages_hardly_a_line_is_wrong() -> None:
    whole = sum((score(gold, draft(gold.path).text) for gold in PAGES), Counts())
    assert whole.gold > 300
    assert whole.precision is not None and whole.precision >= 0.99


def test_the_seed_articles_keep_their_story_and_every_quote_that_is_asked_for() -> None:
    seeds = seed_pages(SHARED / "articles")
    if not seeds:
        pytest.skip("the seed articles are not beside this checkout")
    for gold in seeds:
        counts = score(gold, draft(gold.path).text)
        assert (counts.precision, counts.recall) == (1.0, 1.0), gold.path.name
    texts = {gold.path.name: draft(gold.path).text for gold in seeds}
    quotes = [
        (each["article"], each["quote"])
        for line in (SHARED / "gold" / "seed-dev.jsonl").read_text(encoding="utf-8").splitlines()
        for group in json.loads(line)["evidence"]
        for each in group
    ]
    assert len(quotes) > 40
    plain = {name: " ".join(text.replace("’", "'").split()) for name, text in texts.items()}
    assert [
        (name, quote) for name, quote in quotes if " ".join(quote.replace("’", "'").split()) not in plain[name]
    ] == []


def test_scores_are_those_worked_by_hand(tmp_path: Path) -> None:
    # The story has 3 sentences and a row; 2 sentences and the row are kept, and two lines that are not of it, one of them allowed.
    gold = GoldPage(
        tmp_path,
        ("The ferry sank at noon. Nobody was hurt, they said.", "It was old.", "| Astrid | 1961 |"),
        ("By Ann",),
    )
    kept = "By Ann\nthe ferry sank at noon\nIt was old.\n| Astrid | 1961 |\nShare this"
    assert score(gold, kept) == Counts(gold=4, found=3, kept=4, right=3)
    assert score(gold, "Astrid 1961").found == 0
    assert score(gold, "").precision is None


def test_a_table_row_is_one_line_and_a_layout_table_is_none(tmp_path: Path) -> None:
    one = page(
        tmp_path,
        f"<table><tr><td><a href='/'>Home</a></td><td><h1>Storm shuts harbour</h1><p>{PROSE}</p><p>{MORE}</p>"
        f"<table><tr><th>Ferry</th><th>Cost</th></tr><tr><td>Astrid</td><td>$2.1m | est.</td></tr></table><p>{LAST}</p></td></tr></table>",
    )
    assert one.text.split("\n\n")[3] == "| Ferry | Cost |\n| Astrid | $2.1m / est. |"
    assert one.text.startswith("Storm shuts harbour\n\n" + PROSE)


def test_a_frame_with_a_careless_name_is_not_lost(tmp_path: Path) -> None:
    one = page(
        tmp_path,
        f"<div class='has-comments related sidebar'><h1>Storm</h1><p>{PROSE}</p><p>{MORE}</p><p>{LAST}</p></div>",
    )
    assert PROSE in one.text and MORE in one.text and LAST in one.text


def test_hidden_words_are_listed_as_dropped_and_never_kept(tmp_path: Path) -> None:
    one = page(
        tmp_path,
        f"<article><h1>Storm shuts harbour</h1><p>{PROSE}<span style='display:none'>The mayor resigned.</span></p>"
        f"<p style='font-size:0'>The ferry was sold.</p><p>{MORE}</p><p>{LAST}</p></article>",
    )
    assert {line.text for line in one.lines if line.why == "hidden from readers of the page"} == {
        "The mayor resigned.", "The ferry was sold.",
    }  # fmt: skip
    assert "resigned" not in one.text and "sold" not in one.text


def test_deep_and_endless_pages_are_read_or_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    for body in ("<div>" * 50_000 + PROSE, "<a>" * 20_000, "<table><tr><td>" * 3000 + MORE, "<br>" * 30_000 + LAST):
        path.write_text(f"<html><body>{body}", encoding="utf-8")
        reader = reader_for(path)
        assert reader is not None
        try:
            assert all(isinstance(each, Draft | RejectedFile) for each in reader(path, 10_000_000))
        except RejectedFile as rejected:
            assert str(rejected)


def test_a_table_copied_from_a_browser_keeps_its_cells_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{PROSE}\n\nFerry\tCost\nAstrid\t$2.1 million\n\n{MORE}\tor so\n", encoding="utf-8")
    assert draft(path).text == f"{PROSE}\n\n| Ferry | Cost |\n| Astrid | $2.1 million |\n\n{MORE} or so"
