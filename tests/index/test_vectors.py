import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.chroma import ChromaVectors, open_vectors
from index.errors import BrokenError, BylineError, MissingError, UsageError
from index.protocols import Vectors
from index.settings import SearchSettings
from index.types import Passage
from tests.servers.chroma_server import chroma_run, free_port, gate

Place = tuple[Path, str, SearchSettings]


def passage(number: int, article: str = "a") -> Passage:
    return Passage(f"p{number:05}", article, number, 0, 1, "x", ())


def vectors(count: int, seed: int, dimension: int = 32) -> Vectors:
    made = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_run(tmp_path_factory.mktemp("chroma") / "data") as url:
        yield url


@pytest.fixture(params=["folder", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    url = request.getfixturevalue("server") if request.param == "server" else ""
    return tmp_path / "vectors", f"passages-{tmp_path.name[-40:].strip('_')}", SearchSettings(chroma_url=url)


@pytest.fixture
def store(place: Place) -> Iterator[ChromaVectors]:
    store = open_vectors(*place)
    yield store
    store.close()


def test_it_finds_what_an_exact_search_finds(store: ChromaVectors) -> None:
    held = vectors(1500, 1)
    articles = [f"a{number % 7}" for number in range(1500)]
    store.put([passage(number, article) for number, article in enumerate(articles)], held)
    assert store.count() == 1500
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
    store.delete([])
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
    from index.settings import SearchSettings
    from index.types import Passage
    store = open_vectors(Path(sys.argv[1]), sys.argv[2], SearchSettings(chroma_url=sys.argv[3]))
    made = np.eye(32, dtype=np.float32)
    store.put([Passage(f"n{n:02}", "b", n, 0, 1, "x", ()) for n in range(32)], made)
    store.delete(["p00000"])
""")


def test_what_another_process_writes_is_seen(store: ChromaVectors, place: Place) -> None:
    held = vectors(5, 5)
    store.put([passage(number) for number in range(5)], held)
    beside = open_vectors(*place)
    assert store.nearest(held[0], 1)[0][0] == beside.nearest(held[0], 1)[0][0] == "p00000"
    folder, collection, search = place
    subprocess.run([sys.executable, "-c", WRITER, folder, collection, search.chroma_url], check=True)
    for each in (store, beside):
        assert each.nearest(np.eye(32, dtype=np.float32)[7], 1)[0][0] == "n07"
        assert "p00000" not in {name for name, _ in each.nearest(held[0], 40)}
        assert len(each.ids()) == 36
    beside.put([passage(9)], vectors(1, 9))
    assert store.nearest(vectors(1, 9)[0], 1)[0][0] == "p00009"
    beside.close()
    assert store.nearest(vectors(1, 9)[0], 1)[0][0] == "p00009"


def test_vectors_of_another_length_are_refused(store: ChromaVectors) -> None:
    store.put([passage(0)], vectors(1, 7))
    with pytest.raises(BylineError, match="dimension"):
        store.put([passage(1)], vectors(1, 7, dimension=8))
    assert store.ids() == {"p00000"}


def test_what_is_forgotten_as_a_whole_is_gone(store: ChromaVectors, place: Place) -> None:
    store.put([passage(number) for number in range(3)], vectors(3, 8))
    other = open_vectors(place[0].with_name("other"), f"{place[1]}-other", place[2])
    other.put([passage(9)], vectors(1, 9))
    store.forget_all()
    with pytest.raises(BrokenError, match=r"--rebuild"):
        store.ids()
    assert other.ids() == {"p00009"}
    again = open_vectors(*place)
    assert again.ids() == set()
    again.close()
    other.close()


def test_both_places_find_the_same(tmp_path: Path, server: str) -> None:
    held = vectors(800, 10)
    held[400:440] = held[400]
    passages = [passage(number, f"a{number % 5}") for number in range(800)]
    here, there = (open_vectors(tmp_path / "vectors", "same", SearchSettings(chroma_url=url)) for url in ("", server))
    for each in (here, there):
        each.put(passages[:500], held[:500])
        each.put(passages[500:], held[500:])
        each.delete([f"p{number:05}" for number in range(0, 800, 9)])
    for query in (*vectors(15, 11), held[400]):
        for only in (None, ["a1", "a3"], ["a9"]):
            one, two = here.nearest(query, 12, only), there.nearest(query, 12, only)
            assert [name for name, _ in one] == [name for name, _ in two]
            assert np.allclose([score for _, score in one], [score for _, score in two], atol=1e-5)
    assert here.ids() == there.ids()
    some = sorted(here.ids())[:50]
    assert np.allclose(here.of(some), there.of(some), atol=1e-6)
    there.forget_all()
    for each in (here, there):
        each.close()


def test_a_server_that_is_away_is_named_and_found_again(tmp_path: Path) -> None:
    away = SearchSettings(chroma_url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(MissingError, match=rf"{away.chroma_url} does not answer.*chroma run"):
        open_vectors(tmp_path, "passages", away)
    with chroma_run(tmp_path / "data", port := free_port()) as url:
        store = open_vectors(tmp_path / "vectors", "passages", SearchSettings(chroma_url=url))
        store.put([passage(0)], vectors(1, 12))
    for use in (store.ids, store.count, lambda: store.nearest(vectors(1, 12)[0], 1), lambda: store.delete(["x"])):
        with pytest.raises(MissingError, match=f"Chroma server at {url}"):
            use()
    with chroma_run(tmp_path / "data", port):
        assert store.ids() == {"p00000"}
    store.close()


def test_a_key_is_sent_in_the_headers_that_are_set(tmp_path: Path, server: str) -> None:
    with gate(server, "secret") as url:
        with pytest.raises(MissingError, match=r"no key, no vectors.*chroma_headers"):
            open_vectors(tmp_path, "keyed", SearchSettings(chroma_url=url))
        let_in = SearchSettings(chroma_url=f"{url}/", chroma_headers="x-chroma-token: secret; x-other: a b")
        store = open_vectors(tmp_path, "keyed", let_in)
        store.put([passage(3)], vectors(1, 13))
        assert store.ids() == {"p00003"}
        store.forget_all()
        store.close()


@pytest.mark.parametrize(
    ("url", "headers", "said"),
    [
        ("nonsense", "", "not an address"),
        ("ftp://127.0.0.1", "", "not an address"),
        ("http://", "", "not an address"),
        ("http://127.0.0.1:x", "", "not an address"),
        ("http://127.0.0.1/api", "", "not an address"),
        ("http://me:secret@127.0.0.1", "", "holds a password"),
        ("http://127.0.0.1", "x-chroma-token", "chroma_headers cannot be read"),
        ("http://127.0.0.1", "a: b\r\nc: d", "chroma_headers cannot be read"),
        ("http://127.0.0.1", "a: b; : c", "chroma_headers cannot be read"),
    ],
)
def test_what_is_no_address_or_no_header_is_refused(tmp_path: Path, url: str, headers: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        open_vectors(tmp_path, "passages", SearchSettings(chroma_url=url, chroma_headers=headers))
    assert "secret" not in str(refused.value)
