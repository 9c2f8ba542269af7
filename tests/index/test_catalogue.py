import threading
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from index.catalogue import SqliteCatalogue
from index.errors import BrokenError
from index.types import Article, Filters, Passage, Span

WHEN = datetime(2025, 6, 8, tzinfo=UTC)


def article(name: str, text: str, **known: object) -> Article:
    values: dict[str, object] = {
        "title": None, "publisher": None, "author": None, "published_at": None, "updated_at": None,
        "retrieved_at": WHEN, "url": None, "path": None, "language": None, "found": {"title": "first line"},
    } | known  # fmt: skip
    return Article(id=name, text=text, sha256=sha256(text.encode()).hexdigest(), **values)  # type: ignore[arg-type]


def passage(of: Article, ordinal: int, start: int, end: int) -> Passage:
    return Passage(f"{of.id}.{ordinal}", of.id, ordinal, start, end, of.text[start:end], (Span(start, end),))


def whole(of: Article) -> list[Passage]:
    return [passage(of, 0, 0, len(of.text))]


@pytest.fixture
def catalogue(tmp_path: Path) -> SqliteCatalogue:
    return SqliteCatalogue(tmp_path / "catalogue.sqlite")


def test_an_article_comes_back_as_it_was_put(catalogue: SqliteCatalogue) -> None:
    one = article("a", "Ünï — “quoted” 🚢 text.", title="T", publisher="Die Zeit", published_at=WHEN, url="https://x/y")
    catalogue.replace(one, [passage(one, 0, 0, 5), passage(one, 1, 6, len(one.text))])
    assert catalogue.article("a") == one
    assert list(catalogue.articles()) == [one]
    assert [each.text for each in catalogue.passages_of("a")] == [one.text[:5], one.text[6:]]
    assert [each.id for each in catalogue.passages(["a.1", "nope", "a.0"])] == ["a.1", "a.0"]
    assert catalogue.article("b") is None


def test_replacing_leaves_nothing_of_the_old_words(catalogue: SqliteCatalogue) -> None:
    old, new = article("a", "The ferry sank."), article("a", "The bridge stands.")
    catalogue.replace(old, whole(old))
    catalogue.replace(new, whole(new))
    assert catalogue.words(["ferry"], 5) == []
    assert [each for each, _ in catalogue.words(["bridges"], 5)] == ["a.0"]
    assert catalogue.count() == (1, 1)


def test_removing_leaves_no_trace_in_the_file(catalogue: SqliteCatalogue, tmp_path: Path) -> None:
    one, two = article("a", "Zanzibarquagga sails."), article("b", "Other words.")
    for each in (one, two):
        catalogue.replace(each, whole(each))
    before = catalogue.content()
    assert catalogue.remove("a") == ["a.0"]
    assert catalogue.remove("a") == []
    catalogue.scrub()
    catalogue.close()
    files = [each.read_bytes().lower() for each in tmp_path.iterdir()]
    assert files
    assert not any(b"zanzibarquag" in each for each in files)
    again = SqliteCatalogue(tmp_path / "catalogue.sqlite")
    assert again.content() != before
    again.replace(one, whole(one))
    assert again.content() == before


def test_weights_favour_a_column(catalogue: SqliteCatalogue) -> None:
    one = article("a", "Nothing here of note at all.", title="Harbour")
    two = article("b", "The harbour is closed today again.", title="Weather")
    for each in (one, two):
        catalogue.replace(each, whole(each))
    assert [each for each, _ in catalogue.words(["harbour"], 2, weights=(10, 1, 1))] == ["a.0", "b.0"]
    assert [each for each, _ in catalogue.words(["harbour"], 2, weights=(0.1, 1, 1))] == ["b.0", "a.0"]


@pytest.mark.parametrize("term", ['"', "a OR b", "text:x", "NEAR(a b)", "*", "^a", "a\0b", "-", "", "{title}: a", "''"])
def test_query_syntax_is_only_words(catalogue: SqliteCatalogue, term: str) -> None:
    one = article("a", "plain words")
    catalogue.replace(one, whole(one))
    assert catalogue.words([term], 5) == []
    assert [each for each, _ in catalogue.words([term, "plain"], 5)] == ["a.0"]


def test_ties_go_by_id_however_many(catalogue: SqliteCatalogue) -> None:
    for number in reversed(range(300)):
        one = article(f"a{number:03}", "Same words.")
        catalogue.replace(one, whole(one))
    assert [each for each, _ in catalogue.words(["same"], 3)] == ["a000.0", "a001.0", "a002.0"]
    assert [each for each, _ in catalogue.words(["same"], 3, ["a299", "a007"])] == ["a007.0", "a299.0"]
    assert catalogue.words(["same"], 3, []) == []


def test_filters_and_order(catalogue: SqliteCatalogue) -> None:
    days = {"a": None, "b": datetime(2025, 1, 2, tzinfo=UTC), "c": datetime(2025, 3, 1, tzinfo=UTC)}
    for name, day in days.items():
        one = article(name, name, published_at=day, publisher="ÉCHO" if name == "b" else None)
        catalogue.replace(one, whole(one))
    assert catalogue.article_ids() == ["c", "b", "a"]
    assert catalogue.article_ids(Filters(as_of=datetime(2025, 1, 2, tzinfo=UTC))) == ["b"]
    assert catalogue.article_ids(Filters(since=datetime(2025, 1, 3, tzinfo=UTC))) == ["c"]
    assert catalogue.article_ids(Filters(publishers=("écho",))) == ["b"]


def test_readers_see_whole_articles_while_one_writes(catalogue: SqliteCatalogue) -> None:
    versions = [article("a", f"version {word} " * 20) for word in ("north", "south")]
    catalogue.replace(versions[0], whole(versions[0]))
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            hits = catalogue.words(["version"], 5)
            one = catalogue.article("a")
            if len(hits) != 1 or one not in versions:
                wrong.append((hits, one))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for each in readers:
        each.start()
    for turn in range(60):
        catalogue.replace(versions[turn % 2], whole(versions[turn % 2]))
    done.set()
    for each in readers:
        each.join()
    assert wrong == []


def test_a_foreign_or_older_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(b"not a database at all" * 100)
    with pytest.raises(BrokenError, match="--rebuild"):
        SqliteCatalogue(tmp_path / "noise")
    one = SqliteCatalogue(tmp_path / "old")
    with one.reading() as database:
        database.execute("PRAGMA user_version = 99")
    one.close()
    with pytest.raises(BrokenError, match="schema 99"):
        SqliteCatalogue(tmp_path / "old")
