"""How a clause stands to what it says: denied, or only possible. "Is in talks to buy" does not say "has bought"."""

import re

from rag.claims.names import akin, content

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|unable|denied|denies|deny|declined|declines|refused|refuses|failed|"
    r"fails|rejected|rejects|lacks|lacked|nobody|nothing|hardly|barely)\b|n['’]t\b",
    re.IGNORECASE,
)
_MODALITY = re.compile(
    r"\b(?:may|might|could|would|should|can|will|if|plan(?:s|ned|ning)\s+(?:to|for|on)|expects?|expected|expecting|intends?|"
    r"aims?\s+(?:to|at)|seeks?|hopes?\s+(?:to|for)|considers?|considering|weighs?|weighing|eyes|eyeing|exploring|mulls?|"
    r"(?:in|holding|advanced)\s+talks|negotiating|in\s+negotiations|discussing|in\s+discussions|potential\w*|possibl[ey]|"
    r"propos(?:es|ed|ing)|reportedly|allegedly|alleges?|alleged|likely|unlikely|rumou?red|forecasts?|projections?|projected|"
    r"pending|set\s+to|due\s+to\s+\w+e|about\s+to|yet\s+to)\b",
    re.IGNORECASE,
)
REACH = 5
"""Words behind a negation or a "may" on which it is taken to bear."""

_CLAUSE = re.compile(r"(?<=[;—–:|])\s+|,\s+(?=(?:but|while|although|though|whereas|which|who)\b)|\s+—\s*|\s+(?=but\s)")


def clauses(sentence: str) -> list[str]:
    """A sentence cut where a new statement begins; roughly, which suffices to find the closest one."""
    return [each for each in (part.strip(" ,;—–") for part in _CLAUSE.split(sentence)) if each]


def closest_clause(claim: str, sentence: str) -> str:
    """The clause that shares most with the claim; the first of equals."""
    wanted = content(claim)

    def shared(clause: str) -> float:
        there = content(clause)
        return sum(any(akin(one, other) for other in there) for one in wanted) / (len(there) + 4)

    parts = clauses(sentence)
    return max(parts, key=shared) if parts else sentence


def denies(text: str, claim: str | None = None) -> bool:
    """Whether a text carries a negation; with a claim, whether one bears on what the claim says."""
    return _bears(_NEGATION, text, claim)


def is_possible(text: str, claim: str | None = None) -> bool:
    """Whether a text speaks of what may be, is planned or is said to be; with a claim, of what the claim says."""
    return _bears(_MODALITY, text, claim)


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
