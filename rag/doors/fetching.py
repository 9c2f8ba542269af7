"""A page of the web as a file of the home, so that it is read, and read again, like any other file.

`fetch` is the one place that opens connections for articles.
"""

import html
import re
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from index.errors import RejectedFile
from rag.doors.pinning import Pinned, check_url

if TYPE_CHECKING:
    from rag.settings import Settings

TIMEOUT_S = 15.0
WHOLE_S = 60.0
MOST_REDIRECTS = 5
SLOW = f"it took longer than {WHOLE_S:g} seconds"
HEADERS = {
    "User-Agent": "byline/0.1 (reads the pages that its user names)",
    "Accept": "text/html, application/xhtml+xml, text/plain, text/markdown",
    "Accept-Encoding": "gzip",
}
KINDS = {"text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt", "text/markdown": ".md"}
NAMES_ITSELF = re.compile(r"rel=[\"']?canonical|property=[\"']?og:url", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OnDisk:
    """Sources as paths; what could not be fetched, with the reason; and which address each fetched path is of."""

    paths: tuple[Path, ...]
    unfetched: tuple[tuple[str, str], ...]
    addresses: Mapping[str, str]

    def rejected(self, by_path: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """All that was rejected, pages by their addresses."""
        return (*self.unfetched, *((self.addresses.get(path, path), reason) for path, reason in by_path))


def is_address(source: str) -> bool:
    """Whether a source is an address of the web, and not a path."""
    return source.lower().startswith(("http://", "https://"))


def on_disk(
    settings: "Settings", sources: Sequence[Path | str], watch: Callable[[int, str], None] = lambda done, url: None
) -> OnDisk:
    """Fetch those sources that are addresses into the home; `watch` is told of each before it is fetched."""
    paths: list[Path] = []
    unfetched: list[tuple[str, str]] = []
    addresses: dict[str, str] = {}
    for number, source in enumerate(sources):
        if isinstance(source, Path) or not is_address(source):
            paths.append(Path(source))
            continue
        watch(number, source)
        most = int(settings.index.max_file_mb * 1_000_000)
        try:
            path = fetch(source, settings.home / "fetched", most, private=settings.index.private_addresses)
        except RejectedFile as rejected:
            unfetched.append((source, str(rejected)))
            continue
        paths.append(path)
        addresses[str(path)] = source
    return OnDisk(tuple(paths), tuple(unfetched), addresses)


def fetch(url: str, folder: Path, max_bytes: int, *, private: bool = False) -> Path:
    """Save the page of an address in the folder; the same address always in the same file. Raises RejectedFile.

    Only public addresses are connected to, at every hop, unless `private`; `max_bytes` is of the unpacked page.
    """
    check_url(url)
    ends = time.monotonic() + WHOLE_S
    try:
        with (
            httpx.Client(
                transport=Pinned(private=private),
                timeout=TIMEOUT_S,
                headers=HEADERS,
                trust_env=False,
            ) as client,
            closing(_arrived(client, url, ends)) as response,
        ):
            response.raise_for_status()
            kind = response.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
            if kind not in KINDS:
                raise RejectedFile(url, f"pages of kind {kind} are not read")
            body = _body(url, response, max_bytes, ends)
            charset, final = response.charset_encoding, str(response.url)
    except httpx.HTTPStatusError as error:
        raise RejectedFile(url, f"the server said {error.response.status_code}") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise RejectedFile(url, f"it cannot be fetched: {error}") from error
    return _saved(_place(url, folder, KINDS[kind]), body, charset, final)


def _arrived(client: httpx.Client, url: str, ends: float) -> httpx.Response:
    """The response at the end of the redirects, unread. The client itself would read the body of each on the way."""
    request = client.build_request("GET", url)
    for _ in range(MOST_REDIRECTS + 1):
        response = client.send(request, stream=True)
        if response.next_request is None:
            return response
        response.close()
        request = response.next_request
        if time.monotonic() > ends:
            raise RejectedFile(url, SLOW)
    raise RejectedFile(url, f"it leads on more than {MOST_REDIRECTS} times")


def _body(url: str, response: httpx.Response, max_bytes: int, ends: float) -> bytes:
    """The page unpacked; however well it was packed, no more of it is held than the limit and one piece."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip"):
        raise RejectedFile(url, f"pages packed as {packing} are not read")
    unpack = None if packing == "identity" else zlib.decompressobj(zlib.MAX_WBITS | 16)
    body = bytearray()
    try:
        for piece in response.iter_raw():
            body += unpack.decompress(piece, max_bytes + 1 - len(body)) if unpack else piece
            if len(body) > max_bytes:
                raise RejectedFile(url, f"it is larger than {max_bytes / 1e6:g} MB")
            if time.monotonic() > ends:
                raise RejectedFile(url, SLOW)
    except zlib.error as error:
        raise RejectedFile(url, f"it cannot be unpacked: {error}") from error
    if unpack and not unpack.eof:
        raise RejectedFile(url, "it cannot be unpacked: it ends too early")
    return bytes(body)


def _place(url: str, folder: Path, suffix: str) -> Path:
    host = re.sub(r"[^a-z0-9.-]", "", (urlsplit(url).hostname or "").lower())
    return folder / f"{host}-{sha256(url.encode()).hexdigest()[:16]}{suffix}"


def _saved(path: Path, body: bytes, charset: str | None, url: str) -> Path:
    """A page that does not name its own address is given the one that it came from; the charset of the server wins."""
    if charset is not None:
        try:
            body = "\ufeff".encode() + body.decode(charset, "replace").removeprefix("\ufeff").encode("utf-8", "replace")
        except LookupError:
            charset = None
    if path.suffix == ".html" and not NAMES_ITSELF.search(body.decode("latin-1")):
        mark = "\ufeff".encode() if body.startswith("\ufeff".encode()) else b""
        link = f'<link rel="canonical" href="{html.escape(url)}">\n'.encode()
        body = mark + link + body.removeprefix(mark)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != body:
        path.write_bytes(body)
    return path
