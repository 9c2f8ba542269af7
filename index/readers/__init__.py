"""Readers of files, by suffix. A new format is one file here and one line in `reader_for`."""

from collections.abc import Mapping
from pathlib import Path

from index.drafts import Reader


def reader_for(path: Path) -> Reader | None:
    """The reader of a file, or None where its format is not one that is read."""
    module = _MODULES.get(path.suffix.lower())
    if module is None:
        return None
    # A format's library is loaded when its first file is read.
    from importlib import import_module

    reader: Reader = import_module(f"index.readers.{module}").read
    return reader


_MODULES: Mapping[str, str] = {
    ".txt": "plain",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "records",
}
