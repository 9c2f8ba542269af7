"""`byline serve`: checks who may reach the service, then runs it; the only file that imports uvicorn."""

import logging
from collections.abc import Callable
from socket import socket

import uvicorn

from index.errors import UsageError
from rag.doors.http.keys import keys_path, read_keys
from rag.doors.http.protection import is_loopback
from rag.doors.http.service import Service, make_service
from rag.doors.http.shelf import Shelf
from rag.doors.http.standby import Standby
from rag.doors.parts import Parts
from rag.settings import Settings

GRACE = 10
PARTS = Parts()

Tell = Callable[[str], None]


class _Announcing(uvicorn.Server):
    """A server that says where it listens once it does; port 0 is known only then."""

    def __init__(self, config: uvicorn.Config, tell: Tell) -> None:
        super().__init__(config)
        self._tell = tell

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._tell(f"Byline listens on http://{_shown(host)}:{port} (the API: /docs). Ctrl-C stops it.")


def serve(settings: Settings, tell: Tell = print, parts: Parts = PARTS) -> None:
    """Serve until interrupted. Raises UsageError for a host beyond this machine without an API key."""
    check_reach(settings)
    log_to_stderr()
    service = open_service(settings, parts)
    _Announcing(configure(service, settings), tell).run()


def open_service(settings: Settings, parts: Parts = PARTS) -> Service:
    """The service over a home's own articles; its engine opens in the background and tells the log of it."""
    tell = logging.getLogger("byline.http").info
    standby = Standby(lambda: parts.engine(settings, tell))
    return make_service(settings, standby, Shelf(settings), grace=GRACE)


def configure(service: Service, settings: Settings) -> uvicorn.Config:
    """How uvicorn runs it: no access log of its own, which would hold queries, and an end that waits for answers."""
    return uvicorn.Config(
        service.app,
        host=settings.serve.host,
        port=settings.serve.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
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
