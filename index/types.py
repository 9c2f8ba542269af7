"""The nouns of the index room: articles, sentences, passages, clusters, hits.

All offsets count Unicode code points of `Article.text`, 0-based, end exclusive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Article:
    """One cleaned article; every offset in Byline points into its `text`.

    `found` says how each known field was found, e.g. {"published_at": "meta article:published_time"}.
    What is not known is None, never guessed. Datetimes are timezone-aware, in UTC.
    """

    id: str
    text: str
    sha256: str
    title: str | None
    publisher: str | None
    author: str | None
    published_at: datetime | None
    updated_at: datetime | None
    retrieved_at: datetime
    url: str | None
    path: str | None
    language: str | None
    found: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points in an article's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of whole sentences of one article; `text` is `article.text[start:end]`."""

    id: str
    article_id: str
    ordinal: int
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Near-copies of one story; `lead` is the original or earliest member and is the one cited."""

    id: str
    members: tuple[str, ...]
    lead: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be searched. Empty filters admit all; bounds are inclusive.

    `as_of` hides what was published later than it, and articles of unknown date; so do `since` and `until`.
    """

    publishers: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    as_of: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.publishers or self.since or self.until or self.as_of)


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage; ranks start at 1; `found_by` names the searches that found it ("dense", "words")."""

    passage: Passage
    article: Article
    score: float
    rank: int
    found_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vote:
    """What one search said of a hit: its rank among what that search found, its raw score, and its share of the sum.

    `search` is "words", "dense", "sentences", "reranker" or "named"; `question` the part of the question searched for.
    "coverage" is no search: its score is the share of the question's words, by weight, that better hits do not hold.
    """

    search: str
    question: str
    rank: int
    score: float
    share: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """How hits were found. `votes` are those of each hit, in the order of `hits`.

    `filters` were in force. `read` was read off the question's words; `preferred` says that it only raised what
    passes it, `fell_back` that nothing passed it and it was dropped. `notes` say so in plain words.
    """

    question: str
    parts: tuple[str, ...]
    filters: Filters
    read: Filters
    preferred: bool
    fell_back: bool
    notes: tuple[str, ...]
    hits: tuple[Hit, ...]
    votes: tuple[tuple[Vote, ...], ...]
