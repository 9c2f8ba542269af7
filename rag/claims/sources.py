"""Who says so: what a source only claims, believes or has heard is not said as a fact."""

import re
from dataclasses import dataclass

from rag.claims.names import akin, content

_UNNAMED = (
    r"(?:people|persons?|sources?|insiders|critics|opponents|supporters|prosecutors|observers|some|many|rumou?rs?|reports|"
    r"allegations|the\s+(?:complaint|lawsuit|suit|indictment)|two\s+people|three\s+people|one\s+person|a\s+person|a\s+source)"
)
_BELIEF = (
    r"(?:claim(?:s|ed|ing)?|alleg(?:es?|ed|ing)|believ(?:es?|ed)|argu(?:es?|ed|ing)|suggest(?:s|ed|ing)?|speculat(?:es?|ed|ing)|"
    r"thinks?|thought|contend(?:s|ed)?|insist(?:s|ed)?|theori[sz](?:es?|ed)|suspect(?:s|ed)?|accus(?:es?|ed|ing)|predict(?:s|ed)?|"
    r"estimates?\s+that)"
)
_AFTER = re.compile(
    rf"(?P<lead>(?:^|(?<=[,;]\s))[^,;]{{2,60}}?\b{_BELIEF}\s+that|\b{_BELIEF}\s+that)\s+(?P<said>.+)", re.I | re.S
)
_UNNAMED_LEAD = re.compile(
    rf"^(?P<lead>{_UNNAMED}\b[^,;]{{0,60}}?\b(?:said|says?|told|think|believe|claim\w*)(?:\s+that)?)\s+(?P<said>.+)",
    re.I | re.S,
)
_ACCORDING = re.compile(rf"(?:,\s+)?\b(?P<lead>according\s+to\s+{_UNNAMED}\b[^,;.]*)", re.I)
_TRAILING = re.compile(
    rf",\s+(?P<lead>{_UNNAMED}\b[^,;.]{{0,60}}?\b(?:said|says?|claim\w*|believe|told\b[^,;.]*))", re.I
)
_HEARSAY = re.compile(
    r"\b(?P<lead>reportedly|allegedly|purportedly|supposedly|rumou?red|is\s+(?:said|believed|thought|alleged)\s+to)\b",
    re.I,
)
_ATTRIBUTED = re.compile(
    rf"\b(?:said|says?|told|according\s+to|report(?:s|ed|edly)?|allegedly|alleged|purported(?:ly)?|supposed(?:ly)?|rumou?red|"
    rf"estimated?|{_BELIEF})\b",
    re.I,
)
SHARED = 0.6
"""The share of the claim's words that a source must have said for the claim to be its."""


@dataclass(frozen=True, slots=True)
class Source:
    """Who says something: the words that name it in the quote, and whether they stand before what is said."""

    words: str
    leads: bool


def only_source(claim: str, clause: str) -> Source | None:
    """The source on whose word alone a clause gives what the claim says, where the claim names none; else None.

    Somebody named who "said" so is not meant: the citation carries the name. Meant are unnamed people, beliefs,
    accusations and hearsay.
    """
    if _ATTRIBUTED.search(claim):
        return None
    for pattern, leads in (
        (_UNNAMED_LEAD, True),
        (_AFTER, True),
        (_ACCORDING, False),
        (_TRAILING, False),
        (_HEARSAY, True),
    ):
        match = pattern.search(clause)
        if match is None:
            continue
        said = match["said"] if "said" in pattern.groupindex else clause[: match.start()] + " " + clause[match.end() :]
        if _share(claim, said) >= SHARED:
            return Source(" ".join(match["lead"].split()), leads)
    return None


def _share(claim: str, said: str) -> float:
    there, wanted = content(said), content(claim)
    return sum(any(akin(one, other) for other in there) for one in wanted) / len(wanted) if wanted else 0.0
