"""The desk: a bounded queue before the engine, equal questions answered once, answers kept, work stopped when unwanted."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import cast

from index.types import Filters
from rag.doors.http.problems import Problem
from rag.doors.http.standby import Standby
from rag.doors.http.waiting import Waiting
from rag.stopping import Stopped, stoppable
from rag.types import Done, Event, Progress, Turn


@dataclass(frozen=True, slots=True)
class Question:
    """All that an answer depends on, of what a request says."""

    text: str
    history: tuple[Turn, ...] = ()
    filters: Filters = Filters()
    strictness: float | None = None


class Ticket:
    """One answer in the making, for all who asked the same; lives on the event loop, except `stop`."""

    def __init__(self, question: Question, key: Hashable) -> None:
        self.question = question
        self.key = key
        self.events: list[Event] = []
        self.failure: BaseException | None = None
        self.finished = False
        self.cached = False
        self.kept = True
        self.followers = 0
        self.stop = threading.Event()
        self._news = asyncio.Event()

    def add(self, event: Event) -> None:
        """An event came."""
        self.events.append(event)
        self._ring()

    def finish(self, failure: BaseException | None = None) -> None:
        """No event will come any more."""
        self.failure, self.finished = failure, True
        self._ring()

    async def news(self) -> None:
        """Returns when something comes."""
        await self._news.wait()

    def _ring(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


class Desk:
    """Takes questions on the event loop and has them answered in `answering` threads, at most `queue` waiting."""

    def __init__(
        self,
        standby: Standby,
        stamp: Callable[[], Hashable],
        *,
        answering: int = 1,
        queue: int = 32,
        cache: int = 256,
        on_event: Callable[[Event], None] = lambda event: None,
    ) -> None:
        self._standby = standby
        self._stamp = stamp
        self._answering = answering
        self._cache = cache
        self._on_event = on_event
        self._threads = ThreadPoolExecutor(answering, thread_name_prefix="byline-answer")
        self._waiting: Waiting[Ticket] = Waiting(queue)
        self._running: dict[Ticket, asyncio.Task[None]] = {}
        self._kept: OrderedDict[Hashable, tuple[Event, ...]] = OrderedDict()
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many questions wait."""
        return len(self._waiting)

    @property
    def answering(self) -> int:
        """How many are being answered."""
        return len(self._running)

    async def take(self, question: Question, asker: str = "", *, fresh: bool = False, keep: bool = True) -> Ticket:
        """A ticket to follow; whoever gets one must `leave` it. Raises a 429 problem when the queue is full.

        `fresh` takes no answer that was kept; without `keep`, the answer is not kept for others either.
        """
        if self._closed:
            raise Problem("stopping", "The service is stopping.", "Ask again in a minute.", {"Retry-After": "60"})
        # The stamp reads the catalogue, so it is taken off the loop; nothing below this line awaits.
        key = (question, await asyncio.to_thread(self._stamp))
        ticket = self._kept_ticket(question, key) if not fresh else None
        ticket = ticket or self._equal(key) or self._new(question, key, asker)
        ticket.followers += 1
        ticket.kept &= keep
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """One follower fewer; when it was the last, the work stops."""
        ticket.followers -= 1
        if ticket.followers > 0 or ticket.finished:
            return
        ticket.stop.set()
        if ticket in self._waiting:
            self._waiting.remove(ticket)
            ticket.finish()

    def ahead(self, ticket: Ticket) -> int:
        """How many are answered before this one."""
        return self._waiting.all().index(ticket) + len(self._running) if ticket in self._waiting else 0

    async def close(self, grace: float) -> None:
        """Take no more questions, let those being answered finish for `grace` seconds, then stop them."""
        self._closed = True
        while (ticket := self._waiting.next()) is not None:
            ticket.finish(Problem("stopping", "The service is stopping.", "Ask again in a minute."))
        if self._running:
            await asyncio.wait(self._running.values(), timeout=grace)
        for ticket in self._running:
            ticket.stop.set()
        if self._running:
            await asyncio.wait(self._running.values())
        self._threads.shutdown()

    def _kept_ticket(self, question: Question, key: Hashable) -> Ticket | None:
        events = self._kept.get(key)
        if events is None:
            return None
        self._kept.move_to_end(key)
        ticket = Ticket(question, key)
        ticket.events, ticket.cached = list(events), True
        ticket.finish()
        return ticket

    def _equal(self, key: Hashable) -> Ticket | None:
        in_flight = (*self._running, *self._waiting.all())
        return next((each for each in in_flight if each.key == key and not each.stop.is_set()), None)

    def _new(self, question: Question, key: Hashable, asker: str) -> Ticket:
        ticket = Ticket(question, key)
        if len(self._running) < self._answering:
            self._begin(ticket)
            return ticket
        displaced = self._waiting.add(asker, ticket)
        if displaced is ticket:
            raise self._full()
        if displaced is not None:
            displaced.finish(self._full())
        return ticket

    def _full(self) -> Problem:
        wait = str(5 * (1 + len(self._waiting)))
        problem = f"{len(self._waiting)} questions are waiting already."
        return Problem("queue-full", problem, f"Ask again in {wait} seconds.", {"Retry-After": wait})

    def _begin(self, ticket: Ticket) -> None:
        self._running[ticket] = asyncio.create_task(self._run(ticket))

    async def _run(self, ticket: Ticket) -> None:
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._threads, self._answer, ticket, loop)
        await asyncio.wait([work])
        del self._running[ticket]
        self._keep(ticket)
        ticket.finish(work.exception())
        following = None if self._closed else self._waiting.next()
        if following is not None:
            self._begin(following)

    def _answer(self, ticket: Ticket, loop: asyncio.AbstractEventLoop) -> None:
        with suppress(Stopped), stoppable(ticket.stop.is_set), self._standby.use() as engine:
            asked = ticket.question
            events = engine.stream(
                asked.text, history=asked.history, filters=asked.filters, strictness=asked.strictness
            )
            # An engine's stream is a generator by its contract: closing it stops the model.
            with closing(cast(Generator[Event], events)):
                for event in events:
                    if ticket.stop.is_set():
                        return
                    self._on_event(event)
                    loop.call_soon_threadsafe(ticket.add, event)

    def _keep(self, ticket: Ticket) -> None:
        if self._cache and ticket.kept and ticket.events and isinstance(ticket.events[-1], Done):
            self._kept[ticket.key] = tuple(each for each in ticket.events if not isinstance(each, Progress))
            while len(self._kept) > self._cache:
                self._kept.popitem(last=False)
