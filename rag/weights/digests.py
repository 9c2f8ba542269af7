"""sha256 of files, remembered beside them: a file of the same size and time is not read again."""

import hashlib
import json
import os
from pathlib import Path

BLOCK = 1 << 20
STAMPS = ".digests.json"


def hashed(path: Path) -> str:
    """The sha256 of a file's bytes, read now."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(path: Path, models: Path) -> str:
    """The sha256 of a file, from the stamps of the models directory where the file has not changed since."""
    stamped = _stamps(models).get(_key(path, models))
    if stamped and stamped[:2] == _shape(path):
        return str(stamped[2])
    digest = hashed(path)
    remember(path, models, digest)
    return digest


def remembered(path: Path, models: Path) -> str | None:
    """The stamped sha256 of a file that has not changed since; None where there is none."""
    stamped = _stamps(models).get(_key(path, models))
    return str(stamped[2]) if stamped and path.is_file() and stamped[:2] == _shape(path) else None


def remember(path: Path, models: Path, digest: str) -> None:
    """Stamp a file. A models directory that cannot be written is left as it is: it is only hashed again next time."""
    stamps = _stamps(models) | {_key(path, models): [*_shape(path), digest]}
    fresh = models / f"{STAMPS}.{os.getpid()}"
    try:
        models.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(stamps, indent=1, sort_keys=True), encoding="utf-8")
        fresh.replace(models / STAMPS)
    except OSError:
        fresh.unlink(missing_ok=True)


def _key(path: Path, models: Path) -> str:
    whole, root = path.resolve(), models.resolve()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else whole.as_posix()


def _shape(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def _stamps(models: Path) -> dict[str, list[int | str]]:
    try:
        read = json.loads((models / STAMPS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
