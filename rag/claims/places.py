"""Whether names and values stand in a claim where they stand in the quote: "Meta sued Acme" is not "Acme sued Meta".

Claim and quote are laid side by side word by word (Ratcliff and Obershelp's matching, as difflib has it), with every name
and every value as a blank; where two blanks meet among the same words, what fills them must be the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.terms import stem, words
from rag.claims.figures import Figure, figures
from rag.claims.names import Name, names, without_possessive
from rag.claims.opposites import are_opposite

ALIKE = 0.5
"""The share of the claim's words that must stand in the quote in order; with less the two say different things."""
NEAR = 3
"""Words on either side of a blank, one of which must be the same and tell something."""

_WORD = re.compile(r"[\w’'&]+(?:[.,]\d+)*")
_NAME, _VALUE = "#", "0"
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being|be)\s+(?:\w+ly\s+)?\w+\s+(?:\w+\s+)?by\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Beside:
    """A claim beside a quote: the share of its words that stand there in the same order, and whether one is out of place."""

    share: float
    out_of_place: bool


@dataclass(frozen=True, slots=True)
class _Laid:
    """A text as stems, a name or a value being one blank; `fills` are what the blanks stand for, by their place."""

    keys: tuple[str, ...]
    fills: dict[int, Name | Figure]

    @classmethod
    def of(cls, text: str) -> "_Laid":
        blanks: list[Name | Figure] = list(names(text))
        blanks += [
            each
            for each in figures(text)
            if each.unit != "ordinal" and not any(name.start < each.end and each.start < name.end for name in blanks)
        ]
        keys: list[str] = []
        fills: dict[int, Name | Figure] = {}
        for match in _WORD.finditer(text):
            blank = next((each for each in blanks if each.start < match.end() and match.start() < each.end), None)
            if blank is None:
                keys.append(" ".join(stem(each) for each in words(without_possessive(match.group()))))
            elif blank not in fills.values():
                fills[len(keys)] = blank
                keys.append(_NAME if isinstance(blank, Name) else _VALUE)
        return cls(tuple(keys), fills)


def lay_beside(claim: str, quote: str) -> Beside:
    """Whether a name or a value of the claim stands where the quote has another, or a word where it has the contrary."""
    mine, theirs = _Laid.of(claim), _Laid.of(quote)
    matcher = SequenceMatcher(None, mine.keys, theirs.keys, autojunk=False)
    share = sum(block.size for block in matcher.get_matching_blocks()) / len(mine.keys) if mine.keys else 0.0
    if share < ALIKE:
        return Beside(share, False)
    turned = bool(_PASSIVE.search(claim)) != bool(_PASSIVE.search(quote))
    codes = matcher.get_opcodes()
    for number, (tag, i1, i2, j1, j2) in enumerate(codes):
        if tag == "replace" and i2 - i1 <= 2 and j2 - j1 <= 2 and are_opposite(mine.keys[i1:i2], theirs.keys[j1:j2]):
            beside = [codes[at] for at in (number - 1, number + 1) if 0 <= at < len(codes)]
            if any(tells(mine.keys[start:end]) for each, start, end, _, _ in beside if each == "equal"):
                return Beside(share, True)
        if tag == "equal" and any(
            at in mine.fills
            and tells(mine.keys[max(i1, at - NEAR) : min(i2, at + NEAR + 1)])
            and _differ(mine.fills[at], theirs.fills.get(j1 + at - i1), turned)
            for at in range(i1, i2)
        ):
            return Beside(share, True)
    return Beside(share, False)


def tells(keys: Sequence[str]) -> bool:
    """Whether there is a word among them that is more than grammar."""
    return any(len(each) > 3 for each in keys)


def _differ(mine: Name | Figure, theirs: Name | Figure | None, turned: bool) -> bool:
    if isinstance(mine, Figure):
        return isinstance(theirs, Figure) and not mine.same_value(theirs)
    # A passive beside an active has its names in other places, rightly.
    return isinstance(theirs, Name) and not turned and not _same_name(mine, theirs)


def _same_name(one: Name, other: Name) -> bool:
    """Whether two names share a word, or one is the other's initials."""
    initials = {"".join(word[0] for word in each.words) for each in (one, other)}
    return bool({*one.words} & {*other.words} or initials & {*one.words, *other.words})
