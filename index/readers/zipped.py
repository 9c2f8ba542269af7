"""Members of a zip archive, unpacked in memory and no further than a limit; nothing is ever written to a path it names."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import RejectedFile
from index.readers.whole import read_bytes

_MOST_MEMBERS = 20_000
_PIECE = 65_536


class Archive:
    """An open archive of which at most `most` bytes are unpacked in all, whatever its headers say."""

    def __init__(self, where: str, members: zipfile.ZipFile, most: int) -> None:
        self._where, self._members, self._most, self._left = where, members, most, most
        self._names = set(members.namelist())

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def names(self) -> list[str]:
        """Names of all members, sorted."""
        return sorted(self._names)

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises RejectedFile where it is not there, locked, damaged, or too much."""
        if name not in self._names:
            raise RejectedFile(self._where, f"it has no part {name!r}")
        info = self._members.getinfo(name)
        if info.flag_bits & 1:
            raise RejectedFile(self._where, "it is locked with a password", "Save it without one.")
        data = bytearray()
        try:
            with self._members.open(info) as member:
                # Piece by piece: read whole, a member that lies about its size is unpacked before it is cut.
                while piece := member.read(_PIECE):
                    data += piece
                    if len(data) > self._left:
                        problem = f"it unpacks to more than {self._most / 1_000_000:g} MB"
                        raise RejectedFile(self._where, problem, "Raise index.max_file_mb to read it.")
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError) as error:
            raise RejectedFile(self._where, f"its part {name!r} is damaged: {error}") from error
        self._left -= len(data)
        return bytes(data)


@contextmanager
def open_archive(path: Path, most: int) -> Iterator[Archive]:
    """The archive in a file of at most `most` bytes. Raises RejectedFile where it is none."""
    read_bytes(path, most)
    try:
        with zipfile.ZipFile(path) as members:
            if len(members.infolist()) > _MOST_MEMBERS:
                raise RejectedFile(str(path), f"it has more than {_MOST_MEMBERS} parts")
            yield Archive(str(path), members, most)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise RejectedFile(str(path), f"it is not what it says it is: {error}") from error


def member_of(folder: str, reference: str) -> str | None:
    """The member that a part in a folder refers to; None where the reference leads out of the archive."""
    name = posixpath.normpath(posixpath.join(folder, reference))
    return None if name.startswith(("/", "..")) or name == "." or ":" in reference.split("/")[0] else name
