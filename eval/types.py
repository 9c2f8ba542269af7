"""The nouns of the evaluation room: cases, verdicts, records, means and scorecards."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from index.types import Article, Filters
from rag.types import Answer, Turn

AnswerObject = Mapping[str, Any]
"""An answer as `rag.answer_json.answer_to_dict` gives it; what is recorded is what is scored."""

CheckKind = Literal["yes/no", "score", "cost"]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of gold evidence; `article` is a file's name, or `file.jsonl#title`."""

    article: str
    quote: str


@dataclass(frozen=True, slots=True)
class Case:
    """One gold question.

    `accept` holds alternatives, each a set of strings that must all be in the answer; empty means that it must be declined.
    `evidence` holds groups; any quote of a group meets it, and every group must be met.
    `publishers` restricts the search; cases of one `group` are about the same articles, even where they have no evidence;
    `provenance` says where a case came from that was not written by hand, and who accepted it, as names with values;
    `source` is the file and line that the case was read from.
    """

    id: str
    kind: str
    question: str
    accept: tuple[tuple[str, ...], ...]
    forbidden: tuple[str, ...] = ()
    evidence: tuple[tuple[Quote, ...], ...] = ()
    note: str = ""
    history: tuple[Turn, ...] = ()
    split: str = "dev"
    publishers: tuple[str, ...] = ()
    group: str = ""
    provenance: tuple[tuple[str, str], ...] = ()
    source: str = field(default="", compare=False)

    @property
    def answerable(self) -> bool:
        """Whether the articles hold an answer."""
        return bool(self.accept)

    @property
    def articles(self) -> frozenset[str]:
        """The names of the articles that the evidence is in."""
        return frozenset(quote.article for group in self.evidence for quote in group)


class Asks(Protocol):
    """What is evaluated: a question in, an answer out. The engine is one."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        strictness: float | None = None,
    ) -> Answer:
        """Answer one question; raises BylineError where it cannot."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a gold quote stands: `article.text[start:end]`."""

    article_id: str
    start: int
    end: int


class Library(Protocol):
    """The articles that answers and gold evidence point into."""

    def by_id(self, article_id: str) -> Article | None:
        """The article that a citation names."""
        ...

    def by_name(self, name: str) -> tuple[Article, ...]:
        """The articles of a file's name, or of `file.jsonl#title`; several where names repeat."""
        ...

    def places(self, quote: Quote) -> tuple[Place, ...]:
        """Every place of a quote in its articles, white space and case aside; empty where it is not there."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's result on one answer; `value` None is "unscored", and `reason` says why."""

    value: float | None
    reason: str = ""


Judge = Callable[[str, str], bool | None]
"""(premise, claim): does the premise support the claim; None where it cannot be told."""


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a check may look at."""

    case: Case
    answer: AnswerObject
    library: Library
    judge: Judge


@dataclass(frozen=True, slots=True)
class Check:
    """A named check.

    `applies` looks at the case alone. `run` may still give None where the check has nothing to look at in this answer:
    it is then absent, not zero. `when_failed` is the value where asking failed; None is unscored.
    An `invariant` fails the whole run where one case fails it.
    """

    name: str
    kind: CheckKind
    higher_is_better: bool
    about: str
    applies: Callable[[Case], bool]
    run: Callable[[Asked], Verdict | None]
    when_failed: float | None = None
    invariant: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One asked case as it stands in a run's file; `answer` is None where asking failed, and `error` says how."""

    case: Case
    repeat: int
    answer: AnswerObject | None
    error: str
    seconds: float
    verdicts: Mapping[str, Verdict]


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over cases with its 95 % interval.

    `n` cases were scored and `unscored` could not be; `clusters` groups of cases were drawn as one in the bootstrap, 0 where
    there were too few groups and cases were drawn alone. `low` and `high` are None where one case leaves no interval to give.
    """

    value: float
    n: int
    unscored: int
    low: float | None
    high: float | None
    clusters: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A run in numbers; `reasons` counts why verdicts are unscored, `changed` the cases whose repeats differ.

    `judge` says who the model judge was and how far it agrees with people; empty where there was none.
    """

    cases: int
    errors: int
    missing: int
    means: Mapping[str, Mean]
    by_kind: Mapping[str, Mapping[str, Mean]]
    reasons: Mapping[str, Mapping[str, int]]
    broken: tuple[str, ...]
    changed: tuple[str, ...]
    risk_coverage: Mean | None
    judge: str = ""
