"""A saved answer asked again: the same from the same parts, and what changed is named where it did."""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.building import build
from index.errors import UsageError
from index.opening import open_index
from index.retrieval import HybridRetriever
from index.settings import IndexSettings
from rag.answer_json import answer_to_dict
from rag.deciding import fitted
from rag.engine import Engine
from rag.judging import Judge
from rag.replaying import compared, replay, replay_to_dict, settings_then
from rag.runtimes.scripted import ScriptedModel
from rag.settings import ModelSettings, Settings

COST = "What will the new ferry of Larkhaven cost?"
REPLY = json.dumps({"evidence": [1], "answer": "The new ferry of Larkhaven will cost $41 million."})


def settings_of(home: Path) -> Settings:
    return Settings(home=home, index=IndexSettings(embedder="hashing"), model=ModelSettings(seed=7))


def put(home: Path, price: str) -> None:
    source = home / "ferry.txt"
    source.write_text(f"The new ferry of Larkhaven will cost {price}, the port authority said.\n", encoding="utf-8")
    settings = settings_of(home)
    with open_index(home, settings.index, settings.search, settings.models, write=True) as index:
        build(index, [source])


def asked_again(home: Path, saved: Mapping[str, Any] | None = None, reply: str = REPLY) -> Any:
    settings = settings_of(home)
    model = ScriptedModel([reply], lambda messages, options: {options[0]: 0.95, options[1]: 0.05})
    with open_index(home, settings.index, settings.search, settings.models) as index:
        retriever = HybridRetriever(index.catalogue, index.vectors, index.embedder)
        engine = Engine(index, retriever, model, Judge(model), fitted(), settings)
        return replay(saved, engine) if saved is not None else answer_to_dict(engine.ask(COST))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    put(tmp_path, "$41 million")
    yield tmp_path


def test_the_same_parts_give_the_same_answer(home: Path) -> None:
    saved = asked_again(home)
    assert saved["status"] == "answered"
    again = asked_again(home, json.loads(json.dumps(saved)))
    assert again.same
    assert again.differences == ()
    assert again.answer["sentences"] == saved["sentences"]


def test_an_article_that_was_corrected_changes_the_answer_and_the_index_is_named(home: Path) -> None:
    saved = asked_again(home)
    put(home, "$44 million")
    again = asked_again(home, saved, json.dumps({"evidence": [1], "answer": "The ferry will cost $44 million."}))
    told = {(each.what, bool(each.then), bool(each.now)) for each in again.differences}
    assert told >= {
        ("sentence", True, False),
        ("sentence", False, True),
        ("citation", True, False),
        ("index", True, True),
    }
    assert not again.same
    assert again.explained
    assert replay_to_dict(again)["answer"]["citations"][0]["quote"].count("$44 million") == 1


def test_another_model_and_a_changed_prompt_are_named(home: Path) -> None:
    saved = asked_again(home)
    then = copy.deepcopy(saved)
    then["receipt"]["model_digest"] = "0" * 64
    then["receipt"]["prompts"]["answer"] = "1" * 64
    then["receipt"]["prompts"]["gone"] = "2" * 64
    found = {each.what: each for each in compared(then, saved)}
    assert set(found) == {"model", "prompt"}
    assert found["model"].then == "scripted (000000000000)"
    assert [each.then for each in compared(then, saved) if each.what == "prompt"] == [
        "answer (111111111111)",
        "gone (222222222222)",
    ]


def test_the_settings_of_the_receipt_are_found_by_their_digest() -> None:
    then = Settings(model=ModelSettings(name="small", seed=3))
    saved = {
        "receipt": {
            "index": "i",
            "model": "small",
            "model_digest": "d",
            "prompts": {},
            "settings": then.digest(),
            "seed": 3,
        }
    }
    assert settings_then(saved, Settings()) == then
    other = replace(Settings(), model=ModelSettings(context=2048))
    assert settings_then(saved, other) == replace(other, model=ModelSettings(context=2048, seed=3))


@pytest.mark.parametrize("receipt", [None, {}, {"index": 1}, "x"])
def test_an_answer_without_a_whole_receipt_is_refused(receipt: object) -> None:
    with pytest.raises(UsageError, match="receipt"):
        settings_then({"receipt": receipt}, Settings())
