"""What Byline asks of a local model; every runtime is one implementation of `ChatModel`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Generation:
    """How to write. `schema` is a JSON schema that the reply must follow; the runtime enforces it while decoding."""

    max_tokens: int = 256
    temperature: float = 0.0
    seed: int = 0
    stop: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a reply as it comes; the last piece has `done` and the token counts."""

    text: str
    done: bool = False
    prompt_tokens: int = 0
    completion_tokens: int = 0
    finish_reason: Literal["stop", "length", ""] = ""


class ChatModel(Protocol):
    """One loaded model.

    `name` is what the user calls it, `digest` the sha256 of its weights ("" where a server does not tell), and
    `context_limit` the tokens that prompt and reply may take together.
    """

    name: str
    digest: str
    context_limit: int

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens of the prompt after the chat template. Servers without a tokenizer give a safe upper bound."""
        ...

    def stream(self, messages: Sequence[Message], how: Generation) -> Iterator[Piece]:
        """Write a reply. Closing the iterator stops the model at once.

        Raises UsageError when prompt and max_tokens do not fit the context, MissingError when the server or the
        model is gone, BrokenError when the server read fewer prompt tokens than were sent (a truncated prompt).
        """
        ...

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> dict[str, float] | None:
        """Log-probability of each option's first token as the reply's first token, from one prefill.

        An option that the runtime does not report gets -inf. None where the runtime cannot tell log-probabilities.
        """
        ...

    def choose_each(
        self, prompts: Sequence[Sequence[Message]], options: Sequence[str]
    ) -> list[dict[str, float] | None]:
        """`choose` for several prompts; what they begin with alike is read once where the runtime can."""
        ...

    def close(self) -> None:
        """Free the model; calling it again does nothing."""
        ...
