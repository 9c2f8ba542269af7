"""A model behind any server that speaks OpenAI's chat completions: vLLM, llama-server, LM Studio."""

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import openai

from index.errors import BrokenError, BylineError, MissingError, UsageError
from rag.runtimes.addresses import openai_address
from rag.runtimes.estimates import at_least, at_most, first_tokens, refuse_too_long
from rag.runtimes.schemas import json_in
from rag.runtimes.types import Generation, Message, Piece


class OpenAICompatibleModel:
    """A `ChatModel` of a server. Prompts are counted by a safe upper bound; replies report the server's counts."""

    digest = ""

    def __init__(self, url: str, context: int, name: str = "", api_key: str = "") -> None:
        if not url:
            raise UsageError("The runtime openai needs the address of a server.", "Set model.url.")
        self._url = openai_address(url)
        self._client = openai.OpenAI(base_url=self._url, api_key=api_key or "none", timeout=600.0, max_retries=0)
        self.name = name
        self._schemas = True
        try:
            with self._errors():
                offered = {model.id: model.model_dump() for model in self._client.models.list()}
            self.name = self._served(offered)
        except BylineError:
            self.close()
            raise
        told = offered.get(self.name, {}).get("max_model_len")
        self.context_limit = min(context, told) if isinstance(told, int) and told > 0 else context

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """A safe upper bound: the protocol has no call that counts."""
        return at_most(messages)

    def stream(self, messages: Sequence[Message], how: Generation) -> Iterator[Piece]:
        """Write a reply; closing the iterator hangs up.

        A server that refuses JSON schemas is asked in words; its reply then comes whole, once it is seen to follow.
        """
        refuse_too_long(at_most(messages), how.max_tokens, self.context_limit)
        return self._reply(messages, how)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> dict[str, float] | None:
        """From the 20 likeliest first tokens; None where the server reports none."""
        refuse_too_long(at_most(messages), 1, self.context_limit)
        with self._errors():
            try:
                reply = self._client.chat.completions.create(
                    **self._request(messages, Generation(max_tokens=1)), logprobs=True, top_logprobs=20
                )
            except (openai.BadRequestError, openai.UnprocessableEntityError):
                return None
        told = reply.choices[0].logprobs if reply.choices else None
        if not told or not told.content:
            return None
        return first_tokens(options, {each.token: each.logprob for each in told.content[0].top_logprobs})

    def choose_each(
        self, prompts: Sequence[Sequence[Message]], options: Sequence[str]
    ) -> list[dict[str, float] | None]:
        """One after the other."""
        return [self.choose(each, options) for each in prompts]

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def _served(self, offered: Collection[str]) -> str:
        """The name that was asked for, or the first that is offered."""
        if self.name and offered and self.name not in offered:
            raise MissingError(f"{self._url} has no model {self.name}.", f"It has: {', '.join(sorted(offered))}.")
        if not self.name and not offered:
            raise MissingError(f"{self._url} lists no model.", "Set model.name.")
        return self.name or next(iter(offered))

    def _reply(self, messages: Sequence[Message], how: Generation) -> Iterator[Piece]:
        if how.schema is None:
            yield from self._pieces(messages, how, {})
            return
        if self._schemas:
            named = {"name": "reply", "strict": True, "schema": dict(how.schema)}
            started = False
            try:
                for piece in self._pieces(
                    messages, how, {"response_format": {"type": "json_schema", "json_schema": named}}
                ):
                    started = True
                    yield piece
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if started or not _about_schemas(error):
                    raise BrokenError(f"The server refused: {error.message}.", "See the server's log.") from error
                self._schemas = False
            else:
                return
        yield from self._asked_in_words(messages, how)

    def _asked_in_words(self, messages: Sequence[Message], how: Generation) -> Iterator[Piece]:
        assert how.schema is not None
        wish = f"\n\nReply with JSON only, following this JSON schema: {json.dumps(how.schema)}"
        asked = [*messages[:-1], Message(messages[-1].role, messages[-1].content + wish)]
        refuse_too_long(at_most(asked), how.max_tokens, self.context_limit)
        pieces = list(self._pieces(asked, how, {}))
        found = json_in("".join(piece.text for piece in pieces), how.schema)
        if found is None:
            raise BrokenError(
                "The server does not know JSON schemas, and its reply does not follow the one it was asked for.",
                "Use a server with structured output: vLLM, llama-server, LM Studio or Ollama.",
            )
        yield Piece(found)
        yield pieces[-1]

    def _pieces(self, messages: Sequence[Message], how: Generation, more: dict[str, Any]) -> Iterator[Piece]:
        finish, usage = None, None
        with self._errors():
            request = self._request(messages, how) | more
            chunks = self._client.chat.completions.create(
                **request, stream=True, stream_options={"include_usage": True}
            )
            try:
                for chunk in chunks:
                    usage = chunk.usage or usage
                    for choice in chunk.choices:
                        finish = choice.finish_reason or finish
                        if choice.delta.content:
                            yield Piece(choice.delta.content)
            finally:
                chunks.close()
        if finish is None:
            raise self._gone("it stopped in the middle of a reply")
        read, wrote = (usage.prompt_tokens, usage.completion_tokens) if usage else (0, 0)
        if read and read < at_least(messages):
            raise BrokenError(
                f"The server read {read} tokens of a prompt of at least {at_least(messages)}: it was cut.",
                "Lower answer.evidence_sentences, or give the server a larger context.",
            )
        yield Piece("", True, read, wrote, "length" if finish == "length" else "stop")

    def _request(self, messages: Sequence[Message], how: Generation) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self.name,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "max_tokens": how.max_tokens,
            "temperature": how.temperature,
            "seed": how.seed,
        }
        return request | ({"stop": list(how.stop)} if how.stop else {})

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except openai.NotFoundError as error:
            raise MissingError(f"{self._url} has no model {self.name}.", "Set model.name.") from error
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            raise MissingError(f"{self._url} wants a key.", "Set BYLINE_MODEL_API_KEY.") from error
        except (openai.BadRequestError, openai.UnprocessableEntityError):
            raise
        except openai.APIConnectionError as error:
            raise self._gone(str(error)) from error
        except openai.APIStatusError as error:
            raise BrokenError(f"{self._url} failed: {error.message}.", "See the server's log.") from error
        except openai.APIError as error:
            raise self._gone(str(error)) from error

    def _gone(self, why: str) -> MissingError:
        return MissingError(f"The server at {self._url} does not answer: {why}.", "Start it, or set model.url.")


def _about_schemas(error: openai.APIStatusError) -> bool:
    said = error.message.lower()
    return any(word in said for word in ("response_format", "json_schema", "schema", "grammar", "structured"))
