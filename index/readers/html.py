"""`.html`: a saved page; its main text by trafilatura, its facts from what the page declares."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import trafilatura
from htmldate import find_date

from index.cleaning import tidy
from index.dates import parse_date
from index.drafts import Draft
from index.errors import RejectedFile
from index.readers.declared import declared
from index.readers.hidden import remove_hidden
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
    remove_hidden(tree)
    fields, found = declared(tree)
    if url and "url" not in fields:
        fields["url"], found["url"] = url, "address"
    # The date is asked of the whole page before the extraction takes the page apart.
    if "published_at" not in fields:
        day = parse_date(find_date(trafilatura.load_html(page), extensive_search=False, original_date=True) or "")
        if day:
            fields["published_at"], found["published_at"] = day, "htmldate"
    article: Any = trafilatura.bare_extraction(tree, include_comments=False, include_tables=True, deduplicate=False)
    text = tidy(article.text) if article and article.text else ""
    return Draft(text=text, found=found, **fields) if text else None
