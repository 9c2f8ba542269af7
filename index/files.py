"""Which files are meant by the paths that somebody names."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import RejectedFile
from index.readers import reader_for


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a folder that is not of a kind that is read."""

    path: Path


def files_of(paths: Iterable[Path]) -> Iterator[Path | RejectedFile | Skipped]:
    """Every file of the paths, absolute, folders in sorted order, each once.

    A named file of a kind that is not read is rejected; one in a folder is skipped. A link is followed only to what
    is in the same folder that was named.
    """
    seen: set[Path] = set()
    for named in paths:
        path = named.expanduser().absolute()
        for each in _in_folder(path) if path.is_dir() else [_named(path)]:
            if not isinstance(each, Path):
                yield each
            elif each not in seen:
                seen.add(each)
                yield each


def _named(path: Path) -> Path | RejectedFile:
    path = Path(os.path.normpath(path))
    if not os.path.lexists(path):
        return RejectedFile(str(path), "there is no such file")
    if not path.is_file():
        return RejectedFile(str(path), "it is not a file")
    if reader_for(path) is None:
        return RejectedFile(str(path), f"files of kind {path.suffix or '(none)'} are not read")
    return path


def _in_folder(top: Path) -> Iterator[Path | RejectedFile | Skipped]:
    top = Path(os.path.normpath(top))
    inside = top.resolve()

    def refuse(error: OSError) -> None:
        unreadable.append(RejectedFile(str(error.filename), f"the folder cannot be read: {error.strerror}"))

    unreadable: list[RejectedFile] = []
    for folder, folders, names in os.walk(top, onerror=refuse):
        yield from unreadable
        unreadable.clear()
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in list(folders):
            path = Path(folder, name)
            if path.is_symlink():
                folders.remove(name)
                if not path.resolve().is_relative_to(inside):
                    yield RejectedFile(str(path), "it is a link that leads out of the folder")
        for name in sorted(names):
            yield _one(Path(folder, name), inside)
    yield from unreadable


def _one(path: Path, inside: Path) -> Path | RejectedFile | Skipped:
    if path.name.startswith(".") or reader_for(path) is None:
        return Skipped(path)
    if path.is_symlink() and not path.resolve().is_relative_to(inside):
        return RejectedFile(str(path), "it is a link that leads out of the folder")
    return path if path.is_file() else RejectedFile(str(path), "it is not a file")
