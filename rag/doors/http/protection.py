"""What stands before every route: the names the service answers to, whose pages may call it, sizes, headers, the log."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.doors.http.problems import Problem, document, respond

log = logging.getLogger("byline.http")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
MAX_JSON = 1 << 20
PATIENCE = 30.0
"""Seconds that each piece of a body may take to come."""
Count = Callable[[str, str, int], None]


class Protection:
    """ASGI middleware; `hosts` are further names of this service, `origins` the sites whose pages may call it."""

    def __init__(
        self, app: ASGIApp, *, hosts: frozenset[str], origins: frozenset[str], upload_bytes: int, count: Count
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._origins = origins
        self._upload_bytes = upload_bytes
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what may not enter, and add what must stand on every response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        headers = Headers(scope=scope)
        status = 500

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                added = MutableHeaders(scope=message)
                for name, value in {**SECURITY, **self._cors(headers)}.items():
                    added.setdefault(name, value)
            await send(message)

        try:
            limit = self._limit(headers)
            refusal = self._host(headers) or self._cross_site(scope["method"], headers) or _size(headers, limit)
            if refusal is None and scope["method"] == "OPTIONS" and self._cors(headers):
                await respond_empty(scope, receive, send_guarded)
            elif refusal is None:
                await self._app(scope, _counted(receive, limit), send_guarded)
            else:
                await respond(document(refusal.kind, refusal.problem, refusal.remedy))(scope, receive, send_guarded)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            self._count(route, scope["method"], status)
            # The path alone: a query may hold words of a question.
            log.info("%s %s %d %.0f ms", scope["method"], scope["path"], status, 1000 * (time.perf_counter() - began))

    def _host(self, headers: Headers) -> Problem | None:
        name = host_name(headers.get("host", ""))
        if name in self._hosts or is_loopback(name):
            return None
        return Problem("wrong-host", f"This service is not called {name!r}.", "Add the name to serve.hosts.")

    def _cross_site(self, method: str, headers: Headers) -> Problem | None:
        if method in ("GET", "HEAD", "OPTIONS"):
            return None
        origin = headers.get("origin")
        if origin is None:
            foreign = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        else:
            foreign = origin not in self._origins and urlsplit(origin).netloc != headers.get("host")
        remedy = "Add its origin to serve.origins if it may."
        return Problem("not-allowed", "A page of another site called this service.", remedy) if foreign else None

    def _cors(self, headers: Headers) -> dict[str, str]:
        origin = headers.get("origin", "")
        if origin not in self._origins:
            return {}
        return {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": "GET, POST, DELETE",
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Cache-Control",
            "Access-Control-Expose-Headers": "Cache-Status, Location, Retry-After",
            "Vary": "Origin",
        }

    def _limit(self, headers: Headers) -> int:
        is_upload = headers.get("content-type", "").startswith("multipart/form-data")
        return self._upload_bytes if is_upload else MAX_JSON


async def respond_empty(scope: Scope, receive: Receive, send: Send) -> None:
    """204, for a preflight."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def host_name(header: str) -> str:
    """The name in a Host header, without its port, in lower case."""
    return (urlsplit(f"//{header}").hostname or "") if "@" not in header else ""


def is_loopback(name: str) -> bool:
    """Whether a host name is this machine's own."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _size(headers: Headers, limit: int) -> Problem | None:
    declared = headers.get("content-length", "0")
    return _too_large(limit) if declared.isdecimal() and int(declared) > limit else None


def _counted(receive: Receive, limit: int) -> Receive:
    """The bytes that really come are counted: a length that is not declared, or is a lie, helps nobody."""
    read, whole = 0, False

    async def counting() -> Message:
        nonlocal read, whole
        try:
            # After the body, what is waited for is that the client goes, and that may take as long as it likes.
            message = await asyncio.wait_for(receive(), None if whole else PATIENCE)
        except TimeoutError:
            raise HTTPException(408) from None
        whole = whole or not message.get("more_body", False)
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > limit:
                # FastAPI lets no other error through while it reads a body.
                raise HTTPException(413, _too_large(limit).problem)
        return message

    return counting


def _too_large(limit: int) -> Problem:
    return Problem("too-large", f"The body is larger than {limit} bytes.", "Send less, or several smaller files.")
