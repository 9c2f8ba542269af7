"""Facts of an article as a format's own metadata tells them: the first that can be read counts, and is told how it was found."""

import re
from collections.abc import Iterable
from typing import Any

from index.characters import normalise
from index.dates import parse_date
from index.language import language_of

_LONGEST = 2000
# Field, what is written there, and how that place is called.
Told = tuple[str, object, str]


def facts(told: Iterable[Told], text: str = "") -> tuple[dict[str, Any], dict[str, str]]:
    """Fields of a draft, and how each was found. What cannot be read as what it should be is left out.

    A language that is not told is read off the `text`, where its words leave no doubt.
    """
    fields: dict[str, Any] = {}
    found: dict[str, str] = {}
    for field, written, how in told:
        value = _read(field, written) if field not in fields else None
        if value:
            fields[field], found[field] = value, how
    spoken = language_of(text) if "language" not in fields else None
    if spoken:
        fields["language"], found["language"] = spoken, "its words"
    return fields, found


def _read(field: str, written: object) -> Any:
    if written is None:
        return None
    words = written.isoformat() if hasattr(written, "isoformat") else str(written)
    plain = " ".join(normalise(words).split())[:_LONGEST]
    if field.endswith("_at"):
        return parse_date(plain)
    if field == "url":
        return plain if re.fullmatch(r"https?://\S+", plain) else None
    if field == "author" and "://" in plain:
        return None
    return plain
