import json
from dataclasses import replace

import pytest

from index.building import build
from index.opening import open_index
from index.settings import IndexSettings, SearchSettings
from rag.doctor import examine
from rag.settings import ModelSettings, Settings
from rag.weights.digests import remember
from rag.weights.manifest import known
from rag.weights.places import file_path
from tests.servers.chroma_server import chroma_run


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    return Settings(home=tmp_path / "home", models=tmp_path / "models")


def by_part(settings):
    return {finding.part: finding for finding in examine(settings)}


def test_a_bare_machine_lacks_models_and_index_and_says_how_to_get_them(settings):
    found = by_part(settings)
    assert {part: finding.state for part, finding in found.items()} == {
        "python": "well",
        "disk": "well",
        "embedding model": "missing",
        "index": "missing",
        "ollama": "info",
        "model": "missing",
    }
    assert "byline models pull all-MiniLM-L6-v2" in found["embedding model"].remedy
    assert found["index"].remedy == "Run: byline index PATH"
    assert not settings.home.exists() and not settings.models.exists()


def test_an_index_is_counted_and_held_against_the_settings(settings, tmp_path):
    hashing = replace(settings, index=IndexSettings(embedder="hashing"), model=ModelSettings(runtime="scripted"))
    page = tmp_path / "one.txt"
    page.write_text("The board approved the fund on Tuesday.\n", encoding="utf-8")
    with open_index(hashing.home, hashing.index, hashing.search, hashing.models, write=True) as index:
        build(index, [page])
    found = by_part(hashing)
    assert found["index"].state == "well" and found["index"].says.startswith("1 articles, 1 passages")
    assert found["model"].state == "info"
    other = by_part(settings)["index"]
    assert (other.state, "made with hashing" in other.says) == ("missing", True)


def test_a_model_is_well_by_its_stamp_unchecked_without_and_missing_with_another(settings):
    model = known("smollm2-135m-instruct")
    path = file_path(model, model.files[0], settings.models)
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(model.files[0].bytes)
    named = replace(settings, model=ModelSettings(name=model.name, runtime="llama-cpp"))
    assert by_part(named)["model"].state == "info"
    remember(path, settings.models, model.sha256)
    assert by_part(named)["model"].state == "well"
    remember(path, settings.models, "0" * 64)
    assert by_part(named)["model"].state == "missing"


def test_findings_are_plain_json(settings):
    told = json.loads(json.dumps([finding.to_dict() for finding in examine(settings)]))
    assert list(told[0]) == ["part", "state", "says", "remedy"]


def test_a_chroma_server_that_the_settings_name_is_looked_at(settings, tmp_path):
    with chroma_run(tmp_path / "data") as url:
        served = replace(settings, search=SearchSettings(chroma_url=url))
        found = by_part(served)["chroma"]
        assert (found.state, found.says.startswith(f"{url} answers, version 1.")) == ("well", True)
    away = by_part(served)["chroma"]
    assert (away.state, url in away.says, "chroma run" in away.remedy) == ("missing", True, True)
