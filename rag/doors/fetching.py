"""A page of the web as a file of the home, so that it is read, and read again, like any other file."""

import html
import re
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from index.errors import RejectedFile

TIMEOUT_S = 30.0
MOST_REDIRECTS = 5
AGENT = "byline/0.1 (reads the pages that its user names)"
KINDS = {"text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt", "text/markdown": ".md"}
NAMES_ITSELF = re.compile(r"rel=[\"']?canonical|property=[\"']?og:url", re.IGNORECASE)


def is_address(source: str) -> bool:
    """Whether a source is an address of the web, and not a path."""
    return source.lower().startswith(("http://", "https://"))


def fetch(url: str, folder: Path, max_bytes: int, transport: httpx.BaseTransport | None = None) -> Path:
    """Save the page of an address in the folder; the same address always in the same file. Raises RejectedFile."""
    try:
        with (
            httpx.Client(
                follow_redirects=True,
                max_redirects=MOST_REDIRECTS,
                timeout=TIMEOUT_S,
                headers={"User-Agent": AGENT},
                transport=transport,
            ) as client,
            client.stream("GET", url) as response,
        ):
            response.raise_for_status()
            kind = response.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
            if kind not in KINDS:
                raise RejectedFile(url, f"pages of kind {kind} are not read")
            body = bytearray()
            for piece in response.iter_bytes():
                body += piece
                if len(body) > max_bytes:
                    raise RejectedFile(url, f"it is larger than {max_bytes / 1e6:g} MB")
            charset, final = response.charset_encoding, str(response.url)
    except httpx.HTTPStatusError as error:
        raise RejectedFile(url, f"the server said {error.response.status_code}") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise RejectedFile(url, f"it cannot be fetched: {error}") from error
    return _saved(_place(url, folder, KINDS[kind]), bytes(body), charset, final)


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
