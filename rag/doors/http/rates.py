"""How often one asker may ask: a bucket of tokens that fills evenly (the leaky bucket of Turner 1986, as a meter)."""

import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request

from rag.doors.http.keys import Asker
from rag.doors.http.problems import Problem

MANY = 4096


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Rates:
    """Requests a minute for each asker, all of which may come at once; 0 lets everything pass."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, asker: Asker) -> None:
        """Count one request. Raises a 429 problem that says how many seconds to wait."""
        room = asker.per_minute or self._per_minute
        if not room:
            return
        now = self._clock()
        if len(self._buckets) >= MANY:
            # A bucket that nobody drew from for a minute is full again, and as good as none.
            self._buckets = {name: each for name, each in self._buckets.items() if now - each.at < 60}
        bucket = self._buckets.setdefault(asker.name, _Bucket(room, now))
        bucket.tokens = min(room, bucket.tokens + (now - bucket.at) * room / 60)
        bucket.at = now
        if bucket.tokens < 1:
            wait = math.ceil((1 - bucket.tokens) * 60 / room)
            remedy = f"Ask again in {wait} seconds."
            raise Problem("rate-limit", f"More than {room} requests a minute.", remedy, {"Retry-After": str(wait)})
        bucket.tokens -= 1


def limited(rates: Rates) -> Callable[[Request], Awaitable[None]]:
    """A check for routes, after `require`: what only reads is not counted, so that a job can be polled."""

    async def check(request: Request) -> None:
        if request.method != "GET":
            rates.take(request.state.asker)

    return check
