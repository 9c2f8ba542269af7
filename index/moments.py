"""Dates in plain words: "before June 2025", "last week", "2023-10-06"; read off a question as bounds, inclusive."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_WRITTEN = (
    rf"\d{{4}}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?|{_MONTH}\s+{_DAY},?\s+\d{{4}}"
    rf"|{_DAY}\s+(?:of\s+)?{_MONTH},?\s+\d{{4}}|{_MONTH},?\s+\d{{4}}"
)
_DATE = rf"(?:{_WRITTEN}|(?:19|20)\d\d\b)"
_PUBLISHING = r"(?:published|reported|posted|dated|released|printed)"

PUBLISHED_ON = re.compile(rf"\b{_PUBLISHING}\s+(?:on|at|in)?\s*(?:{_WRITTEN})", re.IGNORECASE)

_BETWEEN = re.compile(rf"\bbetween\s+({_DATE})\s+and\s+({_DATE})", re.IGNORECASE)
_FROM_TO = re.compile(rf"\bfrom\s+({_DATE})\s+(?:to|until|till|through)\s+({_DATE})", re.IGNORECASE)
_BEFORE = re.compile(rf"\b(?:before|prior to|earlier than)\s+({_DATE})", re.IGNORECASE)
_UNTIL = re.compile(rf"\b(?:until|till|up to|no later than|as of)\s+({_DATE})", re.IGNORECASE)
_AFTER = re.compile(rf"\b(?:after|later than)\s+({_DATE})", re.IGNORECASE)
_SINCE = re.compile(rf"\b(?:since|from)\s+({_DATE})", re.IGNORECASE)
_ON = re.compile(
    rf"\b(?:{_PUBLISHING}|articles?|reports?|news|stories|coverage)\s+(?:on|in|during|of|from)?\s*({_DATE})",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:(today|yesterday|this (?:week|month|year))|(?:in |over |during |within )?(?:the )?(?:last|past) "
    r"(?:(\d{1,3}|two|three|four|five|six|seven|ten) )?(day|week|month|year)s?)\b",
    re.IGNORECASE,
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_LENGTHS = {"day": 1, "week": 7, "month": 31, "year": 366}


@dataclass(frozen=True, slots=True)
class Bounds:
    """From when to when, inclusive, in UTC; None is unbounded. `words` are those it was read off."""

    since: datetime | None
    until: datetime | None
    words: str


def bounds(text: str, now: datetime) -> Bounds | None:
    """The one stretch of time that a question names for its articles; None where it names none, or several."""
    found = [*_ranges(text), *_one_sided(text), *_relative(text, now)]
    return found[0] if len(found) == 1 else None


def _ranges(text: str) -> list[Bounds]:
    found = []
    for pattern in (_BETWEEN, _FROM_TO):
        for match in pattern.finditer(text):
            first, last = _span(match[1]), _span(match[2])
            if first and last and first[0] <= last[1]:
                found.append(Bounds(_opens(first[0]), _closes(last[1]), match[0]))
    return found


def _one_sided(text: str) -> list[Bounds]:
    text = _FROM_TO.sub(" ", _BETWEEN.sub(" ", text))
    found = []
    taken: set[int] = set()
    for pattern in (_BEFORE, _UNTIL, _AFTER, _ON, _SINCE):
        for match in pattern.finditer(text):
            if match.end() in taken:
                continue
            taken.add(match.end())
            span = _span(match[1])
            if span is None:
                continue
            first, last = span
            since = {_AFTER: last + timedelta(1), _SINCE: first, _ON: first}.get(pattern)
            until = {_BEFORE: first - timedelta(1), _UNTIL: last, _ON: last}.get(pattern)
            found.append(Bounds(_opens(since) if since else None, _closes(until) if until else None, match[0]))
    return found


def _relative(text: str, now: datetime) -> list[Bounds]:
    found = []
    today = now.astimezone(UTC).date()
    for match in _RELATIVE.finditer(text):
        word = (match[1] or "").lower()
        until = today
        if word == "yesterday":
            since = until = today - timedelta(1)
        elif word:
            since = {
                "today": today,
                "this week": today - timedelta(today.weekday()),
                "this month": today.replace(day=1),
                "this year": today.replace(month=1, day=1),
            }[word]
        else:
            many = (match[2] or "1").lower()
            since = today - timedelta((_NUMBERS.get(many) or int(many)) * _LENGTHS[match[3].lower()])
        found.append(Bounds(_opens(since), _closes(until), match[0]))
    return found


def _span(words: str) -> tuple[date, date] | None:
    """The first and the last day that the words name; None for no day of the calendar."""
    text = words.lower()
    year = re.search(r"\d{4}", text)
    if year is None:
        return None
    whole = int(year[0])
    try:
        if iso := re.match(r"(\d{4})-(\d\d)-(\d\d)", text):
            day = date(*map(int, iso.groups()))
            return day, day
        month = next((number for number, each in enumerate(_MONTHS, 1) if re.search(rf"\b{each}", text)), 0)
        if not month:
            return date(whole, 1, 1), date(whole, 12, 31)
        day_of = re.search(r"\b\d{1,2}(?=\D|$)", text.replace(year[0], " "))
        if day_of is None:
            return date(whole, month, 1), date(whole, month, monthrange(whole, month)[1])
        day = date(whole, month, int(day_of[0]))
    except ValueError:
        return None
    return day, day


def _opens(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _closes(day: date) -> datetime:
    return datetime.combine(day, time.max, UTC)
