"""Letters of a PDF file with their places, in pieces of one line each; letters that cannot be seen on the page are left out."""

import ctypes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

# Points. Smaller letters are there for machines.
_SMALLEST = 2.0
# A gap this wide, in heights of a line, parts columns and cells; between words it is far less.
_GAP = 1.1
_MOST_GROUNDS = 3000
_INVISIBLE = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
_UNKNOWN = None
_WHITE = (255, 255, 255)
_NOWHERE = (0.0, 0.0, 0.0, 0.0)

Box = tuple[float, float, float, float]
Colour = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters side by side on one line. Points from the top left corner of the upright page."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str

    @property
    def height(self) -> float:
        """From the foot of the line to its top."""
        return self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Page:
    """A page's pieces in the order in which they are drawn. `pictured`: a picture covers most of it, as of a scan."""

    width: float
    height: float
    pieces: tuple[Piece, ...]
    pictured: bool


class Locked(ValueError):
    """The file is locked with a password."""


class Broken(ValueError):
    """The file is not a PDF, or is damaged."""


@dataclass(frozen=True, slots=True)
class _Letter:
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class _Ground:
    """Something filled, at its place among what is drawn; of a picture the colour is not known."""

    order: int
    box: Box
    colour: Colour


def open_pages(path: Path) -> tuple[dict[str, str], int, Iterator[Page]]:
    """What the file says of itself, how many pages it has, and each. Raises Locked or Broken."""
    try:
        document = pypdfium2.PdfDocument(path)
        told = {name: str(value) for name, value in document.get_metadata_dict(skip_empty=True).items()}
        return told, len(document), _pages(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Locked(str(error)) from error
        raise Broken(str(error)) from error


def _pages(document: Any) -> Iterator[Page]:
    for number in range(len(document)):
        try:
            page = document[number]
            yield _page(page)
            page.close()
        except pypdfium2.PdfiumError:
            yield Page(0, 0, (), False)


def _page(page: Any) -> Page:
    left, bottom, right, top = page.get_bbox()
    text = page.get_textpage()
    order, grounds, pictured = _grounds(page, (left, bottom, right, top))
    upright = _turn(text)
    letters = [
        _Letter(letter.text, _turned(letter.box, upright, (left, bottom, right, top)))
        for letter in _letters(text, upright, order, grounds, (left, bottom, right, top))
    ]
    width, height = (right - left, top - bottom) if upright % 2 == 0 else (top - bottom, right - left)
    text.close()
    return Page(width, height, tuple(_pieces(letters)), pictured)


def _turn(text: Any) -> int:
    """How many quarter turns, clockwise, most of the letters make."""
    every = max(1, text.count_chars() // 300)
    turns = Counter(_quarter(text, at) for at in range(0, text.count_chars(), every))
    return max(sorted(turns), key=lambda each: turns[each], default=0) % 4


def _quarter(text: Any, at: int) -> int:
    angle = float(pdfium.FPDFText_GetCharAngle(text, at))
    return round(angle / 1.5707963) % 4 if angle >= 0 else 0


def _letters(text: Any, turn: int, order: dict[int, int], grounds: list[_Ground], page: Box) -> Iterator[_Letter]:
    """All letters that can be seen and stand as most do, with the spaces that the library puts between words."""
    loose = pdfium.FS_RECTF()
    near: list[_Ground] = []
    owner, ink, shown = -1, _UNKNOWN, True
    for at in range(text.count_chars()):
        letter = chr(pdfium.FPDFText_GetUnicode(text, at))
        if pdfium.FPDFText_IsGenerated(text, at) == 1 or letter.isspace():
            yield _Letter(" ", _NOWHERE)
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text, at, loose) or _quarter(text, at) != turn:
            continue
        box = (float(loose.left), float(loose.bottom), float(loose.right), float(loose.top))
        drawn = pdfium.FPDFText_GetTextObject(text, at)
        this = ctypes.cast(drawn, ctypes.c_void_p).value or 0
        if this != owner:
            owner = this
            ink, shown = _ink(text, at, drawn)
            near = _under(drawn, grounds)
        if _is_seen(box, ink, shown, order.get(owner, 1 << 30), near, page):
            yield _Letter("-" if pdfium.FPDFText_IsHyphen(text, at) == 1 else letter, box)


def _ink(text: Any, at: int, drawn: Any) -> tuple[Colour, bool]:
    """The colour of a letter, and whether it is drawn at all."""
    parts = [ctypes.c_uint() for _ in range(4)]
    mode = pdfium.FPDFTextObj_GetTextRenderMode(drawn)
    if not pdfium.FPDFText_GetFillColor(text, at, *parts):
        return _UNKNOWN, mode not in _INVISIBLE
    red, green, blue, alpha = (int(each.value) for each in parts)
    return (red, green, blue), mode not in _INVISIBLE and alpha > 8


def _is_seen(box: Box, ink: Colour, shown: bool, order: int, near: list[_Ground], page: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    if not (page[0] <= x <= page[2] and page[1] <= y <= page[3]):
        return False
    if min(box[3] - box[1], max(box[2] - box[0], box[3] - box[1])) < _SMALLEST:
        return False
    here = [each for each in near if each.box[0] <= x <= each.box[2] and each.box[1] <= y <= each.box[3]]
    if not shown:
        # A scan whose letters were read by a machine: they stand unseen over their picture.
        return any(each.colour is _UNKNOWN for each in here)
    if any(each.order > order and each.colour is not _UNKNOWN for each in here):
        return False
    ground = here[-1].colour if here else _WHITE
    return ink is _UNKNOWN or ground is _UNKNOWN or max(abs(a - b) for a, b in zip(ink, ground, strict=True)) > 12


def _under(drawn: Any, grounds: list[_Ground]) -> list[_Ground]:
    """The grounds that some of the letters of an object may stand on."""
    bounds = [ctypes.c_float() for _ in range(4)]
    if not grounds or not pdfium.FPDFPageObj_GetBounds(drawn, *bounds):
        return grounds
    left, bottom, right, top = (float(each.value) for each in bounds)
    return [
        each
        for each in grounds
        if each.box[0] <= right and each.box[2] >= left and each.box[1] <= top + 4 and each.box[3] >= bottom - 4
    ]


def _grounds(page: Any, whole: Box) -> tuple[dict[int, int], list[_Ground], bool]:
    """Where each object stands in the order of drawing, what is filled, and whether a picture covers most of the page."""
    order: dict[int, int] = {}
    grounds: list[_Ground] = []
    area = max(1.0, (whole[2] - whole[0]) * (whole[3] - whole[1]))
    pictured = False
    for number, each in enumerate(page.get_objects(max_depth=1)):
        order[ctypes.cast(each.raw, ctypes.c_void_p).value or 0] = number
        if each.type == pdfium.FPDF_PAGEOBJ_TEXT or len(grounds) >= _MOST_GROUNDS:
            continue
        try:
            box = each.get_bounds()
        except pypdfium2.PdfiumError:
            continue
        size = (box[2] - box[0]) * (box[3] - box[1])
        if each.type == pdfium.FPDF_PAGEOBJ_PATH:
            colour = _fill(each.raw)
            if colour is _UNKNOWN or size < 4:
                continue
            grounds.append(_Ground(number, box, colour))
        else:
            pictured = pictured or (each.type == pdfium.FPDF_PAGEOBJ_IMAGE and size > area / 2)
            grounds.append(_Ground(number, box, _UNKNOWN))
    return order, grounds, pictured


def _fill(path: Any) -> Colour:
    """The colour that a path is filled with; None where it is only a line, or lets through what is under it."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    parts = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPath_GetDrawMode(path, mode, stroke) or mode.value == pdfium.FPDF_FILLMODE_NONE:
        return _UNKNOWN
    if not pdfium.FPDFPageObj_GetFillColor(path, *parts) or parts[3].value < 250:
        return _UNKNOWN
    return int(parts[0].value), int(parts[1].value), int(parts[2].value)


def _turned(box: Box, turn: int, page: Box) -> Box:
    """A box of the file, whose y grows upwards, as one of the upright page, whose y grows downwards."""
    x0, y0, x1, y1 = box[0] - page[0], box[1] - page[1], box[2] - page[0], box[3] - page[1]
    width, height = page[2] - page[0], page[3] - page[1]
    return (
        (x0, height - y1, x1, height - y0),
        (height - y1, width - x1, height - y0, width - x0),
        (width - x1, y0, width - x0, y1),
        (y0, x0, y1, x1),
    )[turn]


def _pieces(letters: list[_Letter]) -> Iterator[Piece]:
    """Letters that follow each other on one line, without a wide gap."""
    held: list[_Letter] = []
    space = False
    for letter in letters:
        if letter.text == " ":
            space = True
            continue
        if held and not _follows(held[-1].box, letter.box):
            yield _piece(held)
            held, space = [], False
        if held and space:
            held.append(_Letter(" ", held[-1].box))
        held.append(letter)
        space = False
    if held:
        yield _piece(held)


def _follows(before: Box, after: Box) -> bool:
    height = min(before[3] - before[1], after[3] - after[1])
    overlap = min(before[3], after[3]) - max(before[1], after[1])
    gap = after[0] - before[2]
    return overlap > 0.4 * height and -0.6 * height < gap < _GAP * max(height, 6)


def _piece(held: list[_Letter]) -> Piece:
    text = "".join(each.text for each in held)
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    sides = list(zip(*(each.box for each in held), strict=True))
    heights = sorted(each.box[3] - each.box[1] for each in held)
    bottom = max(sides[3])
    return Piece(min(sides[0]), bottom - heights[len(heights) // 2], max(sides[2]), bottom, whole)
