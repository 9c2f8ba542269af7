"""A model that an Ollama server runs."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import ollama

from index.errors import BrokenError, BylineError, MissingError
from rag.runtimes.addresses import ollama_address
from rag.runtimes.estimates import at_least, at_most, first_tokens, refuse_too_long
from rag.runtimes.types import Generation, Message, Piece

STEP = 2048
KEEP_ALIVE = "10m"


class OllamaModel:
    """A `ChatModel` of an Ollama server. Prompts are counted by a safe upper bound; replies report true counts."""

    def __init__(
        self,
        name: str,
        context: int,
        host: str = "",
        pull: bool = False,
        tell: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.name = name
        self._address = ollama_address(host or os.environ.get("OLLAMA_HOST", ""))
        # The probe said that a server is there; a model may take minutes to load before its first token.
        self._client = ollama.Client(self._address, timeout=httpx.Timeout(600.0, connect=5.0))
        try:
            with self._errors():
                shown = self._show(pull, tell)
                self.digest = self._digest()
        except BylineError:
            self.close()
            raise
        own = [size for key, size in (shown.modelinfo or {}).items() if key.endswith(".context_length")]
        self.context_limit = min([context, *(int(size) for size in own)])
        self._thinks = "thinking" in (shown.capabilities or [])
        self._num_ctx = 0

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """A safe upper bound: Ollama has no call that counts."""
        return at_most(messages)

    def stream(self, messages: Sequence[Message], how: Generation) -> Iterator[Piece]:
        """Write a reply; closing the iterator hangs up, which stops the server."""
        refuse_too_long(at_most(messages), how.max_tokens, self.context_limit)
        return self._reply(messages, how)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> dict[str, float] | None:
        """From the 20 likeliest first tokens; None before Ollama 0.12.11."""
        refuse_too_long(at_most(messages), 1, self.context_limit)
        with self._errors():
            reply = self._client.chat(
                **self._request(messages, Generation(max_tokens=1)), stream=False, logprobs=True, top_logprobs=20
            )
        self._refuse_truncated(messages, reply.prompt_eval_count)
        if not reply.logprobs:
            return None
        return first_tokens(options, {each.token: each.logprob for each in reply.logprobs[0].top_logprobs or []})

    def choose_each(
        self, prompts: Sequence[Sequence[Message]], options: Sequence[str]
    ) -> list[dict[str, float] | None]:
        """One after the other."""
        return [self.choose(each, options) for each in prompts]

    def close(self) -> None:
        """The server keeps its model for other programs."""
        self._client.close()  # type: ignore[no-untyped-call]

    def _reply(self, messages: Sequence[Message], how: Generation) -> Iterator[Piece]:
        last = None
        with self._errors():
            wish: Any = self._request(messages, how) | {"format": how.schema or None}
            replies = self._client.chat(**wish, stream=True)
            try:
                for reply in replies:
                    if reply.message.content:
                        yield Piece(reply.message.content)
                    if reply.done:
                        last = reply
                        break
            finally:
                replies.close()  # type: ignore[attr-defined]
        if last is None:
            raise self._gone("it stopped in the middle of a reply")
        self._refuse_truncated(messages, last.prompt_eval_count)
        counts = (last.prompt_eval_count or 0, last.eval_count or 0)
        yield Piece("", True, *counts, "length" if last.done_reason == "length" else "stop")

    def _request(self, messages: Sequence[Message], how: Generation) -> dict[str, Any]:
        needed = at_most(messages) + how.max_tokens
        # Every other num_ctx makes the server load the model again, so it only grows, in steps.
        self._num_ctx = min(max(self._num_ctx, -(-needed // STEP) * STEP), self.context_limit)
        options: dict[str, Any] = {
            "num_ctx": self._num_ctx,
            "num_predict": how.max_tokens,
            "temperature": how.temperature,
            "seed": how.seed,
        }
        if how.stop:
            options["stop"] = list(how.stop)
        return {
            "model": self.name,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "options": options,
            "keep_alive": KEEP_ALIVE,
            "think": False if self._thinks else None,
        }

    def _refuse_truncated(self, messages: Sequence[Message], read: int | None) -> None:
        """Ollama shortens a prompt without a word; the count it read tells. Servers that report none are believed."""
        if read and (read < at_least(messages) or read >= self._num_ctx):
            raise BrokenError(
                f"Ollama read {read} tokens of a prompt of {at_least(messages)} to {at_most(messages)}: it was cut.",
                "Lower answer.evidence_sentences, or raise model.context.",
            )

    def _show(self, pull: bool, tell: Callable[[str], None]) -> ollama.ShowResponse:
        try:
            return self._client.show(self.name)
        except ollama.ResponseError as error:
            if error.status_code != 404 or not pull:
                raise
        for step in self._client.pull(self.name, stream=True):
            share = f" {100 * (step.completed or 0) // step.total} %" if step.total else ""
            tell(f"ollama pull {self.name}: {step.status}{share}")
        return self._client.show(self.name)

    def _digest(self) -> str:
        names = (self.name, f"{self.name}:latest")
        return next((model.digest or "" for model in self._client.list().models if model.model in names), "")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except ollama.ResponseError as error:
            if error.status_code == 404:
                raise MissingError(
                    f"Ollama has no model {self.name}.", f"Run `ollama pull {self.name}`, or set model.pull."
                ) from error
            raise BrokenError(f"Ollama refused: {error.error}.", "See the log of the Ollama server.") from error
        except (ConnectionError, httpx.HTTPError, ValueError) as error:
            raise self._gone(str(error) or type(error).__name__) from error

    def _gone(self, why: str) -> MissingError:
        return MissingError(
            f"The Ollama server at {self._address} does not answer: {why.splitlines()[0]}.",
            "Start it with `ollama serve`, or set model.runtime to llama-cpp.",
        )
