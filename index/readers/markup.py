"""Markup to text for formats whose markup is the story itself: chapters, feed entries, mails.

What cannot be seen is left out, and nothing is guessed to be boilerplate. Table rows become "| a | b |" and list items "- a".
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from index.readers.hidden import remove_hidden

_CLOSED = re.compile(r"<(title|script|style|textarea|iframe|a|b|i|em|strong|span|p|div|td|th)((?:\s[^<>]*)?)/>", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_SILENT = (
    "script", "style", "template", "noscript", "head", "object", "embed", "svg", "math", "audio", "video", "canvas", "iframe",
    "select", "textarea", "button", "rp",
)  # fmt: skip
_INLINE = (
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "q", "ruby", "rt", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr",
)  # fmt: skip
# Text longer than this in a cell is laid out by its table, not a figure in it.
_LONGEST_CELL = 300


class BrokenMarkup(ValueError):
    """The markup cannot be parsed at all."""


def parse_page(markup: str) -> Any:
    """The tree of a page or a fragment of one, without what a browser would not show. Raises BrokenMarkup."""
    closed = _CLOSED.sub(r"<\1\2></\1>", _DECLARATION.sub("", markup))
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        tree = html.document_fromstring(closed.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise BrokenMarkup(str(error)) from error
    remove_hidden(tree)
    return tree


def parse_data(data: bytes) -> Any:
    """The tree of an XML file; entities are never expanded, nothing is fetched. Raises BrokenMarkup."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True
    )
    try:
        tree: Any = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise BrokenMarkup(str(error)) from error
    return tree


def plain_text(markup: str) -> str:
    """The visible text of a page or a fragment."""
    return text_of(parse_page(markup)) if markup.strip() else ""


def text_of(tree: Any) -> str:
    """The text of a tree, a block a line, paragraphs apart by an empty line, list items and table rows together."""
    written: list[str] = []
    before = ""
    for kind, line in _blocks(tree):
        if written and kind != "break" and not (kind == before and kind in ("item", "row")):
            written.append("")
        written.append(line)
        before = before if kind == "break" else kind
    return "\n".join(written)


def heading_of(tree: Any) -> str | None:
    """The words of the first heading that has some."""
    for each in tree.iter("h1", "h2", "h3"):
        if words := _words(each):
            return words
    return None


def _blocks(tree: Any) -> Iterator[tuple[str, str]]:
    """Kind and words of each line. Without recursion: a page may be nested without end."""
    line: list[str] = []
    kind = "paragraph"
    skipping: Any = None
    for event, each in etree.iterwalk(tree, events=("start", "end")):
        if skipping is not None and (event == "start" or each is not skipping):
            continue
        tag = each.tag if isinstance(each.tag, str) else ""
        if tag not in _INLINE and skipping is None:
            if words := _squeezed("".join(line)):
                yield kind, f"- {words}" if kind == "item" else words
            if words or tag != "br":
                kind = "break" if tag == "br" else "item" if kind == "item" and not words else "paragraph"
            line = []
        if event == "end":
            skipping = None
            line.append(each.tail or "")
        elif (row := _row(each) if tag == "tr" else None) is not None or tag in _SILENT or not tag:
            if row:
                yield "row", row
            skipping = each
        else:
            kind = "item" if tag == "li" else kind
            line.append(each.text or "")
    if words := _squeezed("".join(line)):
        yield kind, words


def _row(row: Any) -> str | None:
    """A row of figures as one line, empty where it has none; None where the table only lays out a page."""
    cells = [each for each in row if each.tag in ("td", "th")]
    if len(cells) < 2 or any(each.find(".//table") is not None for each in cells):
        return None
    words = [_words(each) for each in cells]
    if any(len(each) > _LONGEST_CELL for each in words):
        return None
    return f"| {' | '.join(each.replace('|', '/') for each in words)} |" if any(words) else ""


def _words(element: Any) -> str:
    silent = {each for every in element.iter(*_SILENT) for each in every.iter()}
    parts = [element.text or ""]
    for each in element.iterdescendants():
        if each not in silent and isinstance(each.tag, str):
            parts.append(("" if each.tag in _INLINE else " ") + (each.text or ""))
        if each.tail and each.getparent() not in silent:
            parts.append(("" if each.tag in _INLINE else " ") + each.tail)
    return _squeezed("".join(parts))


def _squeezed(text: str) -> str:
    return " ".join(text.split())
