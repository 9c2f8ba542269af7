"""The last step of every source: bytes in a partial file are checked, then renamed to where they belong."""

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.errors import BrokenError, MissingError
from rag.weights.digests import hashed, remember
from rag.weights.manifest import Model, ModelFile
from rag.weights.places import file_path


@dataclass(frozen=True, slots=True)
class Fetched:
    """How far a pull is: bytes of the model had so far; `part` says what is being fetched."""

    model: str
    part: str
    done: int
    total: int


Tell = Callable[[Fetched], None]


def land(partial: Path, model: Model, file: ModelFile, models: Path) -> Path:
    """Put a fetched file in its place, if its bytes are the right ones; else BrokenError, and nothing is kept."""
    found_bytes = partial.stat().st_size
    found = hashed(partial)
    if found_bytes != file.bytes or found != file.sha256:
        partial.unlink()
        raise BrokenError(
            f"{file.path} came with {found_bytes} bytes and sha256 {found};"
            f" the manifest has {file.bytes} bytes and sha256 {file.sha256}.",
            f"Nothing was kept. Run `byline models pull {model.name}` again, or fetch it from somewhere else.",
        )
    path = file_path(model, file, models)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial.replace(path)
    remember(path, models, found)
    return path


def need_room(partials: Path, name: str, needed: int) -> None:
    """Raise MissingError where the disk has fewer than `needed` bytes free for `name`."""
    free = shutil.disk_usage(partials).free
    if free < needed:
        raise _full(name, needed, f"{free} are free")


@contextmanager
def room_for(partial: Path, name: str, needed: int) -> Iterator[None]:
    """Turn a disk that fills up on the way into an error that says what is needed; the partial file goes."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        partial.unlink(missing_ok=True)
        raise _full(name, needed, "the disk is full") from error


def _full(name: str, needed: int, why: str) -> MissingError:
    return MissingError(f"{name} needs {needed} bytes of disk; {why}.", "Make room, or set BYLINE_MODELS elsewhere.")
