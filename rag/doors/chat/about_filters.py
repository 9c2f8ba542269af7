"""Commands about which articles may be searched, and how much is declined."""

import difflib
from dataclasses import replace

from index.errors import UsageError
from index.types import Filters
from rag.doors.chat.talk import Talk
from rag.doors.filters import moment
from rag.doors.terminal.safe import one_line


def set_since(talk: Talk, words: str) -> None:
    """Only articles from a day on; no day takes the filter away."""
    talk.filters = replace(talk.filters, since=moment(words, end=False) if words else None)
    _say(talk)


def set_until(talk: Talk, words: str) -> None:
    """Only articles up to a day."""
    talk.filters = replace(talk.filters, until=moment(words, end=True) if words else None)
    _say(talk)


def set_as_of(talk: Talk, words: str) -> None:
    """As if asked on a day."""
    talk.filters = replace(talk.filters, as_of=moment(words, end=True) if words else None)
    _say(talk)


def add_publisher(talk: Talk, words: str) -> None:
    """Only one publisher, and those already named; no name takes all of them away."""
    if not words:
        talk.filters = replace(talk.filters, publishers=())
    else:
        name = _known(words, talk.names.publishers(wait=True))
        talk.filters = replace(talk.filters, publishers=tuple(dict.fromkeys((*talk.filters.publishers, name))))
    _say(talk)


def clear_filters(talk: Talk, _: str) -> None:
    """All articles again."""
    talk.filters = Filters()
    _say(talk)


def set_strictness(talk: Talk, words: str) -> None:
    """How much is declined; no number gives the setting back."""
    try:
        wanted = float(words) if words else None
    except ValueError:
        wanted = -1.0
    if wanted is not None and not 0 <= wanted <= 1:
        raise UsageError(f"{words} is not a strictness.", "Give a number from 0 (says most) to 1 (declines most).")
    talk.strictness = wanted
    _say(talk)


def _known(words: str, publishers: tuple[str, ...]) -> str:
    by_name = {name.casefold(): name for name in publishers}
    if words.casefold() in by_name or not publishers:
        return by_name.get(words.casefold(), words)
    near = difflib.get_close_matches(words.casefold(), list(by_name), n=1, cutoff=0.5)
    hint = f"Did you mean {by_name[near[0]]}?" if near else f"Known are: {', '.join(publishers[:10])}."
    raise UsageError(f"No article is by {one_line(words)}.", one_line(hint))


def _say(talk: Talk) -> None:
    said = talk.status()
    talk.screen.line(f"Asking with: {said}." if said else "Asking all articles.", "dim")
