"""Where the members of an archive lie: side by side in a folder, or in a zip file."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from index.errors import UsageError


class Place(Protocol):
    """Where members lie."""

    def create(self, name: str, *, packed: bool) -> IO[bytes]:
        """A new member to write."""
        ...

    def open(self, name: str) -> IO[bytes]:
        """A member to read."""
        ...

    def sizes(self) -> Mapping[str, int]:
        """Every member that there is, with its length in bytes. Raises UsageError for what no archive holds."""
        ...


class FolderPlace:
    """Plain files in one folder; links are not followed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def create(self, name: str, *, packed: bool) -> IO[bytes]:
        """A new member to write."""
        return (self._path / name).open("xb")

    def open(self, name: str) -> IO[bytes]:
        """A member to read."""
        return os.fdopen(os.open(self._path / name, os.O_RDONLY | os.O_NOFOLLOW), "rb")

    def sizes(self) -> Mapping[str, int]:
        """Every member that there is, with its length in bytes."""
        inside = {each.name: each.stat(follow_symlinks=False) for each in os.scandir(self._path)}
        odd = [each.name for each in os.scandir(self._path) if not each.is_file(follow_symlinks=False)]
        if odd:
            raise UsageError(f"{self._path} holds {odd[0]!r}, which is not a plain file.", "Name an archive's folder.")
        return {name: about.st_size for name, about in inside.items()}


class ZipPlace:
    """Members of a zip file; nothing is unpacked onto the disk."""

    def __init__(self, zipped: ZipFile) -> None:
        self._zip = zipped

    def create(self, name: str, *, packed: bool) -> IO[bytes]:
        """A new member to write."""
        about = ZipInfo(name)
        about.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
        about.external_attr = 0o600 << 16
        return self._zip.open(about, "w", force_zip64=True)

    def open(self, name: str) -> IO[bytes]:
        """A member to read."""
        return self._zip.open(name)

    def sizes(self) -> Mapping[str, int]:
        """Every member that there is, with its length in bytes."""
        names = [each.filename for each in self._zip.infolist()]
        if len(set(names)) != len(names):
            raise UsageError(f"{self._zip.filename} holds a member twice.", "It was not made by byline export.")
        return {each.filename: each.file_size for each in self._zip.infolist()}
