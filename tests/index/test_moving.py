"""Articles leave a home and arrive in another as they were: the same hits, quotes, copies and digest."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest

from index.archive import ABOUT, new_archive, open_archive
from index.building import build
from index.errors import BrokenError, BylineError, MissingError, UsageError
from index.moving import MEMBERS, Moved, check_articles, export_articles, import_articles, manifest_asked
from index.opening import open_index
from index.retrieval import retriever_over
from index.settings import IndexSettings, SearchSettings
from index.types import Hit
from index.versions import earlier_versions

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = IndexSettings(embedder="hashing")
QUESTIONS = (
    "What was Scale AI's revenue in 2024?",
    "How long did the port strike last?",
    "Who won the recount in Ordonville?",
    "school heating fund",
    "What does the museum bell weigh, and who gave it?",
    "chip plant water",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    with open_index(home, SETTINGS, SearchSettings(), home, write=True) as index:
        assert build(index, [ROOT / "articles"]).articles > 10
    return home


def export(home: Path, to: Path, *, folder: bool = False) -> Path:
    with new_archive(to, folder=folder) as writer:
        writer.finish(export_articles(home, SearchSettings(), writer, lambda done, total: None))
    return to


def take(home: Path, path: Path, settings: IndexSettings = SETTINGS, *, again: bool = False) -> Moved:
    with open_archive(path, MEMBERS, []) as reader:
        reader.check()
        check_articles(reader, None if again else manifest_asked(home, settings, home), lambda done, total: None)
        with open_index(home, settings, SearchSettings(), home, write=True) as index:
            return import_articles(index, reader, lambda done, total: None, again=again)


def found(home: Path) -> dict[str, list[Hit]]:
    with open_index(home, SETTINGS, SearchSettings(), home) as index:
        retriever = retriever_over(index, SearchSettings(), home)
        return {question: retriever.search(question, 10) for question in QUESTIONS}


def state(home: Path) -> dict[str, Any]:
    with open_index(home, SETTINGS, SearchSettings(), home) as index:
        articles = list(index.catalogue.articles())
        return {
            "articles": articles,
            "passages": {each.id: index.catalogue.passages_of(each.id) for each in articles},
            "clusters": {each.id: index.catalogue.cluster_of(each.id) for each in articles},
            "vectors": index.vectors.ids(),
            "digest": index.digest(),
        }


@pytest.mark.parametrize("folder", [True, False])
def test_another_home_finds_the_same_and_reads_nothing_again(home: Path, tmp_path: Path, folder: bool) -> None:
    before = found(home)
    assert all(len(hits) == 10 for hits in before.values())
    path, other = export(home, tmp_path / "archive", folder=folder), tmp_path / "other"
    moved = take(other, path)
    assert moved == Moved(*[len(state(home)[name]) for name in ("articles", "vectors")], new=moved.articles)
    assert state(other) == state(home)
    assert any(state(home)["clusters"].values())
    after = found(other)
    # Chroma makes vectors of length 1 once more, which moves their last bit.
    assert {each: [replace(hit, score=0.0) for hit in hits] for each, hits in after.items()} == {
        each: [replace(hit, score=0.0) for hit in hits] for each, hits in before.items()
    }
    for question, hits in after.items():
        assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in before[question]], abs=1e-6)
    for hit in (hit for hits in after.values() for hit in hits):
        assert hit.article.text[hit.passage.start : hit.passage.end] == hit.passage.text
    with open_index(other, SETTINGS, SearchSettings(), other, write=True) as index:
        assert build(index, [ROOT / "articles"]).read == 0


def test_the_same_articles_make_the_same_archive(home: Path, tmp_path: Path) -> None:
    one, two = export(home, tmp_path / "one", folder=True), tmp_path / "two"
    take(two, one)
    again = export(two, tmp_path / "again", folder=True)
    for name in ("articles.jsonl", "sources.jsonl"):
        assert (one / name).read_bytes() == (again / name).read_bytes()
    was, now = (np.frombuffer((each / "vectors.f32").read_bytes(), "<f4") for each in (one, again))
    assert np.allclose(was, now, rtol=0, atol=1e-6)
    about = [json.loads((each / ABOUT).read_text(encoding="utf-8")) for each in (one, again)]
    assert [each.pop("members").keys() for each in about] == [dict.fromkeys(MEMBERS).keys()] * 2
    assert about[0] == about[1]


def test_what_a_home_has_stays_and_what_differs_is_replaced(home: Path, tmp_path: Path) -> None:
    other, folder = tmp_path / "other", tmp_path / "own"
    folder.mkdir()
    (folder / "own.txt").write_text("A zeppelin landed on the roof of the town hall on Sunday.")
    with open_index(other, SETTINGS, SearchSettings(), other, write=True) as index:
        build(index, [folder])
    path = export(home, tmp_path / "archive")
    first, second = take(other, path), take(other, path)
    assert (first.new, second.new) == (first.articles, 0)
    assert len(state(other)["articles"]) == first.articles + 1
    with open_index(other, SETTINGS, SearchSettings(), other, write=True) as index:
        one = next(index.catalogue.articles())
        changed = replace(one, title="Another headline")
        index.catalogue.replace(changed, index.catalogue.passages_of(one.id))
        index.keep_words()
    assert take(other, path).new == 0
    kept = {each.id: each for each in state(other)["articles"]}
    assert kept[one.id].title == one.title


def test_earlier_versions_move_and_the_later_leads(tmp_path: Path) -> None:
    early, late, file = tmp_path / "early", tmp_path / "late", tmp_path / "story.txt"
    for home, texts in (
        (early, ["The fund is 2 million."]),
        (late, ["The fund is 2 million.", "The fund is 4 million."]),
    ):
        for text in texts:
            file.write_text(text)
            with open_index(home, SETTINGS, SearchSettings(), home, write=True) as index:
                build(index, [file])
    old, new = export(early, tmp_path / "old"), export(late, tmp_path / "new")
    other = tmp_path / "other"
    for path in (new, old, new):
        take(other, path)
        with open_index(other, SETTINGS, SearchSettings(), other) as index:
            [article] = index.catalogue.articles()
            [version] = earlier_versions(index.catalogue, article)
            assert {article.text, version.text} == {"The fund is 2 million.", "The fund is 4 million."}
            assert index.vectors.ids() == index.catalogue.passage_ids()


def test_a_home_that_splits_otherwise_is_told_and_can_make_its_own(home: Path, tmp_path: Path) -> None:
    path, other = export(home, tmp_path / "archive"), tmp_path / "other"
    settings = IndexSettings(embedder="hashing", passage_tokens=60)
    with pytest.raises(UsageError, match=r"passage_tokens 250; this home has 60.*passage_tokens=250.*--again"):
        take(other, path, settings)
    assert not other.exists()
    moved = take(other, path, settings, again=True)
    with open_index(other, settings, SearchSettings(), other) as index:
        assert index.catalogue.count()[0] == moved.articles == moved.new
        assert len(index.vectors.ids()) > moved.passages


def test_a_home_without_an_index_has_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="byline index PATH"):
        export(tmp_path / "empty", tmp_path / "archive")
    assert list(tmp_path.iterdir()) == []


def lines(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(each) for each in data.splitlines()]


Change = Callable[[list[dict[str, Any]]], object]


def retold(text: str) -> dict[str, str]:
    return {"text": text, "sha256": sha256(text.encode()).hexdigest()}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda made: made[0]["article"].update(text="Other words."), "its text has another digest"),
        (lambda made: made[0]["article"].update(retold("Short.")), "a passage lies outside of its article"),
        (lambda made: made[0]["article"].update(retold(made[0]["article"]["text"] + "\u202e")), "cannot be seen"),
        (lambda made: made[0]["article"].update(title="\x1b[31mred"), "cannot be seen"),
        (lambda made: made[0]["article"].update(id="../../evil"), "its id or a date"),
        (lambda made: made[0]["article"].update(published_at="2025-01-01T00:00:00"), "its id or a date"),
        (lambda made: made[0]["article"].update(published_at="yesterday"), "published_at"),
        (lambda made: made[0]["article"].pop("publisher"), "fields"),
        (lambda made: made[0]["article"].update(more=1), "fields"),
        (lambda made: made[0]["versions"].append({**made[0]["article"], "text": "Other."}), "another digest"),
        (lambda made: made[0]["versions"].append(made[1]["article"]), "version is of another article"),
        (lambda made: made[0]["passages"][0].update(start=-1), "not a span"),
        (lambda made: made[0]["passages"][0].update(end=10**9), "outside"),
        (lambda made: made[0]["passages"][0].update(start=True), "no place"),
        (lambda made: made[0]["passages"][0].update(id="art_other.0000"), "no name"),
        (lambda made: made[0]["passages"][0].update(sentences=[[0, 10**9]]), "outside"),
        (lambda made: made[0]["passages"].append(made[0]["passages"][0]), "vectors|twice"),
        (lambda made: made[0]["passages"].pop(), "vectors"),
        (lambda made: made.append(made[0]), "vectors"),
        (lambda made: made.pop(), "vectors"),
        (lambda made: made.__setitem__(0, []), "does not hold together"),
    ],
)  # fmt: skip
def test_articles_that_do_not_hold_together_are_refused(home: Path, tmp_path: Path, change: Change, said: str) -> None:
    path = export(home, tmp_path / "archive", folder=True)
    made = lines((path / "articles.jsonl").read_bytes())
    change(made)
    rewrite(path, "articles.jsonl", "".join(json.dumps(each) + "\n" for each in made).encode())
    refused(path, tmp_path / "other", said)


def test_vectors_that_are_none_are_refused(home: Path, tmp_path: Path) -> None:
    path = export(home, tmp_path / "archive", folder=True)
    good = np.frombuffer((path / "vectors.f32").read_bytes(), "<f4")
    for place, value in ((3, np.nan), (3, np.inf), (3, 7.0)):
        bad = good.copy()
        bad[place] = value
        rewrite(path, "vectors.f32", bad.tobytes())
        refused(path, tmp_path / "other", "is not one of length 1")
    rewrite(path, "vectors.f32", good.tobytes() + b"\0\0\0\0")
    refused(path, tmp_path / "other", "vectors of no passage")


def rewrite(path: Path, name: str, data: bytes) -> None:
    """As a hostile hand would: with the digest and the length that belong to it."""
    (path / name).write_bytes(data)
    about = json.loads((path / ABOUT).read_text(encoding="utf-8"))
    about["members"][name] = {"bytes": len(data), "sha256": sha256(data).hexdigest()}
    (path / ABOUT).write_text(json.dumps(about), encoding="utf-8")


def refused(path: Path, other: Path, said: str) -> None:
    with pytest.raises(BrokenError, match=said):
        take(other, path)
    assert not other.exists()


def test_a_line_that_does_not_end_is_not_read_to_its_end(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.moving.LONGEST_LINE", 1 << 20)
    path = export(home, tmp_path / "archive")
    with ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    about = json.loads(parts.pop(ABOUT))
    parts["articles.jsonl"] = b" " * (1 << 22)
    about["members"]["articles.jsonl"]["bytes"] = 1 << 22
    about["members"]["articles.jsonl"]["sha256"] = sha256(parts["articles.jsonl"]).hexdigest()
    bomb = tmp_path / "bomb.zip"
    with ZipFile(bomb, "w", ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
        file.writestr(ABOUT, json.dumps(about))
    with pytest.raises(BylineError, match="longer than"):
        take(tmp_path / "other", bomb)
