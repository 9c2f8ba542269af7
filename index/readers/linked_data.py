"""What a page's JSON-LD says of its article: of several articles on a page, of the one that the page is about."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from index.articles import canonical

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting)$")
_WRAPPED = re.compile(r"^\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*;?\s*$")
_DEEPEST = 4
_MOST = 500
Item = dict[str, Any]


def article_of(tree: Any, address: str | None, titles: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """Field, what is written, and how it was found. `titles` are what the page calls itself elsewhere, folded.

    Where a page holds several articles and neither the address nor a title tells which is meant, none is.
    """
    items = [item for script in tree.xpath("//script[contains(@type, 'ld+json')]") for item in _read(script.text)][
        :_MOST
    ]
    known = {item["@id"]: item for item in items if isinstance(item.get("@id"), str) and len(item) > 1}
    articles = [item for item in items if any(_ARTICLE.search(str(kind)) for kind in _list(item.get("@type")))]
    chosen = _meant(articles, address, titles)
    if chosen is not None:
        yield from _told(chosen, known)


def fold(text: str) -> str:
    """A title as it is compared: its words alone."""
    return " ".join(re.findall(r"\w+", html.unescape(text).casefold()))


def _read(script: str | None) -> Iterator[Item]:
    try:
        yield from _items(json.loads(_WRAPPED.sub("", script or ""), strict=False), 0)
    except (ValueError, RecursionError):
        return


def _items(data: object, depth: int) -> Iterator[Item]:
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        for each in data:
            yield from _items(each, depth + 1)
    elif isinstance(data, dict):
        yield data
        for name in ("@graph", "mainEntity"):
            yield from _items(data.get(name), depth + 1)


def _meant(articles: list[Item], address: str | None, titles: frozenset[str]) -> Item | None:
    if address:
        for item in articles:
            if canonical(address) in {canonical(each) for each in _addresses(item)}:
                return item
    for item in articles:
        headline = item.get("headline") or item.get("name")
        if isinstance(headline, str) and fold(headline) in titles:
            return item
    return articles[0] if len(articles) == 1 else None


def _addresses(item: Item) -> list[str]:
    pages = [each.get("@id") if isinstance(each, dict) else each for each in _list(item.get("mainEntityOfPage"))]
    return [each for each in (item.get("url"), item.get("@id"), *pages) if isinstance(each, str)]


def _told(item: Item, known: Mapping[str, Item]) -> Iterator[tuple[str, str, str]]:
    names = (
        ("title", "headline"),
        ("published_at", "datePublished"),
        ("updated_at", "dateModified"),
        ("language", "inLanguage"),
    )
    for field, name in names:
        if isinstance(item.get(name), str):
            yield field, html.unescape(item[name]), f"JSON-LD {name}"
    for field in ("publisher", "author"):
        written = ", ".join(dict.fromkeys(_names(item.get(field), known)))
        if written:
            yield field, written, f"JSON-LD {field}"
    for address in _addresses(item):
        if address.startswith(("http://", "https://")) and "#" not in address:
            yield "url", address, "JSON-LD url"


def _names(people: object, known: Mapping[str, Item]) -> Iterator[str]:
    for each in _list(people):
        if isinstance(each, dict):
            whole = each if "name" in each else known.get(str(each.get("@id")), each)
            for name in _list(whole.get("name")):
                if isinstance(name, str) and name.strip():
                    yield " ".join(html.unescape(name).split())
        elif isinstance(each, str) and each.strip():
            yield " ".join(html.unescape(each).split())


def _list(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
