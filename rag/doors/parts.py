"""What the doors open, behind one border: the engine, the index and its builder. Tests put a scripted engine here."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from index.types import Explanation, Filters
from rag.protocols import Asking

if TYPE_CHECKING:
    from index.protocols import Catalogue
    from rag.settings import Settings

Tell = Callable[[str], None]


class Explaining(Protocol):
    """A retriever that says how it found what it found."""

    def explain(self, question: str, k: int, filters: Filters = Filters()) -> Explanation:
        """At most k hits, best first, with what found each."""
        ...


def _engine(settings: "Settings", tell: Tell) -> Asking:
    from rag.wiring import open_engine

    return open_engine(settings.home, settings, tell=tell)


def _catalogue(settings: "Settings") -> "AbstractContextManager[Catalogue]":
    from rag.doors.reading import read_catalogue

    return read_catalogue(settings)


def _retriever(settings: "Settings") -> AbstractContextManager[Explaining]:
    from rag.doors.reading import open_retriever

    return open_retriever(settings)


def _add(settings: "Settings", sources: Sequence[str], tell: Tell) -> list[str]:
    from rag.doors.indexing import add_sources

    return add_sources(settings, sources, tell)


@dataclass(frozen=True, slots=True)
class Parts:
    """How a door gets what it needs; opening is slow, so nothing is opened before it is asked for.

    `catalogue` reads the articles without a model, `retriever` searches without one that writes; `add` reads new ones, and says in lines what became of them.
    """

    engine: "Callable[[Settings, Tell], Asking]" = _engine
    catalogue: "Callable[[Settings], AbstractContextManager[Catalogue]]" = _catalogue
    retriever: "Callable[[Settings], AbstractContextManager[Explaining]]" = _retriever
    add: "Callable[[Settings, Sequence[str], Tell], list[str]]" = _add
