"""What a reader makes of a file: the fields of an article before it is cleaned and named."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from index.errors import RejectedFile
from index.lines import Line


@dataclass(frozen=True, slots=True)
class Draft:
    """One article as its file gives it. `key` tells the records of one file apart; `found` is that of `Article`.

    `lines` are those of the file with the verdict on each, where the reader judges them; `text` is what was kept.
    """

    text: str
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    retrieved_at: datetime | None = None
    url: str | None = None
    language: str | None = None
    key: str = ""
    found: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[Line, ...] = field(default=(), compare=False, repr=False)


# Reads a file of at most so many bytes an article; a record that cannot be read comes as its error, and the rest goes on.
Reader = Callable[[Path, int], Iterator[Draft | RejectedFile]]
