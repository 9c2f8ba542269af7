"""The figures of a sentence: values with unit, scale and hedge, so that "$870M" equals "about $870 million" but for the hedge."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rag.claims.measures import MEASURES, measure_of

Hedge = Literal["", "about", "over", "under"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure in a text, at `text[start:end]`, hedge included.

    `unit` is an ISO currency code, "%", "points", "year", "ordinal", a measure ("miles", "months") or "" for a bare
    number; `low` equals `high` but for a range.
    """

    low: Decimal
    high: Decimal
    unit: str
    hedge: Hedge
    start: int
    end: int

    def same_value(self, other: "Figure") -> bool:
        """Same number and a unit that does not contradict: a bare number may stand for one with a unit."""
        units = {self.unit, other.unit}
        agree = len(units) == 1 or ("" in units and not units & {"%", "points", "ordinal"})
        return agree and self.low == other.low and self.high == other.high


_CURRENCIES = {
    "us$": "USD", "$": "USD", "c$": "CAD", "a$": "AUD", "hk$": "HKD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR",
    "dollar": "USD", "euro": "EUR", "pound": "GBP", "yen": "JPY", "rupee": "INR", "usd": "USD", "eur": "EUR", "gbp": "GBP",
}  # fmt: skip
_SCALES = {
    "k": 3, "thousand": 3, "m": 6, "mn": 6, "mln": 6, "million": 6, "b": 9, "bn": 9, "billion": 9, "t": 12, "tn": 12,
    "trn": 12, "trillion": 12, "hundred": 2, "dozen": 0,
}  # fmt: skip
_UNDER_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_FULL_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = {word: value for value, word in enumerate(_UNDER_TWENTY.split())}
_TENS = {word: 10 * value for value, word in enumerate(_FULL_TENS.split(), start=2)}
_UP_TO_TWELFTH = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ORDINALS = {word: value for value, word in enumerate(_UP_TO_TWELFTH.split(), start=1)}
_HEDGES: dict[str, Hedge] = {
    "about": "about", "around": "about", "roughly": "about", "approximately": "about", "some": "about", "nearly": "under",
    "almost": "under", "close to": "about", "an estimated": "about", "estimated": "about", "circa": "about",
    "more than": "over", "over": "over", "at least": "over", "exceed": "over", "exceeds": "over", "exceeding": "over",
    "exceeded": "over", "above": "over", "upwards of": "over", "topping": "over", "top": "over", "tops": "over",
    "less than": "under", "under": "under", "at most": "under", "up to": "under", "as much as": "under",
    "as many as": "under", "below": "under", "fewer than": "under", "no more than": "under", "not more than": "under",
    "no fewer than": "over", "no less than": "over", "not less than": "over", "in excess of": "over", "north of": "over",
}  # fmt: skip

_WORDS = "|".join(sorted((*_ONES, *_TENS), key=len, reverse=True))
_SPELLED = rf"(?:(?:{'|'.join(_TENS)})-(?:{'|'.join(_ONES)})|{_WORDS}|half\s+a|a)"
_HEDGE_WORDS = "|".join(re.sub(r"\s+", r"\\s+", each) for each in sorted(_HEDGES, key=len, reverse=True))
_LONG_SCALES = "thousand|million|billion|trillion|hundred|dozen"
_NUMBER = re.compile(
    rf"""
    (?P<hedge>\b(?:{_HEDGE_WORDS})\s+(?:of\s+)?)?
    (?:
        (?P<before>US\$|C\$|A\$|HK\$|[$€£¥₹]|\b(?:USD|EUR|GBP)\s?)?
        (?<![\w.,])(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)
        (?:\s?(?P<scale>{_LONG_SCALES}|bn|mn|mln|tn|trn|[kKmMbBT])(?![A-Za-z]))?
        (?P<ordinal>(?:st|nd|rd|th)\b)?
      | \b(?P<spelled>{_SPELLED})[\s-]+(?P<spelled_scale>{_LONG_SCALES})\b
      | \b(?P<word>(?:{"|".join(_TENS)})-(?:{"|".join(_ONES)})|{_WORDS})\b
      | \b(?P<ordinal_word>{"|".join(_ORDINALS)})\b
    )
    (?P<plus>\+)?
    (?:\s(?P<points>percentage\spoints?)\b|(?P<percent>\s?%|[\s-](?:per\s?cent|percent)\b))?
    (?:\s(?P<after>dollars?|euros?|pounds?|yen|rupees?)\b)?
    (?:[\s-]?(?P<measure>{MEASURES})(?![\w°]))?
    (?:\s(?:or|and)\s(?:(?P<or_more>more|above|older|longer|higher|greater|over|up)|(?P<or_less>less|fewer|below|younger|under))\b)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
# "GPT-4", "B-52", "v2.1": a figure glued to a name is part of the name.
_INSIDE_A_WORD = re.compile(r"(?:[\w.]|[A-Za-z]-)$")
_RANGE = re.compile(r"\s?(?:-|–|—|to|and)\s?$")


def figures(text: str) -> list[Figure]:
    """Every figure of a text in order; "between $10 and $12 billion" and "10–12 %" are one range each."""
    found: list[Figure] = []
    for match in _NUMBER.finditer(text):
        figure = _figure(text, match)
        if figure is None:
            continue
        previous = found[-1] if found else None
        if previous is not None and _is_range(text, previous, figure):
            found[-1] = _joined(previous, figure)
        else:
            found.append(figure)
    return found


def _figure(text: str, match: re.Match[str]) -> Figure | None:
    start, end = match.span()
    body = match.start("before") if match["before"] else start + len(match["hedge"] or "")
    if _INSIDE_A_WORD.search(text[max(0, body - 2) : body]):
        return None
    value = _value(match)
    unit = _unit(match, text)
    hedge: Hedge = (
        "over" if match["plus"] or match["or_more"] else "under" if match["or_less"] else _hedge(match["hedge"])
    )
    if unit == "ordinal" and match["ordinal_word"] and re.match(r"\s*-?\s*(?:of all|time\b)", text[end:]):
        return None
    return Figure(value, value, unit, hedge, start, end)


def _hedge(words: str | None) -> Hedge:
    plain = " ".join((words or "").lower().split())
    return _HEDGES.get(plain) or _HEDGES.get(plain.removesuffix(" of"), "")


def _value(match: re.Match[str]) -> Decimal:
    if match["digits"]:
        return Decimal(match["digits"].replace(",", "")) * Decimal(10) ** _SCALES.get((match["scale"] or "").lower(), 0)
    if match["spelled"]:
        scale = match["spelled_scale"].lower()
        factor = Decimal(12) if scale == "dozen" else Decimal(10) ** _SCALES[scale]
        return _spelled(match["spelled"].lower()) * factor
    if match["word"]:
        return _spelled(match["word"].lower())
    return Decimal(_ORDINALS[match["ordinal_word"].lower()])


def _spelled(word: str) -> Decimal:
    if word == "a":
        return Decimal(1)
    if word.startswith("half"):
        return Decimal("0.5")
    tens, _, ones = word.partition("-")
    return Decimal(_TENS.get(tens, _ONES.get(tens, 0)) + (_ONES[ones] if ones else 0))


def _unit(match: re.Match[str], text: str) -> str:
    if match["percent"] or match["points"]:
        return "%" if match["percent"] else "points"
    if match["before"]:
        return _CURRENCIES[match["before"].strip().lower()]
    if match["after"]:
        return _CURRENCIES[match["after"].lower().rstrip("s") if match["after"].lower() != "yen" else "yen"]
    if match["ordinal"] or match["ordinal_word"]:
        return "ordinal"
    if match["measure"]:
        return measure_of(match["measure"])
    digits = match["digits"]
    if digits and not match["scale"] and re.fullmatch(r"(?:1[5-9]|20)\d\d", digits):
        return "year"
    return ""


def _is_range(text: str, low: Figure, high: Figure) -> bool:
    between = text[low.end : high.start]
    if not _RANGE.fullmatch(between) or low.unit in ("year", "ordinal") or high.hedge or low.low >= high.high * 1000:
        return False
    if re.fullmatch(r"\s?and\s?", between):
        return bool(re.search(r"\bbetween\s+$", text[: low.start]))
    return low.unit == high.unit or not low.unit or not high.unit


def _joined(low: Figure, high: Figure) -> Figure:
    # "$10 to $12 billion": the scale and the unit of the second hold for the first as well.
    least = low.low
    if least < high.low / 1000 or (least < 1000 <= high.low and least * _scale_of(high.low) <= high.high):
        least *= _scale_of(high.low)
    return Figure(min(least, high.high), high.high, high.unit or low.unit, low.hedge, low.start, high.end)


def _scale_of(value: Decimal) -> Decimal:
    for exponent in (12, 9, 6, 3):
        if value >= Decimal(10) ** exponent:
            return Decimal(10) ** exponent
    return Decimal(1)
