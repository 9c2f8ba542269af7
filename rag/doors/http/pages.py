"""The web page at / and the API's own page at /docs: plain files of this package, nothing from other hosts."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from rag.doors.http.problems import Problem

WEB = Path(__file__).parent.parent / "web"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


def pages_router() -> APIRouter:
    """The routes of the page."""
    router = APIRouter(include_in_schema=False)
    files = {path.name: path for path in WEB.iterdir() if path.suffix in TYPES}

    def send(name: str) -> Response:
        path = files.get(name)
        if path is None:
            raise Problem("not-found", f"There is no file {name!r}.", "The page is at /.")
        return FileResponse(path, media_type=TYPES[path.suffix], headers={"Cache-Control": "no-cache"})

    @router.get("/")
    async def page() -> Response:
        return send("index.html")

    @router.get("/docs")
    async def docs() -> Response:
        return send("docs.html")

    @router.get("/favicon.ico")
    async def icon() -> Response:
        return send("mark.svg")

    @router.get("/web/{name}")
    async def file(name: str) -> Response:
        return send(name)

    return router
