"""A feed as the list of its entries: where each one's article is, and the feed with nothing but that entry in it."""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from index.errors import RejectedFile
from index.readers.feeds import draft_of, parsed
from index.readers.whole import read_whole

# An element that stands for one article in RSS or Atom; entries are never inside one another.
_ENTRY = re.compile(r"<((?:\w+:)?(?:item|entry))[\s>].*?</\1\s*>", re.S | re.I)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed. `address` is None where it leads nowhere; `words` counts those that the entry itself brings.

    `alone` is a feed of this one entry, empty where it could not be cut out; `digest` changes when the entry does.
    """

    key: str
    address: str | None
    words: int
    digest: str
    alone: str = field(repr=False)


def entries_of(path: Path, most: int, address: str) -> list[Entry]:
    """The entries of a saved feed that came from an address, each once, in its order. Raises RejectedFile."""
    text = read_whole(path, most, markup=True)
    feed = parsed(str(path), text)
    if feed is None:
        raise RejectedFile(str(path), "it is not an RSS or Atom feed")
    cuts = list(_ENTRY.finditer(text))
    whole = len(cuts) == len(feed.entries)
    found: dict[str, Entry] = {}
    for at, entry in enumerate(feed.entries):
        alone = text[: cuts[0].start()] + cuts[at].group() + text[cuts[-1].end() :] if whole else ""
        made = _entry(entry, feed.feed, address, alone)
        found.setdefault(made.key, made)
    return list(found.values())


def _entry(entry: Any, feed: Any, address: str, alone: str) -> Entry:
    link = str(entry.get("link") or "").strip()
    goal = urljoin(address, link) if link else ""
    draft = draft_of(entry, feed) if alone else None
    # Asked past the library's own `get`, which answers with the other date where an entry lacks one.
    told = [dict.get(entry, each) for each in ("title", "summary", "content", "published", "updated", "links")]
    digest = sha256(repr(told).encode("utf-8", "replace")).hexdigest()
    return Entry(
        key=str(entry.get("id") or goal or digest),
        address=goal if goal.startswith(("http://", "https://")) else None,
        words=len(draft.text.split()) if draft else 0,
        digest=digest,
        alone=alone,
    )
