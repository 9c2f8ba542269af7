import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.chroma import ChromaVectors, open_vectors
from index.errors import MissingError, UsageError
from index.protocols import Vectors
from index.types import Passage


def passage(number: int, article: str = "a") -> Passage:
    return Passage(f"p{number:05}", article, number, 0, 1, "x", ())


def vectors(count: int, seed: int, dimension: int = 32) -> Vectors:
    made = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ChromaVectors]:
    store = open_vectors(tmp_path / "vectors", "passages")
    yield store
    store.close()


def test_it_finds_what_an_exact_search_finds(store: ChromaVectors) -> None:
    held = vectors(1500, 1)
    articles = [f"a{number % 7}" for number in range(1500)]
    store.put([passage(number, article) for number, article in enumerate(articles)], held)
    for query in vectors(20, 2):
        scores = held @ query
        best = sorted(range(1500), key=lambda each: (-scores[each], each))
        found = store.nearest(query, 10)
        assert [each for each, _ in found] == [f"p{each:05}" for each in best[:10]]
        assert np.allclose([score for _, score in found], scores[best[:10]], atol=1e-5)
        some = [each for each in best if articles[each] in {"a2", "a5"}]
        assert [each for each, _ in store.nearest(query, 10, ["a2", "a5"])] == [f"p{each:05}" for each in some[:10]]


def test_ties_go_by_id_however_many(store: ChromaVectors) -> None:
    same = np.repeat(vectors(1, 3), 300, axis=0)
    store.put([passage(number) for number in reversed(range(300))], same)
    assert [each for each, _ in store.nearest(same[0], 3)] == ["p00000", "p00001", "p00002"]


def test_put_replaces_and_delete_forgets(store: ChromaVectors) -> None:
    two = vectors(2, 4)
    assert store.nearest(two[0], 3) == []
    store.put([passage(0)], two[:1])
    store.put([passage(0)], two[1:])
    [(name, score)] = store.nearest(two[1], 5)
    assert (name, round(score, 5)) == ("p00000", 1.0)
    assert store.nearest(two[1], 5, []) == store.nearest(two[1], 5, ["other"]) == store.nearest(two[1], 0) == []
    store.delete(["p00000", "unknown"])
    assert store.ids() == set()
    with pytest.raises(ValueError, match="1 passages with 2 vectors"):
        store.put([passage(0)], two)


def test_vectors_are_given_back_in_the_order_asked_for(store: ChromaVectors) -> None:
    three = vectors(3, 6)
    store.put([passage(number) for number in range(3)], three)
    assert np.allclose(store.of(["p00002", "p00000"]), three[[2, 0]], atol=1e-6)
    with pytest.raises(KeyError):
        store.of(["p00000", "unknown"])


WRITER = textwrap.dedent("""
    import sys
    from pathlib import Path
    import numpy as np
    from index.chroma import open_vectors
    from index.types import Passage
    store = open_vectors(Path(sys.argv[1]), "passages")
    made = np.eye(32, dtype=np.float32)
    store.put([Passage(f"n{n:02}", "b", n, 0, 1, "x", ()) for n in range(32)], made)
    store.delete(["p00000"])
""")


def test_what_another_process_writes_is_seen(store: ChromaVectors, tmp_path: Path) -> None:
    held = vectors(5, 5)
    store.put([passage(number) for number in range(5)], held)
    beside = open_vectors(tmp_path / "vectors", "passages")
    assert store.nearest(held[0], 1)[0][0] == beside.nearest(held[0], 1)[0][0] == "p00000"
    subprocess.run([sys.executable, "-c", WRITER, tmp_path / "vectors"], check=True)
    for each in (store, beside):
        assert each.nearest(np.eye(32, dtype=np.float32)[7], 1)[0][0] == "n07"
        assert "p00000" not in {name for name, _ in each.nearest(held[0], 40)}
        assert len(each.ids()) == 36
    beside.put([passage(9)], vectors(1, 9))
    assert store.nearest(vectors(1, 9)[0], 1)[0][0] == "p00009"
    beside.close()
    assert store.nearest(vectors(1, 9)[0], 1)[0][0] == "p00009"


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"http://127\.0\.0\.1:9"):
        open_vectors(tmp_path, "passages", "http://127.0.0.1:9")
    with pytest.raises(UsageError, match="not an address"):
        open_vectors(tmp_path, "passages", "nonsense")
