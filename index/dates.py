"""Dates as written in articles: read only where year, month and day are all there and can mean one day only."""

import re
import warnings
from datetime import UTC, datetime, timedelta, tzinfo

from dateutil import parser, tz

# Abbreviations that mean one offset. "ET" and the like change with the season, so they are places, not offsets.
_ZONES = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
    "GMT": 0, "UTC": 0, "Z": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "SAST": 2,
    "EEST": 3, "MSK": 3, "SGT": 8, "HKT": 8, "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
_PLACES = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
}  # fmt: skip
_MONTHS = (
    "january januar enero janvier gennaio janeiro januari", "february februar febrero février febbraio fevereiro februari",
    "march märz marzo mars março maart marts", "april abril avril aprile", "may mai mayo maggio maio mei maj",
    "june juni junio juin giugno junho", "july juli julio juillet luglio julho",
    "august agosto août augustus augusti", "september septiembre septembre settembre setembro",
    "october oktober octubre octobre ottobre outubro", "november noviembre novembre novembro", "december dezember diciembre décembre "
    "dicembre dezembro desember",
)  # fmt: skip
_ENGLISH = {name: line.split()[0] for line in _MONTHS for name in line.split()}
_NAME = re.compile(r"[^\W\d_]{3,}")
_QUIET = re.compile(
    r"\b(?:de|del|of|the|at|on|a\s+las?|às|um|uhr|klo|à|le|den|il|ore|kl)\b\.?|"
    r"\b(?:mon|diens|donners|frei|sams|sonn)tag|\bmittwoch|\b(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b|"
    r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b|[|·•–—()]",
    re.I,
)
_ORDINAL = re.compile(r"\b(\d{1,2})(?:er|º|ª|\.)(?=\s+[^\W\d_])")
_DOTTED_TIME = re.compile(r"(?<![\d.])([01]?\d|2[0-3])[.h]([0-5]\d)\b(?![.\d])")
_SLASHED = re.compile(r"\b(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})\b")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_AGO = re.compile(
    r"(?:updated |posted |published |last updated )?(\d{1,3}|an?)\s?(m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?) ago",
    re.I,
)
_DEFAULTS = (datetime(2001, 2, 3), datetime(2004, 11, 24))
_DAY_FIRST = frozenset(
    {"de", "es", "fr", "it", "pt", "nl", "da", "nb", "nn", "no", "sv", "fi", "pl", "cs", "el", "tr", "ru"}
)
_MONTH_FIRST = frozenset({"en-us", "en-ph", "es-us"})


def parse_date(written: str, *, language: str | None = None) -> datetime | None:
    """The moment in UTC; None where it is not a whole date, or could be two. A day alone is its midnight in UTC.

    `language` is that of the page, such as "en-GB": it says whether 03/04/2025 is in March or in April, where it can.
    """
    written = " ".join(written.split())[:80]
    if not written or not _YEAR.search(written):
        return None
    slashed = _SLASHED.search(written)
    day_first = _day_first(slashed, language) if slashed else False
    if day_first is None:
        return None
    return _parsed(_plainly(written), day_first)


def ago(written: str, then: datetime) -> datetime | None:
    """The moment of “12 minutes ago” on a page that was retrieved then; None for other words."""
    found = _AGO.fullmatch(written.strip())
    if not found:
        return None
    many = int(found[1]) if found[1].isdigit() else 1
    unit = {"m": "minutes", "h": "hours", "d": "days"}[found[2][0].lower()]
    return then - timedelta(**{unit: many})


def is_past(moment: datetime, now: datetime | None = None) -> bool:
    """Whether something can have been published then: not later than a day from now, since clocks and zones differ."""
    return moment <= (now or datetime.now(UTC)) + timedelta(days=1)


def _parsed(written: str, day_first: bool) -> datetime | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", parser.UnknownTimezoneWarning)
            one, other = (
                parser.parse(written, default=default, dayfirst=day_first, tzinfos=_zone) for default in _DEFAULTS
            )
    except (ValueError, OverflowError, TypeError):
        return None
    if one.date() != other.date():
        return None
    try:
        moment: datetime = one.replace(tzinfo=UTC) if one.tzinfo is None else one.astimezone(UTC)
    except OverflowError:
        return None
    return moment


def _zone(name: str | None, offset: int | None) -> tzinfo | int | None:
    if offset is not None or name is None:
        return offset
    if name in _PLACES:
        return tz.gettz(_PLACES[name])
    return _ZONES[name] * 3600 if name in _ZONES else None


def _plainly(written: str) -> str:
    """The date with English names of months, without the words that stand between its parts."""
    if re.match(r"\d{4}-\d\d-\d\d[T ]", written):
        return written
    written = _ORDINAL.sub(r"\1", _QUIET.sub(" ", _DOTTED_TIME.sub(r"\1:\2", written)))
    return " ".join(_NAME.sub(lambda name: _ENGLISH.get(name[0].casefold(), name[0]), written).split())


def _day_first(slashed: re.Match[str], language: str | None) -> bool | None:
    """Whether the day stands before the month; None where that cannot be told, as in 03/04/2025."""
    if len(slashed[4]) == 2:
        return None
    one, other = int(slashed[1]), int(slashed[3])
    if one > 12 or other > 12 or one == other:
        return one > 12
    spoken = (language or "").lower().replace("_", "-")
    if spoken in _MONTH_FIRST:
        return False
    if slashed[2] == "." or spoken.partition("-")[0] in _DAY_FIRST:
        return True if spoken else None
    return True if spoken.startswith("en-") and spoken != "en-ca" else None
