"""Bylines in words: who wrote it, when, and which words."""

from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from rag.doors.terminal.safe import one_line

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Bylined(Protocol):
    """What carries a byline: an article, or a footnote."""

    @property
    def publisher(self) -> str | None:
        """Who published it."""
        ...

    @property
    def published_at(self) -> datetime | None:
        """When."""
        ...

    @property
    def title(self) -> str | None:
        """Under which title."""
        ...

    @property
    def url(self) -> str | None:
        """Where on the web."""
        ...

    @property
    def path(self) -> str | None:
        """Or in which file."""
        ...


def day(moment: datetime | None) -> str:
    """8 Jun 2025, in any locale."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}" if moment else "undated"


def publisher(of: Bylined) -> str:
    """The publisher, or the host that it came from."""
    if of.publisher:
        return one_line(of.publisher)
    return (one_line(urlsplit(of.url).hostname or "") if of.url else "") or "unknown publisher"


def byline(of: Bylined) -> str:
    """Publisher and date."""
    return f"{publisher(of)}, {day(of.published_at)}"


def heading(of: Bylined) -> str:
    """Publisher, date and title."""
    title = one_line(of.title or "")
    return f"{byline(of)} · {title}" if title else byline(of)


def where(of: Bylined) -> str:
    """The address or the file; empty where neither is known."""
    return one_line(of.url or of.path or "")


def copies(number: int) -> str:
    """How many more articles carry the same words; empty for none."""
    more = number - 1
    return f"and {more} {'copy' if more == 1 else 'copies'} of it" if more > 0 else ""


def quoted(text: str) -> str:
    """The words in quotation marks."""
    return f"“{one_line(text)}”"


def spell(milliseconds: float) -> str:
    """21 ms, 0.4 s, 12 s."""
    if milliseconds < 100:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds / 1000:.1f} s" if milliseconds < 10_000 else f"{milliseconds / 1000:.0f} s"


def size(bytes_: int) -> str:
    """91 MB, 1.1 GB."""
    return f"{bytes_ / 1e9:.1f} GB" if bytes_ >= 1e9 else f"{bytes_ / 1e6:.0f} MB"
