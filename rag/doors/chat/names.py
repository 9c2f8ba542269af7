"""The names that can be completed and mistyped: publishers and titles of the articles, read in the background."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from index.errors import BylineError
from rag.doors.terminal.safe import one_line

if TYPE_CHECKING:
    from index.protocols import Catalogue

STEP_S = 0.05
"""How long a wait goes without looking up, for Ctrl-C."""


class Names:
    """Publishers and titles, empty until they are read, and where there is no index."""

    def __init__(self, open_catalogue: "Callable[[], AbstractContextManager[Catalogue]]") -> None:
        self._open = open_catalogue
        self._thread: threading.Thread | None = None
        self._publishers: tuple[str, ...] = ()
        self._titles: tuple[str, ...] = ()

    def start(self) -> None:
        """Read them, or read them again."""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def publishers(self, *, wait: bool = False) -> tuple[str, ...]:
        """Known publishers by name; with `wait`, all of them, read if nobody has begun to."""
        if wait:
            if self._thread is None:
                self.start()
            while self._thread is not None and self._thread.is_alive():
                self._thread.join(STEP_S)
        return self._publishers

    def titles(self) -> tuple[str, ...]:
        """Titles of the articles, the newest first."""
        return self._titles

    def _read(self) -> None:
        publishers: set[str] = set()
        titles: dict[str, None] = {}
        try:
            with self._open() as catalogue:
                for article in catalogue.articles():
                    if article.publisher:
                        publishers.add(article.publisher)
                    if article.title:
                        titles[one_line(article.title)] = None
        except BylineError:
            return
        self._publishers, self._titles = tuple(sorted(publishers)), tuple(titles)
