"""The lines of a parsed page in the order of the page: paragraphs, headings, list items, captions, table rows.

Nothing is left out: what the markup says is not of the story carries the reason why.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.characters import normalise
from index.lines import Line
from index.readers.page_marks import SILENT, Reasons

INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "ruby",
        "rt",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "amp-fit-text",
    ]
)
_TOUCHING = frozenset({"a", "span", "time", "button", "label"})
# Text longer than this in a cell is laid out by its table, not a figure in it.
_LONGEST_CELL = 300


@dataclass(frozen=True, slots=True)
class Block:
    """A line with the element that it stands in, its tag there, and the share of its characters that are in links."""

    line: Line
    element: Any
    tag: str
    linked: float


def blocks_of(tree: Any, reasons: Reasons) -> list[Block]:
    """The lines of a page. Without recursion: a page may be nested deeply."""
    reading = _Reading(tree, reasons)
    for event, each in _walk(tree, reasons):
        reading.take(event, each)
    reading.end_line(tree)
    return reading.blocks


class _Reading:
    """A page as far as it is read: its lines, and the one in hand."""

    def __init__(self, tree: Any, reasons: Reasons) -> None:
        self.blocks: list[Block] = []
        self._reasons = reasons
        self._whys = [""]
        self._links = 0
        self._closed: Any = None
        self._begin(tree)

    def take(self, event: str, element: Any) -> None:
        """The next element, as it begins, as it ends, or whole."""
        if event == "start":
            self._start(element)
        elif event == "end":
            self._end(element)
        else:
            self._whole(element)
        if event != "start":
            self._add(element.tail)
        self._closed = element if event == "end" else None

    def end_line(self, then: Any, *, item: bool = False, broken: bool = False) -> None:
        """The line in hand is whole; the next stands in another element, or goes on in this one after a break."""
        text = _squeezed("".join(self._words))
        if text:
            tag = "li" if self._item else self._element.tag
            apart = not (self._broken or (self._item and bool(self.blocks) and self.blocks[-1].tag == "li"))
            line = Line(f"- {text}" if self._item else text, self._why, apart)
            self.blocks.append(Block(line, self._element, tag, min(1.0, self._linked / len(text))))
        self._begin(then, item=item or (self._item and not text), broken=broken and bool(text))

    def _begin(self, element: Any, *, item: bool = False, broken: bool = False) -> None:
        self._element, self._item, self._broken = element, item, broken
        self._why = self._whys[-1]
        self._words: list[str] = []
        self._linked = 0

    def _add(self, text: str | None) -> None:
        if text:
            self._words.append(text)
            self._linked += len(text.strip()) if self._links else 0

    def _start(self, element: Any) -> None:
        self._whys.append(self._whys[-1] or self._reasons.get(element, ""))
        self._links += element.tag == "a"
        closed = self._closed
        if element.tag not in INLINE:
            self.end_line(element, item=element.tag == "li")
        elif closed is not None and closed is element.getprevious() and {element.tag, closed.tag} <= _TOUCHING:
            self._words.append("" if closed.tail else " ")
        self._add(element.text)

    def _end(self, element: Any) -> None:
        self._whys.pop()
        self._links -= element.tag == "a"
        if element.tag not in INLINE:
            self.end_line(element.getparent())
            self._item = False

    def _whole(self, element: Any) -> None:
        why = self._whys[-1] or self._reasons.get(element, "")
        if element.tag == "br":
            self.end_line(self._element, broken=True)
        elif element.tag == "tr":
            self.end_line(element)
            line = Line(_row(element, self._reasons), why, apart=not _same_table(self.blocks, element))
            self.blocks.append(Block(line, element, "tr", 0.0))
            self._begin(element.getparent())
        elif element in self._reasons and (text := _words(element, {})):
            self.blocks.append(Block(Line(text, why), element, element.tag, 0.0))


def _walk(tree: Any, reasons: Reasons) -> Iterator[tuple[str, Any]]:
    """Elements as they begin and end; "aside" for one that is taken whole: silent, a break, a row, an odd part of a line."""
    stack = [(tree, iter(tree))]
    yield "start", tree
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield "end", element
        elif _is_whole(child, reasons):
            yield "aside", child
        else:
            yield "start", child
            stack.append((child, iter(child)))


def _is_whole(element: Any, reasons: Reasons) -> bool:
    tag = element.tag
    if not isinstance(tag, str) or tag in SILENT or tag == "br":
        return True
    return (tag == "tr" and bool(_row(element, reasons))) or (tag in INLINE and element in reasons)


def _same_table(blocks: list[Block], row: Any) -> bool:
    if not blocks or blocks[-1].tag != "tr":
        return False
    table = next(row.iterancestors("table"), None)
    return table is not None and next(blocks[-1].element.iterancestors("table"), None) is table


def _row(row: Any, reasons: Reasons) -> str:
    """A row of figures as one line; empty where the table only lays out a page."""
    cells = [each for each in row if each.tag in ("td", "th")]
    if len(cells) < 2 or any(each.find(".//table") is not None for each in cells):
        return ""
    words = [_words(each, reasons) for each in cells]
    if any(len(each) > _LONGEST_CELL for each in words) or any(len(each.findall(".//br")) > 3 for each in cells):
        return ""
    return f"| {' | '.join(each.replace('|', '/') for each in words)} |" if any(words) else ""


def _words(element: Any, reasons: Reasons) -> str:
    """The words of an element in one line."""
    unseen = {
        each
        for every in element.iter()
        if every is not element and (not isinstance(every.tag, str) or every.tag in SILENT or every in reasons)
        for each in every.iter()
    }
    parts = [element.text or ""]
    for each in element.iterdescendants():
        gap = "" if each.tag in INLINE else " "
        if each not in unseen:
            parts.append(gap + (each.text or ""))
        if each.tail and each.getparent() not in unseen:
            parts.append(gap + each.tail)
    return _squeezed("".join(parts))


def _squeezed(text: str) -> str:
    return " ".join(normalise(text).split())
