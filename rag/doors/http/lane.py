"""A lane for short work: few threads, a bounded line before them, fair between askers."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from rag.doors.http.problems import Problem
from rag.doors.http.waiting import Waiting

T = TypeVar("T")


class Lane:
    """Runs at most `at_once` calls at a time, so that the event loop keeps its share of the interpreter; lives on it."""

    def __init__(self, at_once: int, room: int) -> None:
        self._free = at_once
        self._waiting: Waiting[asyncio.Future[None]] = Waiting(room)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="byline-search")

    async def run(self, asker: str, work: Callable[[], T]) -> T:
        """The result of the work, when its turn has come. Raises a 429 problem when the line is full."""
        await self._turn(asker)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._pass_on()

    def close(self) -> None:
        """Wait for what runs."""
        self._threads.shutdown()

    async def _turn(self, asker: str) -> None:
        if self._free:
            self._free -= 1
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        displaced = self._waiting.add(asker, mine)
        if displaced is not None:
            displaced.set_exception(Problem("queue-full", "Too many searches wait.", "Wait.", {"Retry-After": "1"}))
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled() and mine.exception() is None:
                self._pass_on()
            self._waiting.remove(mine)
            raise

    def _pass_on(self) -> None:
        following = self._waiting.next()
        if following is None:
            self._free += 1
        else:
            following.set_result(None)
