"""A small engine that plays a script, for tests of the doors: no index, no model."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.types import Filters, Hit
from rag.types import Answer, Done, Event, PassagesFound, Turn

Step = Event | float | Exception


@dataclass(frozen=True, slots=True)
class Asked:
    """One call of the engine, as it came in."""

    question: str
    history: tuple[Turn, ...]
    filters: Filters
    strictness: float | None


class ScriptedEngine:
    """An `Asking` that plays, for each question, its events, waits its pauses in seconds, and raises its errors."""

    def __init__(self, script: Mapping[str, Sequence[Step]] | Callable[[str], Sequence[Step]]) -> None:
        self._script = script
        self.asked: list[Asked] = []
        self.closed = False
        self.stopped = 0

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        strictness: float | None = None,
    ) -> Iterator[Event]:
        """Play the steps of the question; a KeyError is a question that the script does not know."""
        self.asked.append(Asked(question, tuple(history), filters, strictness))
        try:
            for step in self._steps(question):
                if isinstance(step, float):
                    time.sleep(step)
                elif isinstance(step, Exception):
                    raise step
                else:
                    yield step
        except (GeneratorExit, KeyboardInterrupt):
            self.stopped += 1
            raise

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        strictness: float | None = None,
    ) -> Answer:
        """The answer of the script's last step."""
        events = list(self.stream(question, history=history, filters=filters, strictness=strictness))
        return next(event.answer for event in events if isinstance(event, Done))

    def search(self, question: str, k: int | None = None, filters: Filters = Filters()) -> list[Hit]:
        """The hits of the script's first step."""
        self.asked.append(Asked(question, (), filters, None))
        steps = self._steps(question)
        hits = next((hit for step in steps if isinstance(step, PassagesFound) for hit in [step.hits]), ())
        return list(hits[:k])

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    def _steps(self, question: str) -> Sequence[Step]:
        return self._script(question) if callable(self._script) else self._script[question]
