"""A whole file as bytes or as text, or the reason why it cannot be one article."""

from pathlib import Path

from index.decoding import NotText, decode
from index.errors import RejectedFile


def read_bytes(path: Path, most: int) -> bytes:
    """The bytes of a file, no more than `most` of them. Raises RejectedFile where it is too large or unreadable."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise RejectedFile(str(path), f"it cannot be read: {error.strerror or error}") from error
    if len(data) > most:
        size = f"it is larger than {most / 1_000_000:g} MB"
        raise RejectedFile(str(path), size, "Raise index.max_file_mb to read it.")
    return data


def read_whole(path: Path, most: int, *, markup: bool = False) -> str:
    """The decoded text of a file. Raises RejectedFile where it is too large, unreadable, empty, binary or garbled."""
    try:
        return decode(read_bytes(path, most), markup=markup)
    except NotText as error:
        raise RejectedFile(str(path), str(error)) from error
