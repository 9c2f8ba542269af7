"""`byline articles why`, the versions of `show`, and `remove` by filters, over real files and a real index."""

import json

import pytest

from rag.doors.parts import Parts

STORY = (
    "The harbour of Lindholm was closed on Monday after a storm tore two ferries from their moorings.",
    "Officials said that the repair would take until autumn and cost about $13.8 million, if not more.",
)
PAGE = (
    "<html><head><title>Storm shuts harbour | Lindholm Post</title></head><body><nav><a href='/'>Home</a></nav><article>"
    f"<h1>Storm shuts harbour</h1><p>{STORY[0]}</p><div class='ad'>Buy a boat now</div><p>{STORY[1]}</p><p>{STORY[0]}</p>"
    "</article></body></html>"
)
HASHING = ("--set", "index.embedder=hashing")


def test_what_is_kept_and_why_the_rest_is_not(byline, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    code, out, _ = byline("articles", "why", page, "--json", parts=Parts())
    (article,) = json.loads(out)["articles"]
    assert code == 0
    assert [(each["text"], each["why"]) for each in article["lines"] if not each["kept"]] == [
        ("Home", "navigation"),
        ("Buy a boat now", "an advertisement"),
    ]
    assert (article["kept"], article["dropped"]) == (4, 2)
    assert (article["publisher"], article["found"]["publisher"]) == ("Lindholm Post", "title element")
    assert article["unknown"] == ["author", "published_at", "updated_at", "retrieved_at", "language", "url"]
    code, out, _ = byline("articles", "why", page, parts=Parts())
    assert code == 0
    assert f"+ {STORY[0]}\n- Buy a boat now (an advertisement)\n" in out
    facts = [line.split() for line in out.splitlines()]
    assert ["published", "unknown"] in facts and ["publisher", "Lindholm", "Post", "title", "element"] in facts
    assert "4 lines kept, 2 dropped." in out
    assert byline("articles", "list", parts=Parts())[0] == 4


@pytest.mark.parametrize("name", ["missing.html", "picture.png", ""])
def test_what_cannot_be_looked_at_is_named(byline, tmp_path, name):
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    code, _, err = byline("articles", "why", tmp_path / name, parts=Parts())
    assert code == 2 and "cannot be looked at" in err and "byline articles why FILE" in err


def test_a_file_that_its_reader_rejects_says_why(byline, tmp_path):
    (tmp_path / "empty.html").write_text("<html><body></body></html>")
    code, out, _ = byline("articles", "why", tmp_path / "empty.html", "--json", parts=Parts())
    assert code == 0 and json.loads(out)["articles"] == []
    assert "no article text" in json.loads(out)["rejected"][0]["reason"]


def test_versions_are_shown_with_what_changed(byline, tmp_path):
    page = tmp_path / "lido.txt"
    top = "Title: Lido to close\nPublisher: Bay Standard\nURL: https://mbs.example/lido\nPublished: 2025-05-02\n\n"
    for cost in ("£2.6m", "£6.2m"):
        page.write_text(
            f"{top}The lido at Morrow Bay will be shut for two summers. The repairs will cost {cost}, they said."
        )
        assert byline("index", page, *HASHING, parts=Parts())[0] == 0
    (listed,) = json.loads(byline("articles", "list", "--json", parts=Parts())[1])
    article = json.loads(byline("articles", "show", listed["id"], "--json", parts=Parts())[1])
    assert "£6.2m" in article["text"]
    assert [(each["version"], each["leads"]) for each in article["versions"]] == [(1, True), (2, False)]
    changed = ["- The repairs will cost £2.6m, they said.", "+ The repairs will cost £6.2m, they said."]
    assert article["versions"][0]["changed"] == changed
    _, out, _ = byline("articles", "show", listed["id"], parts=Parts())
    assert "2 versions; the first leads." in out and all(line in out for line in changed)
    assert "£2.6m" in byline("articles", "show", listed["id"], "--version", "2", parts=Parts())[1]
    code, _, err = byline("articles", "show", listed["id"], "--version", "3", parts=Parts())
    assert code == 2 and "has 2 versions" in err


def test_articles_are_removed_by_publisher_and_date_only_when_meant(byline, tmp_path):
    for name, publisher, day in (
        ("a", "Old Post", "2018-03-01"),
        ("b", "Old Post", "2024-03-01"),
        ("c", "New Post", "2018-03-01"),
    ):
        (tmp_path / f"{name}.txt").write_text(
            f"Title: Story {name} of the day\nPublisher: {publisher}\nDate: {day}\n\nThe vote of {name} was 5 to 2, and nobody was surprised."
        )
    byline("index", tmp_path, *HASHING, parts=Parts())
    by = ("articles", "remove", "--publisher", "Old Post", "--until", "2019")
    code, _, err = byline(*by, *HASHING, parts=Parts())
    assert code == 2 and "1 articles would be removed" in err
    code, out, _ = byline(*by, "--yes", *HASHING, "--json", parts=Parts())
    assert code == 0 and len(json.loads(out)["removed"]) == 1
    left = json.loads(byline("articles", "list", "--json", parts=Parts())[1])
    assert sorted(each["title"] for each in left) == ["Story b of the day", "Story c of the day"]
    assert byline("articles", "remove", parts=Parts())[0] == 2
