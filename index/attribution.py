"""Which publishers a question names as its sources: "according to Bloomberg", "the Wired article"."""

import re
from collections.abc import Iterable
from itertools import pairwise

_QUOTES = "'\"‘’“”"
_BEFORE = re.compile(
    r"(?:according to|\bper|\bvia|\b(?:report\w*|articles?|published|cover\w+|stor(?:y|ies)|written|pieces?|featured)\b"
    rf"[^.?!;]{{0,60}}\b(?:by|from|in))\s+(?:both\s+)?(?:the\s+)?[{_QUOTES}]?$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"[{_QUOTES}]?(?:['’]s?)?\s+(?:articles?|reports?|reported|reporting|stor(?:y|ies)|coverage|pieces?|says?|said|writes|"
    r"wrote|claims?|claimed|suggests?|suggested|describes?|described)\b",
    re.IGNORECASE,
)
_LIST = re.compile(rf"[{_QUOTES}]?\s*(?:,|,?\s+and|,?\s+or)\s+(?:the\s+)?[{_QUOTES}]?")


def named(question: str, publishers: Iterable[str]) -> tuple[str, ...]:
    """The publishers that the question names as sources, in order of name.

    A name must be written as the catalogue has it. A name that is also a word (Fortune, Time) counts only where words of
    reporting stand beside it, or where it stands in a list with one that counts.
    """
    mentions = _mentions(question, publishers)
    counted = {span for span, _ in mentions if _is_source(question, span)}
    for _ in mentions:
        for one, other in pairwise(mentions):
            if _LIST.fullmatch(question[one[0][1] : other[0][0]]) and counted & {one[0], other[0]}:
                counted |= {one[0], other[0]}
    return tuple(sorted({name for span, names in mentions if span in counted for name in names}))


def _mentions(question: str, publishers: Iterable[str]) -> list[tuple[tuple[int, int], tuple[str, ...]]]:
    """Where publishers stand in the question, the longest name first where they overlap."""
    spelled: dict[str, set[str]] = {}
    for publisher in publishers:
        for spelling in {publisher, re.split(r"\s+[-|–—]\s+", publisher)[0]}:
            if len(spelling) > 1:
                spelled.setdefault(spelling, set()).add(publisher)
    found: list[tuple[tuple[int, int], tuple[str, ...]]] = []
    for spelling in sorted(spelled, key=lambda each: (-len(each), each)):
        if spelling not in question:
            continue
        for match in re.finditer(rf"(?<!\w){re.escape(spelling)}(?!\w)", question):
            span = match.span()
            if all(span[1] <= start or end <= span[0] for (start, end), _ in found):
                found.append((span, tuple(sorted(spelled[spelling]))))
    return sorted(found)


def _is_source(question: str, span: tuple[int, int]) -> bool:
    before, after = question[: span[0]], question[span[1] :]
    quoted = before[-1:] in _QUOTES and after[:1] in _QUOTES and bool(before) and bool(after)
    return quoted or bool(_BEFORE.search(before)) or bool(_AFTER.match(after))
