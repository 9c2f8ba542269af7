import json
import os
import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from index.building import Summary, build
from index.errors import BrokenError, BusyError, MissingError
from index.opening import Index, open_index
from index.postings import load
from index.rebuilding import rebuild
from index.settings import IndexSettings, SearchSettings

SETTINGS = IndexSettings(embedder="hashing", passage_tokens=32)
NOUNS = [
    "ferry",
    "bridge",
    "council",
    "harbour",
    "budget",
    "minister",
    "storm",
    "railway",
    "hospital",
    "vineyard",
    "orchard",
    "museum",
]


def story(seed: int, sentences: int = 30) -> str:
    pick = random.Random(seed)
    lines = [f"The {pick.choice(NOUNS)} of {seed} opens for visitors"]
    for number in range(sentences):
        words = " ".join(pick.choice(NOUNS) for _ in range(9))
        lines.append(f"On day {number} the {words} cost {pick.randint(10, 9999)} crowns.")
    return "\n\n".join(lines)


def write(home: Path) -> Index:
    return open_index(home, SETTINGS, SearchSettings(), home, write=True)


def run(home: Path, *paths: Path) -> Summary:
    with write(home) as index:
        return build(index, paths)


def contents(home: Path) -> dict[str, object]:
    with open_index(home, SETTINGS, SearchSettings(), home) as index:
        articles = list(index.catalogue.articles())
        passages = {each.id: index.catalogue.passages_of(each.id) for each in articles}
        assert index.vectors.ids() == {one.id for every in passages.values() for one in every}
        kept = load(index.words_copy)
        assert kept is not None
        assert kept[0] == index.catalogue.content()
        assert set(kept[1].passages) == index.vectors.ids()
        return {
            "articles": {each.id: (each.text, each.title, each.path) for each in articles},
            "passages": passages,
            "words": [each for each, _ in index.catalogue.words(["ferry"], 1000)],
            "digest": index.digest(),
        }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    (folder / "deeper").mkdir(parents=True)
    for number in range(5):
        (folder / f"{number}.txt").write_text(story(number))
    (folder / "deeper" / "page.md").write_text("# A page about a ferry\n\nThe **ferry** sails at noon on Monday.\n")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_a_folder_is_indexed_once(folder: Path, home: Path) -> None:
    first = run(home, folder)
    assert (first.read, first.unchanged, first.articles, first.rejected) == (6, 0, 6, ())
    before = contents(home)
    second = run(home, folder)
    assert (second.read, second.unchanged, second.articles, second.passages) == (0, 6, 6, first.passages)
    assert contents(home) == before
    assert len(before["words"]) > 1  # type: ignore[arg-type]


def test_a_changed_file_takes_the_place_of_the_old(folder: Path, home: Path) -> None:
    run(home, folder)
    os.utime(folder / "1.txt", ns=(1, 1))
    (folder / "2.txt").write_text("Completely other text about a zeppelin that landed on the roof.")
    summary = run(home, folder)
    assert (summary.read, summary.replaced, summary.unchanged, summary.articles) == (1, 1, 5, 6)
    with open_index(home, SETTINGS, SearchSettings(), home) as index:
        [(hit, _)] = index.catalogue.words(["zeppelin"], 5)
        [passage] = index.catalogue.passages([hit])
        assert passage.text.startswith("Completely other text")
        assert [each for each, _ in index.vectors.nearest(index.embedder.embed([passage.text])[0], 1)] == [hit]
        assert [each.id for each in index.catalogue.passages_of(passage.article_id)] == [hit]


def test_files_that_cannot_be_read_are_named_and_the_rest_goes_on(folder: Path, home: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text(story(99))
    (folder / "empty.txt").write_text(" \n\n")
    (folder / "binary.txt").write_bytes(b"abc\0\1\2def")
    (folder / "garbled.txt").write_bytes("caf\u00e9 \u2014 good".encode() + b" \xc3\x28 \xff\xfe\xc3\xa9")
    (folder / "western.txt").write_bytes("Le café de la gare est fermé – pour l’été.".encode("cp1252"))
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "link.txt").symlink_to(outside)
    (folder / "large.txt").write_text("word " * 300_000)
    lines = ["{", json.dumps({"title": "T", "body": "One body here."}), "[]", '{"title": "no body"}', ""]
    (folder / "many.jsonl").write_text("\n".join(lines))
    with open_index(
        home, IndexSettings(embedder="hashing", max_file_mb=1), SearchSettings(), home, write=True
    ) as index:
        summary = build(index, [folder, tmp_path / "gone.txt", folder / "picture.png"])
    reasons = {Path(path).name: reason for path, reason in summary.rejected}
    assert sorted(reasons) == [
        "binary.txt", "empty.txt", "garbled.txt", "gone.txt", "large.txt", "link.txt",
        "many.jsonl:1", "many.jsonl:3", "many.jsonl:4", "picture.png",
    ]  # fmt: skip
    assert "empty" in reasons["empty.txt"]
    assert "binary" in reasons["binary.txt"]
    assert "encoding" in reasons["garbled.txt"]
    assert "1 MB" in reasons["large.txt"]
    assert "out of the folder" in reasons["link.txt"]
    assert (summary.articles, summary.skipped) == (8, 1)


def test_the_same_text_twice_is_two_articles_and_one_cluster(folder: Path, home: Path) -> None:
    (folder / "again.txt").write_text(story(3))
    assert run(home, folder).articles == 7
    with write(home) as index:
        by_path = {Path(each.path or "").name: each.id for each in index.catalogue.articles()}
        cluster = index.catalogue.cluster_of(by_path["3.txt"])
        assert cluster is not None
        assert set(cluster.members) == {by_path["3.txt"], by_path["again.txt"]}
        assert cluster.lead == min(cluster.members)
        assert index.catalogue.cluster_of(by_path["1.txt"]) is None
        index.remove(by_path["again.txt"])
        assert index.catalogue.cluster_of(by_path["3.txt"]) is None


def test_removing_leaves_nothing_in_either_store(folder: Path, home: Path) -> None:
    run(home, folder)
    with write(home) as index:
        before = index.digest()
        gone = next(each.id for each in index.catalogue.articles() if (each.path or "").endswith("page.md"))
        ids = {each.id for each in index.catalogue.passages_of(gone)}
        assert index.remove(gone)
        assert not index.remove(gone)
        assert not ids & index.vectors.ids()
        assert index.catalogue.count()[0] == 5
        assert index.digest() != before
    assert run(home, folder).read == 1
    assert run(home, folder).articles == 6


def test_records_keep_their_identity_when_their_file_changes(tmp_path: Path, home: Path) -> None:
    records = [{"title": f"T{n}", "body": story(n), "url": f"https://x.example/{n}?utm_source=a"} for n in range(3)]
    file = tmp_path / "many.jsonl"
    file.write_text("\n".join(map(json.dumps, records)))
    assert run(home, file).read == 3
    records[0]["body"] += "\n\nCorrection: it was another day."
    file.write_text("\n".join(map(json.dumps, [records[1], records[0]])))
    summary = run(home, file)
    assert (summary.read, summary.replaced, summary.unchanged, summary.removed, summary.articles) == (1, 1, 1, 1, 2)


def test_another_writer_is_told_who_holds_the_index(folder: Path, home: Path) -> None:
    with write(home), pytest.raises(BusyError, match=f"process {os.getpid()} "):
        write(home)
    assert run(home, folder).articles == 6


def test_no_index_and_no_model_say_what_to_do(home: Path) -> None:
    with pytest.raises(MissingError, match="byline index PATH"):
        open_index(home, SETTINGS, SearchSettings(), home)
    with pytest.raises(MissingError, match="byline models pull some-model"):
        open_index(home, IndexSettings(embedder="some-model"), SearchSettings(), home, write=True)


def test_another_splitting_is_refused_and_rebuilt(folder: Path, home: Path) -> None:
    first = run(home, folder)
    (folder / "0.txt").unlink()
    other = IndexSettings(embedder="hashing", passage_tokens=200)
    with pytest.raises(BrokenError, match="--rebuild"):
        open_index(home, other, SearchSettings(), home, write=True)
    summary = rebuild(home, other, SearchSettings(), home, [folder])
    assert summary.articles == 6
    assert summary.passages < first.passages
    with open_index(home, other, SearchSettings(), home, write=True) as index:
        assert len(index.vectors.ids()) == summary.passages
    assert [each.name for each in (home / "index").iterdir() if each.is_dir()] == ["2"]


def test_the_words_are_kept_at_the_end_and_not_made_again_for_nothing(folder: Path, home: Path) -> None:
    run(home, folder)
    [copy] = home.glob("index/*/words.npz")
    first = copy.stat()
    run(home, folder)
    assert (copy.stat().st_mtime_ns, copy.stat().st_ino) == (first.st_mtime_ns, first.st_ino)
    (copy.parent / ".words.npz.1.2").write_bytes(b"left by a writer that was killed")
    copy.write_bytes(copy.read_bytes()[:-40])
    run(home, folder)
    assert [each.name for each in copy.parent.glob("*words.npz*")] == ["words.npz"]
    assert copy.stat().st_size == first.st_size
    (folder / "1.txt").write_text("A zeppelin landed on the roof.")
    run(home, folder)
    kept = contents(home)
    copy.unlink()
    run(home, folder)
    assert contents(home) == kept


def test_what_is_removed_leaves_the_kept_words_too(folder: Path, home: Path) -> None:
    (folder / "0.txt").write_text("A zeppelin landed on the roof.")
    run(home, folder)
    with write(home) as index:
        assert b"zeppelin" in index.words_copy.read_bytes()
        for article in list(index.catalogue.articles()):
            if "zeppelin" in article.text:
                index.remove(article.id)
        kept = load(index.words_copy)
        assert kept is not None
        assert set(kept[1].passages) == index.catalogue.passage_ids()
        assert b"zeppelin" not in index.words_copy.read_bytes()
        for article in list(index.catalogue.articles()):
            index.remove(article.id)
        assert not index.words_copy.exists()


KILLED = textwrap.dedent("""
    import sys
    from pathlib import Path
    import index.building as building
    from index.opening import open_index
    from index.settings import IndexSettings, SearchSettings
    building._BATCH = 24
    home, folder = map(Path, sys.argv[1:3])
    settings = IndexSettings(embedder="hashing", passage_tokens=32)
    with open_index(home, settings, SearchSettings(), home, write=True) as index:
        print("open", flush=True)
        building.build(index, [folder], lambda step: print(step.passages, flush=True))
""")


@pytest.mark.parametrize("after", [0, 2, 17, 31, 44, 60])
def test_a_build_killed_at_any_moment_comes_back_whole(folder: Path, tmp_path: Path, after: int) -> None:
    for number in range(5, 20):
        (folder / f"{number}.txt").write_text(story(number))
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    child = subprocess.Popen([sys.executable, "-c", KILLED, killed, folder], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    lines = [child.stdout.readline() for _ in range(after + 1)]
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert lines[0] == "open\n"
    run(whole, folder)
    run(killed, folder)
    assert contents(killed) == contents(whole)


def test_vectors_and_passages_that_disagree_are_mended(folder: Path, home: Path) -> None:
    run(home, folder)
    before = contents(home)
    with write(home) as index:
        ids = sorted(index.vectors.ids())
        index.vectors.delete(ids[:3])
        stray = index.catalogue.passages(ids[5:6])
        from dataclasses import replace

        index.vectors.put([replace(stray[0], id="stray")], np.ones((1, index.embedder.dimension), dtype=np.float32))
    run(home, folder)
    assert contents(home) == before
