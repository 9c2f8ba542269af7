"""`.txt`: a page saved as text, perhaps under header lines."""

from collections.abc import Iterator
from pathlib import Path

from index.characters import normalise
from index.cleaning import judged, title_of
from index.drafts import Draft
from index.errors import RejectedFile
from index.lines import text_of
from index.readers.headers import copyright_of, take_header, take_lines
from index.readers.whole import read_whole


def read(path: Path, most: int) -> Iterator[Draft | RejectedFile]:
    """The one article of a text file."""
    yield draft_of(read_whole(path, most))


def draft_of(raw: str) -> Draft:
    """An article from the text of a page."""
    body, fields, found = take_header(normalise(raw).strip())
    body, byline, found_in_lines = take_lines(body)
    fields, found = byline | fields, found_in_lines | found
    owner = copyright_of(body)
    if owner and "publisher" not in fields:
        fields["publisher"], found["publisher"] = owner, "copyright line"
    lines = judged(body)
    text = text_of(lines)
    title = title_of(text)
    if title and "title" not in fields:
        fields["title"], found["title"] = title, "first line"
    return Draft(text=text, found=found, lines=tuple(lines), **fields)
