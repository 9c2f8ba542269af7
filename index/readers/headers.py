"""What the first lines of a text say of it: header lines, bylines, datelines. Only what is written, nothing inferred."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from index.dates import is_past, parse_date
from index.readers.bylines import read_top

_TOP = 10

_KEYS = {
    "title": "title", "headline": "title",
    "publisher": "publisher", "source": "publisher", "outlet": "publisher", "publication": "publisher", "site": "publisher",
    "author": "author", "authors": "author", "byline": "author", "by": "author",
    "date": "published_at", "published": "published_at", "published at": "published_at", "published on": "published_at",
    "published_at": "published_at", "publication date": "published_at", "date published": "published_at",
    "updated": "updated_at", "updated at": "updated_at", "last updated": "updated_at", "updated_at": "updated_at",
    "modified": "updated_at", "retrieved": "retrieved_at", "retrieved at": "retrieved_at", "retrieved_at": "retrieved_at",
    "accessed": "retrieved_at", "saved": "retrieved_at", "url": "url", "link": "url", "canonical": "url", "language": "language", "lang": "language",
}  # fmt: skip
_HEADER = re.compile(r"([A-Za-z][A-Za-z_ ]{1,20}?)\s*:\s+(\S.*)")
_DATELINE = re.compile(r"(?:[A-Z][\w .,'’/-]{0,60}\s)?\(([A-Z][\w &.'’-]{1,40})\)\s*(?:[—–-]{1,2})\s")
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:©|\(c\))?\s*(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)\d\d)?,?\s+"
    r"([A-Z][\w &.'’-]{1,40}?)(?:\.?\s+All rights.*|\.\s+[A-Z].*)?$",
    re.I,
)


def known(raw: Mapping[str, object], whence: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Fields of a draft from named values, and how each was found. A value that cannot be read is left out."""
    fields: dict[str, Any] = {}
    found: dict[str, str] = {}
    for name, value in raw.items():
        field = _KEYS.get(str(name).strip().lower().replace("-", "_"))
        if field is None or field in fields or value is None:
            continue
        written = str(value.isoformat()) if hasattr(value, "isoformat") else str(value)
        read: str | datetime | None = " ".join(written.split())[:2000]
        if field.endswith("_at"):
            read = parse_date(written)
            read = read if read and is_past(read) else None
        elif field == "url" and not re.match(r"https?://\S+$", str(read)):
            read = None
        if read:
            fields[field] = read
            found[field] = f"{whence} {name}".strip()
    return fields, found


def take_header(text: str) -> tuple[str, dict[str, Any], dict[str, str]]:
    """The text without the header lines at its top, the fields they give, and how each was found.

    A block counts as a header only if it opens the text and names a field that no prose line would.
    """
    lines = text.split("\n")
    raw: dict[str, object] = {}
    at = 0
    while at < min(len(lines), 15):
        header = _HEADER.fullmatch(lines[at].strip())
        if header and header[1].strip().lower() in _KEYS and len(lines[at]) < 400:
            raw.setdefault(header[1].strip(), header[2].strip())
        elif lines[at].strip() or not raw:
            break
        at += 1
    fields, found = known(raw, "header")
    rest = lines[at:] if fields else lines
    return "\n".join(rest), fields, found


def take_lines(text: str) -> tuple[str, dict[str, Any], dict[str, str]]:
    """The text without a byline or a date on a line of its own near the top; and a publisher from a dateline."""
    lines = text.split("\n")
    dropped, fields, found = read_top(lines[:_TOP])
    kept = [line for at, line in enumerate(lines) if at not in dropped]
    wire = dateline_of(kept)
    if wire:
        fields["publisher"], found["publisher"] = wire, "dateline"
    return "\n".join(kept), fields, found


def dateline_of(lines: Iterable[str]) -> str | None:
    """The agency that a dateline near the top names: "LINDHOLM (Reuters) —"."""
    for line in [each for each in lines if each.strip()][:6]:
        wire = _DATELINE.match(line)
        if wire:
            return wire[1]
    return None


def copyright_of(text: str) -> str | None:
    """Whose copyright line the text carries, if it has one line of that kind."""
    owners = {
        found[1].strip() for line in text.split("\n") if len(line) < 90 and (found := _COPYRIGHT.match(line.strip()))
    }
    return owners.pop() if len(owners) == 1 else None
