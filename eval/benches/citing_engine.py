"""LlamaIndex's CitationQueryEngine with its defaults, over our passages, our vectors and our model."""

import re
import time
from dataclasses import dataclass
from typing import Any

from llama_index.core import VectorStoreIndex
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.query_engine import CitationQueryEngine
from pydantic import PrivateAttr

from eval.benches.llamaindex_ways import OurEmbedding, nodes_of
from index.opening import Index
from rag.runtimes.types import ChatModel, Generation, Message

_MARKER = re.compile(r"\[(\d+)\]")
_REPLY_TOKENS = 256


@dataclass(frozen=True, slots=True)
class Cited:
    """One answer of the engine: how many markers it has, and how many of them name a source that it was shown."""

    text: str
    seconds: float
    first_token_s: float
    prompt_tokens: int
    markers: int
    valid_markers: int


class OurModel(CustomLLM):
    """A chat model of ours as LlamaIndex's."""

    _model: ChatModel = PrivateAttr()
    _spent: int = PrivateAttr(default=0)
    _first: float = PrivateAttr(default=0.0)

    def __init__(self, model: ChatModel) -> None:
        super().__init__()
        self._model = model

    @property
    def metadata(self) -> LLMMetadata:
        """What the engine must know of the model."""
        return LLMMetadata(
            context_window=self._model.context_limit, num_output=_REPLY_TOKENS, model_name=self._model.name
        )

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """The whole reply."""
        text = ""
        for piece in self._model.stream([Message("user", prompt)], Generation(max_tokens=_REPLY_TOKENS)):
            if piece.text and not self._first:
                self._first = time.perf_counter()
            text += piece.text
            self._spent += piece.prompt_tokens
        return CompletionResponse(text=text)

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        """The reply in one piece."""
        yield self.complete(prompt, formatted, **kwargs)

    def taken(self, started: float) -> tuple[int, float]:
        """Prompt tokens, and seconds to the first token, since the last call of this."""
        spent, first = self._spent, self._first
        self._spent, self._first = 0, 0.0
        return spent, max(0.0, first - started)


class CitingEngine:
    """Asks CitationQueryEngine; the index is made once."""

    def __init__(self, index: Index, model: ChatModel) -> None:
        self._model = OurModel(model)
        vectors = VectorStoreIndex(list(nodes_of(index)), embed_model=OurEmbedding(index.embedder))
        self._engine = CitationQueryEngine.from_args(vectors, llm=self._model)

    def ask(self, question: str) -> Cited:
        """One answer, timed."""
        started = time.perf_counter()
        reply = self._engine.query(question)
        seconds = time.perf_counter() - started
        spent, first = self._model.taken(started)
        named = [int(each) for each in _MARKER.findall(str(reply))]
        valid = sum(1 <= each <= len(reply.source_nodes) for each in named)
        return Cited(str(reply), seconds, first, spent, len(named), valid)
