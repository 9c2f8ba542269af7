"""What a page declares of itself: JSON-LD first, then meta tags, then the elements of the article."""

import json
import re
from collections.abc import Iterator
from typing import Any

from index.characters import normalise
from index.dates import parse_date

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting)$")
# Field, where, how it is called there; the first that is there counts.
_PLACES = (
    ("title", "//meta[@property='og:title']/@content", "meta og:title"),
    ("title", "//meta[@name='twitter:title']/@content", "meta twitter:title"),
    ("title", "//h1[1]", "h1"),
    ("title", "//title", "title element"),
    ("publisher", "//meta[@property='og:site_name']/@content", "meta og:site_name"),
    (
        "publisher",
        "//meta[@name='publisher' or @name='dc.publisher' or @name='DC.publisher']/@content",
        "meta publisher",
    ),
    ("author", "//meta[@name='author' or @name='parsely-author' or @name='dc.creator']/@content", "meta author"),
    ("author", "//meta[@property='article:author']/@content", "meta article:author"),
    ("author", "//*[@rel='author']", "rel=author"),
    ("published_at", "//meta[@property='article:published_time']/@content", "meta article:published_time"),
    ("published_at", "//meta[@itemprop='datePublished']/@content", "itemprop datePublished"),
    ("published_at", "//*[@itemprop='datePublished']/@datetime", "itemprop datePublished"),
    (
        "published_at",
        "//meta[@name='parsely-pub-date' or @name='pubdate' or @name='publish-date']/@content",
        "meta pubdate",
    ),
    ("published_at", "//meta[@name='date' or @name='dc.date' or @name='DC.date.issued']/@content", "meta date"),
    ("published_at", "//article//time/@datetime", "time element"),
    ("updated_at", "//meta[@property='article:modified_time']/@content", "meta article:modified_time"),
    ("updated_at", "//meta[@property='og:updated_time']/@content", "meta og:updated_time"),
    ("url", "//link[@rel='canonical']/@href", "link canonical"),
    ("url", "//meta[@property='og:url']/@content", "meta og:url"),
    ("language", "/html/@lang", "html lang"),
)


def declared(tree: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """Fields of a draft from a parsed page, and how each was found."""
    fields: dict[str, Any] = {}
    found: dict[str, str] = {}
    for field, written, how in [*_linked_data(tree), *_tags(tree)]:
        if field in fields:
            continue
        value = _read(field, written)
        if value:
            fields[field], found[field] = value, how
    return fields, found


def _read(field: str, written: str) -> Any:
    plain = " ".join(normalise(written).split())[:2000]
    if field.endswith("_at"):
        return parse_date(plain)
    if field == "url":
        return plain if re.match(r"https?://\S+$", plain) else None
    if field == "author" and "://" in plain:
        return None
    return plain


def _tags(tree: Any) -> Iterator[tuple[str, str, str]]:
    for field, path, how in _PLACES:
        for each in tree.xpath(path)[:1]:
            yield field, str(each if isinstance(each, str) else each.text_content()), how


def _linked_data(tree: Any) -> Iterator[tuple[str, str, str]]:
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for item in _items(data, 0):
            kinds = item.get("@type")
            if any(_ARTICLE.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])):
                yield from _of_article(item)
                return


def _items(data: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(data, list):
        for each in data:
            yield from _items(each, depth + 1)
    elif isinstance(data, dict):
        yield data
        yield from _items(data.get("@graph"), depth + 1)


def _of_article(item: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    names = (
        ("title", "headline"),
        ("published_at", "datePublished"),
        ("updated_at", "dateModified"),
        ("language", "inLanguage"),
    )
    for field, name in names:
        if isinstance(item.get(name), str):
            yield field, item[name], f"JSON-LD {name}"
    for field in ("publisher", "author"):
        people = item.get(field)
        named = [
            each.get("name") if isinstance(each, dict) else each
            for each in (people if isinstance(people, list) else [people])
        ]
        written = ", ".join(each for each in named if isinstance(each, str))
        if written:
            yield field, written, f"JSON-LD {field}"
