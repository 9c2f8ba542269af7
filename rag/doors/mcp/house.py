"""What the tools stand on: the engine behind a queue, and a search that needs no model that writes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from threading import Lock

from index.errors import MissingError
from index.opening import current
from index.types import Article, Filters, Hit
from rag.doors.http.desk import Desk, Question
from rag.doors.http.standby import Standby
from rag.doors.parts import Explaining, Parts
from rag.doors.reading import find_article
from rag.settings import Settings
from rag.types import Answer, Done, Event, PassagesFound, Progress, SentencePassed

log = logging.getLogger("byline.mcp")

PARTS = Parts()
Report = Callable[[str], Awaitable[None]]


class House:
    """The articles of one home. Nothing is opened before it is needed: to search and to read takes no model that writes."""

    def __init__(self, settings: Settings, parts: Parts = PARTS) -> None:
        self._settings = settings
        self._parts = parts
        self._build = current(settings.home)
        self._standby = Standby(lambda: parts.engine(settings, log.info))
        self._desk = Desk(
            self._standby, self._build_in_use, answering=settings.serve.answering, queue=settings.serve.queue, cache=0
        )
        self._searching = Lock()
        self._retriever: tuple[Path | None, Explaining] | None = None
        self._held = ExitStack()

    async def ask(self, question: Question, report: Report) -> Answer:
        """The whole answer; `report` is told how far it is. Stops the model where the caller is cancelled."""
        ticket = await self._desk.take(question)
        seen = 0
        try:
            async with asyncio.timeout(self._settings.serve.deadline_s):
                while True:
                    for event in ticket.events[seen:]:
                        seen += 1
                        await report(_told(event))
                    if ticket.finished:
                        break
                    await ticket.news()
        except TimeoutError as error:
            seconds = f"{self._settings.serve.deadline_s:g}"
            raise MissingError(
                f"No whole answer came in {seconds} seconds.", "Ask something narrower, or raise serve.deadline_s."
            ) from error
        finally:
            self._desk.leave(ticket)
        if ticket.failure is not None:
            raise ticket.failure
        if not ticket.events or not isinstance(ticket.events[-1], Done):
            raise MissingError("The server stopped before the answer was done.", "Ask again.")
        return ticket.events[-1].answer

    def search(self, question: str, k: int | None, filters: Filters) -> list[Hit]:
        """The hits alone; the index is opened at the first search, and anew after it was rebuilt."""
        with self._searching:
            build = current(self._settings.home)
            if self._retriever is None or self._retriever[0] != build:
                self._held.close()
                self._retriever = None
                self._retriever = build, self._held.enter_context(self._parts.retriever(self._settings))
            return list(self._retriever[1].explain(question, k or self._settings.search.hits, filters).hits)

    def article(self, article_id: str) -> Article:
        """One article, by its id or the beginning of it. Raises UsageError where there is none."""
        with self._parts.catalogue(self._settings) as catalogue:
            return find_article(catalogue, article_id)

    async def close(self, grace: float = 1.0) -> None:
        """Let answers in the making finish for `grace` seconds, then free the model and the stores."""
        await self._desk.close(grace)
        self._standby.close()
        with self._searching:
            self._held.close()

    def _build_in_use(self) -> Path | None:
        build = current(self._settings.home)
        if build != self._build:
            self._build = build
            self._standby.retire()
        return build


def _told(event: Event) -> str:
    match event:
        case PassagesFound():
            return f"{len(event.hits)} passages found"
        case Progress():
            return event.doing
        case SentencePassed():
            return "a sentence passed its checks"
        case _:
            return "checking other accounts"
