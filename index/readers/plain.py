"""`.txt`: a page saved as text, perhaps under header lines."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.characters import normalise
from index.cleaning import AGED, is_prose, judged, title_of
from index.drafts import Draft
from index.errors import RejectedFile
from index.language import language_of
from index.lines import Line, text_of
from index.readers.bylines import Top, read_top
from index.readers.headers import copyright_of, dateline_of, take_header
from index.readers.whole import read_whole

# A byline stands among so many lines of the story's top, before so many paragraphs are told.
_TOP, _TOLD = 14, 3


def read(path: Path, most: int) -> Iterator[Draft | RejectedFile]:
    """The one article of a text file."""
    yield draft_of(read_whole(path, most))


def draft_of(raw: str) -> Draft:
    """An article from the text of a page."""
    whole = normalise(with_rows(raw)).strip()
    body, header, found_header = take_header(whole)
    above = whole.removesuffix(body).split("\n")
    lines, byline, found_byline = with_byline(judged(body), Top(header.get("language"), header.get("retrieved_at")))
    lines = [*(Line(each, why="a header line") for each in above if each), *lines]
    text = text_of(lines)
    told: dict[str, tuple[Any, str]] = {
        "publisher": (dateline_of(text.split("\n")), "dateline"),
        "title": (title_of(text), "first line"),
        "language": (language_of(text), "its words"),
    }
    if told["publisher"][0] is None:
        told["publisher"] = copyright_of(body), "copyright line"
    fields, found = byline | header, found_byline | found_header
    for field, (value, how) in told.items():
        if value and field not in fields:
            fields[field], found[field] = value, how
    return Draft(text=text, found=found, lines=tuple(lines), **fields)


def with_byline(lines: Sequence[Line], top: Top) -> tuple[list[Line], dict[str, Any], dict[str, str]]:
    """The lines with those of the byline dropped, the fields that these give, and how each was found."""
    alive = [at for at, line in enumerate(lines) if line.why in ("", AGED)]
    told = [at for at, number in enumerate(alive) if is_prose(lines[number].text)]
    near = alive[: min(*told[_TOLD - 1 : _TOLD], len(alive), _TOP)]
    dropped, fields, found = read_top([lines[at].text for at in near], top)
    judged_now = list(lines)
    for at, why in dropped.items():
        judged_now[near[at]] = replace(lines[near[at]], why=why)
    return judged_now, fields, found


def with_rows(raw: str) -> str:
    """The text with tables that a browser copied, cells apart by tabs, as rows that keep their cells apart."""
    lines = raw.split("\n")
    tabs = [line.strip().count("\t") if line.strip() else 0 for line in lines]
    for at, many in enumerate(tabs):
        beside = [tabs[each] for each in (at - 1, at + 1) if 0 <= each < len(tabs)]
        if many and many in beside and "|" not in lines[at]:
            lines[at] = "| " + " | ".join(cell.strip() for cell in lines[at].strip().split("\t")) + " |"
    return "\n".join(lines)
