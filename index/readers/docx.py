"""`.docx`: a Word file; its paragraphs, list items and table rows, without what is deleted, hidden or only remarked."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError

from index.characters import normalise
from index.cleaning import tidy
from index.drafts import Draft
from index.errors import RejectedFile
from index.readers.facts import Told, facts
from index.readers.headers import take_header, take_lines
from index.readers.word_text import Styles, blocks_of, lines_of
from index.readers.zipped import open_archive

# What python-docx's own template says of itself, and of nobody's article.
_TEMPLATE_AUTHOR, _TEMPLATE_YEAR = "python-docx", 2013


def read(path: Path, most: int) -> Iterator[Draft | RejectedFile]:
    """The one article of a Word file."""
    document = _opened(path, most)
    styles = Styles(document.styles.element)
    blocks = list(blocks_of(document.element.body, styles))
    text = normalise(lines_of(blocks))
    if not text:
        raise RejectedFile(str(path), "it has no text")
    body, header, found_header = take_header(text)
    body, lines, found_lines = take_lines(body)
    headings = {kind: words for kind, words in reversed(blocks) if kind in ("title", "heading")}
    told, found_told = facts(_told(document, headings), body)
    yield Draft(text=tidy(body), found=found_told | found_lines | found_header, **(told | lines | header))


def _opened(path: Path, most: int) -> Any:
    """The document, of its parts in XML alone: pictures are not unpacked."""
    packed = io.BytesIO()
    with open_archive(path, most) as archive, zipfile.ZipFile(packed, "w") as light:
        if "[Content_Types].xml" not in archive:
            raise RejectedFile(str(path), "it is not a Word file")
        for name in archive.names():
            light.writestr(name, archive.read(name) if name.lower().endswith((".xml", ".rels")) else b"")
    try:
        return Document(packed)
    except (OpcError, ValueError, LookupError, SyntaxError, AttributeError, TypeError) as error:
        raise RejectedFile(str(path), f"it is not a Word file: {str(error).splitlines()[0][:200]}") from error


def _told(document: Any, headings: dict[str, str]) -> Iterator[Told]:
    package = document.part.package
    # Where a file has no properties, the library makes some up.
    own = any(each.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES for each in package.rels.values())
    if own:
        properties = document.core_properties
        yield "title", properties.title, "docx title"
        yield "author", None if properties.author == _TEMPLATE_AUTHOR else properties.author, "docx author"
        yield "language", properties.language, "docx language"
        made = properties.created
        if made is not None and made.year != _TEMPLATE_YEAR:
            yield "published_at", made, "file date (docx created)"
    yield "title", headings.get("title"), "paragraph in style Title"
    yield "title", headings.get("heading"), "first heading"
