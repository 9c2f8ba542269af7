"""A draft becomes an article: it gets its name, its digest and its moment."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from index.drafts import Draft
from index.types import Article

_TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "ref_src", "cmpid", "smid")


def article_from(draft: Draft, path: Path | None, retrieved_at: datetime | None = None) -> Article:
    """The article of a draft; its id comes from its canonical URL, else from its path and its key there.

    It was retrieved when the text says so, else when its file was written.
    """
    place = canonical(draft.url) if draft.url else f"{path} {draft.key}".strip()
    written = None if retrieved_at or draft.retrieved_at else _written(path)
    found = {**draft.found, "retrieved_at": "file date"} if written else dict(draft.found)
    return Article(
        id=f"art_{_digest(place)[:16]}",
        text=draft.text,
        sha256=_digest(draft.text),
        title=draft.title,
        publisher=draft.publisher,
        author=draft.author,
        published_at=draft.published_at,
        updated_at=draft.updated_at,
        retrieved_at=retrieved_at or draft.retrieved_at or written or datetime.now(UTC),
        url=draft.url,
        path=str(path) if path else None,
        language=draft.language,
        found=found,
    )


def _written(path: Path | None) -> datetime | None:
    """When a file was written; None where it is not there, or is dated in the future."""
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC) if path else None
    except (OSError, ValueError, OverflowError):
        return None
    return written if written and written <= datetime.now(UTC) else None


def canonical(url: str) -> str:
    """A URL without what does not change the page: scheme, www, fragment, tracking, order of parameters, last slash."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    except ValueError:
        return url.strip()
    query = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not pair[0].startswith(_TRACKING))
    asked = f"?{urlencode(query)}" if query else ""
    return f"{host}{port}{parts.path.rstrip('/')}{asked}"


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
