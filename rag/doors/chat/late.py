"""An engine that opens in the background, so that the first prompt need not wait for the models."""

import threading
from collections.abc import Callable
from contextlib import suppress

from index.errors import BylineError
from rag.doors.parts import Tell
from rag.protocols import Asking
from rag.settings import Settings

STEP_S = 0.05


class LateEngine:
    """Opens an engine in a thread; whoever needs it waits for it, and can be interrupted while waiting."""

    def __init__(self, open_engine: Callable[[Settings, Tell], Asking], settings: Settings) -> None:
        self.settings = settings
        self._open = open_engine
        self._doing = "loading the models"
        self._engine: Asking | None = None
        self._failure: BaseException | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to open; does nothing where it is open, or on its way."""
        if self._engine is None and self._thread is None:
            self._failure = None
            self._thread = threading.Thread(target=self._run, args=(self.settings,), daemon=True)
            self._thread.start()

    def get(self, say: Tell) -> Asking:
        """The engine; tells meanwhile what is going on. Raises what opening raised, and tries again the next time."""
        self.start()
        while self._thread is not None and self._thread.is_alive():
            say(self._doing)
            self._thread.join(STEP_S)
        self._thread = None
        if self._engine is None:
            raise self._failure or BylineError("The engine did not open.")
        return self._engine

    def reopen(self, settings: Settings) -> None:
        """Close the engine and open one with these settings."""
        self.close()
        self.settings = settings
        self.start()

    def close(self) -> None:
        """Close the engine; one that is still opening is waited for."""
        if self._thread is not None:
            with suppress(BylineError):
                self.get(lambda _: None)
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def leave(self) -> None:
        """Close the engine on the way out; one that is still opening dies with the process."""
        if self._thread is None or not self._thread.is_alive():
            self.close()

    def _run(self, settings: Settings) -> None:
        try:
            self._engine = self._open(settings, self._tell)
        except BaseException as error:  # noqa: BLE001 - told to whoever asks for the engine, in their own thread
            self._failure = error

    def _tell(self, doing: str) -> None:
        self._doing = doing
