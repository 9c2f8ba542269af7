"""GET /healthz, /readyz and /metrics: answered on the event loop or in a free thread, never behind an answer."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response

from rag.doors.http.desk import Desk
from rag.doors.http.keys import require
from rag.doors.http.library import Library
from rag.doors.http.metrics import MEDIA_TYPE, Metrics
from rag.doors.http.standby import Standby


def health_router(desk: Desk, standby: Standby, library: Library, metrics: Metrics, home: Path) -> APIRouter:
    """The routes for whoever tends the service."""
    router = APIRouter(tags=["service"])
    metrics.watch("byline_queue_waiting", "Questions that wait.", lambda: desk.waiting)
    metrics.watch("byline_answering", "Questions being answered.", lambda: desk.answering)
    metrics.watch("byline_index_articles", "Articles in the index.", lambda: library.size().articles)
    metrics.watch("byline_index_passages", "Passages in the index.", lambda: library.size().passages)

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Whether the process lives."""
        return {"status": "ok"}

    @router.get("/readyz")
    def readyz() -> Response:
        """Whether questions can be answered now, and if not, what is missing and what brings it."""
        missing = what_is_missing(standby, library)
        body: dict[str, Any] = {"status": "not ready" if missing else "ready", "missing": missing}
        return JSONResponse(body, status_code=503 if missing else 200)

    @router.get("/metrics", response_class=Response, dependencies=[Depends(require(home, "read"))])
    def read_metrics() -> Response:
        """Counters in the Prometheus text format."""
        return Response(metrics.text(), media_type=MEDIA_TYPE)

    return router


def what_is_missing(standby: Standby, library: Library) -> list[dict[str, str]]:
    """Each missing thing with its remedy; empty when all is there."""
    missing = []
    if not library.size().articles:
        missing.append({"what": "No articles are indexed.", "remedy": "Run: byline index PATH — or upload some at /."})
    if standby.failure is not None:
        missing.append({"what": standby.failure.problem, "remedy": standby.failure.remedy})
    elif not standby.ready:
        missing.append({"what": "The engine is still opening.", "remedy": "Wait a moment."})
    return missing
