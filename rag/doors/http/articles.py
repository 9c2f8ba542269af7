"""GET, POST and DELETE under /v1/articles: the list, one article, adding and removing."""

import asyncio
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from index.types import Article
from rag.answer_json import article_to_dict, timestamp
from rag.doors.filters import make_filters
from rag.doors.http.bodies import UrlBody
from rag.doors.http.jobs import Jobs, job_to_dict
from rag.doors.http.keys import require
from rag.doors.http.library import Library
from rag.doors.http.problems import Problem
from rag.doors.http.uploads import forget_upload, save_upload

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


def articles_router(library: Library, jobs: Jobs, home: Path, max_file_bytes: int) -> APIRouter:
    """The routes; those that change something need a key with the scope write, where keys are in use."""
    router = APIRouter(prefix="/v1/articles", tags=["articles"])
    writing = [Depends(require(home, "write"))]

    @router.get("")
    def list_articles(
        publisher: Annotated[list[str] | None, Query(max_length=200)] = None,
        since: Annotated[str | None, Query(max_length=40)] = None,
        until: Annotated[str | None, Query(max_length=40)] = None,
        q: Annotated[str, Query(max_length=200, description="Words of the title, the publisher or the path.")] = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> dict[str, Any]:
        """The articles without their text, newest first, unknown dates last."""
        found = [each for each in library.articles(make_filters(publisher, since, until)) if _about(each, q)]
        page = found[offset : offset + limit]
        return {
            "total": len(found),
            "offset": offset,
            "limit": limit,
            "next_offset": offset + limit if offset + limit < len(found) else None,
            "articles": [article_to_dict(each, text=False) for each in page],
        }

    @router.get("/publishers")
    def publishers() -> dict[str, Any]:
        """The publishers there are, with how many articles each has and their first and last date."""
        return {"publishers": _publishers(library.articles())}

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

    @router.post("", status_code=202, dependencies=writing, openapi_extra={"requestBody": ADDING})
    async def add(request: Request) -> Response:
        """Add articles, from files sent as a form or from an address; they are indexed in the background."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/json":
            url = _url_body(await request.body()).url
            if not library.fetches:
                raise Problem("no-fetching", "This service does not fetch pages.", "Save the page, and send the file.")
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

    @router.get("/{article_id:path}")
    def read_article(article_id: str, request: Request) -> dict[str, Any]:
        """One article with its text, and its near-copies."""
        article = _there(library, article_id)
        others = [each for each in library.copies(article.id) if each != article.id]
        copies = [copy for each in others if (copy := library.article(each))]
        return {**article_to_dict(article, text=True), "copies": [article_to_dict(each, text=False) for each in copies]}

    @router.delete("/{article_id:path}", status_code=204, dependencies=writing)
    def remove_article(article_id: str) -> Response:
        """Remove an article from the index, and its file if it was uploaded here."""
        article = _there(library, article_id)
        jobs.exclusively(lambda: library.remove(article.id))
        forget_upload(home, article.path)
        return Response(status_code=204)

    return router


def _url_body(body: bytes) -> UrlBody:
    try:
        return UrlBody.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from error


def _there(library: Library, article_id: str) -> Article:
    article = library.article(article_id)
    if article is None:
        raise Problem("not-found", "There is no article of that id.", "GET /v1/articles lists them.")
    return article


def _accepted(jobs: Jobs, sources: Sequence[Path | str], names: Sequence[str]) -> Response:
    job = jobs.start(sources, names)
    return JSONResponse({"job": job_to_dict(job)}, status_code=202, headers={"Location": f"/v1/articles/jobs/{job.id}"})


def _about(article: Article, words: str) -> bool:
    there = _plain(" ".join(filter(None, (article.title, article.publisher, article.url, article.path))))
    return all(word in there for word in _plain(words).split())


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each))


def _publishers(articles: Sequence[Article]) -> list[dict[str, Any]]:
    by_name: dict[str | None, list[Article]] = {}
    for article in articles:
        by_name.setdefault(article.publisher, []).append(article)
    rows = []
    for name, theirs in by_name.items():
        dates = sorted(each.published_at for each in theirs if each.published_at)
        first, last = (dates[0], dates[-1]) if dates else (None, None)
        rows.append({"name": name, "articles": len(theirs), "first": timestamp(first), "last": timestamp(last)})
    return sorted(rows, key=lambda row: (row["name"] is None, str(row["name"]).casefold()))
