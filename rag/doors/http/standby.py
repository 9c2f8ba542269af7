"""The engine of a running service: opened in the background, and opened anew when the index was exchanged."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from index.errors import BylineError
from rag.protocols import Asking


@dataclass(slots=True)
class _Opened:
    engine: Asking
    users: int = 0
    retired: bool = False


class Standby:
    """Holds one engine for many threads; one that was retired is closed when its last user has left it."""

    def __init__(self, open_engine: Callable[[], Asking]) -> None:
        self._open = open_engine
        self._opening = threading.Lock()
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._failure: BylineError | None = None
        self._closed = False
        self.generation = 0

    @property
    def ready(self) -> bool:
        """Whether an engine is open."""
        return self._opened is not None

    @property
    def failure(self) -> BylineError | None:
        """Why the last opening failed, if it did."""
        return self._failure

    def warm(self) -> None:
        """Open the engine now; a failure is kept for `failure` and told to the next one who asks."""
        try:
            with self.use():
                pass
        except BylineError:
            return

    @contextmanager
    def use(self) -> Iterator[Asking]:
        """The engine, opened first where it is not; raises what opening raises."""
        with self._opening:
            held = self._opened or self._open_now()
            with self._lock:
                held.users += 1
        try:
            yield held.engine
        finally:
            with self._lock:
                held.users -= 1
                last = held.retired and held.users == 0
            if last:
                held.engine.close()

    def retire(self) -> None:
        """Let the next one who asks open a new engine."""
        with self._lock:
            held, self._opened = self._opened, None
            if held:
                held.retired = True
            idle = held is not None and held.users == 0
        if held and idle:
            held.engine.close()

    def close(self) -> None:
        """Close the engine, at once or when its last user has left."""
        with self._opening:
            self._closed = True
        self.retire()

    def _open_now(self) -> _Opened:
        try:
            held = _Opened(self._open())
        except BylineError as error:
            self._failure = error
            raise
        self._failure = None
        self._opened = held
        self.generation += 1
        return held
