"""What is piped in, as a file of the home, so that it is read, and read again, like any other file."""

import shutil
import sys
from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING

from index.errors import UsageError

if TYPE_CHECKING:
    from rag.settings import Settings

NAME = "-"
_PIECE = 1 << 20
# A pipe of records may be far longer than one article.
_MOST_RECORDS = 1000
_CALLED = {
    "text": "txt",
    "markdown": "md",
    "records": "jsonl",
    "json": "jsonl",
    "mail": "eml",
    "feed": "xml",
    "word": "docx",
}


def with_standard_input(settings: "Settings", sources: Sequence[str], kind: str | None = None) -> list[str]:
    """The sources with a file in place of `-`. `kind` says what is piped in, else it is told by how it begins."""
    if NAME not in sources:
        if kind is not None:
            raise UsageError(
                "--as says what is piped in, and nothing is.", "Name - among the sources, or leave --as out."
            )
        return list(sources)
    suffix = _suffix(kind) if kind is not None else None
    if sys.stdin.isatty():
        print("Reading what you type; Ctrl-D on a line of its own ends it.", file=sys.stderr)
    path = save(sys.stdin.buffer, settings.home / "uploads", int(settings.index.max_file_mb * 1_000_000), suffix)
    return [str(path) if each == NAME else each for each in dict.fromkeys(sources)]


def save(stream: IO[bytes], folder: Path, most: int, suffix: str | None) -> Path:
    """Write what comes to a file that is named by its content. Raises UsageError for nothing, or for more than is read."""
    from index.readers.sniffing import kind_of

    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, prefix=".", suffix=".part", delete=False) as beside:
        part = Path(beside.name)
        try:
            head = stream.read(most + 1)
            kind = suffix or kind_of(head)
            left = most * _MOST_RECORDS if kind == ".jsonl" else most
            piece = head
            while piece and left >= 0:
                beside.write(piece)
                left -= len(piece)
                piece = stream.read(_PIECE)
            if left < 0:
                raise UsageError(
                    f"More is piped in than {most / 1_000_000:g} MB.", "Raise index.max_file_mb to read it."
                )
            if not head.strip():
                raise UsageError("Nothing is piped in.", "Pipe an article in: cat story.txt | byline index -")
            beside.flush()
            beside.seek(0)
        except BaseException:
            part.unlink()
            raise
    with part.open("rb") as written:
        name = f"standard-input-{file_digest(written, 'sha256').hexdigest()[:16]}{kind}"
    shutil.move(part, folder / name)
    return folder / name


def _suffix(kind: str) -> str:
    from index.readers import FORMATS

    plain = kind.strip().lower().lstrip(".")
    suffix = f".{_CALLED.get(plain, plain)}"
    if suffix not in FORMATS:
        known = ", ".join(sorted({*_CALLED, *(each.lstrip(".") for each in FORMATS)}))
        raise UsageError(f"{kind} is not a kind that is read.", f"Known are: {known}.")
    return suffix
