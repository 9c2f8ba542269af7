"""Dates as written in articles: read only where year, month and day are all there and can mean one day only."""

import re
from datetime import UTC, datetime

from dateutil import parser

_ZONES = {
    "ET": -5, "EST": -5, "EDT": -4, "CT": -6, "CST": -6, "CDT": -5, "MT": -7, "MST": -7, "MDT": -6,
    "PT": -8, "PST": -8, "PDT": -7, "GMT": 0, "UTC": 0, "Z": 0, "BST": 1, "CET": 1, "CEST": 2, "JST": 9,
}  # fmt: skip
_SECONDS = {name: hours * 3600 for name, hours in _ZONES.items()}
_SLASHED = re.compile(r"\b(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})\b")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_DEFAULTS = (datetime(2001, 2, 3), datetime(2004, 11, 24))


def parse_date(written: str) -> datetime | None:
    """The moment in UTC; None where it is not a whole date, or could be two. A day alone is its midnight in UTC."""
    written = " ".join(written.split())[:80]
    if not written or not _YEAR.search(written) or _ambiguous(written):
        return None
    slashed = _SLASHED.search(written)
    day_first = bool(slashed and int(slashed[1]) > 12)
    try:
        one, other = (
            parser.parse(written, default=default, dayfirst=day_first, tzinfos=_SECONDS) for default in _DEFAULTS
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


def _ambiguous(written: str) -> bool:
    """03/04/2025 is in March or in April; 13/04/2025 and 04/04/2025 are one day."""
    slashed = _SLASHED.search(written)
    if not slashed or len(slashed[4]) == 2:
        return bool(slashed)
    return int(slashed[1]) <= 12 and int(slashed[3]) <= 12 and slashed[1].zfill(2) != slashed[3].zfill(2)
