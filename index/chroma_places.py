"""Where Chroma keeps vectors: a folder of this machine, or a server."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit
from uuid import uuid4

from index.errors import UsageError

_PROCESS = uuid4().hex


class Folder:
    """A folder that Chroma keeps, and beside it a mark of the last change, made by a process that names itself.

    Within a process Chroma shares what it holds by the spelling of the path; so another spelling opens it afresh.
    """

    _spelled: dict[str, tuple[int, str]] = {}  # noqa: RUF012 - one for the process, as Chroma's own is
    _spelling = Lock()

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._mark = folder.with_name(f"{folder.name}.changed")
        self._number = -1

    def __str__(self) -> str:
        return self._folder

    def spelling(self) -> str:
        """The path as it is to be opened now, so that all that was written is seen."""
        self._number = self._latest()
        return self._folder + "/." * self._number

    def stale(self) -> bool:
        """Whether another process has changed it since it was opened here."""
        return self._latest() != self._number

    def changed(self) -> None:
        """Say that this process has changed it."""
        self._mark.write_text(f"{_PROCESS} {uuid4().hex}", encoding="ascii")

    def _latest(self) -> int:
        try:
            mark = self._mark.read_text(encoding="ascii")
        except FileNotFoundError:
            mark = ""
        with self._spelling:
            number, handled = self._spelled.get(self._folder, (0, mark))
            if mark != handled and not mark.startswith(_PROCESS):
                number += 1
            self._spelled[self._folder] = (number, mark)
            return number


@dataclass(frozen=True, slots=True)
class Server:
    """A Chroma server, which keeps its clients up to date itself."""

    secure: bool
    host: str
    port: int
    headers: Mapping[str, str]

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http{'s' if self.secure else ''}://{host}:{self.port}"

    def stale(self) -> bool:
        """Never."""
        return False

    def changed(self) -> None:
        """Nothing is to be said."""
        return


def server_at(url: str, headers: str = "") -> Server:
    """The server of an address such as http://127.0.0.1:8000. `headers` are as in "name: value; name: value"."""
    try:
        address = urlsplit(url)
        port = address.port
    except ValueError as error:
        raise UsageError(f"search.chroma_url {url} is not an address: {error}.", _LOOKS) from error
    if address.scheme not in {"http", "https"} or not address.hostname or address.path not in {"", "/"}:
        raise UsageError(f"search.chroma_url {url} is not an address.", _LOOKS)
    if "@" in address.netloc:
        raise UsageError("search.chroma_url holds a password.", "Send it in search.chroma_headers instead.")
    secure = address.scheme == "https"
    sent: dict[str, str] = {}
    for each in filter(None, (part.strip() for part in headers.split(";"))):
        name, colon, value = (part.strip() for part in each.partition(":"))
        if not colon or not name or not value or not f"{name}{value}".isascii() or not each.isprintable():
            raise UsageError("search.chroma_headers cannot be read.", "Write them as name: value; name: value.")
        sent[name] = value
    return Server(secure, address.hostname, port or (443 if secure else 8000), sent)


_LOOKS = "It looks like http://127.0.0.1:8000."
