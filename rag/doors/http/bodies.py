"""What may be sent to the service; pydantic refuses what is not named here."""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from index.types import Filters
from rag.doors.filters import make_filters
from rag.doors.http.desk import Question
from rag.types import Turn

MAX_QUESTION = 4000
MAX_ANSWER = 20_000
MAX_TURNS = 50

Words = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION, pattern=r"\S")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
When = Annotated[str, Field(max_length=40, examples=["2025-06-08", "2025-06", "2025-06-08T12:00:00Z"])]


Deadline = Annotated[
    float, Field(gt=0, le=86_400, description="Seconds to wait for the whole answer, at most the service's own.")
]


class Strict(BaseModel):
    """A body with no fields but its own."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)

    @model_validator(mode="before")
    @classmethod
    def whole_characters(cls, sent: Any) -> Any:
        """JSON can hold half of a surrogate pair; UTF-8, and so every file and every answer, cannot."""
        if isinstance(sent, dict):
            try:
                json.dumps(sent, ensure_ascii=False).encode()
            except UnicodeEncodeError:
                raise ValueError("there is half of a surrogate pair in it") from None
        return sent


class FiltersBody(Strict):
    """Which articles may be used. A day given as an end is meant up to its last moment."""

    publishers: Annotated[list[Name], Field(max_length=200)] = []
    since: When | None = None
    until: When | None = None
    as_of: When | None = None

    def filters(self) -> Filters:
        """The index room's noun; raises UsageError for what is not a date."""
        return make_filters(self.publishers, self.since, self.until, self.as_of)


class TurnBody(Strict):
    """One earlier exchange."""

    question: Words
    answer: Annotated[str, Field(max_length=MAX_ANSWER)]


class AnswerBody(Strict):
    """A question. With `stream` the answer comes as server-sent events, sentence by sentence."""

    question: Words
    history: Annotated[list[TurnBody], Field(max_length=MAX_TURNS)] = []
    filters: FiltersBody = FiltersBody()
    strictness: Annotated[float, Field(ge=0, le=1)] | None = None
    stream: bool = False
    deadline_s: Deadline | None = None

    def asked(self) -> Question:
        """What the desk takes."""
        turns = tuple(Turn(turn.question, turn.answer) for turn in self.history)
        return Question(self.question.strip(), turns, self.filters.filters(), self.strictness)


class SearchBody(Strict):
    """A question whose passages are wanted, without the model."""

    question: Words
    k: Annotated[int, Field(ge=1, le=1000)] | None = None
    filters: FiltersBody = FiltersBody()


class UrlBody(Strict):
    """An article to be fetched."""

    url: Annotated[str, Field(min_length=8, max_length=4000, pattern=r"^https?://\S+$")]


class FeedbackBody(Strict):
    """A reader's judgement: of an answer that this service gave lately by its id, or of the whole answer object."""

    verdict: Literal["good", "wrong"]
    answer_id: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    answer: dict[str, JsonValue] | None = None
    comment: Annotated[str, Field(max_length=4000)] = ""
