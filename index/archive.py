"""An archive on the disk: a zip file or a folder of a few members with fixed names, each with its length and digest.

`archive.json` says what is in it and is written last, so an archive without it was never finished. Members are read
in place and by their fixed names alone: nothing is ever unpacked, and no name in an archive becomes a path.
"""

import json
import os
import shutil
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, Any, cast
from zipfile import BadZipFile, ZipFile, is_zipfile

from index.archive_places import FolderPlace, Place, ZipPlace
from index.errors import BrokenError, UsageError

FORMAT = "byline archive"
VERSION = 1
ABOUT = "archive.json"
LONGEST_ABOUT = 1 << 20
_CHUNK = 1 << 20
_AGAIN = "Copy it again, or export again."
_DAMAGE = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


@dataclass(frozen=True, slots=True)
class Member:
    """How long a member is in bytes, and its sha256."""

    bytes: int
    sha256: str


class ArchiveWriter:
    """Takes one member after another."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._members: dict[str, Member] = {}

    @contextmanager
    def member(self, name: str, *, packed: bool = True) -> Iterator["_Counted"]:
        """A member to write; it is counted and hashed as it goes. `packed` where packing it saves something."""
        with self._place.create(name, packed=packed) as file:
            counted = _Counted(file)
            yield counted
        self._members[name] = Member(counted.bytes, counted.sha256.hexdigest())

    def finish(self, about: Mapping[str, Any]) -> None:
        """Say what is in it, last of all."""
        members = {name: asdict(member) for name, member in self._members.items()}
        whole = {"format": FORMAT, "version": VERSION, **about, "members": members}
        with self._place.create(ABOUT, packed=True) as file:
            file.write(json.dumps(whole, indent=1, ensure_ascii=False).encode() + b"\n")


class ArchiveReader:
    """Gives the members that `archive.json` names."""

    def __init__(self, place: Place, path: Path, needed: Collection[str], known: Collection[str]) -> None:
        self._place = place
        self._path = path
        sizes = place.sizes()
        if ABOUT not in sizes:
            raise UsageError(f"{path} is not a whole archive: it has no {ABOUT}.", "Make one: byline export FILE.")
        self.about = self._read_about()
        self._members = self._read_members(sizes, needed, known)

    def __contains__(self, name: str) -> bool:
        """Whether it has a member of this name."""
        return name in self._members

    @contextmanager
    def member(self, name: str) -> Iterator["Reading"]:
        """A member to read."""
        with ExitStack() as held:
            with _damage_of(f"{name} in {self._path}"):
                file = held.enter_context(self._place.open(name))
            yield Reading(file, f"{name} in {self._path}")

    def check(self) -> None:
        """Read every member to its end and compare it with what `archive.json` says. Raises BrokenError."""
        for name, said in self._members.items():
            digest, length = sha256(), 0
            with self.member(name) as file:
                # A member that goes on past its length is not read to its end.
                while length <= said.bytes and (chunk := file.read(_CHUNK)):
                    digest.update(chunk)
                    length += len(chunk)
            if (length, digest.hexdigest()) != (said.bytes, said.sha256):
                raise BrokenError(f"{name} in {self._path} is not what was exported: its digest differs.", _AGAIN)

    def _read_about(self) -> dict[str, Any]:
        with self.member(ABOUT) as file:
            text = file.read(LONGEST_ABOUT + 1)
        try:
            about = json.loads(text) if len(text) <= LONGEST_ABOUT else None
        except (ValueError, RecursionError):
            about = None
        if not isinstance(about, dict) or about.get("format") != FORMAT:
            raise UsageError(f"{self._path} is not an archive of Byline.", "Make one: byline export FILE.")
        if about.get("version") != VERSION:
            raise UsageError(
                f"{self._path} is an archive of version {about.get('version')}; this Byline reads {VERSION}.",
                "Import it with the Byline that made it, or one that is newer, and export it again.",
            )
        return about

    def _read_members(
        self, sizes: Mapping[str, int], needed: Collection[str], known: Collection[str]
    ) -> dict[str, Member]:
        try:
            members = {str(name): Member(**each) for name, each in self.about["members"].items()}
        except (KeyError, TypeError, AttributeError) as error:
            raise BrokenError(f"{ABOUT} in {self._path} is damaged: {error}.", _AGAIN) from error
        for name in (*members, *(sizes.keys() - {ABOUT})):
            if name not in needed and name not in known:
                raise UsageError(
                    f"{self._path} holds {name!r}, which this Byline does not know.",
                    "Import it with the one that made it.",
                )
        if sizes.keys() - {ABOUT} != members.keys() or set(needed) - members.keys():
            raise BrokenError(f"{self._path} has not all its members.", _AGAIN)
        if any(sizes[name] != member.bytes for name, member in members.items()):
            raise BrokenError(f"{self._path} is not what was exported: a length differs.", _AGAIN)
        return members


class Reading:
    """A member being read. What cannot be read is a BrokenError that names it."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = BufferedReader(cast(RawIOBase, file))
        self._name = name

    def read(self, size: int) -> bytes:
        """At most so many bytes; fewer only at the end."""
        with _damage_of(self._name):
            return self._file.read(size)

    def lines(self, longest: int) -> Iterator[bytes]:
        """Line by line, none longer than `longest` bytes."""
        while True:
            with _damage_of(self._name):
                line = self._file.readline(longest + 1)
            if not line:
                return
            if len(line) > longest:
                raise BrokenError(f"A line of {self._name} is longer than {longest} bytes.", _AGAIN)
            yield line


@contextmanager
def _damage_of(name: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise BrokenError(f"{name} cannot be read: {error}.", _AGAIN) from error


class _Counted:
    """A file that counts and hashes what is written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.bytes = 0
        self.sha256 = sha256()

    def write(self, data: bytes) -> int:
        """Write a piece; returns 1, so that pieces can be counted."""
        self._file.write(data)
        self.bytes += len(data)
        self.sha256.update(data)
        return 1


@contextmanager
def new_archive(path: Path, *, folder: bool = False) -> Iterator[ArchiveWriter]:
    """A new archive, there under its name only once it is whole. Raises UsageError for a name that is taken."""
    taken = path.exists() and not (folder and path.is_dir() and not any(path.iterdir()))
    if taken or path.is_symlink():
        raise UsageError(f"{path} is there already.", "Name another, or remove it first.")
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if folder:
            beside.mkdir()
            yield ArchiveWriter(FolderPlace(beside))
            if path.exists():
                path.rmdir()
        else:
            with ZipFile(beside, "x", allowZip64=True) as zipped:
                yield ArchiveWriter(ZipPlace(zipped))
        beside.rename(path)
    finally:
        if folder:
            shutil.rmtree(beside, ignore_errors=True)
        else:
            beside.unlink(missing_ok=True)


@contextmanager
def open_archive(path: Path, needed: Collection[str], known: Collection[str]) -> Iterator[ArchiveReader]:
    """An archive to read, which has all members `needed`, and of others only some of `known`.

    Raises UsageError for what is none, BrokenError for a damaged one.
    """
    if path.is_dir():
        yield ArchiveReader(FolderPlace(path), path, needed, known)
        return
    if not path.is_file() or not is_zipfile(path):
        raise UsageError(f"{path} is not an archive of Byline.", "Make one: byline export FILE.")
    try:
        zipped = ZipFile(path)
    except _DAMAGE as error:
        raise BrokenError(f"{path} cannot be read: {error}.", _AGAIN) from error
    with zipped:
        yield ArchiveReader(ZipPlace(zipped), path, needed, known)
