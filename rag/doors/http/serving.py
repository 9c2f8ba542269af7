"""`byline serve`: checks who may reach the service, then runs it; the only file that imports uvicorn."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable

import uvicorn
from starlette.types import ASGIApp

from index.errors import UsageError
from rag.doors.http.keys import keys_path, read_keys
from rag.doors.http.protection import is_loopback
from rag.doors.http.service import Service, make_service
from rag.doors.http.shelf import Shelf
from rag.doors.http.standby import Standby
from rag.doors.parts import Parts
from rag.settings import Settings

GRACE = 10
STUCK_MS = 30_000
"""After so many milliseconds without a byte taken, a connection is dropped: its reader has gone or is stuck."""
CONNECTIONS = 1000
PARTS = Parts()

Tell = Callable[[str], None]


async def _nothing() -> None:
    return


class Server(uvicorn.Server):
    """A server that tells its address once it listens (port 0 is known only then), and ends its work before its end.

    `ending` is awaited while connections are still open, so that whoever waits is told.
    """

    def __init__(
        self, config: uvicorn.Config, tell: Tell = lambda at: None, ending: Callable[[], Awaitable[None]] = _nothing
    ) -> None:
        super().__init__(config)
        self._tell = tell
        self._ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and drop connections whose reader takes nothing for long."""
        await super().startup(sockets)
        if self.started:
            for listening in (each for server in self.servers for each in server.sockets):
                if hasattr(socket, "TCP_USER_TIMEOUT"):
                    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STUCK_MS)
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._tell(f"http://{_shown(host)}:{port}")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen no more, and close what is open when its work has ended."""
        ending = asyncio.ensure_future(self._ending())
        await super().shutdown(sockets)
        await ending


def serve(settings: Settings, tell: Tell = print, parts: Parts = PARTS) -> None:
    """Serve until interrupted. Raises UsageError for a host beyond this machine without an API key."""
    check_reach(settings)
    log_to_stderr()
    service = open_service(settings, parts)
    make_server(service, settings, lambda at: tell(f"Byline listens on {at} (the API: /docs). Ctrl-C stops it.")).run()


def make_server(service: Service, settings: Settings, tell: Tell = lambda at: None, grace: float = GRACE) -> Server:
    """The server of a service: what is asked for when it stops is finished within the grace, or told that it is not."""
    return Server(application_config(service.app, settings), tell, lambda: service.desk.close(grace))


def run_application(app: ASGIApp, settings: Settings, tell: Tell) -> None:
    """Run any application as the settings say; `tell` is told its address once it listens."""
    Server(application_config(app, settings), tell).run()


def open_service(settings: Settings, parts: Parts = PARTS) -> Service:
    """The service over a home's own articles; its engine opens in the background and tells the log of it."""
    tell = logging.getLogger("byline.http").info
    standby = Standby(lambda: parts.engine(settings, tell))
    return make_service(settings, standby, Shelf(settings))


def application_config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How uvicorn runs any application: no access log of its own, which would hold queries, and an end that waits for answers."""
    return uvicorn.Config(
        app,
        host=settings.serve.host,
        port=settings.serve.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE + 5,
        limit_concurrency=CONNECTIONS,
        ws="none",
    )


def log_to_stderr() -> None:
    """One line a request, without its words; what other libraries have to say only when it is a warning."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log = logging.getLogger("byline")
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    log.propagate = False


def check_reach(settings: Settings) -> None:
    """Beyond this machine, whoever asks must have a key, unless the settings say that all may."""
    host = settings.serve.host
    if is_loopback(host) or settings.serve.open or read_keys(settings.home):
        return
    raise UsageError(
        f"{host} can be reached from other machines, and {keys_path(settings.home)} holds no API key.",
        "Make one with: byline serve --new-key NAME — or set serve.open to let everybody in.",
    )


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
