"""POST /v1/chat/completions and GET /v1/models: Byline for any client that speaks OpenAI's protocol."""

import json
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, Response

from index.errors import BylineError
from rag.doors.http.answers import cache_status, caching
from rag.doors.http.chat_bodies import MODEL, ChatBody
from rag.doors.http.chat_objects import Chunks, completion
from rag.doors.http.desk import Desk, Ticket
from rag.doors.http.follow import ReaderLeft, answer_of, events_of
from rag.doors.http.metrics import Metrics
from rag.doors.http.problems import Problem, problem_of
from rag.doors.http.source_cards import wants_cards
from rag.doors.http.sse import begun, comment, unnamed
from rag.settings import ServeSettings
from rag.types import Done, SentencePassed

log = logging.getLogger("byline.http")


def completions_router(desk: Desk, serve: ServeSettings, metrics: Metrics) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"])
    began = int(time.time())
    model = {"id": MODEL, "object": "model", "created": began, "owned_by": "byline"}

    @router.get("/models")
    async def models() -> dict[str, Any]:
        """The one model there is: this service."""
        return {"object": "list", "data": [model]}

    @router.get("/models/{name}")
    async def one_model(name: str) -> dict[str, Any]:
        """The same, by its name."""
        _known(name)
        return model

    @router.post("/chat/completions")
    async def complete(request: Request, body: ChatBody, cache_control: Annotated[str, Header()] = "") -> Response:
        """Answer the last user message; citations are annotations of the type url_citation."""
        _known(body.model)
        asked = body.asked()
        if serve.log_questions:
            log.info("question %r", asked.text)
        ticket = await desk.take(asked, request.state.asker.name, **caching(cache_control))
        metrics.cache(hit=ticket.cached)
        headers = cache_status(ticket)
        deadline = min(serve.deadline_s, body.deadline_s or serve.deadline_s)
        base, cards = str(request.base_url), wants_cards(request.headers, body.sources or serve.sources)
        if body.stream:
            chunks = Chunks(base, usage=bool(body.stream_options and body.stream_options.include_usage), cards=cards)
            return await begun(_pieces(desk, ticket, request, deadline, chunks), headers)
        try:
            answer = await answer_of(desk, ticket, request, deadline)
        except ReaderLeft:
            return Response(status_code=499)
        return JSONResponse(completion(answer, base), headers=headers)

    return router


def _known(name: str) -> None:
    if name != MODEL:
        raise Problem(
            "not-found", f"There is no model {name!r} here.", f"Use {MODEL!r}; serve names the one behind it."
        )


async def _pieces(desk: Desk, ticket: Ticket, request: Request, deadline: float, chunks: Chunks) -> AsyncGenerator[str]:
    begun_already = False
    try:
        async with aclosing(events_of(desk, ticket, request, deadline)) as events:
            async for each in events:
                if isinstance(each, SentencePassed):
                    pieces = chunks.sentence(each.sentence, each.citations)
                elif isinstance(each, Done):
                    pieces = chunks.done(each.answer)
                else:
                    pieces = []
                yield "".join(unnamed(json.dumps(piece)) for piece in pieces) or comment("working")
                begun_already = True
        yield unnamed("[DONE]")
    except BylineError as error:
        if not begun_already:
            raise
        yield unnamed(json.dumps(problem_of(error)))
    except ReaderLeft:
        yield comment("nobody reads this")
