"""How a clause stands to what it says: denied, or only possible. "Is in talks to buy" does not say "has bought"."""

import re
from collections.abc import Sequence

from rag.claims.names import akin, content

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|unable|denied|denies|deny|denying|declined|declines|refused|refuses|"
    r"failed|fails|rejected|rejects|turned\s+down|lacks|lacked|nobody|nothing|hardly|barely)\b|n['’]t\b",
    re.IGNORECASE,
)
_MODALITY = re.compile(
    r"\b(?:(?-i:may|might|can|will|shall)|could|would|should|if|wants?\s+to|wanted\s+to|plan(?:s|ned|ning)?\s+(?:to|for|on)|"
    r"expects?|expected|expecting|scheduled|slated|intend(?:s|ed|ing)?|aim(?:s|ed|ing)?\s+(?:to|at)|seek(?:s|ing)?|sought|"
    r"hop(?:e|es|ed|ing)\s+(?:to|for)|considers?|considering|considered|weighs?|weighing|eyes|eyeing|exploring|mulls?|mulling|"
    r"(?:in|holding|advanced)\s+talks|negotiating|in\s+negotiations|discussing|in\s+discussions|potential\w*|possibl[ey]|"
    r"propos(?:e|es|ed|ing)|reportedly|allegedly|alleges?|alleged|likely|unlikely|rumou?red|forecasts?|projections?|projected|"
    r"pending|looking\s+to|going\s+to|set\s+to|(?:is|are|was|were)\s+due\s+to\s+(?!the\b|an?\b)\w+|about\s+to|yet\s+to|(?:is|are|was|were)\s+to\s+\w+)\b|['’]ll\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(r"\b(?:(?-i:will|shall)|(?:is|are)\s+(?:going|set|about)\s+to)\s+(?:be\s+)?(\w+)", re.IGNORECASE)
_PAST = re.compile(r"\b\w+ed\b", re.IGNORECASE)
_FORMERLY = re.compile(r"\b(?:former(?:ly)?|onetime|then|ex)[\s-]+((?:\w+\s+){0,2}\w+)", re.IGNORECASE)
_OVER = re.compile(
    r"\b(?:former\w*|onetime|then|ex|was|were|had|been|until|once|used|served|led|headed|ran|worked|previous(?:ly)?)\b",
    re.I,
)
REACH = 5
"""Words behind a negation or a "may" on which it is taken to bear."""
NEXT = 2
"""Of these, the telling ones on which it bears for certain."""

_CLAUSE = re.compile(r"(?<=[;—–:|])\s+|,\s+(?=(?:but|while|although|though|whereas|which|who)\b)|\s+—\s*|\s+(?=but\s)")


def clauses(sentence: str) -> list[str]:
    """A sentence cut where a new statement begins; roughly, which suffices to find the closest one."""
    return [each for each in (part.strip(" ,;—–") for part in _CLAUSE.split(sentence)) if each]


def closest_sentence(claim: str, sentences: Sequence[str]) -> str:
    """The sentence that has most of the claim's telling words; the first of equals, empty where there is none."""
    wanted = content(claim)
    return max(sentences, key=lambda each: _count(wanted, content(each)), default="")


def closest_clause(claim: str, sentence: str) -> str:
    """The clause that shares most with the claim; the first of equals."""
    wanted = content(claim)

    def shared(clause: str) -> float:
        there = content(clause)
        return _count(wanted, there) / (len(there) + 4)

    parts = clauses(sentence)
    return max(parts, key=shared) if parts else sentence


def denies(text: str, claim: str | None = None) -> bool:
    """Whether a text carries a negation; with a claim, whether one bears on what the claim says."""
    return _bears(_NEGATION, text, claim)


def is_possible(text: str, claim: str | None = None) -> bool:
    """Whether a text speaks of what may be, is planned or is said to be; with a claim, of what the claim says."""
    return _bears(_MODALITY, text, claim)


def denials_agree(claim: str, clause: str) -> bool:
    """Whether claim and clause deny the same things.

    Each denial of the claim must bear on what one of the clause bears on; and one of the clause whose very next words
    the claim repeats must have its like in the claim.
    """
    mine, theirs = _scopes(_NEGATION, claim), _scopes(_NEGATION, clause)
    said = content(claim)
    told = [each for each in theirs if any(_meet(each[:NEXT], [one]) for one in said)]
    return all(any(_meet(one, each) for each in theirs) for one in mine) and all(
        any(_meet(each, one) for one in mine) for each in told
    )


def possibilities_agree(claim: str, clause: str) -> bool:
    """Whether the claim leaves open what the clause leaves open: a "may" on the same words."""
    mine, theirs = _scopes(_MODALITY, claim), _scopes(_MODALITY, clause)
    said = content(claim)
    told = [each for each in theirs if any(_meet(each[:NEXT], [one]) for one in said)]
    return all(any(_meet(each, one) for one in mine) for each in told)


def tenses_agree(claim: str, clause: str) -> bool:
    """Whether the claim does not put off what the clause tells as done, nor go on with what it says is over."""
    done = [each for word in _PAST.findall(clause) for each in content(word)]
    coming = [each for match in _FUTURE.finditer(claim) for each in content(match[1])]
    if coming and not _MODALITY.search(clause) and any(_meet([each], done) for each in coming):
        return False
    over = [each for match in _FORMERLY.finditer(clause) for each in content(match[1])]
    return not _meet(over, content(claim)) or bool(_OVER.search(claim))


def _scopes(marker: re.Pattern[str], text: str) -> list[list[str]]:
    """What each marker of a text bears on: the stems of the words that follow it, nearest first."""
    found = [content(" ".join(text[match.end() :].split()[:REACH])) for match in marker.finditer(text)]
    return [each for each in found if each]


def _count(wanted: Sequence[str], there: Sequence[str]) -> int:
    return sum(any(akin(one, other) for other in there) for one in wanted)


def _meet(some: Sequence[str], others: Sequence[str]) -> bool:
    return any(akin(one, other) for one in some for other in others)


def _bears(marker: re.Pattern[str], text: str, claim: str | None) -> bool:
    if claim is None:
        return bool(marker.search(text))
    said = content(claim)
    for match in marker.finditer(text):
        # "will show the bell with an alarm that cost $4,800" does not make the price a plan: a marker bears on the
        # words that follow it.
        after = " ".join(text[match.end() :].split()[:REACH])
        if any(akin(one, other) for one in content(f"{match.group()} {after}") for other in said):
            return True
    return False
