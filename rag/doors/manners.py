"""Who may be asked on the web, and how often: robots.txt (RFC 9309), one request to a host at a time, waits that servers ask for."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.errors import RejectedFile
from rag.doors.fetching import NotNow, get

if TYPE_CHECKING:
    from protego import Protego

NAME = "byline"
LONGEST_WAIT_S = 60.0
_ROBOTS_MOST = 512_000
_CLIENT_ERRORS = range(400, 500)


class Manners:
    """Keeps the rules of each site for one run, and when each host was last asked.

    `before` is to be told of every address before it is connected to.
    """

    def __init__(
        self,
        every_s: float,
        *,
        private: bool = False,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._every_s = every_s
        self._private = private
        self._clock = clock
        self._sleep = sleep
        self._rules: dict[str, Protego | NotNow] = {}
        self._free_at: dict[str, float] = {}

    def before(self, url: str) -> None:
        """Wait for the host's turn. Raises RejectedFile where robots.txt forbids the page, NotNow where the wait is long."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = self._read(site)
        rules = self._rules[site]
        if isinstance(rules, NotNow):
            raise NotNow(url, rules.problem)
        if not rules.can_fetch(url, NAME):
            remedy = "Save the page with your browser, and index the file."
            raise RejectedFile(url, f"robots.txt of {parts.hostname} asks programs not to fetch it", remedy)
        wait = self._free_at.get(site, 0.0) - self._clock()
        if wait > LONGEST_WAIT_S:
            raise NotNow(url, f"{parts.hostname} asks to be left alone for {wait:.0f} seconds more")
        if wait > 0:
            self._sleep(wait)
        self._free_at[site] = self._clock() + max(self._every_s, rules.crawl_delay(NAME) or 0.0)

    def leave_alone(self, url: str, seconds: float) -> None:
        """A server asked not to be asked again for so long."""
        parts = urlsplit(url)
        self._free_at[f"{parts.scheme}://{parts.netloc}"] = self._clock() + seconds

    def _read(self, site: str) -> "Protego | NotNow":
        from protego import Protego

        try:
            got = get(f"{site}/robots.txt", _ROBOTS_MOST, private=self._private)
        except NotNow as error:
            return error
        except RejectedFile:
            return Protego.parse("")
        if got.status != 200 and got.status not in _CLIENT_ERRORS:
            return NotNow(site, f"robots.txt cannot be read: the server said {got.status}")
        return Protego.parse(got.body.decode("utf-8", "replace"))
