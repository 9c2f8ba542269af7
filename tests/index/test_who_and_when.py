from datetime import UTC, datetime
from pathlib import Path

import pytest

from eval.benches.pages import PAGES
from index.articles import article_from
from index.dates import ago, parse_date
from index.drafts import Draft
from index.language import language_of
from index.readers import reader_for
from index.readers.bylines import Top, read_line
from index.readers.declared import from_address, site_in_title

PROSE = "The harbour of Lindholm was closed on Monday after a storm tore two ferries from their moorings."
MORE = "Officials said that the repair would take until autumn and cost about $13.8 million, if not more."


def read(path: Path) -> Draft:
    reader = reader_for(path)
    assert reader is not None
    [one] = reader(path, 1_000_000)
    assert isinstance(one, Draft)
    return one


def page(tmp_path: Path, head: str, top: str = "", end: str = "", language: str = "en") -> Draft:
    path = tmp_path / "a.html"
    body = f"<article><h1>Storm shuts harbour</h1>{top}<p>{PROSE}</p><p>{MORE}</p><p>{PROSE}</p></article>{end}"
    path.write_text(f"<html lang='{language}'><head>{head}</head><body>{body}</body></html>", encoding="utf-8")
    return read(path)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "language", "moment"),
    [
        ("04/06/2025 09:40", "en-GB", at(2025, 6, 4, 9, 40)),
        ("04/06/2025", "en-US", at(2025, 4, 6)),
        ("04/06/2025", "en", None),
        ("04.06.2025", "de", at(2025, 6, 4)),
        ("04/06/2025", "fr-FR", at(2025, 6, 4)),
        ("3. Februar 2025, 14:05 Uhr", "de", at(2025, 2, 3, 14, 5)),
        ("8 de junio de 2025 a las 10:15 CEST", "es", at(2025, 6, 8, 8, 15)),
        ("1er mars 2025 à 14h05", "fr", at(2025, 3, 1, 14, 5)),
        ("Wed 30 Oct 2024 18.45 GMT", "en", at(2024, 10, 30, 18, 45)),
        ("May 21, 2025, 12:00 a.m. ET", "en", at(2025, 5, 21, 4)),
        ("Mar 03, 2025, 08:00 ET", "en", at(2025, 3, 3, 13)),
        ("Friday 2 May 2025 18:00 BST", "en", at(2025, 5, 2, 17)),
        ("30 January 2025 9:14pm AEDT", "en", at(2025, 1, 30, 10, 14)),
        ("Route 66, 2024", "en", None),
    ],
)
def test_dates_as_newsrooms_write_them(written: str, language: str, moment: datetime | None) -> None:
    assert parse_date(written, language=language) == moment


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("By Ann Berg", {"author": "Ann Berg"}),
        ("By HAROLD TENN", {"author": "HAROLD TENN"}),
        ("By Ann Berg and Bo van Ek, environment reporters", {"author": "Ann Berg and Bo van Ek"}),
        ("Von Klara Brenner | 3. Februar 2025", {"author": "Klara Brenner", "published_at": at(2025, 2, 3)}),
        ("Posted by Anders Holt on 9 February 2025 in Reviews, Heating | 23 comments", {"author": "Anders Holt", "published_at": at(2025, 2, 9)}),
        ("Updated June 9, 2025 at 4:32 p.m. EDT · 4 min read", {"updated_at": at(2025, 6, 9, 20, 32)}),
        ("Harriet Dunn, transport editor", {"author": "Harriet Dunn"}),
        ("Author: Gil Ortega", {"author": "Gil Ortega"}),
        ("Published: 9:05 AM PDT July 19, 2024", {"published_at": at(2024, 7, 19, 16, 5)}),
        ("Published 04/06/2025", {}),
        ("Published 1 January 2099", {}),
        ("12 minutes ago", {}),
        ("Staff writer", {}),
        ("By Monday, the town had no water.", None),
        ("By Monday", None),
        ("Ask the editor", None),
        ("Storm shuts harbour", None),
        ("On 8 June 2025 the council met.", None),
    ],
)  # fmt: skip
def test_lines_that_are_a_byline(line: str, fields: dict[str, object] | None) -> None:
    assert read_line(line) == fields


def test_minutes_ago_are_counted_from_when_the_page_was_retrieved_and_from_nothing_else(tmp_path: Path) -> None:
    then = at(2025, 6, 8, 12)
    assert ago("12 minutes ago", then) == at(2025, 6, 8, 11, 48)
    assert ago("Updated 2 hours ago", then) == at(2025, 6, 8, 10)
    assert read_line("Updated 2 hours ago", Top(retrieved_at=then)) == {"updated_at": at(2025, 6, 8, 10)}
    path = tmp_path / "a.txt"
    lines = f"Storm shuts the harbour of Lindholm\n12 minutes ago\n{PROSE}\n{MORE}\n"
    path.write_text(lines)
    assert read(path).published_at is None
    path.write_text(f"Retrieved: 2025-06-08T12:00:00Z\n\n{lines}")
    one = read(path)
    assert (one.published_at, one.retrieved_at) == (at(2025, 6, 8, 11, 48), then)
    assert "minutes ago" not in one.text


def test_dates_of_other_stories_are_not_the_storys(tmp_path: Path) -> None:
    others = "<section><h2>Top stories</h2><article><h3><a href='/a'>Ferry fares rise</a></h3><time datetime='2025-05-05'>5 May 2025</time></article></section>"
    assert page(tmp_path, "", end=others).published_at is None
    one = page(tmp_path, "", top="<time datetime='2025-05-02T18:00:00+01:00'>2 May</time>", end=others)
    assert (one.published_at, one.found["published_at"]) == (at(2025, 5, 2, 17), "time element")


def test_the_update_is_not_the_first_date(tmp_path: Path) -> None:
    top = "<time class='updated' datetime='2025-05-04'>4 May</time><time class='published' datetime='2025-05-02'>2 May</time>"
    one = page(tmp_path, "", top=top)
    assert (one.published_at, one.updated_at) == (at(2025, 5, 2), at(2025, 5, 4))


def test_a_date_to_come_is_passed_over(tmp_path: Path) -> None:
    head = "<meta property='article:published_time' content='2099-01-01'><meta itemprop='datePublished' content='2025-04-09'>"
    one = page(tmp_path, head)
    assert (one.published_at, one.found["published_at"]) == (at(2025, 4, 9), "itemprop datePublished")


def linked(*articles: str) -> str:
    return f'<script type="application/ld+json">[{",".join(articles)}]</script>'


OTHER = '{"@type":"NewsArticle","headline":"Copper slips","datePublished":"2025-02-01","author":"Staff","url":"https://x.example/copper"}'
OURS = (
    '{"@type":["Thing","NewsArticle"],"headline":"Storm shuts harbour","datePublished":"2025-02-06T06:45:00+08:00",'
    '"author":[{"name":["Wei Tan"]},{"@id":"#bo"}],"publisher":{"@id":"#org"},"mainEntityOfPage":{"@id":"https://x.example/storm"}}'
)
PEOPLE = '{"@graph":[{"@id":"#bo","name":"Bo Ek"},{"@id":"#org","name":"Metals &amp; News"}]}'


def test_of_several_articles_the_one_that_the_page_is_about_is_read(tmp_path: Path) -> None:
    one = page(tmp_path, linked(OTHER, OURS, PEOPLE))
    assert (one.author, one.publisher, one.published_at) == ("Wei Tan, Bo Ek", "Metals & News", at(2025, 2, 5, 22, 45))
    assert (one.url, one.found["url"]) == ("https://x.example/storm", "JSON-LD url")
    by_address = page(
        tmp_path,
        linked(OTHER, OURS.replace("Storm shuts", "Gale closes"))
        + "<link rel='canonical' href='https://x.example/storm?utm_source=a'>",
    )
    assert by_address.published_at == at(2025, 2, 5, 22, 45)


def test_where_none_of_several_is_known_to_be_meant_none_is_read(tmp_path: Path) -> None:
    one = page(tmp_path, linked(OTHER, OTHER.replace("copper", "zinc").replace("Copper", "Zinc")))
    assert (one.published_at, one.author, one.title) == (None, None, "Storm shuts harbour")


def test_broken_linked_data_is_passed_over(tmp_path: Path) -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Storm\nshuts harbour","datePublished":"2025-02-06"}</script>'
    assert page(tmp_path, head).published_at == at(2025, 2, 6)
    assert (
        page(tmp_path, '<script type="application/ld+json">{"@type":' + "[" * 50_000 + "</script>").published_at is None
    )


@pytest.mark.parametrize(
    ("title", "headline", "site"),
    [
        ("Storm shuts harbour | Lindholm Post", "Storm shuts harbour", "Lindholm Post"),
        ("Lindholm Post - Storm shuts harbour", "Storm shuts harbour", "Lindholm Post"),
        ("Storm - and the harbour - Lindholm Post", "Storm - and the harbour", "Lindholm Post"),
        ("Storm shuts harbour", "Storm shuts harbour", None),
        ("Another title | Lindholm Post", "Storm shuts harbour", None),
    ],
)
def test_the_site_in_a_title(title: str, headline: str, site: str | None) -> None:
    assert site_in_title(title, headline) == site


def test_a_day_in_an_address() -> None:
    assert from_address("https://x.example/2025/06/08/storm") == at(2025, 6, 8)
    assert from_address("https://x.example/live/2024/oct/30/budget") == at(2024, 10, 30)
    assert from_address("https://x.example/2025/06/storm") is None
    assert from_address("https://x.example/2099/01/01/storm") is None


def test_the_language_of_a_text_is_told_only_where_it_is_clear() -> None:
    assert language_of(f"{PROSE} {MORE} " * 4) == "en"
    assert (
        language_of(
            "La medida afecta a los regantes del valle y a las tierras que se riegan con el agua de los pozos. " * 3
        )
        == "es"
    )
    assert language_of("Lindholm 2025") is None


def test_a_file_was_retrieved_when_it_was_written(tmp_path: Path) -> None:
    import os

    path = tmp_path / "a.txt"
    path.write_text(f"{PROSE}\n\n{MORE}")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    article = article_from(read(path), path)
    assert (article.retrieved_at, article.found["retrieved_at"]) == (at(2023, 11, 14, 22, 13, 20), "file date")
    assert (article.published_at, article.publisher, article.author) == (None, None, None)


def test_the_pages_of_the_bench_tell_who_and_when() -> None:
    import json

    from eval.benches.cleaning import FIELDS, verdict

    gold = json.loads((PAGES / "gold" / "who.json").read_text(encoding="utf-8"))
    drafts = {name: read(PAGES / name) for name in gold}
    verdicts = [
        verdict(field, told[field], getattr(drafts[name], field)) for name, told in gold.items() for field in FIELDS
    ]
    assert len(verdicts) == 182
    assert verdicts.count("wrong") == 0
    assert verdicts.count("right") >= 140
    assert verdicts.count("invented") <= 1
