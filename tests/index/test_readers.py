import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.articles import canonical
from index.characters import normalise
from index.dates import parse_date
from index.decoding import NotText, decode
from index.drafts import Draft
from index.errors import RejectedFile
from index.readers import reader_for

PROSE = "The harbour of Lindholm was closed on Monday after a storm tore two ferries from their moorings."
MORE = "Officials said that the repair would take until autumn and cost about $13.8 million, if not more."


def draft(path: Path, text: str) -> Draft:
    path.write_text(text, encoding="utf-8")
    reader = reader_for(path)
    assert reader is not None
    [one] = reader(path, 1_000_000)
    assert isinstance(one, Draft)
    return one


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-06-08", datetime(2025, 6, 8, tzinfo=UTC)),
        ("2025-06-08T10:00:00+02:00", datetime(2025, 6, 8, 8, tzinfo=UTC)),
        ("2023-11-27T08:45:59+00:00", datetime(2023, 11, 27, 8, 45, 59, tzinfo=UTC)),
        ("June 8, 2025 5:00 PM EDT", datetime(2025, 6, 8, 21, tzinfo=UTC)),
        ("Sunday, 8 June 2025", datetime(2025, 6, 8, tzinfo=UTC)),
        ("Sun, 08 Jun 2025 10:00:00 GMT", datetime(2025, 6, 8, 10, tzinfo=UTC)),
        ("13/06/2025", datetime(2025, 6, 13, tzinfo=UTC)),
        ("06/13/2025", datetime(2025, 6, 13, tzinfo=UTC)),
        ("05/05/2025", datetime(2025, 5, 5, tzinfo=UTC)),
        ("05/06/2025", None),
        ("05/06/25", None),
        ("June 2025", None),
        ("2025", None),
        ("June 8", None),
        ("2 hours ago", None),
        ("yesterday", None),
        ("", None),
        ("not a date 2025", None),
        ("2025-13-45", None),
    ],
)
def test_a_date_is_read_only_where_it_is_one_day(written: str, read: datetime | None) -> None:
    assert parse_date(written) == read


def test_a_text_under_a_header(tmp_path: Path) -> None:
    text = f"Title: Storm shuts harbour\nPublisher: Lindholm Post\nDate: 2025-06-08\nAuthor: Ann Berg\nURL: https://l.example/a\n\n{PROSE}\n\n{MORE}\n"
    one = draft(tmp_path / "a.txt", text)
    assert one.text == f"{PROSE}\n\n{MORE}"
    assert (one.title, one.publisher, one.author, one.url) == (
        "Storm shuts harbour",
        "Lindholm Post",
        "Ann Berg",
        "https://l.example/a",
    )
    assert one.published_at == datetime(2025, 6, 8, tzinfo=UTC)
    assert one.found["published_at"] == "header Date"
    assert set(one.found) == {"title", "publisher", "author", "url", "published_at"}


def test_a_page_saved_as_text_loses_what_is_not_its_story(tmp_path: Path) -> None:
    headlines = [
        "Ten Cities Where Rents Are Falling Fast",
        "Why the Senate Fears Its Own Committee",
        "Is the Age of Cheap Flights Really Over?",
    ]
    page = [
        "Weather", "Storm shuts the harbour of Lindholm", "By Ann Berg", "June 8, 2025", "Storm shuts the harbour of Lindholm",
        f"LINDHOLM (Reuters) — {PROSE}", "Advertisement", *headlines, MORE, "What comes next",
        "| Ferry | Damage |", "|---|---|", "| Astrid | $2.1 million |", "- The Astrid will be towed to Norrby.",
        "- The Berta will be scrapped.", PROSE.replace("closed", "reopened"), MORE.replace("autumn", "winter"),
        "Source link", "Comments", "No comments yet...", "Related Articles", "Other Post", "12 minutes ago", PROSE.replace("harbour", "airport"),
    ]  # fmt: skip
    one = draft(tmp_path / "a.txt", "\r\n".join(page))
    assert one.text.split("\n") == [
        "Storm shuts the harbour of Lindholm", f"LINDHOLM (Reuters) — {PROSE}", MORE, "What comes next", "| Ferry | Damage |",
        "| Astrid | $2.1 million |", "- The Astrid will be towed to Norrby.", "- The Berta will be scrapped.",
        PROSE.replace("closed", "reopened"), MORE.replace("autumn", "winter"),
    ]  # fmt: skip
    assert (one.title, one.publisher, one.author) == ("Storm shuts the harbour of Lindholm", "Reuters", "Ann Berg")
    assert one.published_at == datetime(2025, 6, 8, tzinfo=UTC)
    assert one.found == {
        "title": "first line", "publisher": "dateline", "author": "byline", "published_at": "line of its own", "language": "its words",
    }  # fmt: skip


def test_nothing_is_invented_where_nothing_is_said(tmp_path: Path) -> None:
    one = draft(tmp_path / "a.txt", f"{PROSE}\n\n{MORE}")
    assert one == Draft(text=f"{PROSE}\n\n{MORE}")


def test_lines_of_a_list_stay(tmp_path: Path) -> None:
    winners = [f"Best film of the year number {n}" for n in ("one", "two", "three", "four")]
    text = "\n".join([PROSE, *winners, MORE])
    assert draft(tmp_path / "a.txt", text).text == text


def test_hard_wrapped_lines_are_joined(tmp_path: Path) -> None:
    import textwrap

    paragraphs = [f"{PROSE} {MORE}", f"{MORE} {PROSE}"]
    wrapped = "\n\n".join(textwrap.fill(each, 60) for each in paragraphs)
    assert draft(tmp_path / "a.txt", wrapped).text == "\n\n".join(paragraphs)


def test_markdown_with_front_matter(tmp_path: Path) -> None:
    text = (
        "---\ntitle: 'Storm: the harbour'\npublisher: Lindholm Post\ndate: 2025-06-08\nauthor: !!str Ann\nurl: https://l.example/a\n"
        f"draft: [1, 2]\n---\n# Storm\n\n{PROSE} See **the *map***, or [this](https://x.example/y_z).\n\n- one_two item\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    one = draft(tmp_path / "a.md", text)
    assert one.title == "Storm: the harbour"
    assert one.published_at == datetime(2025, 6, 8, tzinfo=UTC)
    assert one.found["title"] == "front matter title"
    assert one.text == f"Storm\n\n{PROSE} See the map, or this.\n\n- one_two item\n\n| a | b |\n| 1 | 2 |"


def test_front_matter_that_would_run_code_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"---\ntitle: !!python/object/apply:os.system ['touch {tmp_path}/hit']\n---\n{PROSE}")
    reader = reader_for(path)
    assert reader is not None
    with pytest.raises(RejectedFile, match="not YAML"):
        list(reader(path, 10_000))
    assert not (tmp_path / "hit").exists()


PAGE = f"""<!doctype html><html lang="en"><head><title>Storm | Lindholm Post</title>
<script type="application/ld+json">{{"@context":"https://schema.org","@graph":[{{"@type":"WebSite","name":"x"}},{{"@type":["NewsArticle"],
"headline":"Storm shuts harbour","datePublished":"2025-06-08T10:00:00+02:00","dateModified":"2025-06-09","author":[{{"name":"Ann Berg"}},{{"name":"Bo Ek"}}],
"publisher":{{"name":"Lindholm Post"}}}}]}}</script><script type="application/ld+json">{{broken</script>
<link rel="canonical" href="https://l.example/storm"></head><body><nav><a href="/">Home</a> <a href="/s">Sport</a></nav>
<article><h1>Storm shuts harbour</h1><p>{PROSE}</p><p>{MORE}</p><h2>The damage</h2><ul><li>The Astrid was holed below the line.</li><li>The Berta sank.</li></ul>
<table><tr><th>Ferry</th><th>Cost</th></tr><tr><td>Astrid</td><td>$2.1 million</td></tr></table><p>{MORE} {PROSE}</p></article>
<aside><a href="/o">Other news</a></aside><footer>© 2025</footer></body></html>"""


def test_a_web_page(tmp_path: Path) -> None:
    one = draft(tmp_path / "a.html", PAGE)
    assert (one.title, one.publisher, one.author, one.url, one.language) == (
        "Storm shuts harbour", "Lindholm Post", "Ann Berg, Bo Ek", "https://l.example/storm", "en",
    )  # fmt: skip
    assert one.published_at == datetime(2025, 6, 8, 8, tzinfo=UTC)
    assert one.updated_at == datetime(2025, 6, 9, tzinfo=UTC)
    assert one.found["published_at"] == "JSON-LD datePublished"
    assert one.found["url"] == "link canonical"
    for kept in (PROSE, MORE, "The damage", "- The Berta sank.", "| Ferry | Cost |", "| Astrid | $2.1 million |"):
        assert kept in one.text
    for gone in ("Sport", "Other news", "|---|"):
        assert gone not in one.text


def test_a_page_that_declares_nothing_has_no_publisher_and_no_date(tmp_path: Path) -> None:
    one = draft(
        tmp_path / "a.htm",
        f"<html><body><article><p>{PROSE}</p><p>{MORE} It was so in 2019.</p></article></body></html>",
    )
    assert (one.publisher, one.author, one.published_at, one.url) == (None, None, None, None)
    assert PROSE in one.text


def test_records(tmp_path: Path) -> None:
    good = {
        "title": "T",
        "body": "B one.\nAdvertisement\nB two.",
        "source": "S",
        "published_at": "2025-06-08",
        "extra": [1],
    }
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join([json.dumps(good), "nonsense", json.dumps(good), json.dumps({"body": 5}), "x" * 3000]))
    reader = reader_for(path)
    assert reader is not None
    one, broken, again, no_body, large = reader(path, 2000)
    assert isinstance(one, Draft)
    assert isinstance(again, Draft)
    assert (one.text, one.publisher, one.found["publisher"]) == ("B one.\nB two.", "S", "record source")
    assert one.key != again.key
    rejected = [each for each in (broken, no_body, large) if isinstance(each, RejectedFile)]
    assert [each.path.rsplit(":", 1)[1] for each in rejected] == ["2", "4", "5"]


def test_what_cannot_be_seen_is_taken_out() -> None:
    hostile = (
        "\x1b[31mred\x1b[0m \x1b]0;title\x07a\u200bb\u202ec\u2066d\ufeff\xa0e\u2009f\tg\x00\x08h\U000e0041i\r\nj\u2028k"
    )
    assert normalise(hostile) == "red abcd e f ghi\nj\nk"
    assert normalise("a\n\n\n\n  b  ") == "a\n\nb"
    assert normalise("It’s “fine” — really… 👩‍👩‍👧 می‌خواهم a\u200db") == "It’s “fine” — really… 👩‍👩‍👧 می‌خواهم ab"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfabc", "abc"),
        ("héllo".encode("utf-16"), "héllo"),
        ("Prix: 5 € – café".encode("cp1252"), "Prix: 5 € – café"),
        (b'<meta charset="iso-8859-2">' + "żółw".encode("iso-8859-2"), '<meta charset="iso-8859-2">żółw'),
    ],
)
def test_bytes_whose_encoding_is_clear(data: bytes, text: str) -> None:
    assert decode(data, markup=True) == text


@pytest.mark.parametrize(
    "data", [b"", b" \n", b"a\0b", b"%PDF-1.7 x", "é".encode() + b"\xff", b"\x93\xfa\x96\x7b\x8c\xea" * 9]
)
def test_bytes_whose_encoding_is_not(data: bytes) -> None:
    with pytest.raises(NotText):
        decode(data)


def test_urls_of_one_page_are_one() -> None:
    urls = [
        "https://www.X.example/a/?utm_source=t&b=2&a=1#top",
        "http://x.example/a?a=1&b=2",
        "https://x.example:443/a/?b=2&a=1&fbclid=9",
    ]
    assert {canonical(each) for each in urls} == {"x.example/a?a=1&b=2"}
    assert canonical("https://x.example/a?id=1") != canonical("https://x.example/a?id=2")
