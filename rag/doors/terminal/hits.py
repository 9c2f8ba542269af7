"""Hits on the screen."""

from collections.abc import Sequence

from index.types import Hit
from rag.doors.terminal.bylines import heading
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.screen import Screen


def show_hits(hits: Sequence[Hit], screen: Screen, *, explain: bool) -> None:
    """Each hit with its byline and its words; with `explain`, how it was found."""
    if not hits:
        screen.line("No passage found.")
    for hit in hits:
        rank = f"{hit.rank:>2} "
        screen.item(rank[:-1], heading(hit.article), "bold")
        screen.line(one_line(hit.passage.text), indent=len(rank))
        if explain:
            screen.line(explained(hit), "dim", indent=len(rank))


def explained(hit: Hit) -> str:
    """Which searches found a hit, its score, and where its words stand."""
    passage = hit.passage
    found = " and ".join(hit.found_by)
    return f"found by {found}, score {hit.score:.4f}, {passage.article_id} at {passage.start}..{passage.end}"
