"""The text of a Word document's body, from its elements: insertions in, deletions, hidden letters and field codes out."""

from collections.abc import Iterable, Iterator
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", _FALLBACK))
_LONGEST_CELL = 300
# Styles build on styles, some in a circle.
_LONGEST_CHAIN = 20
_OFF = frozenset(("0", "false", "off", "none"))
# Half-points: letters of one point are there for machines.
_SMALLEST = 2
_WHITE = frozenset(("FFFFFF", "FEFEFE", "FDFDFD", "FCFCFC"))

# A kind ("title", "heading", "item", "row", "paragraph") and its words.
Block = tuple[str, str]


class Styles:
    """What the styles of a document say of hiding letters, of lists and of headings, theirs and those they build on."""

    def __init__(self, element: Any) -> None:
        self._by_id = {each.get(f"{_W}styleId"): each for each in element.iter(f"{_W}style")}

    def chain(self, style_id: str | None) -> list[Any]:
        """A style and those that it builds on, nearest first."""
        found: list[Any] = []
        while style_id in self._by_id and len(found) < _LONGEST_CHAIN:
            found.append(self._by_id[style_id])
            style_id = _value(found[-1].find(f"{_W}basedOn"))
        return found

    def name(self, style_id: str | None) -> str:
        """A style's name in lower case."""
        return (_value(self._by_id[style_id].find(f"{_W}name")) or "").lower() if style_id in self._by_id else ""


def lines_of(blocks: Iterable[Block]) -> str:
    """Blocks as text: list items and table rows stand together, all else is apart by an empty line."""
    written: list[str] = []
    before = ""
    for kind, words in blocks:
        if written and not (kind == before and kind in ("item", "row")):
            written.append("")
        written.append(f"- {words}" if kind == "item" else words)
        before = kind
    return "\n".join(written)


def blocks_of(parent: Any, styles: Styles, shaded: bool = False) -> Iterator[Block]:
    """Paragraphs and rows of a body, a cell or a text box in their order."""
    for each in parent.iterchildren():
        if each.tag == f"{_W}p":
            yield from _paragraph(each, styles, shaded)
            for box in each.iter(f"{_W}txbxContent"):
                # A box is kept twice, for programs new and old; one in a box comes with the box.
                if not any(above.tag in (_FALLBACK, f"{_W}txbxContent") for above in _above(box, each)):
                    yield from blocks_of(box, styles, True)
        elif each.tag == f"{_W}tbl":
            ground = any(_shades(one) for style in styles.chain(_style_of(each)) for one in style.iter(f"{_W}tcPr"))
            for row in each.iter(f"{_W}tr"):
                if next(row.iterancestors(f"{_W}tbl")) is each:
                    yield from _row(row, styles, ground)
        elif each.tag not in _GONE:
            yield from blocks_of(each, styles, shaded)


def _paragraph(paragraph: Any, styles: Styles, shaded: bool) -> Iterator[Block]:
    properties = paragraph.find(f"{_W}pPr")
    style_id = _value(properties.find(f"{_W}pStyle")) if properties is not None else None
    chain = styles.chain(style_id)
    ground = shaded or any(_shades(each) for each in (properties, *(one.find(f"{_W}pPr") for one in chain)))
    words = "".join(
        _run(each, chain, styles, ground) for each in paragraph.iter(f"{_W}r") if not _is_gone(each, paragraph)
    )
    lines = [line for line in (" ".join(each.split()) for each in words.split("\n")) if line]
    if not lines:
        return
    name = styles.name(style_id)
    numbered = any(
        each is not None and each.find(f"{_W}numPr") is not None
        for each in (properties, *(one.find(f"{_W}pPr") for one in chain))
    )
    if name == "title" or name.startswith("heading"):
        yield "title" if name == "title" else "heading", " ".join(lines)
    elif name.startswith("list") or numbered:
        yield "item", " ".join(lines)
    else:
        yield "paragraph", "\n".join(lines)


def _row(row: Any, styles: Styles, shaded: bool) -> Iterator[Block]:
    """A row of figures as one line; where the table only lays out text, its blocks."""
    cells = [
        list(blocks_of(each, styles, shaded or _shades(each.find(f"{_W}tcPr"))))
        for each in row.iter(f"{_W}tc")
        if next(each.iterancestors(f"{_W}tr")) is row
    ]
    words = [" ".join(" ".join(each.split()) for _, each in cell) for cell in cells]
    if len(cells) < 2 or any(len(each) > _LONGEST_CELL for each in words):
        for cell in cells:
            yield from cell
    elif any(words):
        yield "row", f"| {' | '.join(each.replace('|', '/') for each in words)} |"


def _run(run: Any, chain: list[Any], styles: Styles, shaded: bool) -> str:
    own = run.find(f"{_W}rPr")
    style = styles.chain(_value(own.find(f"{_W}rStyle"))) if own is not None else []
    looks = [each for each in (own, *(one.find(f"{_W}rPr") for one in (*style, *chain))) if each is not None]
    return "" if _is_hidden(looks, shaded) else "".join(_letters(each) for each in run.iterchildren())


def _letters(element: Any) -> str:
    tag = element.tag
    if tag == f"{_W}t":
        return element.text or ""
    if tag in (f"{_W}br", f"{_W}cr"):
        return "\n"
    return {f"{_W}tab": " ", f"{_W}noBreakHyphen": "-"}.get(tag, "")


def _is_hidden(looks: list[Any], shaded: bool) -> bool:
    """Whether letters that look so, the nearest look first, cannot be seen on the page."""
    vanishing = next((each for look in looks if (each := look.find(f"{_W}vanish")) is not None), None)
    if vanishing is not None and (vanishing.get(f"{_W}val") or "1") not in _OFF:
        return True
    size = next((value for look in looks if (value := _value(look.find(f"{_W}sz")))), "")
    if size.isdigit() and int(size) <= _SMALLEST:
        return True
    colour = next((value for look in looks if (value := _value(look.find(f"{_W}color")))), "")
    return (
        colour.upper() in _WHITE
        and not shaded
        and not any(_shades(each) or each.find(f"{_W}highlight") is not None for each in looks)
    )


def _shades(properties: Any) -> bool:
    """Whether these properties put a ground that is not white under the letters."""
    shade = properties.find(f"{_W}shd") if properties is not None else None
    return shade is not None and (shade.get(f"{_W}fill") or "auto").upper() not in {"AUTO", *_WHITE}


def _is_gone(run: Any, paragraph: Any) -> bool:
    return any(each.tag in _GONE for each in _above(run, paragraph))


def _style_of(table: Any) -> str | None:
    properties = table.find(f"{_W}tblPr")
    return _value(properties.find(f"{_W}tblStyle")) if properties is not None else None


def _above(element: Any, top: Any) -> Iterator[Any]:
    for each in element.iterancestors():
        if each is top:
            return
        yield each


def _value(element: Any) -> str | None:
    return element.get(f"{_W}val") if element is not None else None
