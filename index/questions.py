"""What a question asks for, read off its words: its parts, the terms of each and what they weigh."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.moments import PUBLISHED_ON
from index.terms import telling, terms

# A part must hold this many telling words to be searched for by itself.
_LEAST = 4
_MOST_TERMS = 64
_NAME_POWER = 0.35

_CUT = re.compile(r"[,;:]\s+|\s+(?:and|but|while|whereas)\s+", re.IGNORECASE)
_NAME = re.compile(r"\b[A-Z][\w’'-]*(?:\s+(?:of\s+|the\s+)?[A-Z][\w’'-]*)+|\b\w+(?:-\w+)+")


@dataclass(frozen=True, slots=True)
class Part:
    """The question itself or one of its clauses: its words, and the terms to find it by, most telling last cut."""

    text: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A question taken apart; `parts` is empty for a question of one clause. `weights` are at most 1, else 1."""

    text: str
    whole: Part
    parts: tuple[Part, ...]
    weights: Mapping[str, float]


def take_apart(question: str) -> Query:
    """The parts of a question.

    When its articles were published says which are meant, not what they say: those words find nothing. A name of
    several words counts less a word, so that a full name does not outweigh all that is asked about it.
    """
    text = " ".join(PUBLISHED_ON.sub(" ", question).split()) or question
    whole = _part(text)
    parts = tuple(_part(each) for each in clauses(text))
    return Query(text, whole, parts if len(parts) > 1 else (), _weights(text))


def clauses(text: str) -> list[str]:
    """The clauses of a question, each with enough telling words; what is too short stays with what comes next."""
    found: list[str] = []
    rest = ""
    for piece in _CUT.split(text):
        rest = f"{rest} {piece}".strip()
        if len(telling(rest)) >= _LEAST:
            found.append(rest)
            rest = ""
    if rest:
        found[-1:] = [f"{found[-1]} {rest}" if found else rest]
    return found


def _part(text: str) -> Part:
    return Part(text, tuple(telling(text)[:_MOST_TERMS]))


def _weights(text: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for name in _NAME.finditer(text):
        held = set(telling(name.group())) & set(terms(name.group()))
        for term in held:
            weights[term] = min(weights.get(term, 1.0), len(held) ** -_NAME_POWER)
    return weights
