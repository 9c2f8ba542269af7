"""Where independent sources give another figure, or another account, for what was asked: both are shown.

Copies of one story count once; the same value told with another hedge is no disagreement; where the question names a
time, only what speaks of that time is compared.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.types import Cluster
from rag.asked import Asked, without_markup
from rag.checking import coverage
from rag.citing import Proven
from rag.claims.figures import Figure, figures
from rag.claims.moments import Moment, moments
from rag.claims.names import akin, content, is_named, vocabulary
from rag.claims.stance import closest_clause, denies, is_possible
from rag.evidence import Candidate, under_byline
from rag.grounding import Quote, around
from rag.judging import Judge
from rag.types import Support

# At most this many sentences are put to the model: each costs a prefill of a hundred tokens.
READ = 3
# The gap between yes and no from which a sentence counts as giving its value as the answer.
ANSWERS = 1.0
# The probability under which another account is taken not to state what is shown already.
ANOTHER = 0.5

# How much of the question another account must hold, as a share of what is cited.
AS_CLOSE = 0.75
LONGEST_NAME = 60
"""A publisher's name in characters."""

_INSTEAD = re.compile(r"\b(?:not|instead of|rather than)(?:\s+(?:the|as|of))?\s*$", re.IGNORECASE)
_ROW = re.compile(r"\|\s*([^|]*)\|")
_FIGURED = frozenset(("number", "money", "percentage"))


@dataclass(frozen=True, slots=True)
class Other:
    """Another account: its value in its own words, and the sentence that shows it."""

    value: str
    mine: str
    proven: Proven


def other_accounts(
    asked: Asked,
    shown: Sequence[Proven],
    ranked: Sequence[Candidate],
    judge: Judge,
    clusters: dict[str, Cluster | None],
) -> list[Other]:
    """The accounts of sources independent of those cited that differ from what is shown; the best-ranked first."""
    if asked.kind not in _FIGURED | {"date", "yes_no"} or not shown:
        return []
    cited = {_source(quote.article.id, clusters) for each in shown for quote in each.quotes}
    mine = _key_figure(asked, " ".join(each.text for each in shown))
    found: list[Other] = []
    read = 0
    for each in ranked:
        if read == READ:
            break
        source = _source(each.article.id, clusters)
        if source in cited or not _speaks_of_it(asked, shown, mine, each):
            continue
        other = _differs(asked, shown, mine, each)
        if other is None or any(other.value == known.value for known in found):
            continue
        read += 1
        if judge.answers(under_byline(each.article, each.text), asked.question, other.value) < ANSWERS:
            continue
        if asked.kind == "yes_no":
            stated = judge.probability(each.text, shown[0].text)
            if stated is None or stated >= ANOTHER:
                continue
        found.append(other)
        cited.add(source)
    return found


def _source(article_id: str, clusters: dict[str, Cluster | None]) -> str:
    cluster = clusters.get(article_id)
    return cluster.id if cluster else article_id


def _speaks_of_it(asked: Asked, shown: Sequence[Proven], mine: Figure | None, other: Candidate) -> bool:
    quote = Quote(other.article, other.start, other.end)
    known = vocabulary(around(quote))
    if not all(is_named(name, known) for name in asked.names):
        return False
    named = moments(asked.question)
    if named and not all(_within(each, moments(other.text, other.article.published_at)) for each in named):
        return False
    quotes = [quote for each in shown for quote in each.quotes]
    # A correction names its story in the headline; any other account must speak of the matter itself.
    correction = mine is not None and _corrected(mine, other.text) is not None
    title = f"{other.article.title or ''} " if correction else ""
    if coverage(asked.question, title + other.text) < AS_CLOSE * coverage(asked.question, _words(quotes)):
        return False
    row = _ROW.match(other.text)
    if row and not any(is_named(name, vocabulary(row[1])) for name in asked.names):
        # A table's row speaks of what its first cell names.
        return False
    # What may be is no other account of what is.
    clause = closest_clause(asked.question, other.text)
    return is_possible(clause) == any(is_possible(closest_clause(asked.question, each.text)) for each in quotes)


def _words(quotes: Sequence[Quote]) -> str:
    return " ".join(each.text for each in quotes)


def _within(asked: Moment, given: Sequence[Moment]) -> bool:
    return any(asked.covers(each) or each.covers(asked) for each in given)


def _differs(asked: Asked, shown: Sequence[Proven], mine: Figure | None, other: Candidate) -> Other | None:
    text = without_markup(other.text)
    said = " ".join(each.text for each in shown)
    proven = Proven(
        f"{byline_or_another(other)}: “{text}”",
        (Quote(other.article, other.start, other.end),),
        Support("supported", 1.0, {"verbatim": True}),
    )
    if asked.kind in _FIGURED:
        if mine is None:
            return None
        corrected = _corrected(mine, other.text)
        theirs = corrected or _nearest_figure(asked, other.text, mine)
        if theirs is None or (corrected is None and any(mine.same_value(each) for each in figures(other.text))):
            return None
        if corrected is not None:
            proven = replace(proven, text=f"Corrected – {proven.text}")
        return Other(other.text[theirs.start : theirs.end].strip(), said[mine.start : mine.end].strip(), proven)
    if asked.kind == "yes_no":
        shared = content(said)
        there = content(other.text)
        alike = sum(any(akin(one, each) for each in there) for one in shared) / max(1, len(shared))
        return Other(text, said, proven) if alike >= 0.3 or denies(said) != denies(other.text) else None
    dates = [each for each in moments(other.text, other.article.published_at) if not _within(each, moments(said))]
    if len(dates) == 1 and moments(said):
        return Other(other.text[dates[0].start : dates[0].end], said, proven)
    return None


def _key_figure(asked: Asked, said: str) -> Figure | None:
    given = figures(asked.question)
    new = [
        each
        for each in figures(said)
        if each.unit not in ("year", "ordinal") and not any(each.same_value(other) for other in given)
    ]
    return new[0] if len({(each.low, each.high) for each in new}) == 1 else None


def _corrected(mine: Figure, text: str) -> Figure | None:
    """The figure that a text puts in the place of mine: "$2.4 million, not $4.2 million"."""
    given = [each for each in figures(text) if each.unit == mine.unit]
    denied = [each for each in given if mine.same_value(each) and _INSTEAD.search(text[: each.start])]
    others = [each for each in given if not mine.same_value(each)]
    return others[0] if denied and len(others) == 1 else None


def _nearest_figure(asked: Asked, text: str, mine: Figure | None) -> Figure | None:
    """The figure of my unit that stands nearest to the question's words."""
    if mine is None:
        return None
    fitting = [each for each in figures(text) if each.unit == mine.unit]
    places = [text.lower().find(stem) for stem in content(asked.question)]
    there = [place for place in places if place >= 0]
    if not fitting or not there:
        return None
    return min(fitting, key=lambda each: (sum(abs(each.start - place) for place in there), each.start))


def byline_or_another(other: Candidate) -> str:
    """How another account is introduced: its publisher and day, else that it is another article.

    What is too long for a name would say something of its own, outside the quotation marks.
    """
    article = other.article
    day = article.published_at.strftime("%-d %B %Y") if article.published_at else ""
    publisher = without_markup(article.publisher or "")
    named = publisher if 0 < len(publisher) <= LONGEST_NAME else "Another article"
    return ", ".join(each for each in (named, day) if each)
