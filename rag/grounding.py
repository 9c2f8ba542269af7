"""Which words a sentence rests on: the fewest evidence sentences that hold its figures, names and content."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.sentences import sentences
from index.types import Article
from rag.claims.figures import Figure, figures
from rag.claims.moments import moments
from rag.claims.names import Name, akin, content, is_named, names, vocabulary
from rag.claims.sources import only_source
from rag.claims.stance import closest_sentence
from rag.types import EvidenceSentence

MOST = 4
# How far back the quote may be stretched for a name that its sentence only points to ("the startup", "he").
EARLIER_SENTENCES = 2


@dataclass(frozen=True, slots=True)
class Quote:
    """The exact words `article.text[start:end]`."""

    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words."""
        return self.article.text[self.start : self.end]


def around(quote: Quote, reach: int = 400) -> str:
    """The article's title and the text about a quote: where a name may stand that the quote only points to."""
    article = quote.article
    return f"{article.title or ''} {article.text[max(0, quote.start - reach) : quote.end + reach]}"


def ground(text: str, evidence: Sequence[EvidenceSentence], hints: Sequence[int] = ()) -> list[Quote]:
    """The quotes that a sentence cites, in the order of the evidence; empty where nothing of it is in any.

    A greedy cover of what the sentence says, the model's own choice (`hints`) first among equals; what another
    quote makes needless is taken out again, so that every citation that stays carries something of its own.
    """
    needs = _needs(text)
    read = {each.number: _Reading.of(each) for each in evidence}
    has = {number: {need for need in needs if need.met_by(reading)} for number, reading in read.items()}
    chosen: list[EvidenceSentence] = []
    missing = set(needs)
    while missing and len(chosen) < MOST:
        best = max(
            evidence,
            key=lambda each: (
                sum(need.weight for need in has[each.number] & missing),
                each.number in hints,
                each.score,
                -each.number,
            ),
            default=None,
        )
        gained = has[best.number] & missing if best else set()
        if best is None or not gained or (chosen and sum(need.weight for need in gained) < 1):
            break
        chosen.append(best)
        missing -= gained
    chosen = _without_needless(chosen, has)
    return [stretched(text, each) for each in sorted(chosen, key=lambda each: each.number)]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What an evidence sentence holds, read once."""

    figures: tuple[Figure, ...]
    years: frozenset[int | None]
    words: frozenset[str]
    content: tuple[str, ...]

    @classmethod
    def of(cls, each: EvidenceSentence) -> "_Reading":
        years = frozenset(moment.year for moment in moments(each.text, each.article.published_at))
        return cls(tuple(figures(each.text)), years, vocabulary(each.text), tuple(content(each.text)))


@dataclass(frozen=True, slots=True)
class _Need:
    """One thing that a sentence says and that its quotes must hold."""

    kind: str
    words: tuple[str, ...]
    figure: Figure | None
    weight: float

    def met_by(self, read: _Reading) -> bool:
        if self.figure is not None:
            if self.figure.unit == "year":
                return int(self.figure.low) in read.years
            return any(self.figure.same_value(each) for each in read.figures)
        if self.kind == "name":
            return is_named(Name(self.words, 0, 0), read.words)
        return any(akin(self.words[0], each) for each in read.content)


def _needs(text: str) -> list[_Need]:
    named = names(text)
    figured = figures(text)
    inside = {word for each in named for word in content(text[each.start : each.end])}
    return [
        *(_Need("figure", (text[each.start : each.end],), each, 4.0) for each in figured),
        *(_Need("name", each.words, None, 2.0) for each in named),
        *(_Need("word", (each,), None, 0.4) for each in content(text) if each not in inside),
    ]


def _without_needless(chosen: list[EvidenceSentence], has: dict[int, set[_Need]]) -> list[EvidenceSentence]:
    kept = list(chosen)
    for each in reversed(chosen):
        others = set().union(*(has[other.number] for other in kept if other is not each))
        if len(kept) > 1 and has[each.number] <= others:
            kept.remove(each)
    return kept


def stretched(claim: str, evidence: EvidenceSentence) -> Quote:
    """The sentence's quote, begun earlier in its paragraph where that brings in a name that the claim gives."""
    article, start, end = evidence.article, evidence.start, evidence.end
    missing = [each for each in names(claim) if not is_named(each, vocabulary(evidence.text))]
    if missing:
        paragraph = article.text.rfind("\n", 0, start) + 1
        earlier = sentences(article.text[paragraph:start])[-EARLIER_SENTENCES:]
        for span in reversed(earlier):
            before = article.text[paragraph + span.start : start]
            if any(is_named(each, vocabulary(before)) for each in missing):
                start = paragraph + span.start
                break
    return Quote(article, start, end)


_HEDGE_WORD = re.compile(
    r"^(?:about|around|roughly|approximately|nearly|almost|close to|an estimated|more than|over|at least|less than|under|"
    r"up to|as much as|as many as|fewer than|below|above)\b",
    re.IGNORECASE,
)
_PUT = {"over": "more than", "under": "up to", "about": "about", "": ""}


def with_hedges(text: str, quotes: Sequence[str]) -> str:
    """The sentence with "about" or "more than" put back before a figure that its quotes only give so, and its source too.

    A figure that any quote gives without a hedge stays as it is.
    """
    given = [(figure, quote) for quote in quotes for figure in figures(quote)]
    for figure in reversed(figures(text)):
        if figure.hedge or figure.unit in ("year", "ordinal"):
            continue
        same = [(other, quote) for other, quote in given if figure.same_value(other)]
        if not same or any(not other.hedge for other, _ in same):
            continue
        other, quote = same[0]
        written = _HEDGE_WORD.match(quote[other.start : other.end])
        word = written.group() if written else _PUT[other.hedge]
        if not re.search(r"\b(?:exceed|exceeds|exceeding|top|tops|topping|above)\s+$", text[: figure.start]):
            text = f"{text[: figure.start]}{word.lower()} {text[figure.start :]}"
    return with_source(text, quotes)


def with_source(text: str, quotes: Sequence[str]) -> str:
    """The sentence with the source put back on whose word alone its quotes have it ("…, people said").

    A source that cannot be put back in its own words stays away; the checks then refuse the sentence.
    """
    parts = [quote[span.start : span.end] for quote in quotes for span in sentences(quote)]
    source = only_source(text, closest_sentence(text, parts))
    if source is None:
        return text
    if not source.leads:
        body = text.rstrip(" .")
        return f"{body}, {source.words}."
    if not source.words[:1].isupper():
        return text
    first = names(text)[:1]
    named = bool(first) and first[0].start == 0
    return f"{source.words} {text if named else text[:1].lower() + text[1:]}"
