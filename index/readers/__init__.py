"""Readers of files, by suffix. A new format is one file here and one line in `FORMATS`."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

from index.drafts import Draft, Reader
from index.errors import RejectedFile

FORMATS: Mapping[str, str] = {
    ".txt": "plain",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".pdf": "pdf",
    ".docx": "docx",
    ".epub": "epub",
    ".eml": "mail",
    ".jsonl": "records",
    ".csv": "table",
    ".tsv": "table",
    ".rss": "feeds",
    ".atom": "feeds",
    ".xml": "feeds",
}


def is_table(path: Path) -> bool:
    """Whether a file's columns can be told."""
    return FORMATS.get(path.suffix.lower()) == "table"


def reader_for(path: Path, columns: Mapping[str, str] | None = None) -> Reader | None:
    """The reader of a file, or None where its format is not one that is read. `columns` say which of a table's is which field.

    Whatever a file holds, its reader raises nothing but RejectedFile.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        return None

    def read(path: Path, most: int) -> Iterator[Draft | RejectedFile]:
        # A format's library is loaded when its first file is read.
        reader = import_module(f"index.readers.{FORMATS[suffix]}").read
        try:
            yield from reader(path, most, columns) if columns and is_table(path) else reader(path, most)
        except RejectedFile:
            raise
        except Exception as error:
            # Parsers raise anything at a hostile file: it is named, and the others go on.
            problem = f"it cannot be read as {suffix}: {type(error).__name__}: {error}"
            raise RejectedFile(str(path), problem.split("\n", 1)[0][:300]) from error

    return read
