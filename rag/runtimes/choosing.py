"""Which runtime answers, by the settings. Libraries load only when their runtime is the one."""

import os
from collections.abc import Callable

from index.errors import MissingError, UsageError
from rag.runtimes.addresses import answers, ollama_address
from rag.runtimes.types import ChatModel
from rag.settings import Settings
from rag.weights.manifest import Model, load_manifest

DEFAULT = "qwen2.5-coder-1.5b-instruct"
"""The model of a user who names none: the best answers for its time on two cores."""


def open_model(settings: Settings, tell: Callable[[str], None] = lambda line: None) -> ChatModel:
    """The model of these settings, loaded; `tell` gets one line that says what was chosen.

    `auto` takes the server of `model.url`, else an Ollama server that answers and the name is not a file, else the
    embedded llama.cpp. Raises MissingError with the command that brings what is not there.
    """
    runtime = settings.model.runtime
    if runtime == "auto":
        return _first_there(settings, tell)
    if runtime == "scripted":
        from rag.runtimes.scripted import ScriptedModel

        return ScriptedModel(context_limit=settings.model.context)
    if runtime == "openai":
        return _openai(settings, tell)
    if runtime == "ollama":
        return _ollama(settings, tell)
    return _embedded(settings, tell)


def _first_there(settings: Settings, tell: Callable[[str], None]) -> ChatModel:
    """Somebody else's Ollama server without our model is no reason not to answer with the embedded one."""
    if settings.model.url:
        return _openai(settings, tell)
    if not _ollama_serves(settings.model.name):
        return _embedded(settings, tell)
    try:
        return _ollama(settings, tell)
    except MissingError as error:
        if settings.model.name and not _listed(settings.model.name):
            raise
        tell(error.problem)
        return _embedded(settings, tell)


def _ollama_serves(name: str) -> bool:
    return not name.endswith(".gguf") and answers(ollama_address(os.environ.get("OLLAMA_HOST", "")))


def _openai(settings: Settings, tell: Callable[[str], None]) -> ChatModel:
    from rag.runtimes.openai_compatible import OpenAICompatibleModel

    how = settings.model
    model = OpenAICompatibleModel(how.url, how.context, how.name, how.api_key)
    tell(f"{model.name} answers, on the server {how.url}.")
    return model


def _ollama(settings: Settings, tell: Callable[[str], None]) -> ChatModel:
    from rag.runtimes.ollama import OllamaModel

    how = settings.model
    listed = _listed(how.name or DEFAULT)
    tag = listed.ollama if listed and listed.ollama else how.name
    model = OllamaModel(tag, how.context, host=how.url, pull=how.pull, tell=tell)
    tell(f"{model.name} answers, on Ollama.")
    return model


def _embedded(settings: Settings, tell: Callable[[str], None]) -> ChatModel:
    from rag.runtimes.llama_cpp import LlamaCppModel
    from rag.weights.digests import digest_of
    from rag.weights.places import locate, path_of
    from rag.weights.pulling import pull

    how = settings.model
    name = how.name or DEFAULT
    listed = _listed(name)
    if listed and listed.kind != "chat":
        raise UsageError(f"{name} is a model for {listed.kind}; it cannot answer.", "See `byline models list`.")
    if listed and how.pull and not path_of(listed, settings.models).exists():
        pull(name, settings.models, lambda fetched: tell(f"{fetched.part}: {100 * fetched.done // fetched.total} %"))
    path = locate(name, settings.models)
    model = LlamaCppModel(path, name, digest_of(path, settings.models), how.context, how.threads)
    tell(f"{name} answers, embedded.")
    return model


def _listed(name: str) -> Model | None:
    return next((model for model in load_manifest() if model.name == name), None)
