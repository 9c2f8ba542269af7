"""Evidence by choosing sentences: what a reviewer is offered, and how a choice is read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eval.checks.support_words import content
from eval.library import Articles
from eval.queue import Item
from eval.types import Quote
from index.sentences import sentences

OFFERED = 20
_PICKS = re.compile(r"\d+(?:\|\d+)*")


@dataclass(frozen=True, slots=True)
class Offered:
    """A sentence that may be evidence, and how many words it shares with what was asked and said."""

    quote: Quote
    shared: int


def offer(item: Item, library: Articles) -> list[Offered]:
    """The sentences of the articles that were found, those that share most words first, in the articles' order among equals."""
    if item.answer is None:
        return []
    wanted = content(" ".join((item.question, item.answer["text"], *item.comments)))
    found = dict.fromkeys(str(each["article_id"]) for each in (*item.answer["passages"], *item.answer["citations"]))
    offered = []
    for article_id in found:
        article, name = library.by_id(article_id), library.name_of(article_id)
        if article is not None and name is not None:
            for span in sentences(article.text):
                text = article.text[span.start : span.end]
                offered.append(Offered(Quote(name, text), len(wanted & content(text))))
    return sorted(offered, key=lambda each: -each.shared)[:OFFERED]


def parse_picks(text: str, offered: Sequence[Offered]) -> tuple[tuple[Quote, ...], ...] | None:
    """Groups of evidence from "1 3" (both needed) and "1|3" (either will do); None where it is no such choice."""
    groups = text.replace(",", " ").split()
    if not all(_PICKS.fullmatch(group) for group in groups):
        return None
    numbers = [[int(number) for number in group.split("|")] for group in groups]
    if not all(1 <= number <= len(offered) for group in numbers for number in group):
        return None
    return tuple(tuple(offered[number - 1].quote for number in group) for group in numbers)
