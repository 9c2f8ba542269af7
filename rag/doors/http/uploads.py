"""Files that are sent in: their names are made harmless, and they are written nowhere but under `<home>/uploads/`."""

import re
import unicodedata
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile

from rag.doors.http.problems import Problem

LONGEST = 120
_ODD = re.compile(r"[^\w .,()+'&-]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def save_upload(home: Path, sent_name: str, content: bytes, suffixes: frozenset[str], max_bytes: int) -> Path:
    """Write one sent file, whole or not at all. Raises a problem for a type or size that is not taken."""
    name = safe_name(sent_name)
    suffix = Path(name).suffix.lower()
    if suffix not in suffixes:
        takes = ", ".join(sorted(suffixes))
        raise Problem("media-type", f"{name} is not a kind of file that is read.", f"Send one of: {takes}.")
    if len(content) > max_bytes:
        raise Problem("too-large", f"{name} is larger than {max_bytes} bytes.", "Raise index.max_file_mb, or split it.")
    if not content.strip():
        raise Problem("rejected-file", f"{name} is empty.", "Send the article's text.")
    folder = home / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    if path.exists() and path.read_bytes() != content:
        path = folder / f"{Path(name).stem}-{sha256(content).hexdigest()[:8]}{suffix}"
    with NamedTemporaryFile(dir=folder, prefix=".", suffix=".part", delete=False) as beside:
        beside.write(content)
    Path(beside.name).replace(path)
    return path


def safe_name(sent: str) -> str:
    """The last part of a sent name, with nothing in it that a file system or a terminal could take for more."""
    last = PurePosixPath(unicodedata.normalize("NFC", sent).replace("\\", "/")).name
    plain = _ODD.sub("_", last).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    name = f"{stem[: LONGEST - len(suffix) - 1]}{dot}{suffix[:10]}" if stem else plain[:LONGEST]
    if not name or _RESERVED.fullmatch(name):
        name = f"article-{name}" if name else "article"
    return name


def forget_upload(home: Path, path: str | None) -> None:
    """Remove an article's file if it was sent in or fetched; files that lie elsewhere are their owner's."""
    if path is None:
        return
    folders = ((home / "uploads").resolve(), (home / "fetched").resolve())
    for each in (Path(path), home / path):
        file = each.resolve()
        if file.parent in folders and file.is_file():
            file.unlink()
