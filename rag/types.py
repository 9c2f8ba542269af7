"""The nouns of the answering room: evidence, citations, verdicts, answers, and the events of a streamed answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from index.types import Article, Hit

Status = Literal["answered", "partial", "declined"]
Verdict = Literal["supported", "unsupported"]
Reason = Literal["nothing_found", "not_supported", "disputed"]


@dataclass(frozen=True, slots=True)
class EvidenceSentence:
    """One sentence that the model is shown under a small number; `text` is `article.text[start:end]`."""

    number: int
    article: Article
    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words that a sentence rests on: `article.text[start:end] == quote`, checked when it is made."""

    number: int
    article: Article
    start: int
    end: int
    quote: str
    cluster_id: str | None = None
    copies: int = 1

    def __post_init__(self) -> None:
        if self.article.text[self.start : self.end] != self.quote or not self.quote:
            raise ValueError(f"quote is not in {self.article.id} at {self.start}..{self.end}")


@dataclass(frozen=True, slots=True)
class Support:
    """What the checks say of one shown sentence against the words it cites.

    `checks` maps a check's name to True/False, or to a probability in 0..1; a check that does not apply is absent.
    """

    verdict: Verdict
    score: float
    checks: Mapping[str, bool | float]


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence as shown, with `answer.text[start:end] == text`, the numbers of its citations and its support."""

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    support: Support


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values that independent sources give for the same thing."""

    value: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Sources that disagree; `later` is the index in `sides` of the one published last, None where unknown."""

    about: str
    sides: tuple[Side, ...]
    later: int | None


@dataclass(frozen=True, slots=True)
class Declined:
    """Why there is no answer, and the closest words that were found."""

    reason: Reason
    closest: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens counted by the model's own tokenizer; `truncated` is True when evidence was left out to fit."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    context_limit: int = 0
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds from the start of the question."""

    search_ms: float = 0.0
    first_evidence_ms: float = 0.0
    first_token_ms: float = 0.0
    total_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What made an answer: the same receipt and question give the same answer."""

    index: str
    model: str
    model_digest: str
    prompts: Mapping[str, str]
    settings: str
    seed: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's whole result, as shown."""

    id: str
    question: str
    standalone_question: str | None
    status: Status
    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    disagreements: tuple[Disagreement, ...]
    declined: Declined | None
    hits: tuple[Hit, ...]
    usage: Usage
    timings: Timings
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation. History helps to read a question; it never becomes evidence."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class PassagesFound:
    """First event of a streamed answer: what was found, before the model starts."""

    hits: tuple[Hit, ...]
    standalone_question: str | None
    elapsed_ms: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """What is going on now, for a spinner: "reading 8 sentences", "writing", "checking"."""

    doing: str


@dataclass(frozen=True, slots=True)
class SentencePassed:
    """A sentence that has passed its checks, with the citations it names; offsets are those of the final text."""

    sentence: AnswerSentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class DisagreementFound:
    """Sources that disagree about what was asked; follows the sentences that show the sides."""

    disagreement: Disagreement
    citations: tuple[Citation, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Done:
    """Last event: the whole answer, and the probability that decided whether it was given, None where code did."""

    answer: Answer
    probability: float | None = None


Event = PassagesFound | Progress | SentencePassed | DisagreementFound | Done
