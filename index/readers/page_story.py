"""Which lines of a page are its story: those in the part of the page where most of the running text stands, under the headline."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from index.boilerplate import LABELS, OTHERS, plain
from index.cleaning import is_prose, judge
from index.lines import Line
from index.readers.page_lines import Block

# The part that holds this share of the running text is taken for the story's.
_MOST = 0.7
_LINKED = 0.9
_FRAMES = frozenset({"td", "div", "section", "article", "main"})
_FEW = 6


def story_of(blocks: Sequence[Block], headline: Any) -> list[Line]:
    """The lines of a page with the verdict on each."""
    lines = [each.line for each in blocks]
    alive = [at for at, each in enumerate(blocks) if not each.line.why]
    if not alive:
        return lines
    part = _part(blocks, alive, headline)
    inside = [at for at in alive if part is None or _within(blocks[at].element, part)]
    first, last = inside[0], inside[-1]
    named = [at for at in alive if headline is not None and _within(blocks[at].element, headline)]
    top = named[0] if named and named[0] <= last else _opening(blocks, alive, first, part)
    for at in alive:
        if at < top:
            lines[at] = replace(lines[at], why="above the headline" if named else "above the story")
        elif at > last:
            lines[at] = replace(lines[at], why="below the story")
        elif at not in named and (why := _only_links(blocks, at)):
            lines[at] = replace(lines[at], why=why)
    return judge(lines)


def headline_of(tree: Any, title: str | None) -> Any:
    """The element of the headline: of the first headings the one that says the declared title, else the only h1."""
    tops = [each for each in tree.iter("h1", "h2") if _squeezed(each)]
    wanted = _folded(title or "")
    for each in tops:
        said = _folded(_squeezed(each))
        if said and wanted and (said == wanted or (len(said) > 15 and (said in wanted or wanted in said))):
            return each
    ones = [each for each in tops if each.tag == "h1"]
    return ones[0] if len(ones) == 1 else None


def _part(blocks: Sequence[Block], alive: Sequence[int], headline: Any) -> Any:
    """The innermost element that holds most of the running text; None where there is hardly any."""
    weights: Counter[Any] = Counter()
    whole = 0
    for at in alive:
        block = blocks[at]
        if not is_prose(block.line.text) or block.linked > 0.5:
            continue
        whole += len(block.line.text)
        for each in (block.element, *block.element.iterancestors()):
            weights[each] += len(block.line.text)
    best = None
    for each, weight in weights.items():
        if weight >= _MOST * whole and (best is None or _within(each, best)):
            best = each
    return best


def _opening(blocks: Sequence[Block], alive: Sequence[int], first: int, part: Any) -> int:
    """Where a story without a marked headline begins: with the few lines above it in the same frame of the page."""
    frame = next((each for each in part.iterancestors() if each.tag in _FRAMES), None) if part is not None else None
    above = [at for at in alive if at < first and frame is not None and _within(blocks[at].element, frame)]
    if not above or len(above) > _FEW or any(blocks[at].linked > 0.5 for at in above):
        return first
    return above[0]


def _within(element: Any, part: Any) -> bool:
    return element is part or any(each is part for each in element.iterancestors())


def _only_links(blocks: Sequence[Block], at: int) -> str:
    """Why a line that is a link and nothing else is not of the story; empty where it may be."""
    block = blocks[at]
    text = block.line.text.removeprefix("- ")
    if block.linked < _LINKED or len(text.split()) < 4 or re.search(r"[.!?…][\"'”’)\]]*$", text):
        before = blocks[at - 1].line if at else None
        labelled = before is not None and plain(before.text) in OTHERS | LABELS
        return "a link under “" + before.text + "”" if before and labelled and block.linked >= _LINKED else ""
    return "a link and nothing else"


def _squeezed(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
