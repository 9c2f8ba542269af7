"""`.rss .atom .xml`: a saved feed; each entry with words of its own is an article."""

import io
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import feedparser

from index.characters import normalise
from index.cleaning import tidy
from index.drafts import Draft
from index.errors import RejectedFile
from index.readers.facts import Told, facts
from index.readers.markup import BrokenMarkup, plain_text
from index.readers.whole import read_whole

_ENTITY = re.compile(r"<!ENTITY", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


def read(path: Path, most: int) -> Iterator[Draft | RejectedFile]:
    """The articles of a feed; an entry without words is named, and the rest goes on."""
    feed = parsed(str(path), read_whole(path, most, markup=True))
    if feed is None:
        raise RejectedFile(str(path), "it is not an RSS or Atom feed")
    if not feed.entries:
        raise RejectedFile(str(path), "the feed has no entries")
    seen: set[str] = set()
    for number, entry in enumerate(feed.entries, 1):
        draft = draft_of(entry, feed.feed)
        if draft is None:
            yield RejectedFile(f"{path}:entry {number}", "the entry has no text")
        elif draft.key not in seen:
            seen.add(draft.key)
            yield draft


def parsed(where: str, text: str) -> Any:
    """The feed in a text; None where it is none. Raises RejectedFile for one that declares entities, which can unpack without end."""
    if _ENTITY.search(text):
        raise RejectedFile(where, "it declares XML entities, which no feed needs")
    # Given as bytes in memory: a text would be tried as an address and as a file's name first.
    data = io.BytesIO(_DECLARATION.sub("", text.lstrip("\ufeff")).encode("utf-8", "replace"))
    feed: Any = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    return feed if feed.get("version") or feed.get("entries") else None


def draft_of(entry: Any, feed: Any) -> Draft | None:
    """An article from an entry of a feed; its full text where the feed has it, else its summary. None without words."""
    contents = [each.get("value") or "" for each in entry.get("content", [])]
    texts = [_words(each) for each in (*contents, entry.get("summary", ""))]
    text = max(texts, key=len, default="")
    if not text:
        return None
    fields, found = facts(_told(entry, feed), text)
    if texts[-1] == text and not any(texts[:-1]):
        found["text"] = "feed entry summary"
    key = fields.get("url") or str(entry.get("id") or "") or f"{fields.get('title')} {text}"
    return Draft(text=text, key=sha256(key.encode("utf-8", "replace")).hexdigest()[:16], found=found, **fields)


def _words(markup: str) -> str:
    try:
        return tidy(normalise(plain_text(markup)))
    except BrokenMarkup:
        return ""


def _told(entry: Any, feed: Any) -> Iterator[Told]:
    source = entry.get("source") or {}
    yield "title", _line(entry.get("title")), "feed entry title"
    yield "author", entry.get("author_detail", {}).get("name") or entry.get("author"), "feed entry author"
    yield "publisher", _line(source.get("title")), "feed entry source"
    # Asked past the library's own `get`, which answers with the other date where an entry lacks one.
    yield "published_at", dict.get(entry, "published"), "feed entry published"
    yield "updated_at", dict.get(entry, "updated"), "feed entry updated"
    yield "url", entry.get("link"), "feed entry link"
    yield "language", entry.get("title_detail", {}).get("language"), "feed entry language"
    yield "publisher", feed.get("publisher"), "feed publisher"
    yield "publisher", _line(feed.get("title")), "feed title"
    yield "language", feed.get("language"), "feed language"


def _line(markup: object) -> str | None:
    """A title without the markup that some feeds write into it."""
    if not isinstance(markup, str):
        return None
    return " ".join(_words(markup).split()) if re.search(r"<\w|&\w+;", markup) else markup
