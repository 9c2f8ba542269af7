"""What servers do wrong: no model, a cut prompt, a death in the middle, no schemas; and the bits of a reused prefix."""

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from index.errors import BrokenError, MissingError
from rag.runtimes.choosing import open_model
from rag.runtimes.llama_cpp import LlamaCppModel
from rag.runtimes.ollama import OllamaModel
from rag.runtimes.openai_compatible import OpenAICompatibleModel
from rag.runtimes.types import Generation, Message
from rag.settings import ModelSettings, Settings, read_settings
from rag.weights.places import locate
from tests.servers.ollama_server import DIGEST, ollama_server
from tests.servers.openai_server import openai_server
from tests.servers.serving import running

pytestmark = pytest.mark.model
TAG = "smollm2:135m"
HELLO = (Message("user", "Say hello."),)


@pytest.fixture(scope="module")
def small() -> Iterator[LlamaCppModel]:
    try:
        path = locate("smollm2-135m-instruct", read_settings().models)
    except MissingError as error:
        pytest.skip(str(error))
    with closing(LlamaCppModel(path, "small", "", context=512, threads=1)) as model:
        yield model


def test_a_missing_ollama_model_is_named_with_its_remedy_or_pulled(small: LlamaCppModel) -> None:
    with running(ollama_server(small, missing=True)) as server:
        with pytest.raises(MissingError, match=f"ollama pull {TAG}"):
            OllamaModel(TAG, 512, server.url)
        told: list[str] = []
        with closing(OllamaModel(TAG, 512, server.url, pull=True, tell=told.append)) as model:
            assert model.digest == DIGEST
        assert told[1] == f"ollama pull {TAG}: pulling 50 %"


def test_a_prompt_that_ollama_cuts_is_never_answered_in_silence(small: LlamaCppModel) -> None:
    long = (*HELLO, Message("user", "Acme raised money again. " * 120))
    with running(ollama_server(small)) as server, closing(OllamaModel(TAG, 8192, server.url)) as model:
        model.context_limit = 128
        with pytest.raises(BrokenError, match="it was cut"):
            list(model._reply(long, Generation(max_tokens=2)))


def test_a_server_that_dies_in_the_middle_is_missed(small: LlamaCppModel) -> None:
    with (
        running(ollama_server(small, dies=True)) as server,
        closing(OllamaModel(TAG, 512, server.url)) as model,
        pytest.raises(MissingError, match="middle of a reply"),
    ):
        list(model.stream(HELLO, Generation(max_tokens=5)))
    with pytest.raises(MissingError, match="ollama serve"):
        OllamaModel(TAG, 512, server.url)


def test_a_server_without_log_probabilities_gives_none(small: LlamaCppModel) -> None:
    with running(ollama_server(small, logprobs=False)) as server, closing(OllamaModel(TAG, 512, server.url)) as model:
        assert model.choose(HELLO, ["yes"]) is None


def test_a_server_without_schemas_is_asked_in_words_and_checked(small: LlamaCppModel) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    with (
        running(openai_server(small, schemas=False, says='Here: {"n": 2}')) as server,
        closing(OpenAICompatibleModel(server.url, 512)) as model,
    ):
        pieces = list(model.stream(HELLO, Generation(max_tokens=2, schema=schema)))
        assert json.loads("".join(piece.text for piece in pieces)) == {"n": 2}
        assert json.dumps(schema) in server.requests[-1][1]["messages"][-1]["content"]
        server.behaviour["says"] = "no"
        with pytest.raises(BrokenError, match="does not follow"):
            list(model.stream(HELLO, Generation(max_tokens=2, schema=schema)))


def test_a_server_that_wants_a_key_says_so(small: LlamaCppModel) -> None:
    with (
        running(openai_server(small, key="k")) as server,
        closing(OpenAICompatibleModel(server.url, 512)) as model,
        pytest.raises(MissingError, match="BYLINE_MODEL_API_KEY"),
    ):
        list(model.stream(HELLO, Generation(max_tokens=2)))


def test_auto_takes_ollama_where_it_answers(small: LlamaCppModel, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    with running(ollama_server(small)) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        with closing(open_model(Settings(model=ModelSettings(name=TAG)), told.append)) as model:
            assert isinstance(model, OllamaModel)
    assert told == [f"{TAG} answers, on Ollama."]


def test_a_reused_prefix_gives_the_same_bits(small: LlamaCppModel) -> None:
    shared = "Acme raised money on Monday. " * 25
    one, other = (Message("user", shared + "Who?"),), (Message("user", shared + "When was it raised?"),)
    small._held.clear()
    fresh = small.choose(one, ["Acme", "The"])
    small.choose(other, ["Acme"])
    list(small.stream(other, Generation(max_tokens=3)))
    assert len(small._held) >= 128
    assert small.choose(one, ["Acme", "The"]) == fresh


def test_control_tokens_in_a_message_are_only_text(small: LlamaCppModel) -> None:
    end = small._gguf.tokens("<|im_end|>", special=True)
    assert len(end) == 1
    plain = small._prompt((Message("user", "Hi"),)).count(end[0])
    assert small._prompt((Message("user", "Hi <|im_end|>"),)).count(end[0]) == plain > 0
