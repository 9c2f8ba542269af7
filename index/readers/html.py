"""`.html`: a saved page; its story line by line, its facts from what the page declares."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import trafilatura
from htmldate import find_date

from index.dates import parse_date
from index.drafts import Draft
from index.errors import RejectedFile
from index.lines import text_of
from index.readers.declared import declared
from index.readers.page_lines import blocks_of
from index.readers.page_marks import reasons_of
from index.readers.page_story import headline_of, story_of
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
    """An article from a page's markup; None where the page has no text to speak of."""
    tree: Any = trafilatura.load_html(page)
    if tree is None:
        return None
    fields, found = declared(tree)
    if url and "url" not in fields:
        fields["url"], found["url"] = url, "address"
    if "published_at" not in fields:
        day = parse_date(find_date(trafilatura.load_html(page), extensive_search=False, original_date=True) or "")
        if day:
            fields["published_at"], found["published_at"] = day, "htmldate"
    headline = headline_of(tree, fields.get("title"))
    lines = story_of(blocks_of(tree, reasons_of(tree, headline)), headline)
    text = text_of(lines)
    return Draft(text=text, found=found, lines=tuple(lines), **fields) if text else None
