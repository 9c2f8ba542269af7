"""POST /v1/articles and the jobs it starts."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from index.errors import RejectedFile
from rag.doors.http.bodies import UrlBody
from rag.doors.http.jobs import Jobs, job_to_dict
from rag.doors.http.keys import require
from rag.doors.http.library import Library
from rag.doors.http.problems import Problem
from rag.doors.http.uploads import save_upload
from rag.doors.pinning import check_url

MAX_FILES = 100
ADDING = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                "required": ["files"],
            }
        },
        "application/json": {"schema": UrlBody.model_json_schema()},
    },
}


def adding_router(library: Library, jobs: Jobs, home: Path, max_file_bytes: int) -> APIRouter:
    """The routes; adding needs a key with the scope write, where keys are in use."""
    router = APIRouter(prefix="/v1/articles", tags=["articles"])

    @router.get("/jobs")
    def list_jobs() -> dict[str, Any]:
        """The last indexing jobs, newest first."""
        return {"jobs": [job_to_dict(each) for each in jobs.jobs()]}

    @router.get("/jobs/{job_id}")
    def read_job(job_id: str) -> dict[str, Any]:
        """One indexing job, to be polled until its status is done or failed."""
        job = jobs.job(job_id)
        if job is None:
            raise Problem(
                "not-found", "There is no such job.", "GET /v1/articles/jobs lists those that are remembered."
            )
        return job_to_dict(job)

    @router.post(
        "", status_code=202, dependencies=[Depends(require(home, "write"))], openapi_extra={"requestBody": ADDING}
    )
    async def add(request: Request) -> Response:
        """Add articles, from files sent as a form or from an address; they are indexed in the background."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/json":
            url = _url_body(await request.body()).url
            if not library.fetches:
                raise Problem("no-fetching", "This service does not fetch pages.", "Save the page, and send the file.")
            try:
                check_url(url)
            except RejectedFile as rejected:
                raise Problem("usage", f"The address is refused: {rejected.problem}.", rejected.remedy) from rejected
            return _accepted(jobs, [url], [url])
        if kind != "multipart/form-data":
            raise Problem("media-type", f"{kind or 'A body without a type'} is not taken.", "Send files as a form.")
        async with request.form(max_files=MAX_FILES, max_fields=0) as form:
            sent = [each for _, each in form.multi_items() if isinstance(each, UploadFile)]
            paths = [
                await asyncio.to_thread(
                    save_upload, home, each.filename or "", await each.read(), library.suffixes, max_file_bytes
                )
                for each in sent
            ]
        if not paths:
            raise Problem("usage", "No file was sent.", "Send one or more as files.")
        return _accepted(jobs, paths, [path.name for path in paths])

    return router


def _url_body(body: bytes) -> UrlBody:
    try:
        return UrlBody.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from error


def _accepted(jobs: Jobs, sources: Sequence[Path | str], names: Sequence[str]) -> Response:
    job = jobs.start(sources, names)
    return JSONResponse({"job": job_to_dict(job)}, status_code=202, headers={"Location": f"/v1/articles/jobs/{job.id}"})
