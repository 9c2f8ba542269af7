"""Server-sent events: how a streamed answer is written, and a response that begins only when the first event is there."""

import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from fastapi.responses import Response, StreamingResponse

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def event(name: str, data: Mapping[str, Any]) -> str:
    """One named event."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def unnamed(data: str) -> str:
    """One event of the OpenAI kind, which has no name."""
    return f"data: {data}\n\n"


def comment(text: str) -> str:
    """What clients ignore: it keeps the line open, and says what is going on."""
    return ": " + text.replace("\r", " ").replace("\n", " ") + "\n\n"


async def begun(pieces: AsyncGenerator[str], headers: Mapping[str, str]) -> Response:
    """The response, made when the first piece is there, so that an error before it gets its own status."""
    first = await anext(pieces)

    async def all_pieces() -> AsyncGenerator[str]:
        yield first
        async for piece in pieces:
            yield piece

    return StreamingResponse(all_pieces(), media_type="text/event-stream", headers={**HEADERS, **headers})
