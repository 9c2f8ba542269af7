"""Single edits of figures and dates: another value, unit or scale, bound or day."""

import re
from collections.abc import Callable
from random import Random

from eval.benches.checker.pairs import Sentence
from eval.benches.checker.putting import DAYS, MONTHS, put, shuffled

_SMALL = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_YEAR = re.compile(r"(?<![\w$€£.,-])(?:1[1-9]|20)\d\d(?![\w%]|[.,]\d|-\d)")
_DIGITS = re.compile(r"(?<![\w.,-])(?P<sign>[$€£])?(?P<digits>\d[\d,]*(?:\.\d+)?)(?![\d/-]|st\b|nd\b|rd\b|th\b|s\b)")


def number(sentence: Sentence, text: str) -> str | None:
    """Another value for a figure: digits turned round, or a little more or less."""
    found = [each for each in _DIGITS.finditer(text) if not _is_date(text, each)]
    if found:
        chosen = sentence.random.choice(found)
        new = _other_digits(chosen["digits"], sentence.random)
        return put(text, chosen.start("digits"), chosen.end("digits"), new) if new else None
    spelled = list(re.finditer(rf"\b(?:{'|'.join(_SMALL)})\b", text))
    if not spelled:
        return None
    chosen = sentence.random.choice(spelled)
    return put(text, *chosen.span(), sentence.random.choice([each for each in _SMALL if each != chosen.group()]))


def unit(sentence: Sentence, text: str) -> str | None:
    """Another scale, currency or measure for a figure."""
    for old, new in shuffled(_UNITS, sentence.random):
        found = re.search(old, text)
        if found:
            return put(text, *found.span(), new)
    return None


_UNITS = [
    (r"(?<=\d )million\b", "billion"), (r"(?<=\d )billion\b", "million"), (r"(?<=\d )trillion\b", "billion"),
    (r"(?<=\d )thousand\b", "million"), (r"\$(?=\d)", "€"), (r"£(?=\d)", "$"), (r"€(?=\d)", "$"),
    (r"(?<=\d)%", " percentage points"), (r"(?<=\d) percent(?!age)\b", " percentage points"),
    (r"(?<=\d )miles\b", "kilometres"), (r"(?<=\d )mi\b", "km"), (r"(?<=\d )km\b", "miles"),
    (r"(?<=\d )(?:kilometres|kilometers)\b", "miles"), (r"(?<=\d )(?:metres|meters)\b", "feet"), (r"(?<=\d )feet\b", "metres"),
    (r"(?<=\d )years\b", "months"), (r"(?<=[a-z] )years(?= (?:ago|later|after|of))", "months"), (r"(?<=\d )months\b", "weeks"),
    (r"(?<=\d )weeks\b", "months"), (r"(?<=\d )days\b", "weeks"), (r"(?<=\d )hours\b", "minutes"), (r"(?<=\d )minutes\b", "hours"),
    (r"(?<=\d )(?:tons|tonnes)\b", "kilograms"), (r"(?<=\d )kg\b", "tonnes"), (r"(?<=\d )acres\b", "square miles"),
    (r"(?<=(?:two|ten|six) )years\b", "months"), (r"(?<=(?:three|seven|eight) )years\b", "months"), (r"(?<=(?:four|five|nine) )years\b", "months"),
    (r"(?<=two )months\b", "years"), (r"(?<=three )months\b", "years"), (r"(?<=two )weeks\b", "months"), (r"(?<=three )days\b", "weeks"),
    (r"(?<=\d )yards\b", "metres"), (r"(?<=\d )°?F\b", "°C"), (r"(?<=\d )dollars\b", "euros"),
]  # fmt: skip


def hedge(sentence: Sentence, text: str) -> str | None:
    """A bound turned round, or put before a figure that has none."""
    for old, new in shuffled(_BOUNDS, sentence.random):
        found = re.search(rf"\b{old}(?= [$€£]?\d)", text, re.IGNORECASE)
        if found:
            return put(text, *found.span(), new)
    found = next(
        (each for each in _DIGITS.finditer(text) if not _is_date(text, each) and _stands_bare(text, each)), None
    )
    return (
        put(text, found.start(), found.start(), sentence.random.choice(["more than ", "less than "])) if found else None
    )


_BOUNDS = [
    ("more than", "less than"), ("over", "under"), ("at least", "at most"), ("less than", "more than"), ("up to", "more than"),
    ("nearly", "more than"), ("almost", "over"), ("under", "over"), ("fewer than", "more than"), ("no more than", "at least"),
]  # fmt: skip


def date(sentence: Sentence, text: str) -> str | None:
    """Another year, month, day of the month or of the week; or this year for last."""
    ways: list[str] = []
    for pattern, others in _DATE_PARTS:
        for found in re.finditer(pattern, text):
            new = sentence.random.choice([each for each in others(found) if each != found.group()])
            ways.append(put(text, *found.span(), new))
    ways += [text.replace(old, new) for old, new in _RELATIVE_DATES if old in text]
    return sentence.random.choice(ways) if ways else None


def _years(found: re.Match[str]) -> list[str]:
    return [str(int(found.group()) + step) for step in (-7, -4, -2, -1, 1, 2, 3, 6)]


_ANY_MONTH = "|".join(MONTHS)
_DATE_PARTS: list[tuple[str, Callable[[re.Match[str]], list[str]]]] = [
    (_YEAR.pattern, _years),
    (rf"\b(?:{_ANY_MONTH})\b(?= \d)|(?<=in )(?:{_ANY_MONTH})\b|(?<=\d )(?:{_ANY_MONTH})\b", lambda found: MONTHS),
    (rf"(?<=on )(?:{'|'.join(DAYS)})\b", lambda found: DAYS),
    (rf"\b\d{{1,2}}(?= (?:{_ANY_MONTH})\b)", lambda found: [str(each) for each in range(1, 29)]),
]
_RELATIVE_DATES = [
    ("last year", "this year"), ("last month", "last year"), ("this year", "last year"), ("last week", "last month"),
]  # fmt: skip


def _other_digits(digits: str, random: Random) -> str | None:
    plain = digits.replace(",", "").rstrip(".")
    ways = {plain[::-1]} if len(plain) > 1 and plain[-1] not in "0." and "." not in plain else set()
    step = random.choice([-3, -2, -1, 1, 2, 3])
    first = (int(plain[0]) + step - 1) % 9 + 1
    ways.add(f"{first}{plain[1:]}")
    new = random.choice(sorted(ways - {plain}) or [""])
    if not new:
        return None
    whole, _, rest = new.partition(".")
    return (
        (f"{int(whole):,}" if "," in digits else whole)
        + (f".{rest}" if rest else "")
        + digits[len(digits.rstrip(",")) :]
    )


def _is_date(text: str, found: re.Match[str]) -> bool:
    near = text[max(0, found.start() - 12) : found.end() + 12]
    return bool(
        _YEAR.fullmatch(text, *found.span())
        or re.search("|".join((*MONTHS, "Jan", "Feb", "Aug", "Sept", "Oct", "Nov", "Dec")), near)
    )


def _stands_bare(text: str, found: re.Match[str]) -> bool:
    before = text[: found.start()].rstrip().rsplit(" ", 2)[-2:]
    if re.match(r" ?[ap]\.?m\b|-|[A-Z]", text[found.end() :]):
        return False
    return not re.search(
        r"\b(?:than|over|least|about|around|roughly|nearly|almost|to|some|most|under|up|and|between)\b",
        " ".join(before),
    )
