"""The checks of one final sentence against the exact words it cites. What fails, or cannot run, is not supported.

Code checks what code can (figures, dates, names, negation, modality); a model is asked for the meaning, by the
log-probabilities of yes and no after one prefill, calibrated on development data (rag/calibration.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.sentences import sentences
from rag.claims.figures import Figure, figures
from rag.claims.moments import Moment, completed, decades, moments, months_alone, relatives
from rag.claims.names import akin, content, is_named, names, vocabulary
from rag.claims.places import lay_beside
from rag.claims.sources import only_source
from rag.claims.stance import (
    closest_clause,
    closest_sentence,
    denials_agree,
    is_possible,
    possibilities_agree,
    tenses_agree,
)
from rag.grounding import Quote
from rag.leaking import repeats_a_prompt
from rag.types import Support, Verdict

# Below this probability that the quotes state the sentence, it is not supported; from the curve in docs/log.md.
ENTAILED = 0.5
# With so many of its words in a quote in the same order, a sentence gives each figure its place by that order.
REPEATS = 0.8


class Entailment(Protocol):
    """Whether a text states a claim."""

    def probability(self, text: str, claim: str) -> float | None:
        """0..1, or None where it cannot be told; the caller fails closed."""
        ...


def check(sentence: str, quotes: Sequence[Quote], entailment: Entailment, threshold: float = ENTAILED) -> Support:
    """The verdict on a sentence as it will be shown. Without quotes nothing is supported."""
    if not quotes:
        return Support("unsupported", 0.0, {"cited": False})
    found = code_checks(sentence, quotes)
    if not all(found.values()):
        return Support("unsupported", 0.0, found)
    if is_verbatim(sentence, quotes):
        return Support("supported", 1.0, {**found, "verbatim": True})
    joint = " ".join(each.text for each in quotes)
    probability = entailment.probability(joint, sentence)
    if probability is None:
        return Support("unsupported", 0.0, {**found, "entailment": False})
    verdict: Verdict = "supported" if probability >= threshold else "unsupported"
    return Support(verdict, probability, {**found, "entailment": probability})


def code_checks(sentence: str, quotes: Sequence[Quote]) -> dict[str, bool | float]:
    """Every check that code can make and that applies, by name."""
    joint = " ".join(each.text for each in quotes)
    found: dict[str, bool | float] = {}
    nearest = closest(sentence, quotes)
    beside = lay_beside(sentence, nearest.sentence)
    found["in_place"] = not beside.out_of_place
    if counted(sentence):
        found["numbers"] = numbers_agree(sentence, joint)
        if beside.share < REPEATS:
            found["figures_in_place"] = figures_in_place(sentence, quotes)
    if moments(sentence) or months_alone(sentence) or relatives(sentence) or decades(sentence):
        found["dates"] = dates_agree(sentence, quotes)
    if names(sentence):
        known = vocabulary(joint)
        found["names"] = all(is_named(each, known) for each in names(sentence))
    found["negation"] = denials_agree(sentence, nearest.clause)
    if is_possible(nearest.clause, sentence):
        found["modality"] = possibilities_agree(sentence, nearest.clause)
    found["tense"] = tenses_agree(sentence, nearest.clause)
    if only_source(sentence, nearest.sentence) is not None:
        found["attribution"] = False
    if repeats_a_prompt(sentence):
        found["from_the_articles"] = False
    return found


@dataclass(frozen=True, slots=True)
class Closest:
    """The sentence of the quotes that shares most with a claim, and the clause of it that does."""

    sentence: str
    clause: str


def closest(claim: str, quotes: Sequence[Quote]) -> Closest:
    """Where the quotes speak of just what a claim says; the first of equals."""
    parts = [each.text[span.start : span.end] for each in quotes for span in sentences(each.text)]
    best = closest_sentence(claim, parts)
    return Closest(best, closest_clause(claim, best))


def counted(text: str) -> list[Figure]:
    """The figures of a text that are no part of a date."""
    dated = moments(text)
    return [
        each
        for each in figures(text)
        if each.unit != "year" and not any(each.start < day.end and day.start < each.end for day in dated)
    ]


def numbers_agree(sentence: str, joint: str) -> bool:
    """Whether every figure is in the quotes with the same value and unit, and none is firmer than they are.

    "More than" in the sentence needs "more than" in the quotes; a figure that they only give as "about" must not
    stand bare.
    """
    given = figures(joint)
    for figure in counted(sentence):
        same = [each for each in given if figure.same_value(each)]
        if not same:
            return False
        hedges = {each.hedge for each in same}
        if figure.hedge in ("over", "under") and figure.hedge not in hedges:
            return False
        if not figure.hedge and "" not in hedges and not is_possible(sentence):
            return False
    return True


def figures_in_place(sentence: str, quotes: Sequence[Quote]) -> bool:
    """Whether each figure goes with what the sentence says of it, where a quote has several to choose from.

    "Revenue of $870 million and a valuation of $25 billion" does not say that anything was valued at $870 million:
    of the words that the sentence and the quote share, one at least must stand nearest to that very figure. Words that
    the quote does not have are left to the model.
    """
    apart = [(each.start, each.end) for each in names(sentence)] + [
        (each.start, each.end) for each in figures(sentence)
    ]
    taken = {stem for start, end in apart for stem in content(sentence[start:end])}
    said = [stem for stem in content(sentence) if stem not in taken]
    for figure in figures(sentence):
        if figure.unit in ("year", "ordinal"):
            continue
        told = {_in_place(figure, said, each.text) for each in quotes}
        if False in told and True not in told:
            return False
    return True


def _in_place(figure: Figure, said: Sequence[str], quote: str) -> bool | None:
    """Whether what is said stands nearest to this figure of a quote; None where the quote has none of the words."""
    given = [each for each in figures(quote) if each.unit == figure.unit]
    places = [(start, end) for start, end, stem in _stems(quote) if any(akin(stem, each) for each in said)]
    if not given or not places:
        return None
    nearest = [min(given, key=lambda each: max(each.start - end, start - each.end, 0)) for start, end in places]
    return any(figure.same_value(each) for each in nearest)


def _stems(text: str) -> list[tuple[int, int, str]]:
    return [
        (match.start(), match.end(), stem)
        for match in re.finditer(r"[^\W\d_]+", text)
        for stem in content(match.group())
    ]


def dates_agree(sentence: str, quotes: Sequence[Quote]) -> bool:
    """Whether every date is in the quotes; relative ones are read against each article's day of publication.

    A year may stand in the quotes as a plain figure ("2,000" for "2000"); a month or a day without its year there is in
    the year nearest to the publication.
    """
    given = [moment for each in quotes for moment in dated(each)]
    joint = " ".join(each.text for each in quotes)
    bare = {each.low for each in figures(joint)}
    return (
        all(
            any(mine.covers(theirs) for theirs in given) or (mine.month is None and mine.year in bare)
            for mine in moments(sentence)
        )
        and set(months_alone(sentence)) <= {*months_alone(joint), *(each.month for each in given)}
        and decades(sentence) <= decades(joint)
        and all(_is_told(words, quotes) for words in relatives(sentence))
    )


def dated(quote: Quote) -> list[Moment]:
    """The dates of a quote, whole as far as the day of publication makes them so."""
    day = quote.article.published_at
    found = moments(quote.text, day)
    return [*found, *(completed(each, day.date()) for each in found)] if day else found


def _is_told(words: str, quotes: Sequence[Quote]) -> bool:
    """Whether quotes have a relative date in the same words, or one that is the same on its article's day."""
    if any(words.removeprefix("on ") in " ".join(each.text.lower().split()) for each in quotes):
        return True
    if "week" in words:
        return False
    return any(
        mine.covers(theirs)
        for each in quotes
        if each.article.published_at
        for mine in moments(words, each.article.published_at)
        for theirs in dated(each)
    )


def is_verbatim(sentence: str, quotes: Sequence[Quote]) -> bool:
    """Whether the sentence only repeats words that stand in the quotes."""
    plain = " ".join(sentence.split()).strip(" .").casefold()
    return any(plain in " ".join(each.text.split()).casefold() for each in quotes)


def coverage(text: str, words: str) -> float:
    """The share of a text's telling words that stand, in some form, among the words; 1 where it has none."""
    asked = content(text)
    there = content(words)
    return sum(any(akin(one, each) for each in there) for one in asked) / len(asked) if asked else 1.0
