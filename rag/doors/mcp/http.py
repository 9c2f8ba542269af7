"""The MCP server over streamable HTTP, behind what stands before the service: its host names, sizes, keys and log."""

from pathlib import Path

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import BylineError
from rag.doors.http.keys import require
from rag.doors.http.problems import Problem, problem_of, respond
from rag.doors.http.protection import Protection
from rag.doors.http.rates import Rates, limited
from rag.doors.http.service import names
from rag.doors.http.serving import Tell, check_reach, log_to_stderr, run_application
from rag.doors.mcp.house import House
from rag.doors.mcp.server import PATH, http_application
from rag.doors.parts import Parts
from rag.settings import Settings

SMALLEST_UPLOAD = 0


class Keyed:
    """ASGI middleware: where the home has API keys, the server is for those who have one that reads, each so often at most."""

    def __init__(self, app: ASGIApp, home: Path, per_minute: int) -> None:
        self._app = app
        self._checks = (require(home, "read"), limited(Rates(per_minute)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in, or answer with the problem."""
        if scope["type"] == "http" and scope["path"] == PATH:
            request = Request(scope)
            try:
                for check in self._checks:
                    await check(request)
            except BylineError as error:
                headers = error.headers if isinstance(error, Problem) else None
                await respond(problem_of(error), headers)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def make_application(settings: Settings, house: House) -> ASGIApp:
    """The application; it closes the house when it stops."""
    serve = settings.serve
    return Protection(
        Keyed(http_application(house), settings.home, serve.per_minute),
        hosts=names(serve.hosts, serve.host),
        origins=names(serve.origins),
        upload_bytes=SMALLEST_UPLOAD,
        count=lambda route, method, status: None,
    )


def serve_http(settings: Settings, parts: Parts, tell: Tell) -> None:
    """Serve until interrupted. Raises UsageError for a host beyond this machine without an API key."""
    check_reach(settings)
    log_to_stderr()
    application = make_application(settings, House(settings, parts))
    run_application(application, settings, lambda at: tell(f"Byline's tools are at {at}{PATH}. Ctrl-C stops it."))
