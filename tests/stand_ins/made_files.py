"""Files of many formats made for tests: what a format allows and what it is abused for."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from fpdf import FPDF

PROSE = "The harbour of Lindholm was closed on Monday after a storm tore two ferries from their moorings."
MORE = "Officials said that the repair would take until autumn and cost about $13.8 million, if not more."
LIE = "Forty ferries sank and nobody survived."

_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def chapter(heading: str, body: str) -> str:
    """A page of a book."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/>'
        f"<style>.x{{display:none}}</style></head><body><h1>{heading}</h1>{body}</body></html>"
    )


def epub(
    path: Path,
    pages: Mapping[str, str],
    labels: Mapping[str, str] | None = None,
    metadata: str = "",
    extra: Mapping[str, str | bytes] | None = None,
) -> Path:
    """A book of pages by name, with a table of contents where `labels` are given."""
    items = "".join(
        f'<item id="p{at}" href="{name}" media-type="application/xhtml+xml"/>' for at, name in enumerate(pages)
    )
    spine = "".join(f'<itemref idref="p{at}"/>' for at in range(len(pages)))
    nav = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>' if labels else ""
    links = "".join(f'<li><a href="{name}">{label}</a></li>' for name, label in (labels or {}).items())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", _CONTAINER)
        book.writestr(
            "OEBPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<metadata>{metadata}</metadata><manifest>{items}{nav}</manifest><spine>{spine}</spine></package>",
        )
        for name, page in pages.items():
            if not name.startswith(".."):
                book.writestr(f"OEBPS/{name}", page)
        if labels:
            book.writestr(
                "OEBPS/nav.xhtml",
                '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>'
                f'<nav epub:type="toc"><ol>{links}</ol></nav></body></html>',
            )
        for name, content in (extra or {}).items():
            book.writestr(name, content)
    return path


def pdf(path: Path, draw: Callable[[FPDF], None], **told: str) -> Path:
    """A PDF file of A4 pages in points, drawn on with Times 11."""
    made = FPDF(unit="pt", format="A4")
    made.set_auto_page_break(False)
    made.add_page()
    made.set_font("Times", size=11)
    for name, value in told.items():
        getattr(made, f"set_{name}")(value)
    draw(made)
    made.output(str(path))
    return path


def packed(members: Mapping[str, bytes]) -> bytes:
    """A zip archive in memory."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()
