"""Reading order of a printed page: columns are parted at the white between them, by recursive cuts.

After the X-Y cut of Nagy and Seth (1984), with lines that cross a column's edge as the borders of what is above and below.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import mean

from index.readers.pdf_characters import Piece

# A column has at least so many lines, of on average so many letters; the cells of a table are shorter.
_COLUMN_LINES = 4
_COLUMN_LETTERS = 16
_STEP = 2.0
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column. `left` and `right` are the column's edges; a row of a table has its cells in its text."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    left: float
    right: float
    is_row: bool = False

    @property
    def height(self) -> float:
        """From the foot of the line to its top."""
        return self.y1 - self.y0


def in_order(pieces: Sequence[Piece], depth: int = 0) -> list[Line]:
    """The lines of a page as one reads them."""
    if not pieces:
        return []
    cut = _gutter(pieces) if depth < _DEEPEST else None
    if cut is None:
        return _halves(pieces, depth) if depth < _DEEPEST else _rows(pieces)
    crossing = sorted((each for each in pieces if each.x0 < cut < each.x1), key=_down)
    beside = [each for each in pieces if not each.x0 < cut < each.x1]
    lines: list[Line] = []
    above = float("-inf")
    for each in [*crossing, None]:
        below = _middle(each) if each else float("inf")
        band = [one for one in beside if above <= _middle(one) < below]
        lines += in_order([one for one in band if one.x1 <= cut], depth + 1)
        lines += in_order([one for one in band if one.x0 >= cut], depth + 1)
        if each:
            lines += _rows([each])
            above = below
    return _same_edges(lines, crossing)


def _same_edges(lines: list[Line], crossing: Sequence[Piece]) -> list[Line]:
    """Lines over all columns are of one column of their own."""
    if not crossing:
        return lines
    left, right = min(each.x0 for each in crossing), max(each.x1 for each in crossing)
    places = {(each.x0, each.y0) for each in crossing}
    return [replace(each, left=left, right=right) if (each.x0, each.y0) in places else each for each in lines]


def _down(piece: Piece) -> tuple[float, float]:
    return _middle(piece), piece.x0


def _middle(piece: Piece) -> float:
    return (piece.y0 + piece.y1) / 2


def _gutter(pieces: Sequence[Piece]) -> float | None:
    """Where to cut into columns: the white that the fewest lines cross, the widest of these; None where no columns stand."""
    left, right = min(each.x0 for each in pieces), max(each.x1 for each in pieces)
    steps = int(min(2000, (right - left) / _STEP))
    if len(pieces) < 2 * _COLUMN_LINES or steps < 10:
        return None
    crossed = [0] * (steps + 2)
    for each in pieces:
        first, last = int((each.x0 - left) / _STEP) + 1, int((each.x1 - left) / _STEP)
        if first <= last:
            crossed[min(first, steps)] += 1
            crossed[min(last, steps) + 1] -= 1
    total = 0
    for at, change in enumerate(crossed):
        total += change
        crossed[at] = total
    best: tuple[int, float, float] | None = None
    at = 1
    while at < steps:
        end = at
        while end < steps and crossed[end] == crossed[at]:
            end += 1
        cut = left + (at + end - 1) / 2 * _STEP
        score = (crossed[at], -(end - at) * _STEP, cut)
        if (best is None or score < best) and (end - at) * _STEP >= 4 and _parts_columns(pieces, cut):
            best = score
        at = end
    return best[2] if best else None


def _parts_columns(pieces: Sequence[Piece], cut: float) -> bool:
    """Whether lines of running text stand side by side left and right of a cut, and few cross it."""
    sides = [[each for each in pieces if each.x1 <= cut], [each for each in pieces if each.x0 >= cut]]
    if min(map(len, sides)) < _COLUMN_LINES or len(pieces) - sum(map(len, sides)) > min(map(len, sides)):
        return False
    if any(mean(len(each.text) for each in side) < _COLUMN_LETTERS for side in sides):
        return False
    one, other = ((min(map(_middle, side)), max(map(_middle, side))) for side in sides)
    top, bottom = max(one[0], other[0]), min(one[1], other[1])
    return all(sum(top <= _middle(each) <= bottom for each in side) >= _COLUMN_LINES - 1 for side in sides)


def _halves(pieces: Sequence[Piece], depth: int) -> list[Line]:
    """Above and below the widest white across the page, where one of them has columns of its own."""
    ordered = sorted(pieces, key=_down)
    foot = ordered[0].y1
    cut, white = 0, 0.0
    for at, each in enumerate(ordered[1:], 1):
        if each.y0 - foot > white:
            cut, white = at, each.y0 - foot
        foot = max(foot, each.y1)
    parts = (ordered[:cut], ordered[cut:])
    if cut and any(_gutter(part) is not None for part in parts):
        return [line for part in parts for line in in_order(part, depth + 1)]
    return _rows(pieces)


def _rows(pieces: Sequence[Piece]) -> list[Line]:
    """Pieces of one column as lines from top to bottom; lines of like cells are rows of a table."""
    left, right = min(each.x0 for each in pieces), max(each.x1 for each in pieces)
    rows: list[list[Piece]] = []
    for each in sorted(pieces, key=_down):
        if rows and _middle(each) < rows[-1][0].y1 - 0.3 * min(each.height, rows[-1][0].height):
            rows[-1].append(each)
        else:
            rows.append([each])
    rows = [sorted(row, key=lambda each: (each.x0, each.y0)) for row in rows]
    tabular = _tabular(rows)
    lines = []
    for at, row in enumerate(rows):
        cells = [each.text for each in row]
        text = f"| {' | '.join(each.replace('|', '/') for each in cells)} |" if at in tabular else " ".join(cells)
        x0, x1 = row[0].x0, max(each.x1 for each in row)
        lines.append(
            Line(x0, min(each.y0 for each in row), x1, max(each.y1 for each in row), text, left, right, at in tabular)
        )
    return lines


def _tabular(rows: Sequence[Sequence[Piece]]) -> set[int]:
    """Numbers of the rows whose cells stand under each other in a neighbouring row."""
    found: set[int] = set()
    for at, (one, other) in enumerate(pairwise(rows)):
        if len(one) == len(other) >= 2 and all(_under(a, b) for a, b in zip(one, other, strict=True)):
            found |= {at, at + 1}
    return found


def _under(one: Piece, other: Piece) -> bool:
    near = max(3.0, one.height / 3)
    ends = (one.x0 - other.x0, one.x1 - other.x1, (one.x0 + one.x1 - other.x0 - other.x1) / 2)
    return any(abs(each) < near for each in ends)
