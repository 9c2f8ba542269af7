"""Dates and publishers as people write them, made into filters."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from index.errors import UsageError
from index.types import Filters

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
FILTERS = ("publishers", "since", "until", "as_of")


def make_filters(
    publishers: Sequence[str] | None = None,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
) -> Filters:
    """Filters from what was typed; a day, a month or a year given as an end is meant up to its last moment."""
    return Filters(
        publishers=tuple(publishers or ()),
        since=moment(since, end=False) if since else None,
        until=moment(until, end=True) if until else None,
        as_of=moment(as_of, end=True) if as_of else None,
    )


def filters_of(case: Mapping[str, Any]) -> Filters:
    """The filters of one line of a batch: `publishers` (a list, or one name), `since`, `until`, `as_of`."""
    given = {key: case.get(key) for key in FILTERS}
    publishers = given["publishers"] or case.get("publisher")
    names = [publishers] if isinstance(publishers, str) else publishers
    if names is not None and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise UsageError("publishers must be a name or a list of names.")
    dates = {key: given[key] for key in FILTERS[1:]}
    for key, value in dates.items():
        if value is not None and not isinstance(value, str):
            raise UsageError(f"{key} must be a date such as 2025-06-08.")
    return make_filters(names, **dates)


def moment(text: str, *, end: bool) -> datetime:
    """A year, month, day or time in ISO 8601 as a moment in UTC; its first moment, or with `end` its last."""
    try:
        return _moment(text.strip(), end=end)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{text!r} is not a date.", "Write it as 2025-06-08, 2025-06 or 2025.") from error


def _moment(text: str, *, end: bool) -> datetime:
    day = _DAY.fullmatch(text)
    if day is None:
        exact = datetime.fromisoformat(text)
        return exact.replace(tzinfo=exact.tzinfo or UTC).astimezone(UTC)
    year, month, date = (None if part is None else int(part) for part in day.groups())
    first = datetime(year or 0, 1 if month is None else month, 1 if date is None else date, tzinfo=UTC)
    if not end:
        return first
    if date is not None:
        after = first + timedelta(days=1)
    elif month is None or month == 12:
        after = datetime(first.year + 1, 1, 1, tzinfo=UTC)
    else:
        after = first.replace(month=month + 1)
    return after - timedelta(microseconds=1)
