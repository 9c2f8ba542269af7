"""The application: all routes, what stands before them, and what is closed when the service stops."""

import logging
import threading
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, FastAPI

from rag.answer_json import answer_to_dict
from rag.doors.http.adding import adding_router
from rag.doors.http.answers import answers_router
from rag.doors.http.articles import articles_router
from rag.doors.http.completions import completions_router
from rag.doors.http.desk import Desk
from rag.doors.http.evaluation import evaluation_router
from rag.doors.http.examples import add_examples
from rag.doors.http.feedback import Lately, feedback_router
from rag.doors.http.health import health_router
from rag.doors.http.jobs import Jobs
from rag.doors.http.keys import require
from rag.doors.http.lane import Lane
from rag.doors.http.library import Library
from rag.doors.http.metrics import Metrics
from rag.doors.http.pages import pages_router
from rag.doors.http.problems import KINDS, install_problems
from rag.doors.http.protection import Protection
from rag.doors.http.rates import Rates, limited
from rag.doors.http.standby import Standby
from rag.noticing import notice
from rag.settings import Settings
from rag.types import Done, Event

log = logging.getLogger("byline.http")

SEARCHES_A_QUESTION = 16
"""How many times more searches than questions may wait: they take milliseconds."""
ABOUT = "Answers from your news articles that can be proven: every sentence carries the exact words it rests on."


@dataclass(frozen=True, slots=True)
class Service:
    """The application with the parts that hold something open."""

    app: FastAPI
    desk: Desk
    standby: Standby
    library: Library


def make_service(settings: Settings, standby: Standby, library: Library) -> Service:
    """Put the parts together; the engine begins to open when the application starts."""
    serve, metrics, lately = settings.serve, Metrics(), Lately()
    digest, built = settings.digest(), [library.build_in_use()]

    def on_event(event: Event) -> None:
        metrics.event(event)
        lately.event(event)
        if isinstance(event, Done):
            notice(settings.home, answer_to_dict(event.answer), "http", settings.review.keep)

    def stamp() -> Hashable:
        follow_index()
        # Model and prompts are the opened engine's, so its generation stands for them.
        return digest, library.size().digest, standby.generation

    def follow_index() -> None:
        # An open engine sees articles come and go; only another build of the index, perhaps by another process, is
        # another folder.
        if library.build_in_use() != built[0]:
            built[0] = library.build_in_use()
            standby.retire()

    lane = Lane(serve.searching, SEARCHES_A_QUESTION * serve.queue)
    desk = Desk(standby, stamp, answering=serve.answering, queue=serve.queue, cache=serve.cache, on_event=on_event)

    def after_job() -> None:
        follow_index()
        standby.warm()

    jobs = Jobs(library, after=after_job)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=standby.warm, name="byline-open", daemon=True).start()
        yield
        await desk.close(0)
        jobs.close()
        lane.close()
        standby.close()
        library.close()

    app = FastAPI(
        title="Byline",
        version="1",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
    )
    install_problems(app)
    complete_schema(app)
    max_file_bytes = int(settings.index.max_file_mb * 1e6)
    reading = [Depends(require(settings.home, "read")), Depends(limited(Rates(serve.per_minute)))]
    app.include_router(health_router(desk, standby, library, metrics, settings.home))
    app.include_router(answers_router(desk, lane, standby, serve, metrics), dependencies=reading)
    app.include_router(completions_router(desk, serve, metrics), dependencies=reading)
    app.include_router(adding_router(library, jobs, settings.home, max_file_bytes), dependencies=reading)
    app.include_router(articles_router(library, jobs, settings.home), dependencies=reading)
    app.include_router(feedback_router(settings.home, lately), dependencies=reading)
    app.include_router(evaluation_router(settings.home), dependencies=reading)
    app.include_router(pages_router())
    app.add_middleware(
        Protection,
        hosts=names(serve.hosts, serve.host),
        origins=names(serve.origins),
        upload_bytes=5 * max_file_bytes,
        count=metrics.request,
    )
    return Service(app, desk, standby, library)


def complete_schema(app: FastAPI) -> None:
    """Let /openapi.json hold examples and the kinds of problems, for the page that explains them."""
    plain = app.openapi

    def schema() -> dict[str, Any]:
        # FastAPI keeps what it made and gives it again, so the examples are put into it once.
        if app.openapi_schema is None:
            add_examples(plain())
        return {**plain(), "x-problems": {kind: list(about) for kind, about in KINDS.items()}}

    app.openapi = schema  # type: ignore[method-assign]


def names(*lists: str) -> frozenset[str]:
    """The names of comma-separated lists."""
    return frozenset(name.strip().lower() for each in lists for name in each.split(",") if name.strip())
