"""Hits on the screen."""

from collections.abc import Sequence

from index.types import Explanation, Hit, Vote
from rag.doors.terminal.bylines import heading
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.screen import Screen


def show_found(found: Explanation, screen: Screen, *, explain: bool) -> None:
    """Each hit with its byline and its words; with `explain`, what was made of the question and what found each hit."""
    for note in found.notes:
        screen.line(one_line(note), "dim", aside=True)
    if explain and len(found.parts) > 1:
        screen.line(one_line("Searched for: " + " · ".join(found.parts)), "dim")
    if not found.hits:
        screen.line("No passage found.")
    for hit, votes in zip(found.hits, found.votes, strict=True):
        rank = f"{hit.rank:>2}"
        screen.item(rank, heading(hit.article), "bold")
        screen.line(one_line(hit.passage.text), indent=len(rank) + 1)
        if explain:
            screen.line(placed(hit), "dim", indent=len(rank) + 1)
            for line in explained(votes):
                screen.line(one_line(line), "dim", indent=len(rank) + 1)


def placed(hit: Hit) -> str:
    """A hit's score, and where its words stand."""
    passage = hit.passage
    return f"score {hit.score:.4f}, {one_line(passage.article_id)} at {passage.start}..{passage.end}"


def explained(votes: Sequence[Vote]) -> list[str]:
    """What each search said of a hit, the weightiest first."""
    return [
        f"{vote.search}, rank {vote.rank}, score {vote.score:.3f}, adds {vote.share:.4f}, for {vote.question}"
        for vote in sorted(votes, key=lambda vote: (-vote.share, vote.search, vote.question))
    ]
