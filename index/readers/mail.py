"""`.eml`: a mail, as newsletters and wire services send them. Its attachments are named, not read."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from index.characters import normalise
from index.cleaning import judged
from index.decoding import NotText, decode
from index.drafts import Draft
from index.errors import RejectedFile
from index.lines import text_of
from index.readers.bylines import Top
from index.readers.facts import Told, facts
from index.readers.headers import take_header
from index.readers.markup import BrokenMarkup, plain_text
from index.readers.message import message_of
from index.readers.plain import with_byline

_FORWARDED = re.compile(r"^\s*(?:(?:re|fwd?|aw|wg|tr)\s*:\s*)+", re.I)


def read(path: Path, most: int) -> Iterator[Draft | RejectedFile]:
    """The one article of a mail."""
    message = message_of(path, most)
    if not any(name in message for name in ("from", "subject", "date", "mime-version", "message-id")):
        raise RejectedFile(str(path), "it is not a mail: it has none of a mail's headers")
    text = _text(message)
    if not text:
        raise RejectedFile(str(path), "the mail has no text")
    body, header, found_header = take_header(text)
    told, found_told = facts(_told(message), body)
    lines, byline, found_byline = with_byline(judged(body), Top(told.get("language"), told.get("published_at")))
    # A byline in the text names who wrote the story; the sender may be who passed it on. Of dates the mail's own is exact.
    own = {name: each for name, each in byline.items() if name == "author"}
    fields = byline | told | header | own
    found = found_byline | found_told | found_header | {name: found_byline[name] for name in own}
    yield Draft(text=text_of(lines), found=found, lines=tuple(lines), **fields)
    for part in message.iter_attachments() if message.is_multipart() else ():
        from index.readers import FORMATS

        name = Path(str(part.get_filename() or "")).name
        if Path(name).suffix.lower() in FORMATS:
            yield RejectedFile(f"{path}:{name}", "attachments are not read", "Save it, and index the file.")


def _text(message: EmailMessage) -> str:
    """What the mail says: its page, which keeps tables and has no written-out links, unless the plain part says more."""
    plain, page = (_part(message, kind) for kind in ("plain", "html"))
    try:
        seen = normalise(plain_text(page)) if page.strip() else ""
    except BrokenMarkup:
        seen = ""
    plain = normalise(plain)
    return seen if len(seen) > len(plain) / 2 else plain


def _part(message: EmailMessage, kind: Any) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        data = part.get_payload(decode=True)
        text = decode(data, markup=True, named=part.get_content_charset()) if isinstance(data, bytes) else ""
    except NotText:
        return ""
    return _unflowed(text) if str(part.get_param("format", "")).lower() == "flowed" else text


def _unflowed(text: str) -> str:
    """Lines that were broken for sending, joined again (RFC 3676)."""
    return re.sub(r"(?<=\S) \r?\n(?=\S)", " ", text)


def _told(message: EmailMessage) -> Iterator[Told]:
    yield "title", _FORWARDED.sub("", str(message.get("Subject", ""))), "mail Subject"
    yield "author", _name(message), "mail From"
    yield "publisher", message.get("Organization"), "mail Organization"
    yield "published_at", message.get("Date"), "mail Date"
    yield "url", str(message.get("Archived-At", "")).strip(" <>"), "mail Archived-At"
    yield "language", message.get("Content-Language"), "mail Content-Language"


def _name(message: EmailMessage) -> str | None:
    """The sender's written name; an address alone is not a name."""
    sender: Any = message.get("From")
    addresses = getattr(sender, "addresses", ())
    return str(addresses[0].display_name) or None if addresses else None
