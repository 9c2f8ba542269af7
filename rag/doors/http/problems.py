"""Errors become RFC 9457 problem documents here, and only here."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from index.errors import BrokenError, BusyError, BylineError, MissingError, RejectedFile, UsageError

MEDIA_TYPE = "application/problem+json"

KINDS: Mapping[str, tuple[int, str]] = {
    "usage": (400, "The request is wrong"),
    "not-json": (400, "The body is not JSON"),
    "key-needed": (401, "An API key is needed"),
    "not-allowed": (403, "This is not allowed"),
    "not-found": (404, "There is no such thing"),
    "method": (405, "This method does not exist here"),
    "slow": (408, "The request came too slowly"),
    "busy": (409, "Somebody else holds it"),
    "too-large": (413, "That is too large"),
    "rejected-file": (415, "This file cannot be read"),
    "media-type": (415, "This media type is not taken"),
    "wrong-host": (421, "This service is not called that"),
    "fields": (422, "A field is wrong"),
    "queue-full": (429, "Too many questions are waiting"),
    "rate-limit": (429, "Too many requests"),
    "broken": (500, "Something is damaged"),
    "bug": (500, "Byline has a bug"),
    "no-fetching": (501, "Pages are not fetched"),
    "missing": (503, "Something is missing"),
    "stopping": (503, "The service is stopping"),
    "deadline": (504, "The answer took too long"),
}
"""The problems this service can send: the last part of `type`, the status and the title."""


class Problem(BylineError):
    """A problem of the service itself, by its kind."""

    def __init__(self, kind: str, problem: str, remedy: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem, remedy)
        self.kind = kind
        self.headers = dict(headers or {})


def kind_of(error: BylineError) -> str:
    """The kind of an error of the tree in index/errors.py."""
    if isinstance(error, Problem):
        return error.kind
    kinds: tuple[tuple[type[BylineError], str], ...] = (
        (UsageError, "usage"),
        (BusyError, "busy"),
        (MissingError, "missing"),
        (RejectedFile, "rejected-file"),
        (BrokenError, "broken"),
    )
    return next((kind for cls, kind in kinds if isinstance(error, cls)), "bug")


def problem_of(error: BaseException) -> dict[str, Any]:
    """The problem document of any error; a bug's own words stay in the log."""
    if not isinstance(error, BylineError):
        return document("bug", "The service failed.", "Look in its log, and report what stands there.")
    return document(kind_of(error), error.problem, error.remedy)


def document(kind: str, problem: str, remedy: str = "", errors: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """A problem document. `error` says the same in the shape that OpenAI clients read."""
    status, title = KINDS[kind]
    detail = f"{problem} {remedy}".strip()
    return {
        "type": f"/docs#problem-{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "remedy": remedy or None,
        **({"errors": list(errors)} if errors else {}),
        "error": {"message": detail, "type": "invalid_request_error" if status < 500 else "server_error", "code": kind},
    }


def respond(body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """The response that carries a problem document."""
    # Escaped to ASCII: what is named in a problem may be half of a surrogate pair, which UTF-8 cannot hold.
    return Response(
        json.dumps(body), status_code=int(body["status"]), headers=dict(headers or {}), media_type=MEDIA_TYPE
    )


def install_problems(app: FastAPI) -> None:
    """Send every error of this application as a problem document."""
    app.add_exception_handler(BylineError, _byline)
    app.add_exception_handler(RequestValidationError, _fields)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)


async def _byline(request: Request, error: Exception) -> Response:
    return respond(problem_of(error), error.headers if isinstance(error, Problem) else None)


async def _fields(request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    if any(each["type"] == "json_invalid" for each in found):
        return respond(document("not-json", "The body is not JSON.", "Send a JSON object, in UTF-8."))
    errors = [{"pointer": _pointer(each["loc"]), "detail": str(each["msg"])} for each in found]
    first = errors[0] if errors else {"pointer": "", "detail": "unreadable"}
    unknown = any(each["type"] == "extra_forbidden" for each in found)
    remedy = "Leave out what /docs does not name." if unknown else "Mend the field; /docs says what it takes."
    return respond(document("fields", f"{first['pointer'] or 'The body'}: {first['detail']}.", remedy, errors))


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    path = request.url.path
    if status == HTTPStatus.NOT_FOUND:
        return respond(document("not-found", f"There is nothing at {path}.", "See /docs for what there is."))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (headers or {}).get("Allow", "another method")
        return respond(document("method", f"{request.method} is not taken at {path}.", f"Use {allowed}."), headers)
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return respond(document("slow", "The body did not come.", "Send it at once."), {"Connection": "close"})
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and isinstance(error, HTTPException):
        return respond(document("too-large", error.detail, "Send less, or several smaller files."))
    kind = "usage" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "bug"
    detail = str(error.detail) if isinstance(error, HTTPException) else "The service failed."
    return respond({**document(kind, detail), "status": status}, headers)


async def _bug(request: Request, error: Exception) -> Response:
    return respond(problem_of(error))


def _pointer(location: Sequence[str | int]) -> str:
    parts = location[1:] if location and location[0] in ("body", "query", "path") else location
    return "".join(f"/{part}" for part in parts)
