"""An index whose vectors a Chroma server holds: it finds, replaces, forgets and refuses as one that holds its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from index.building import build
from index.errors import BrokenError, MissingError
from index.opening import open_index
from index.rebuilding import rebuild
from index.retrieval import retriever_over
from index.settings import IndexSettings, SearchSettings
from rag.settings import Settings
from tests.servers.chroma_server import chroma_run, free_port

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = IndexSettings(embedder="hashing")
QUESTIONS = ("What was Scale AI's revenue in 2024?", "How long did the port strike last?", "school heating fund")
HERE = SearchSettings()


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchSettings]:
    with chroma_run(tmp_path_factory.mktemp("chroma") / "data") as url:
        yield SearchSettings(chroma_url=url)


def made(home: Path, search: SearchSettings) -> Path:
    with open_index(home, SETTINGS, search, home, write=True) as index:
        assert build(index, [ROOT / "articles"]).articles > 10
    return home


def found(home: Path, search: SearchSettings) -> dict[str, Any]:
    with open_index(home, SETTINGS, search, home) as index:
        retriever = retriever_over(index, search, home)
        hits = {each: retriever.search(each, 10) for each in QUESTIONS}
        assert index.vectors.ids() == index.catalogue.passage_ids()
        return {
            each: [(hit.passage, hit.article.sha256, hit.rank, hit.found_by) for hit in hits[each]] for each in hits
        }


def test_it_finds_and_forgets_what_the_embedded_one_does(tmp_path: Path, there: SearchSettings) -> None:
    one, two = made(tmp_path / "here", HERE), made(tmp_path / "there", there)
    assert found(one, HERE) == found(two, there)
    for home, search in ((one, HERE), (two, there)):
        with open_index(home, SETTINGS, search, home, write=True) as index:
            first = index.catalogue.article_ids()[0]
            assert index.remove(first)
            assert not any(each.startswith(first) for each in index.vectors.ids())
    assert found(one, HERE) == found(two, there)


def test_homes_of_one_name_do_not_touch_each_other(tmp_path: Path, there: SearchSettings) -> None:
    one, two = made(tmp_path / "a" / "var", there), made(tmp_path / "b" / "var", there)
    before = found(one, there)
    with open_index(two, SETTINGS, there, two, write=True) as index:
        for each in list(index.catalogue.article_ids()):
            index.remove(each)
    assert found(one, there) == before


def test_a_rebuild_moves_the_vectors_there_and_leaves_none_behind(tmp_path: Path, there: SearchSettings) -> None:
    home = made(tmp_path / "moved", HERE)
    before = found(home, HERE)
    with pytest.raises(BrokenError, match=rf"not at {there.chroma_url}. Put them there: byline index --rebuild"):
        open_index(home, SETTINGS, there, home)
    rebuild(home, SETTINGS, there, home)
    assert found(home, there) == before
    rebuild(home, SETTINGS, there, home)
    held = httpx.get(f"{there.chroma_url}/api/v2/tenants/default_tenant/databases/default_database/collections").json()
    assert len([each for each in held if each["name"].startswith("byline-moved-")]) == 1


def test_a_server_that_goes_away_is_named_and_nothing_is_lost(tmp_path: Path) -> None:
    port = free_port()
    search = SearchSettings(chroma_url=f"http://127.0.0.1:{port}")
    with chroma_run(tmp_path / "data", port):
        home = made(tmp_path / "home", search)
        before = found(home, search)
        opened = open_index(home, SETTINGS, search, home)
        retriever = retriever_over(opened, search, home)
    with pytest.raises(MissingError, match=f"Chroma server at {search.chroma_url}"):
        retriever.search(QUESTIONS[0], 5)
    with pytest.raises(MissingError, match=f"Chroma server at {search.chroma_url}"):
        open_index(home, SETTINGS, search, home)
    with chroma_run(tmp_path / "data", port):
        assert len(retriever.search(QUESTIONS[0], 5)) == 5
        assert found(home, search) == before
    opened.close()


def test_where_the_vectors_are_does_not_show_in_a_receipt() -> None:
    plain = Settings()
    served = Settings(search=SearchSettings(chroma_url="http://127.0.0.1:8000", chroma_headers="x-chroma-token: a"))
    assert plain.digest() == served.digest()
    assert plain.digest() != Settings(search=SearchSettings(hits=3)).digest()
