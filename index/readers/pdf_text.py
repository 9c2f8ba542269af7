"""Pages of lines as the text of an article: without running heads and page numbers, lines joined into paragraphs."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from index.readers.pdf_characters import Page, Piece
from index.readers.pdf_layout import Line, in_order

# The share of a page's height at its top and at its foot where running heads stand.
_EDGE = 0.12
_NUMBERED = re.compile(
    r"(?:(?:page|p\.|seite|pagina|página)\s*)?[-–—|]?\s*\d{1,4}\s*(?:(?:of|/|von|de|sur)\s*\d{1,4})?\s*[-–—|]?", re.I
)
_STOPPED = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_BULLET = re.compile(r"[•◦▪‣●–*-]\s+")
_HYPHEN = re.compile(r"(\w+)[-\u00ad\u2010\x02]$")


@dataclass(frozen=True, slots=True)
class Printed:
    """The text of a file, the largest line of its first page, and the numbers of pages that are pictures without text."""

    text: str
    headline: str | None
    pictures: tuple[int, ...]


def printed(pages: Sequence[Page]) -> Printed:
    """The text of all pages in reading order."""
    kept = without_heads(pages)
    ordered = [in_order(page.pieces) for page in kept]
    words = Counter(re.findall(r"\w+(?:-\w+)*", " ".join(line.text for lines in ordered for line in lines)))
    paragraphs = _paragraphs(ordered, words)
    text, before = "", ""
    for paragraph, is_row in paragraphs:
        kind = "row" if is_row else "item" if _BULLET.match(paragraph) else ""
        text += ("\n" if kind and kind == before else "\n\n") + paragraph if text else paragraph
        before = kind
    pictures = tuple(number for number, page in enumerate(pages, 1) if page.pictured and not page.pieces)
    return Printed(text, _headline(ordered[0], words) if ordered else None, pictures)


def without_heads(pages: Sequence[Page]) -> list[Page]:
    """Pages without the lines at their edges that come again on other pages, and without their numbers."""
    seen = Counter(key for page in pages for key in {_key(page, each) for each in page.pieces if _at_edge(page, each)})
    most = max(2, round(0.4 * len(pages)))
    kept = []
    for page in pages:
        pieces = tuple(
            each
            for each in page.pieces
            if not (_at_edge(page, each) and (seen[_key(page, each)] >= most or _NUMBERED.fullmatch(each.text.strip())))
        )
        kept.append(replace(page, pieces=pieces))
    return kept


def _at_edge(page: Page, piece: Piece) -> bool:
    return piece.y1 < _EDGE * page.height or piece.y0 > (1 - _EDGE) * page.height


def _key(page: Page, piece: Piece) -> tuple[str, int]:
    """What makes two lines the same running head: their words without figures, at the same edge."""
    return re.sub(r"\d+", "#", piece.text.strip().casefold()), int(piece.y0 > page.height / 2)


def _headline(lines: Sequence[Line], words: Counter[str]) -> str | None:
    """The largest words of a page, where they are larger than the rest."""
    if not lines:
        return None
    usual, largest = median(each.height for each in lines), max(each.height for each in lines)
    if largest < 1.25 * usual:
        return None
    first = next(at for at, each in enumerate(lines) if each.height >= 0.95 * largest)
    run = [lines[first]]
    for each in lines[first + 1 :]:
        if each.height < 0.9 * largest:
            break
        run.append(each)
    text = ""
    for each in run:
        text = _joined(text, each.text, words) if text else each.text
    return text if 2 <= len(text.split()) <= 40 else None


def _paragraphs(ordered: Sequence[Sequence[Line]], words: Counter[str]) -> list[tuple[str, bool]]:
    """Paragraphs and rows of tables in order, each with whether it is a row."""
    lines = [(number, each) for number, page in enumerate(ordered) for each in page]
    paragraphs: list[tuple[str, bool]] = []
    before: tuple[int, Line] | None = None
    gaps = [b.y0 - a.y1 for page in ordered for a, b in pairwise(page) if _below(a, b)]
    usual = median(gaps) if gaps else 0.0
    for number, line in lines:
        goes_on = (
            before is not None and not line.is_row and not before[1].is_row and _goes_on(*before, number, line, usual)
        )
        if goes_on and paragraphs:
            paragraphs[-1] = (_joined(paragraphs[-1][0], line.text, words), False)
        else:
            paragraphs.append((line.text, line.is_row))
        before = (number, line)
    return paragraphs


def _below(one: Line, other: Line) -> bool:
    """Whether a line is the next of the same column."""
    return other.y0 > one.y0 and abs(other.left - one.left) < 1 and abs(other.right - one.right) < 1


def _goes_on(page: int, one: Line, next_page: int, other: Line, usual: float) -> bool:
    """Whether a line carries on the paragraph of the one before it."""
    height = min(one.height, other.height)
    if max(one.height, other.height) > 1.12 * height or _BULLET.match(other.text):
        return False
    stopped = bool(_STOPPED.search(one.text))
    indented = other.x0 - other.left > 0.7 * height
    if page == next_page and _below(one, other):
        if other.y0 - one.y1 > min(usual, 1.2 * height) + 0.45 * height or (
            indented and one.x0 - one.left < 0.7 * height
        ):
            return False
        return not _breaks_off(one, other, stopped)
    return not stopped and (_carries(other) or not (indented or _breaks_off(one, other, stopped)))


def _breaks_off(one: Line, other: Line, stopped: bool) -> bool:
    """Whether a line ends where its writer meant it to: the next word would have had room on it."""
    word = len(other.text.split(" ", 1)[0]) / max(1, len(other.text)) * (other.x1 - other.x0)
    room = one.right - one.x1
    # Where no sentence ends, only much room tells: lines that are not justified are of many lengths.
    return room > word + (0.02 if stopped else 0.25) * (one.right - one.left)


def _carries(line: Line) -> bool:
    """Whether a line opens like the middle of a sentence."""
    return line.text[:1].islower()


def _joined(text: str, more: str, words: Counter[str]) -> str:
    """Two parts of a paragraph as one; a word that was parted at the end of a line is whole again."""
    parted = _HYPHEN.search(text)
    rest = re.match(r"\w+", more)
    if not parted or not rest or not rest[0][0].islower():
        return f"{text} {more}"
    stem = text[: parted.end(1)]
    # Elsewhere in the text the word may stand in one piece: with its hyphen, or without.
    if words[f"{parted[1]}-{rest[0]}"] > words[parted[1] + rest[0]]:
        return f"{stem}-{more}"
    return stem + more
