"""One drafting from the articles that were named to the drafts in the queue."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from eval.drafting import KINDS, Kind, Refused, draft
from eval.drafts import write_draft
from eval.library import Articles
from index.errors import UsageError
from rag.runtimes.types import ChatModel

Wanted = tuple[str, Kind, int]
"""(article id, kind, stretch of the article)."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """The ids of the new drafts, and how many were refused for which reason; a draft made before counts as refused."""

    drafted: tuple[str, ...]
    refused: Mapping[str, int]


def plan_drafts(library: Articles, names: Sequence[str], kinds: Sequence[str], each: int) -> list[Wanted]:
    """What to draft. Raises UsageError for an article that is not in the index, and for an unknown kind."""
    if unknown := sorted(set(kinds) - set(KINDS)):
        raise UsageError(f"{unknown[0]!r} cannot be drafted.", f"Kinds are: {', '.join(KINDS)}.")
    ids: list[str] = []
    for name in names:
        found = [library.by_id(name)] if library.by_id(name) else list(library.by_name(name))
        if not found:
            raise UsageError(f"Article {name!r} is not in the index.", "See: byline articles list")
        ids += [article.id for article in found if article]
    chosen = dict.fromkeys(ids) if names else dict.fromkeys(library.ids())
    if not chosen:
        raise UsageError("There are no articles to draft from.", "Read some with: byline index PATH")
    asked = cast(Sequence[Kind], kinds or KINDS)
    return [
        (article_id, kind, window) for article_id in chosen for window in range(each) for kind in dict.fromkeys(asked)
    ]


def draft_all(
    home: Path, model: ChatModel, library: Articles, wanted: Sequence[Wanted], done: Callable[[], None]
) -> Drafted:
    """Draft what is wanted; each draft is in the queue as soon as it is made."""
    made: list[str] = []
    refused: Counter[str] = Counter()
    for article_id, kind, window in wanted:
        article, name = library.by_id(article_id), library.name_of(article_id)
        outcome = draft(model, article, name, kind, window) if article and name else Refused("the article has no name")
        if isinstance(outcome, Refused):
            refused[outcome.reason] += 1
        elif write_draft(home, outcome):
            made.append(outcome.id)
        else:
            refused["it is in the queue already"] += 1
        done()
    return Drafted(tuple(made), dict(refused.most_common()))
