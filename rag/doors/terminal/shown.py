"""An answer as the screen needs it, read from the answer object: the same for one just made and one kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rag.answer_json import answer_to_dict, citation_to_dict
from rag.types import Answer, AnswerSentence, Citation, Disagreement, Side, Support


@dataclass(frozen=True, slots=True)
class Footnote:
    """One citation: whose words, from when, and which."""

    number: int
    article_id: str
    publisher: str | None
    published_at: datetime | None
    title: str | None
    url: str | None
    path: str | None
    start: int
    end: int
    quote: str
    copies: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A whole answer; `reason` is None unless it was declined, and then `closest` holds the closest words."""

    status: str
    text: str
    standalone_question: str | None
    sentences: tuple[AnswerSentence, ...]
    footnotes: tuple[Footnote, ...]
    disagreements: tuple[Disagreement, ...]
    reason: str | None
    closest: tuple[Footnote, ...]

    def quotes(self) -> tuple[Footnote, ...]:
        """The footnotes, or the closest words where the question was declined."""
        return self.footnotes or self.closest


def footnote(citation: Citation) -> Footnote:
    """A citation as a footnote."""
    return read_footnote(citation_to_dict(citation))


def read_footnote(given: Mapping[str, Any]) -> Footnote:
    """A footnote from a citation of the answer object."""
    published = given.get("published_at")
    return Footnote(
        number=given["number"],
        article_id=given["article_id"],
        publisher=given.get("publisher"),
        published_at=datetime.fromisoformat(published) if published else None,
        title=given.get("title"),
        url=given.get("url"),
        path=given.get("path"),
        start=given["start"],
        end=given["end"],
        quote=given["quote"],
        copies=given.get("copies", 1),
    )


def shown(answer: Answer) -> Shown:
    """An answer just made."""
    return read_shown(answer_to_dict(answer))


def read_shown(given: Mapping[str, Any]) -> Shown:
    """An answer from its answer object."""
    declined = given.get("declined")
    return Shown(
        status=given["status"],
        text=given["text"],
        standalone_question=given.get("standalone_question"),
        sentences=tuple(_sentence(each) for each in given["sentences"]),
        footnotes=tuple(read_footnote(each) for each in given["citations"]),
        disagreements=tuple(_disagreement(each) for each in given["disagreements"]),
        reason=declined["reason"] if declined else None,
        closest=tuple(read_footnote(each) for each in declined["closest"]) if declined else (),
    )


def _sentence(given: Mapping[str, Any]) -> AnswerSentence:
    support = given["support"]
    return AnswerSentence(
        text=given["text"],
        start=given["start"],
        end=given["end"],
        citations=tuple(given["citations"]),
        support=Support(verdict=support["verdict"], score=support["score"], checks=support["checks"]),
    )


def _disagreement(given: Mapping[str, Any]) -> Disagreement:
    sides = tuple(Side(value=side["value"], citations=tuple(side["citations"])) for side in given["sides"])
    return Disagreement(about=given["about"], sides=sides, later=given["later"])
