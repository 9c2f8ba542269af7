"""`.mhtml`: a page saved by a browser with all its parts; its main document is read like any page."""

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

from index.dates import parse_date
from index.decoding import NotText, decode
from index.drafts import Draft
from index.errors import RejectedFile
from index.readers.html import draft_of
from index.readers.message import message_of


def read(path: Path, most: int) -> Iterator[Draft | RejectedFile]:
    """The one article of a saved page. The moment that it was saved is not the one it was published at."""
    message = message_of(path, most)
    page = _main_part(message)
    if page is None:
        raise RejectedFile(str(path), "it holds no page")
    try:
        data = page.get_payload(decode=True)
        text = decode(data if isinstance(data, bytes) else b"", markup=True, named=page.get_content_charset())
    except NotText as error:
        raise RejectedFile(str(path), str(error)) from error
    address = message.get("Snapshot-Content-Location") or page.get("Content-Location")
    draft = draft_of(text, str(address) if address and str(address).startswith(("http://", "https://")) else None)
    if draft is None:
        raise RejectedFile(str(path), "no article text was found in the page")
    saved = parse_date(str(message.get("Date", "")))
    if saved and draft.retrieved_at is None:
        draft = replace(draft, retrieved_at=saved, found={**draft.found, "retrieved_at": "mhtml Date"})
    yield draft


def _main_part(message: EmailMessage) -> EmailMessage | None:
    """The part that the `start` of the whole names, else the first that is a page."""
    pages = [each for each in message.walk() if each.get_content_type() in ("text/html", "application/xhtml+xml")]
    start = message.get_param("start")
    named = [each for each in pages if start and each.get("Content-ID") == start]
    return (named or pages)[0] if pages else None
