"""A page or a feed of the web as a file of the home, so that it is read, and read again, like any other file.

`get` is the one function that opens connections for articles; who may be asked, and when, is in `manners`.
"""

import html
import re
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import httpx

from index.errors import RejectedFile
from rag.doors.pinning import Pinned, check_url

TIMEOUT_S = 15.0
WHOLE_S = 60.0
MOST_REDIRECTS = 5
SLOW = f"it took longer than {WHOLE_S:g} seconds"
HEADERS = {
    "User-Agent": "byline/0.1 (reads the pages and feeds that its user names)",
    "Accept": "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, text/plain, text/markdown",
    "Accept-Encoding": "gzip",
}
KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/atom+xml": ".xml",
    "application/rss+xml": ".xml",
    "application/rdf+xml": ".xml",
    "application/xml": ".xml",
    "text/xml": ".xml",
}
_NAMES_ITSELF = re.compile(r"rel=[\"']?canonical|property=[\"']?og:url", re.IGNORECASE)
_FEED = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?.{0,500}?\?>\s*|<!--.{0,2000}?-->\s*)*<(?:rss|feed|rdf:RDF)[\s>]", re.S
)
_MARK = "\ufeff".encode()
_UNCHANGED = 304
_LATER = (408, 425, 429)
_QUIET_S = 300.0


class NotNow(RejectedFile):
    """It cannot be fetched now, and may be another time; the server asks for so many seconds of quiet."""

    def __init__(self, path: str, problem: str, quiet_s: float = 0.0) -> None:
        super().__init__(path, problem, "byline refresh tries it again.")
        self.quiet_s = quiet_s


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a server said of the state of a page, to be asked later whether it is still so."""

    etag: str = ""
    modified: str = ""

    def headers(self) -> dict[str, str]:
        """The conditions of a request for it."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, slots=True)
class Got:
    """What a server answered, unpacked; `url` is where the redirects ended. The body is empty unless the status is 200."""

    status: int
    url: str
    headers: httpx.Headers
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page in its file."""

    path: Path
    stamp: Stamp

    @property
    def is_feed(self) -> bool:
        """Whether it lists articles instead of being one."""
        return self.path.suffix == ".xml"


# Told of an address before it is connected to, every hop of a redirect included; raises RejectedFile to prevent it.
Before = Callable[[str], None]


def is_address(source: str) -> bool:
    """Whether a source is an address of the web, and not a path."""
    return source.lower().startswith(("http://", "https://"))


def fetch(
    url: str,
    folder: Path,
    most: int,
    *,
    private: bool = False,
    before: Before = lambda url: None,
    stamp: Stamp = Stamp(),
) -> Fetched | None:
    """Save the page of an address in the folder, the same address always in the same file; None where its stamp still holds.

    Only public addresses are connected to, at every hop, unless `private`; `most` bytes are of the unpacked page.
    Raises RejectedFile, and NotNow where it may be had another time.
    """
    got = get(url, most, private=private, before=before, headers=stamp.headers())
    if got.status == _UNCHANGED and stamp.headers():
        return None
    if got.status != httpx.codes.OK:
        if got.status in _LATER or got.status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise NotNow(url, f"the server said {got.status}", _quiet(got))
        raise RejectedFile(url, f"the server said {got.status}")
    kind = got.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    if kind not in KINDS:
        raise RejectedFile(url, f"pages of kind {kind} are not read")
    suffix = KINDS[kind]
    if _FEED.match(got.body[:4000]):
        suffix = ".xml"
    elif suffix == ".xml":
        suffix = ".html"
    path = place(url, folder, suffix)
    write_if_new(path, _marked(got, suffix))
    return Fetched(path, Stamp(got.headers.get("etag", ""), got.headers.get("last-modified", "")))


def get(
    url: str,
    most: int,
    *,
    private: bool,
    before: Before = lambda url: None,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> Got:
    """Ask an address, and whatever it leads on to. Raises RejectedFile, and NotNow where nobody answers."""
    check_url(url)
    ends = time.monotonic() + WHOLE_S
    wire = Pinned(private=private, ends=ends)
    try:
        with (
            httpx.Client(transport=wire, timeout=TIMEOUT_S, headers={**HEADERS, **headers}, trust_env=False) as client,
            closing(_arrived(client, url, ends, before)) as response,
        ):
            body = _body(url, response, most, ends) if response.status_code == httpx.codes.OK else b""
            return Got(response.status_code, str(response.url), response.headers, body)
    except httpx.InvalidURL as error:
        raise RejectedFile(url, f"it cannot be fetched: {error}") from error
    except httpx.HTTPError as error:
        late = time.monotonic() > ends
        raise NotNow(url, SLOW if late else f"it cannot be fetched: {error or type(error).__name__}") from error


def place(url: str, folder: Path, suffix: str) -> Path:
    """The file of an address."""
    host = re.sub(r"[^a-z0-9.-]", "", (urlsplit(url).hostname or "").lower())
    return folder / f"{host}-{sha256(url.encode()).hexdigest()[:16]}{suffix}"


def write_if_new(path: Path, body: bytes) -> None:
    """Write a file unless it is there with just these bytes: its time says since when it has been so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != body:
        path.write_bytes(body)


def _arrived(client: httpx.Client, url: str, ends: float, before: Before) -> httpx.Response:
    """The response at the end of the redirects, unread. The client itself would read the body of each on the way."""
    request = client.build_request("GET", url)
    for _ in range(MOST_REDIRECTS + 1):
        check_url(str(request.url))
        before(str(request.url))
        response = client.send(request, stream=True)
        if response.next_request is None:
            return response
        response.close()
        request = response.next_request
        if time.monotonic() > ends:
            raise NotNow(url, SLOW)
    raise RejectedFile(url, f"it leads on more than {MOST_REDIRECTS} times")


def _body(url: str, response: httpx.Response, most: int, ends: float) -> bytes:
    """The page unpacked; however well it was packed, no more of it is held than the limit and one piece."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip"):
        raise RejectedFile(url, f"pages packed as {packing} are not read")
    unpack = None if packing == "identity" else zlib.decompressobj(zlib.MAX_WBITS | 16)
    body = bytearray()
    try:
        for piece in response.iter_raw():
            body += unpack.decompress(piece, most + 1 - len(body)) if unpack else piece
            if len(body) > most:
                raise RejectedFile(url, f"it is larger than {most / 1e6:g} MB")
            if time.monotonic() > ends:
                raise NotNow(url, SLOW)
    except zlib.error as error:
        raise RejectedFile(url, f"it cannot be unpacked: {error}") from error
    if unpack and not unpack.eof:
        raise RejectedFile(url, "it cannot be unpacked: it ends too early")
    return bytes(body)


def _quiet(got: Got) -> float:
    """For how many seconds a server asks to be left alone: Retry-After, in seconds or as a date (RFC 9110, 10.2.3)."""
    asked = got.headers.get("retry-after", "").strip()
    if asked.isdecimal():
        return float(asked)
    try:
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    except ValueError:
        return _QUIET_S if got.status == httpx.codes.TOO_MANY_REQUESTS else 0.0


def _marked(got: Got, suffix: str) -> bytes:
    """A page that does not name its own address is given the one that it came from; the charset of the server wins."""
    body = got.body
    charset = re.search(r"charset=[\"']?([\w.:-]+)", got.headers.get("content-type", ""), re.IGNORECASE)
    if charset is not None:
        try:
            text = body.decode(charset.group(1), "replace").removeprefix("\ufeff")
            body = _MARK + text.encode("utf-8", "replace")
        except LookupError:
            pass
    if suffix != ".html" or _NAMES_ITSELF.search(body.decode("latin-1")):
        return body
    mark = _MARK if body.startswith(_MARK) else b""
    return mark + f'<link rel="canonical" href="{html.escape(got.url)}">\n'.encode() + body.removeprefix(mark)
