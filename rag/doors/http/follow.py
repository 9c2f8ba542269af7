"""Following one answer for one request: until it is done, its deadline passes, or its reader has gone."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import Request

from rag.doors.http.desk import Desk, Ticket
from rag.doors.http.problems import Problem
from rag.types import Answer, Done, Event

PULSE = 1.0


class ReaderLeft(Exception):
    """The client has gone; nobody reads what would be sent."""


async def events_of(desk: Desk, ticket: Ticket, request: Request, deadline: float) -> AsyncGenerator[Event | None]:
    """The ticket's events, and None for each second without one; leaves the desk at the end, however it comes.

    The last event is Done. Raises a 504 problem past the deadline, ReaderLeft when the client has gone, a 503 problem
    when the service stops, and what the engine raised.
    """
    loop = asyncio.get_running_loop()
    ends = loop.time() + deadline
    gone = loop.create_task(_gone(request))
    at = 0
    try:
        while True:
            while at < len(ticket.events):
                yield ticket.events[at]
                at += 1
            if ticket.finished:
                break
            news = loop.create_task(ticket.news())
            left = ends - loop.time()
            came, _ = await asyncio.wait({gone, news}, timeout=min(PULSE, left), return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            if gone.done():
                raise ReaderLeft
            if loop.time() >= ends:
                raise Problem("deadline", f"No whole answer came in {deadline:g} seconds.", _NARROWER)
            if not came:
                yield None
    finally:
        gone.cancel()
        desk.leave(ticket)
    if ticket.failure is not None:
        raise ticket.failure
    if not ticket.events or not isinstance(ticket.events[-1], Done):
        raise Problem("stopping", "The service stopped before the answer was done.", "Ask again in a minute.")


async def answer_of(desk: Desk, ticket: Ticket, request: Request, deadline: float) -> Answer:
    """The whole answer of a ticket."""
    async with aclosing(events_of(desk, ticket, request, deadline)) as events:
        async for event in events:
            if isinstance(event, Done):
                return event.answer
    raise AssertionError("events_of ends with Done or raises")


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


_NARROWER = "Ask something narrower, or raise serve.deadline_s."
