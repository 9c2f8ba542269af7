"""A message in the form of mails (RFC 5322, MIME), which saved pages have too."""

from email import message_from_bytes, policy
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from index.errors import RejectedFile
from index.readers.whole import read_bytes

# Parts in parts: each line is held against the border of every part that it may end.
_MOST_BORDERS = 200
# The library's time grows with the square of a header's length.
_LONGEST_HEADER = 4000

_registry = HeaderRegistry()


def message_of(path: Path, most: int) -> EmailMessage:
    """The message in a file. Raises RejectedFile where it is too large, unreadable, or nested without end."""
    data = read_bytes(path, most)
    if data.lower().count(b"boundary=") > _MOST_BORDERS:
        raise RejectedFile(str(path), f"it has parts in parts, more than {_MOST_BORDERS}")
    message: EmailMessage = message_from_bytes(data, policy=policy.default.clone(header_factory=_header))
    return message


def _header(name: str, value: str) -> Any:
    return _registry(name, value[:_LONGEST_HEADER])
