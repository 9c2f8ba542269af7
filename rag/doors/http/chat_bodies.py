"""What an OpenAI client may send; what cannot be honoured and would change the answer is refused by name."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from index.errors import UsageError
from rag.doors.http.bodies import MAX_ANSWER, MAX_QUESTION, MAX_TURNS, Deadline, FiltersBody, Strict
from rag.doors.http.desk import Question
from rag.types import Turn

MODEL = "byline"


class Part(BaseModel):
    """A part of a message; only text is read."""

    model_config = ConfigDict(extra="allow")

    type: str
    text: Annotated[str, Field(max_length=MAX_ANSWER)] = ""


class ChatMessage(BaseModel):
    """One message. Clients send back what they were given, so further fields of a message are let pass."""

    model_config = ConfigDict(extra="allow")

    role: Literal["system", "developer", "user", "assistant"]
    content: Annotated[str, Field(max_length=MAX_ANSWER)] | Annotated[list[Part], Field(max_length=50)] | None = None

    def words(self) -> str:
        """The text of the message."""
        if not isinstance(self.content, list):
            return (self.content or "").strip()
        other = next((part.type for part in self.content if part.type not in ("text", "refusal")), None)
        if other:
            raise UsageError(f"A part of the type {other!r} cannot be read.", "Send text.")
        return "\n".join(part.text for part in self.content).strip()


class StreamOptions(Strict):
    """What a stream shall carry besides."""

    include_usage: bool = False
    include_obfuscation: bool = False


class ChatBody(Strict):
    """A conversation whose last message is the question.

    Answers are bound to the articles and always the same, so what would steer the writing (temperature, top_p, seed,
    penalties, stop, max_tokens) is let pass and has no effect; so have system and developer messages.
    `filters`, `strictness`, `deadline_s` and `sources` are Byline's own.
    """

    model: str
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=2 * MAX_TURNS + 2)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Annotated[int, Field(ge=1, le=1)] | None = 1
    filters: FiltersBody = FiltersBody()
    strictness: Annotated[float, Field(ge=0, le=1)] | None = None
    deadline_s: Deadline | None = None
    sources: Literal["annotations", "cards"] | None = None
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    user: str | None = None
    store: bool | None = None
    metadata: dict[str, Any] | None = None
    logprobs: Literal[False] | None = None
    tools: Annotated[list[Any], Field(max_length=0)] | None = None
    response_format: dict[Literal["type"], Literal["text"]] | None = None

    def asked(self) -> Question:
        """The last message as the question, and the exchanges before it."""
        said = [message for message in self.messages if message.role in ("user", "assistant")]
        if not said or said[-1].role != "user":
            raise UsageError("The last message is not the user's.", "Send the question as the last message.")
        question = said[-1].words()
        if not question or len(question) > MAX_QUESTION:
            raise UsageError(f"The question must have from 1 to {MAX_QUESTION} characters.")
        return Question(question, _turns(said[:-1]), self.filters.filters(), self.strictness)


def _turns(said: list[ChatMessage]) -> tuple[Turn, ...]:
    """Pairs of question and answer; what stands alone on either side is joined to its neighbour."""
    turns: list[tuple[list[str], list[str]]] = []
    for message in said:
        if message.role == "user" and (not turns or turns[-1][1]):
            turns.append(([message.words()], []))
        elif message.role == "user":
            turns[-1][0].append(message.words())
        elif turns:
            turns[-1][1].append(message.words())
    return tuple(Turn("\n".join(asked), "\n".join(answered)) for asked, answered in turns)
