"""POST /v1/answers and POST /v1/search."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, Response

from index.errors import BylineError
from rag.answer_json import (
    answer_to_dict,
    citation_to_dict,
    disagreement_to_dict,
    hit_to_dict,
    sentence_to_dict,
)
from rag.doors.http.bodies import AnswerBody, SearchBody
from rag.doors.http.desk import Desk, Ticket
from rag.doors.http.follow import ReaderLeft, answer_of, events_of
from rag.doors.http.lane import Lane
from rag.doors.http.metrics import Metrics
from rag.doors.http.problems import problem_of
from rag.doors.http.sse import begun, comment, event
from rag.doors.http.standby import Standby
from rag.settings import ServeSettings
from rag.types import DisagreementFound, Done, Event, PassagesFound, Progress, SentencePassed

log = logging.getLogger("byline.http")

STREAM = "The answer object; with `stream`, the events passages, sentence, disagreement, done (or error)."


def answers_router(desk: Desk, lane: Lane, standby: Standby, serve: ServeSettings, metrics: Metrics) -> APIRouter:
    """The routes that ask."""
    router = APIRouter(prefix="/v1", tags=["answers"])

    @router.post("/answers", response_description=STREAM)
    async def answer(request: Request, body: AnswerBody, cache_control: Annotated[str, Header()] = "") -> Response:
        """Answer a question from the articles, every sentence with the exact words it rests on."""
        asked = body.asked()
        if serve.log_questions:
            log.info("question %r", asked.text)
        ticket = await desk.take(asked, request.state.asker.name, **caching(cache_control))
        metrics.cache(hit=ticket.cached)
        headers, deadline = cache_status(ticket), min(serve.deadline_s, body.deadline_s or serve.deadline_s)
        if body.stream:
            return await begun(_pieces(desk, ticket, request, deadline), headers)
        try:
            done = await answer_of(desk, ticket, request, deadline)
        except ReaderLeft:
            return Response(status_code=499)
        return JSONResponse(answer_to_dict(done), headers=headers)

    @router.post("/search")
    async def search(request: Request, body: SearchBody) -> dict[str, Any]:
        """Find passages, without the model."""
        question, filters = body.question.strip(), body.filters.filters()

        def found() -> list[dict[str, Any]]:
            with standby.use() as engine:
                return [hit_to_dict(hit) for hit in engine.search(question, body.k, filters)]

        return {"question": question, "hits": await lane.run(request.state.asker.name, found)}

    return router


def caching(header: str) -> dict[str, bool]:
    """What a Cache-Control header wants: `no-cache` an answer made now, `no-store` one that is not kept either."""
    parts = {part.strip().lower() for part in header.split(",")}
    return {"fresh": bool(parts & {"no-cache", "no-store"}), "keep": "no-store" not in parts}


def cache_status(ticket: Ticket) -> dict[str, str]:
    """RFC 9211: whether the answer was kept from before."""
    return {"Cache-Status": f"byline; {'hit' if ticket.cached else 'fwd=miss'}", "Cache-Control": "no-store"}


async def _pieces(desk: Desk, ticket: Ticket, request: Request, deadline: float) -> AsyncGenerator[str]:
    begun_already = False
    try:
        async with aclosing(events_of(desk, ticket, request, deadline)) as events:
            async for each in events:
                yield _written(each, desk.ahead(ticket))
                begun_already = True
    except BylineError as error:
        # Before the first event an error still has a status of its own.
        if not begun_already:
            raise
        yield event("error", problem_of(error))
    except ReaderLeft:
        yield comment("nobody reads this")


def _written(each: Event | None, ahead: int) -> str:
    match each:
        case PassagesFound():
            data = {
                "passages": [hit_to_dict(hit) for hit in each.hits],
                "standalone_question": each.standalone_question,
                "elapsed_ms": round(each.elapsed_ms, 1),
                "notes": list(each.notes),
            }
            return event("passages", data)
        case SentencePassed():
            cited = [citation_to_dict(citation) for citation in each.citations]
            return event("sentence", {"sentence": sentence_to_dict(each.sentence), "citations": cited})
        case DisagreementFound():
            cited = [citation_to_dict(citation) for citation in each.citations]
            return event("disagreement", {"disagreement": disagreement_to_dict(each.disagreement), "citations": cited})
        case Done():
            return event("done", answer_to_dict(each.answer))
        case Progress():
            return comment(each.doing)
        case None:
            return comment(f"waiting for {ahead} before" if ahead else "working")
