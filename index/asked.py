"""Filters read off a question's own words, and whether they bind or only prefer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from index.attribution import named
from index.moments import bounds
from index.questions import Query
from index.types import Filters


@dataclass(frozen=True, slots=True)
class Asked:
    """What the words ask for beyond the filters given; `binding` hides what does not pass, else it is only preferred."""

    read: Filters
    binding: bool
    words: str


def asked(query: Query, question: str, given: Filters, publishers: Iterable[str], now: datetime) -> Asked:
    """The filters in the words, never of a kind that was given explicitly.

    They bind in a question of one part; one of several parts names a source or a date for each, and an article that
    answers one part is not to be hidden for the other's sake.
    """
    sources = () if given.publishers else named(question, publishers)
    when = None if given.since or given.until else bounds(question, given.as_of or now)
    read = Filters(sources, when.since if when else None, when.until if when else None)
    words = ", ".join([*sources, *([when.words] if when else [])])
    return Asked(read, bool(read) and not query.parts, words)


def together(given: Filters, read: Filters) -> Filters:
    """Both at once; a bound that was given stands."""
    return replace(
        given,
        publishers=given.publishers or read.publishers,
        since=given.since or read.since,
        until=given.until or read.until,
    )
