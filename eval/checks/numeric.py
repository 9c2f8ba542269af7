"""Whether the numbers of the gold answer are in the answer, by value: $870 million is 870,000,000."""

import re
from decimal import Decimal

from eval.checks.right import is_declined
from eval.types import Asked, Case, Check, Verdict

_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "k": 10**3,
    "million": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "b": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
    "t": 10**12,
}
_NUMBER = re.compile(
    r"(?<![\w.,])[-−]?[$€£¥]?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:[ -]?(hundred|thousand|million|billion|trillion|mn|bn|tn|[kmbt]))?(?![a-z])\s?(%|percent\b|per cent\b)?",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\[\d+\]")


def numbers(text: str) -> set[tuple[Decimal, bool]]:
    """Every number by value, with whether it is a percentage; citation markers are not numbers."""
    found: set[tuple[Decimal, bool]] = set()
    for match in _NUMBER.finditer(_MARKER.sub(" ", text)):
        digits, scale, percent = match.groups()
        value = Decimal(digits.replace(",", "")) * _SCALES.get((scale or "").lower(), 1)
        found.add((value.normalize(), bool(percent)))
    return found


def numeric_match(asked: Asked) -> Verdict:
    """1 where every number of some alternative is in the answer by value; a declined answer has 0."""
    if is_declined(asked.answer):
        return Verdict(0.0)
    said = numbers(asked.answer["text"])
    wanted = [numbers(" ; ".join(alternative)) for alternative in asked.case.accept]
    return Verdict(float(any(want <= said for want in wanted if want)))


def _has_numbers(case: Case) -> bool:
    return case.kind == "numeric" and any(numbers(" ; ".join(alternative)) for alternative in case.accept)


NUMERIC_MATCH = Check(
    "numeric match",
    "yes/no",
    True,
    "numeric questions whose numbers are in the answer by value",
    _has_numbers,
    numeric_match,
    when_failed=0.0,
)
