"""The judge that needs no model: a sentence is supported where its numbers and enough of its words are in the quotes."""

import re

from eval.checks.numeric import numbers

_MARKER = re.compile(r"\[\d+\]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_COMMON_TEXT = """
    a an and are as at be been but by did do does for from had has have he her his how i if in into is it its may might more
    most no not of on or our over per she so such than that the their them then there these they this those to was we were
    what when where which while who whom whose why will with would you your about according said says
"""
_COMMON = frozenset(_COMMON_TEXT.split())


def content(text: str) -> set[str]:
    """The words that are not function words, by their first six letters, so that "invested" meets "investing"."""
    return {word[:6] for word in _WORD.findall(_MARKER.sub(" ", text).lower()) if word not in _COMMON}


def supported_by_words(premise: str, claim: str, enough: float = 0.6) -> bool | None:
    """Are all numbers of the claim, by value, and at least `enough` of its content words in the premise.

    A lower bar than entailment: it sees invented names and figures, not twisted relations. None for a claim without content.
    """
    words, figures = content(claim), numbers(claim)
    if not words and not figures:
        return None
    if not figures <= numbers(premise):
        return False
    return len(words & content(premise)) >= enough * len(words)
