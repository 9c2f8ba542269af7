"""One suite over every runtime: what `ChatModel` promises, each keeps. The servers have the same small model."""

import json
import math
from collections.abc import Iterator
from contextlib import closing

import pytest

from index.errors import MissingError, UsageError
from rag.runtimes.llama_cpp import LlamaCppModel
from rag.runtimes.ollama import OllamaModel
from rag.runtimes.openai_compatible import OpenAICompatibleModel
from rag.runtimes.schemas import follows
from rag.runtimes.scripted import ScriptedModel
from rag.runtimes.types import ChatModel, Generation, Message, Piece
from rag.settings import read_settings
from rag.weights.digests import digest_of
from rag.weights.places import locate
from tests.servers.ollama_server import ollama_server
from tests.servers.openai_server import openai_server
from tests.servers.serving import running

SMALL = "smollm2-135m-instruct"
PROMPT = (
    Message("system", "Answer from the numbered lines."),
    Message("user", "[1] Acme raised 300 million.\n[2] It rained.\nWho raised money?"),
)
SCHEMA = {
    "type": "object",
    "properties": {
        "evidence": {"type": "array", "items": {"type": "integer", "enum": [1, 2]}, "minItems": 1, "maxItems": 1},
        "found": {"type": "boolean"},
    },
    "required": ["evidence", "found"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def small() -> Iterator[LlamaCppModel]:
    models = read_settings().models
    try:
        path = locate(SMALL, models)
    except MissingError as error:
        pytest.skip(str(error))
    with closing(LlamaCppModel(path, SMALL, digest_of(path, models), context=1024, threads=1)) as model:
        yield model


@pytest.fixture(
    params=["scripted", *(pytest.param(name, marks=pytest.mark.model) for name in ("llama-cpp", "ollama", "openai"))]
)
def model(request: pytest.FixtureRequest) -> Iterator[ChatModel]:
    if request.param == "scripted":
        yield ScriptedModel(context_limit=1024)
        return
    small: LlamaCppModel = request.getfixturevalue("small")
    if request.param == "llama-cpp":
        yield small
    elif request.param == "ollama":
        with running(ollama_server(small)) as server, closing(OllamaModel("smollm2:135m", 1024, server.url)) as remote:
            yield remote
    else:
        with running(openai_server(small)) as server, closing(OpenAICompatibleModel(server.url, 1024)) as other:
            yield other


def written(model: ChatModel, how: Generation) -> tuple[str, Piece]:
    pieces = list(model.stream(PROMPT, how))
    assert [piece.done for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    return "".join(piece.text for piece in pieces), pieces[-1]


def test_the_same_prompt_gets_the_same_reply(model: ChatModel) -> None:
    first = written(model, Generation(max_tokens=6))
    model.choose((Message("user", "Is it raining in Acme?"),), ["yes", "no"])
    assert first[0].strip()
    assert written(model, Generation(max_tokens=6)) == first


def test_a_seed_fixes_what_is_drawn(model: ChatModel) -> None:
    how = Generation(max_tokens=5, temperature=0.9, seed=7)
    first = written(model, how)
    assert first[0].strip()
    assert written(model, how) == first


def test_a_reply_follows_its_schema(model: ChatModel) -> None:
    text, last = written(model, Generation(max_tokens=40, schema=SCHEMA))
    assert follows(json.loads(text), SCHEMA)
    assert last.finish_reason == "stop"


def test_a_reply_ends_at_its_limit_and_counts(model: ChatModel) -> None:
    text, last = written(model, Generation(max_tokens=3))
    assert text
    assert (last.completion_tokens, last.finish_reason) == (3, "length")
    assert 20 < last.prompt_tokens <= model.count_tokens(PROMPT)


def test_a_reply_ends_before_a_stop_string(model: ChatModel) -> None:
    whole, _ = written(model, Generation(max_tokens=8))
    stop = whole[3:6]
    text, last = written(model, Generation(max_tokens=8, stop=(stop,)))
    assert text == whole[: whole.index(stop)]
    assert last.finish_reason == "stop"


def test_a_closed_reply_stops_and_leaves_the_model_free(model: ChatModel) -> None:
    reply = model.stream(PROMPT, Generation(max_tokens=200))
    assert any(piece.text for piece in reply)
    reply.close()  # type: ignore[attr-defined]
    assert written(model, Generation(max_tokens=2))[1].completion_tokens == 2


def test_a_prompt_that_does_not_fit_is_refused(model: ChatModel) -> None:
    long = (Message("user", "Acme raised money. " * 600),)
    with pytest.raises(UsageError, match="context holds 1024"):
        list(model.stream(long, Generation(max_tokens=8)))
    with pytest.raises(UsageError, match="context holds 1024"):
        list(model.stream(PROMPT, Generation(max_tokens=1024)))


def test_choices_are_log_probabilities_of_first_tokens(model: ChatModel) -> None:
    options = ["The", "Acme"]
    chosen = model.choose(PROMPT, options)
    assert chosen is not None
    assert list(chosen) == options
    assert math.isfinite(chosen["The"])
    assert sum(math.exp(each) for each in chosen.values()) <= 1 + 1e-6
    assert model.choose(PROMPT, options) == chosen


def test_choices_of_several_prompts_are_those_of_each(model: ChatModel) -> None:
    prompts = [
        (*PROMPT[:1], Message("user", f"It rained on {day}. Did it rain?")) for day in ("Monday", "Friday", "May 2")
    ]
    together = model.choose_each(prompts, ("yes", "no"))
    assert together == model.choose_each(prompts, ("yes", "no"))
    for found, prompt in zip(together, prompts, strict=True):
        alone = model.choose(prompt, ("yes", "no"))
        if alone is None or found is None:
            assert alone is found is None
            continue
        # Tokens that are evaluated beside others come out a little different, as in every batch.
        assert found == pytest.approx(alone, abs=0.5)
    [first, *_] = model.stream(PROMPT, Generation(max_tokens=8))
    assert model.choose(prompts[0], ("yes", "no")) == model.choose(prompts[0], ("yes", "no"))
    assert first is not None


def test_a_model_says_who_it_is(model: ChatModel) -> None:
    assert model.name
    assert model.context_limit == 1024
