"""What a page declares of itself: JSON-LD first, then meta tags, then marked elements, then its address."""

import re
from collections.abc import Iterator
from typing import Any

from index.characters import normalise
from index.dates import is_past, parse_date
from index.readers.linked_data import article_of, fold

# Field, where, how it is called there; the first that can be read counts.
_PLACES = (
    ("title", "//meta[@property='og:title']/@content", "meta og:title"),
    ("title", "//meta[@name='twitter:title']/@content", "meta twitter:title"),
    ("publisher", "//meta[@property='og:site_name']/@content", "meta og:site_name"),
    (
        "publisher",
        "//meta[@name='publisher' or @name='dc.publisher' or @name='DC.publisher']/@content",
        "meta publisher",
    ),
    ("author", "//meta[@name='author' or @name='parsely-author' or @name='dc.creator']/@content", "meta author"),
    ("author", "//meta[@property='article:author']/@content", "meta article:author"),
    ("author", "//*[@itemprop='author']//*[@itemprop='name']", "itemprop author"),
    ("author", "//*[@itemprop='author' and not(.//*[@itemprop='name'])]", "itemprop author"),
    ("published_at", "//meta[@property='article:published_time']/@content", "meta article:published_time"),
    ("published_at", "//meta[@itemprop='datePublished']/@content", "itemprop datePublished"),
    ("published_at", "//*[@itemprop='datePublished']/@datetime", "itemprop datePublished"),
    (
        "published_at",
        "//meta[@name='parsely-pub-date' or @name='pubdate' or @name='publish-date']/@content",
        "meta pubdate",
    ),
    ("published_at", "//meta[@name='date' or @name='dc.date' or @name='DC.date.issued']/@content", "meta date"),
    ("updated_at", "//meta[@property='article:modified_time']/@content", "meta article:modified_time"),
    ("updated_at", "//meta[@property='og:updated_time']/@content", "meta og:updated_time"),
    ("updated_at", "//meta[@itemprop='dateModified']/@content", "itemprop dateModified"),
    ("updated_at", "//*[@itemprop='dateModified']/@datetime", "itemprop dateModified"),
    ("url", "//link[@rel='canonical']/@href", "link canonical"),
    ("url", "//meta[@property='og:url']/@content", "meta og:url"),
    ("language", "/html/@lang", "html lang"),
    ("language", "//meta[@http-equiv='content-language' or @http-equiv='Content-Language']/@content", "meta language"),
    ("language", "//meta[@property='og:locale']/@content", "meta og:locale"),
)
_ADDRESS = tuple(each for each in _PLACES if each[0] == "url")
_TITLES = ("//meta[@property='og:title']/@content", "//meta[@name='twitter:title']/@content", "//h1", "//title")
_DAY = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2}|[a-z]{3})[/-](\d{1,2})(?:/|-|$)", re.I)
_BY = re.compile(r"by\s+(?=[A-Z])", re.I)
_BETWEEN = re.compile(r"\s+(?:[|–—·•]|-|::?|«|»)\s+")


def declared(tree: Any, url: str | None = None) -> tuple[dict[str, Any], dict[str, str]]:
    """Fields of a draft from a parsed page, and how each was found. `url` is where it came from, if that is known."""
    fields: dict[str, Any] = {}
    found: dict[str, str] = {}
    # The language comes first: it says how dates are written.
    spoken = next((each for each in _tags(tree, [each for each in _PLACES if each[0] == "language"])), None)
    address = next((written for _, written, _ in _tags(tree, _ADDRESS) if _read("url", written, None)), url)
    titles = frozenset(fold(_text(each)) for path in _TITLES for each in tree.xpath(path)[:3])
    for field, written, how in [*article_of(tree, address, titles), *_tags(tree, _PLACES)]:
        value = None if field in fields else _read(field, written, spoken[1] if spoken else None)
        if value:
            fields[field], found[field] = value, how
    return fields, found


def from_address(url: str) -> Any:
    """The day that a page's address names: …/2025/06/08/…; None where it names none."""
    found = _DAY.search(url)
    day = parse_date(" ".join(found.groups()) if found[2].isalpha() else "-".join(found.groups())) if found else None
    return day if day and is_past(day) else None


def site_in_title(title: str, headline: str) -> str | None:
    """The name of the site in a page's title, which says the headline as well: "Headline | Site"."""
    parts = [each.strip() for each in _BETWEEN.split(title)]
    said = fold(headline)
    at = [number for number, each in enumerate(parts) if fold(each) == said]
    if len(parts) < 2 or not at:
        # A headline may itself hold what parts the title.
        whole, rest = fold(title), parts[-1]
        return rest if len(parts) > 1 and said and whole == f"{said} {fold(rest)}" and len(rest) <= 60 else None
    site = parts[-1] if at[0] == 0 else parts[0]
    return site if len(site) <= 60 and fold(site) != said else None


def _read(field: str, written: str, language: str | None) -> Any:
    plain = " ".join(normalise(written).split())[:2000]
    if field.endswith("_at"):
        moment = parse_date(plain, language=language)
        return moment if moment and is_past(moment) else None
    if field == "url":
        return plain if re.match(r"https?://\S+$", plain) else None
    if field == "author":
        return None if "://" in plain or "@" in plain else _BY.sub("", plain, count=1)
    if field == "language":
        return plain if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_]\w{2,8})*", plain) else None
    return plain


def _tags(tree: Any, places: Any) -> Iterator[tuple[str, str, str]]:
    for field, path, how in places:
        for each in tree.xpath(path)[:1]:
            yield field, _text(each), how


def _text(each: Any) -> str:
    return str(each if isinstance(each, str) else each.text_content())
