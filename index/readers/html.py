"""`.html`: a saved page; its story line by line, its facts from what the page declares and from the story's top."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import trafilatura
from htmldate import find_date

from index.cleaning import title_of
from index.dates import is_past, parse_date
from index.drafts import Draft
from index.errors import RejectedFile
from index.language import language_of
from index.lines import Line, text_of
from index.readers.bylines import Top, moments_in
from index.readers.declared import declared, from_address, site_in_title
from index.readers.headers import copyright_of
from index.readers.page_lines import blocks_of
from index.readers.page_marks import reasons_of
from index.readers.page_story import headline_of, story_of
from index.readers.plain import with_byline
from index.readers.whole import read_whole

for _library in ("trafilatura", "htmldate"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)


def read(path: Path, most: int) -> Iterator[Draft | RejectedFile]:
    """The one article of a page."""
    draft = draft_of(read_whole(path, most, markup=True))
    if draft is None:
        raise RejectedFile(str(path), "no article text was found in the page")
    yield draft


def draft_of(page: str, url: str | None = None) -> Draft | None:
    """An article from a page's markup, `url` its address where that is known; None where it has no text to speak of."""
    tree: Any = trafilatura.load_html(page)
    if tree is None and "<" in page:
        # A piece of a page is refused for what it lacks.
        tree = trafilatura.load_html(f"<html>{page}</html>")
    if tree is None:
        return None
    fields, found = declared(tree, url)
    headline = headline_of(tree, fields.get("title"))
    reasons = reasons_of(tree, headline)
    judged = story_of(blocks_of(tree, reasons), headline)
    lines, byline, found_byline = with_byline(judged, Top(fields.get("language"), fields.get("retrieved_at")))
    text = text_of(lines)
    if not text:
        return None
    named = next((each.text_content() for each in tree.iter("title")), "")
    _without(tree, reasons)
    for field, value, how in (
        *_shown(tree, fields.get("language")),
        *((field, value, found_byline[field]) for field, value in byline.items()),
        *_inferred(tree, lines, text, headline, named),
        ("url", url, "address"),
        ("published_at", from_address(fields.get("url") or url or ""), "URL"),
        ("published_at", None if "published_at" in {*fields, *byline} else _day_of(tree), "htmldate"),
    ):
        if value and field not in fields:
            fields[field], found[field] = value, how
    return Draft(text=text, found=found, lines=tuple(lines), **fields)


def _without(tree: Any, reasons: Mapping[Any, str]) -> None:
    """Take out of the tree what is not of the story, and scripts, so that no date of another story is found in it."""
    for each in [*reasons, *tree.iter("script")]:
        if each.getparent() is not None:
            each.drop_tree()


def _shown(tree: Any, language: str | None) -> Iterator[tuple[str, Any, str]]:
    """Moments that the story's own part of the page marks as such."""
    for field, written, how in moments_in(tree):
        moment = parse_date(written, language=language)
        if moment and is_past(moment):
            yield field, moment, how


def _inferred(
    tree: Any, lines: Sequence[Line], text: str, headline: Any, named: str
) -> Iterator[tuple[str, str | None, str]]:
    """What the page's own words say where it declares nothing."""
    shown = " ".join(headline.text_content().split()) if headline is not None else title_of(text)
    yield "title", shown, "headline" if headline is not None else "first line"
    yield "title", " ".join(named.split()) or None, "title element"
    yield "publisher", site_in_title(named, shown or ""), "title element"
    yield "publisher", copyright_of("\n".join(line.text for line in lines)), "copyright line"
    yield "language", language_of(text), "its words"


def _day_of(tree: Any) -> Any:
    day = parse_date(find_date(tree, extensive_search=False, original_date=True) or "")
    return day if day and is_past(day) else None
