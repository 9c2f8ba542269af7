"""The dates in a text: absolute ones, and relative ones read against the day on which the article was published."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, a month or a year; `month` and `day` are None where the text does not say."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int

    def covers(self, other: "Moment") -> bool:
        """Whether `other` is this moment or lies within it; what this one leaves open, `other` may say."""
        mine, theirs = (self.year, self.month, self.day), (other.year, other.month, other.day)
        return all(m is None or m == t for m, t in zip(mine, theirs, strict=True))


_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"""
    \b(?P<iso>(?P<iy>(?:1[5-9]|20)\d\d)-(?P<im>\d\d)-(?P<id>\d\d))\b
  | \b(?P<dmy>(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m1>{_NAMES})\.?(?:,?\s+(?P<y1>(?:1[5-9]|20)\d\d))?)\b
  | \b(?P<mdy>(?P<m2>{_NAMES})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<y2>(?:1[5-9]|20)\d\d))?)\b
  | \b(?P<my>(?P<m3>{_NAMES})\.?,?\s+(?:of\s+)?(?P<y3>(?:1[5-9]|20)\d\d))\b
  | \b(?P<y>(?:1[5-9]|20)\d\d)\b(?!\s*(?:people|jobs|workers|employees|tons|tonnes|%))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RELATIVE = re.compile(
    rf"\b(?P<what>last|this|next|previous)\s+(?P<unit>year|month|week|{'|'.join(_DAYS)})\b"
    rf"|\b(?P<word>yesterday|today|tomorrow|on\s+(?:{'|'.join(_DAYS)})|earlier\s+this\s+year)\b",
    re.IGNORECASE,
)


def moments(text: str, published_at: datetime | None = None) -> list[Moment]:
    """Every date of a text. Relative ones are left out when the day of publication is not known."""
    found = [_absolute(match) for match in _DATE.finditer(text)]
    if published_at is not None:
        day = published_at.date()
        found += [moment for match in _RELATIVE.finditer(text) if (moment := _relative(match, day))]
    return sorted(found, key=lambda each: each.start)


def _absolute(match: re.Match[str]) -> Moment:
    start, end = match.span()
    if match["iso"]:
        return Moment(int(match["iy"]), int(match["im"]), int(match["id"]), start, end)
    if match["dmy"]:
        return Moment(_int(match["y1"]), _MONTHS[match["m1"].lower()], int(match["d1"]), start, end)
    if match["mdy"]:
        return Moment(_int(match["y2"]), _MONTHS[match["m2"].lower()], int(match["d2"]), start, end)
    if match["my"]:
        return Moment(int(match["y3"]), _MONTHS[match["m3"].lower()], None, start, end)
    return Moment(int(match["y"]), None, None, start, end)


def _int(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _relative(match: re.Match[str], day: date) -> Moment | None:
    start, end = match.span()
    what, unit = (match["what"] or "").lower(), (match["unit"] or "").lower()
    step = {"last": -1, "previous": -1, "this": 0, "next": 1}.get(what, 0)
    if unit == "year":
        return Moment(day.year + step, None, None, start, end)
    if unit == "month":
        months = day.year * 12 + day.month - 1 + step
        return Moment(months // 12, months % 12 + 1, None, start, end)
    if unit == "week":
        then = day + timedelta(weeks=step)
        return Moment(then.year, None, None, start, end) if then.year == day.year else None
    word = " ".join((match["word"] or "").lower().split())
    if word in ("yesterday", "today", "tomorrow"):
        return _day(day + timedelta(days=("yesterday", "today", "tomorrow").index(word) - 1), start, end)
    if word == "earlier this year":
        return Moment(day.year, None, None, start, end)
    # "on Tuesday" and "last Tuesday" look back, at most a week; "next Tuesday" looks ahead.
    weekday = _DAYS.index(unit or word.rsplit(" ", 1)[-1])
    back = (day.weekday() - weekday) % 7
    return _day(day + timedelta(days=(7 - back) if what == "next" else -back), start, end)


def _day(day: date, start: int, end: int) -> Moment:
    return Moment(day.year, day.month, day.day, start, end)


_MONTH_ALONE = re.compile(
    rf"\b(?:in|since|by|until|till|of|through|from|to|last|next|this|early|late|mid|between|and|during)[\s-]+(?P<m>{_NAMES})\b"
    r"(?!\.?,?\s+(?:of\s+)?\d)",
)
_DECADE = re.compile(r"\b((?:1\d|20)\d0|\d0)['’]?s\b")


def months_alone(text: str) -> list[int]:
    """The months that a text names without day or year ("in June")."""
    return [
        _MONTHS[match["m"].lower()]
        for match in re.finditer(_MONTH_ALONE.pattern, text, re.IGNORECASE)
        if match["m"][0].isupper()
    ]


def decades(text: str) -> set[str]:
    """The decades that a text names, by their last two digits ("80" for "the 1980s" and "the 80s")."""
    return {match[1][-2:] for match in _DECADE.finditer(text)}


def relatives(text: str) -> list[str]:
    """The words of a text that date something by the day on which they were written ("last year", "on Tuesday")."""
    return [" ".join(match.group().lower().split()) for match in _RELATIVE.finditer(text)]


def completed(moment: Moment, day: date) -> Moment:
    """A day or month without its year, in the year that puts it nearest to the day of publication."""
    if moment.year is not None or moment.month is None:
        return moment
    months = [
        (abs((year - day.year) * 12 + moment.month - day.month), year)
        for year in (day.year - 1, day.year, day.year + 1)
    ]
    return Moment(min(months)[1], moment.month, moment.day, moment.start, moment.end)
