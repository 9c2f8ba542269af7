"""GET and DELETE under /v1/articles: the list, one article, and taking one out."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from index.types import Article
from rag.answer_json import article_to_dict, timestamp
from rag.doors.filters import make_filters
from rag.doors.http.jobs import Jobs
from rag.doors.http.keys import require
from rag.doors.http.library import Library
from rag.doors.http.problems import Problem
from rag.doors.http.uploads import forget_upload

Offset = Annotated[int | None, Query(ge=0, le=1_000_000_000)]


def articles_router(library: Library, jobs: Jobs, home: Path) -> APIRouter:
    """The routes; the one that changes something needs a key with the scope write, where keys are in use."""
    router = APIRouter(prefix="/v1/articles", tags=["articles"])

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

    @router.get("/{article_id:path}")
    def read_article(article_id: str, start: Offset = None, end: Offset = None) -> dict[str, Any]:
        """One article with its text, and its near-copies; with `start` and `end`, also the words that stand there."""
        article = _there(library, article_id)
        marked = _highlight(article, start, end)
        others = [each for each in library.copies(article.id) if each != article.id]
        copies = [copy for each in others if (copy := library.article(each))]
        told = [article_to_dict(each, text=False) for each in copies]
        return {**article_to_dict(article, text=True), "copies": told, "highlight": marked}

    @router.delete("/{article_id:path}", status_code=204, dependencies=[Depends(require(home, "write"))])
    def remove_article(article_id: str) -> Response:
        """Remove an article from the index, and its file if it was uploaded here."""
        article = _there(library, article_id)
        jobs.exclusively(lambda: library.remove(article.id))
        forget_upload(home, article.path)
        return Response(status_code=204)

    return router


def _highlight(article: Article, start: int | None, end: int | None) -> dict[str, Any] | None:
    if start is None and end is None:
        return None
    if start is None or end is None or not start < end <= len(article.text):
        remedy = f"Give start and end in code points, 0 <= start < end <= {len(article.text)}."
        raise Problem("usage", "There are no such words in the article.", remedy)
    return {"start": start, "end": end, "text": article.text[start:end]}


def _there(library: Library, article_id: str) -> Article:
    article = library.article(article_id)
    if article is None:
        raise Problem("not-found", "There is no article of that id.", "GET /v1/articles lists them.")
    return article


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
