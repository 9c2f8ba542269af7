"""`.csv .tsv`: one article a row; which column is which field is told, or plain from the names of the columns."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from index.characters import normalise
from index.cleaning import tidy
from index.drafts import Draft
from index.errors import RejectedFile
from index.readers.facts import facts
from index.readers.whole import read_whole

# The first of these names that a table has is the field's column, whatever its case and its separators.
NAMES: Mapping[str, tuple[str, ...]] = {
    "text": ("body", "text", "content", "article", "article text", "article body", "full text", "fulltext", "story"),
    "title": ("title", "headline", "head", "heading", "article title"),
    "publisher": ("publisher", "source", "outlet", "publication", "newspaper", "site", "source name", "media"),
    "author": ("author", "authors", "byline", "writer", "creator", "by"),
    "published_at": (
        "published at", "published", "date", "publication date", "publish date", "date published", "published on",
        "pub date", "pubdate", "publishedat", "datetime", "timestamp",
    ),
    "updated_at": ("updated at", "updated", "last updated", "modified", "date modified", "updatedat"),
    "url": ("url", "link", "canonical", "canonical url", "web url", "permalink", "address"),
    "language": ("language", "lang"),
}  # fmt: skip
_DELIMITERS = ",;\t|"


def read(path: Path, most: int, columns: Mapping[str, str] | None = None) -> Iterator[Draft | RejectedFile]:
    """The articles of a table; a row without text is named by its line, and the rest goes on.

    A row's place does not matter: it is known by its URL, else by its title and words.
    """
    text = read_whole(path, most)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(text)
    # A cell may be as long as a file may be.
    csv.field_size_limit(max(csv.field_size_limit(), most + 1))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [each.strip().lstrip("\ufeff") for each in next(rows, [])]
        at = _places(str(path), header, columns or {})
        seen: Counter[str] = Counter()
        begun = rows.line_num + 1
        for row in rows:
            if any(cell.strip() for cell in row):
                yield _article(f"{path}:{begun}", row, header, at, seen)
            begun = rows.line_num + 1
    except csv.Error as error:
        raise RejectedFile(
            f"{path}:{rows.line_num}", f"it is not a table: {error}", "Its rows up to there were read."
        ) from error


def _delimiter(text: str) -> str:
    """The one that the line of names holds most often; a comma where it holds none."""
    first = text.lstrip("\ufeff\r\n").split("\n", 1)[0]
    return max(_DELIMITERS, key=first.count)


def _places(where: str, header: list[str], columns: Mapping[str, str]) -> dict[str, int]:
    """Which column each field is in. Raises RejectedFile where a column told is not there, or no column is the text."""
    by_name = {_plain(each): number for number, each in reversed(list(enumerate(header)))}
    at: dict[str, int] = {}
    for field, name in columns.items():
        if _plain(name) not in by_name:
            raise RejectedFile(where, f"it has no column {name}", f"It has: {', '.join(header)}.")
        at[field] = by_name[_plain(name)]
    for field, names in NAMES.items():
        place = next((by_name[name] for name in names if name in by_name and by_name[name] not in at.values()), None)
        if field not in at and place is not None:
            at[field] = place
    if "text" not in at:
        has = f"It has: {', '.join(header)[:300]}." if any(header) else ""
        raise RejectedFile(
            where, "none of its columns is known as the text of articles", f"{has} Say which: --column text=NAME"
        )
    return at


def _article(
    where: str, row: list[str], header: list[str], at: Mapping[str, int], seen: Counter[str]
) -> Draft | RejectedFile:
    cells = {field: row[number] for field, number in at.items() if number < len(row)}
    body = cells.pop("text", "")
    if not normalise(body).strip():
        return RejectedFile(where, "the row has no text")
    fields, found = facts(((field, cell, f"column {header[at[field]]}") for field, cell in cells.items()), body)
    key = sha256(json.dumps([cells.get("title"), body]).encode()).hexdigest()[:16]
    seen[key] += 1
    return Draft(text=tidy(body), key=f"{key}#{seen[key]}", found=found, **fields)


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())
