"""Articles and passages as rows of the catalogue, and back; and the conditions of `Filters`."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from index.types import Article, Filters, Passage, Span

ARTICLE = (
    "id, text, sha256, title, publisher, author, published_at, updated_at, retrieved_at, url, path, language, found"
)
PASSAGE = 'id, article_id, ordinal, start, "end", text, sentences'


def article_row(article: Article) -> tuple[Any, ...]:
    """The columns of ARTICLE, then publisher_key and mark."""
    return (
        article.id,
        article.text,
        article.sha256,
        article.title,
        article.publisher,
        article.author,
        moment(article.published_at),
        moment(article.updated_at),
        moment(article.retrieved_at),
        article.url,
        article.path,
        article.language,
        json.dumps(dict(article.found), ensure_ascii=False, sort_keys=True),
        article.publisher.casefold() if article.publisher else None,
        mark(article),
    )


def article_of(row: tuple[Any, ...]) -> Article:
    """An article from the columns of ARTICLE."""
    columns = (each.strip() for each in ARTICLE.split(","))
    values = dict(zip(columns, row, strict=True))
    for name in ("published_at", "updated_at", "retrieved_at"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    values["found"] = json.loads(values["found"])
    return Article(**values)


def mark(article: Article) -> str:
    """sha256 of everything about an article that an answer can show; not when or how it was fetched."""
    shown = (article.id, article.sha256, article.title, article.publisher, article.author, article.url, article.path)
    times = (moment(article.published_at), moment(article.updated_at))
    return sha256(json.dumps([*shown, *times]).encode()).hexdigest()


def passage_row(passage: Passage) -> tuple[Any, ...]:
    """The columns of PASSAGE; sentences as a flat list of offsets."""
    offsets = [bound for span in passage.sentences for bound in (span.start, span.end)]
    where = (passage.id, passage.article_id, passage.ordinal, passage.start, passage.end)
    return (*where, passage.text, json.dumps(offsets, separators=(",", ":")))


def passage_of(row: tuple[Any, ...]) -> Passage:
    """A passage from the columns of PASSAGE."""
    name, article_id, ordinal, start, end, text, sentences = row
    offsets = json.loads(sentences)
    return Passage(name, article_id, ordinal, start, end, text, tuple(map(Span, offsets[::2], offsets[1::2])))


def moment(when: datetime | None) -> str | None:
    """A moment in UTC as text that sorts by time; one without a zone is taken as UTC."""
    if when is None:
        return None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return when.isoformat(timespec="microseconds")


def condition(filters: Filters) -> tuple[str, list[Any]]:
    """Filters as an SQL condition over articles, with its parameters."""
    parts: list[str] = []
    values: list[Any] = []
    if filters.publishers:
        parts.append("publisher_key IN (SELECT value FROM json_each(?))")
        values.append(many(each.casefold() for each in filters.publishers))
    bounds = ((">=", filters.since), ("<=", filters.until), ("<=", filters.as_of))
    for sign, when in bounds:
        if when is not None:
            parts.append(f"published_at {sign} ?")
            values.append(moment(when))
    return " AND ".join(parts) or "1", values


def many(values: Iterable[str]) -> str:
    """Any number of values as one parameter for json_each."""
    return json.dumps(list(values))
