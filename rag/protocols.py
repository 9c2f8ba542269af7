"""What the doors ask of the engine; `rag.engine.Engine` is the one they get."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from index.types import Filters, Hit
from rag.types import Answer, Event, Turn


class Asking(Protocol):
    """Questions in, proven answers out. Safe to call from several threads; one answer is written at a time."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        strictness: float | None = None,
    ) -> Answer:
        """The whole answer. Raises UsageError for an empty or over-long question."""
        ...

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        strictness: float | None = None,
    ) -> Iterator[Event]:
        """The same answer as it is made: PassagesFound, then sentences as they pass, last Done. Closing it stops the model."""
        ...

    def search(self, question: str, k: int | None = None, filters: Filters = Filters()) -> list[Hit]:
        """The hits alone, without the model."""
        ...

    def close(self) -> None:
        """Free the model and the stores."""
        ...
