"""Articles as lines of an archive, and back: an archive may be hostile, so whatever does not hold together is refused."""

import json
import re
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter, ValidationError

from index.characters import unseen
from index.errors import BrokenError
from index.sources import Source
from index.types import Article, Passage, Span

LONGEST_LINE = 1 << 28
_NOT_AN_ARTICLE = "It was not made by byline export, or was changed since."


@dataclass(frozen=True, slots=True)
class Carried:
    """An article with its passages, in order, and its earlier versions, the latest first."""

    article: Article
    passages: tuple[Passage, ...]
    versions: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class Noted:
    """A file that was read, and the articles that it gave."""

    source: Source
    article_ids: tuple[str, ...]


_ARTICLE = TypeAdapter(Article)
_NOTED = TypeAdapter(Noted)
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_FIELDS = {each.name for each in fields(Article)}
_PASSAGE_FIELDS = {"id", "start", "end", "sentences"}


def article_line(carried: Carried) -> bytes:
    """One line: the article and its versions with every field, and where passages and sentences lie in its text."""
    passages = [
        {"id": each.id, "start": each.start, "end": each.end, "sentences": [[s.start, s.end] for s in each.sentences]}
        for each in carried.passages
    ]
    article, *versions = (_ARTICLE.dump_python(each, mode="json") for each in (carried.article, *carried.versions))
    return line({"article": article, "passages": passages, "versions": versions})


def carried_of(data: bytes) -> Carried:
    """The article of a line. Raises BrokenError where text, digest, offsets or fields do not hold together."""
    try:
        made = json.loads(data)
        if made.keys() != {"article", "passages", "versions"}:
            raise ValueError("its fields are not those of an article")
        article, *versions = (_article(each) for each in (made["article"], *made["versions"]))
        if any(each.id != article.id for each in versions):
            raise ValueError("a version is of another article")
        passages = tuple(_passage(article, number, each) for number, each in enumerate(made["passages"]))
        return Carried(article, passages, tuple(versions))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BrokenError(
            f"An article of the archive does not hold together: {_reason(error)}.", _NOT_AN_ARTICLE
        ) from error


def noted_line(noted: Noted) -> bytes:
    """One line: a file that was read."""
    return line(asdict(noted))


def noted_of(data: bytes) -> Noted:
    """The file of a line. Raises BrokenError."""
    try:
        return _NOTED.validate_json(data)
    except ValidationError as error:
        raise BrokenError(
            f"A source of the archive does not hold together: {_reason(error)}.", _NOT_AN_ARTICLE
        ) from error


def line(values: dict[str, Any]) -> bytes:
    """Values as one line of JSON in UTF-8; half a surrogate pair, which UTF-8 has not, stands escaped."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(values, separators=(",", ":")).encode() + b"\n"


def _article(whole: dict[str, Any]) -> Article:
    if whole.keys() != _FIELDS:
        raise ValueError("its fields are not those of an article")
    article = _ARTICLE.validate_python(whole)
    if sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest() != article.sha256:
        raise ValueError("its text has another digest")
    if any(map(unseen, (article.text, article.title or "", article.publisher or "", article.author or ""))):
        raise ValueError("it holds characters that cannot be seen")
    moments: tuple[datetime | None, ...] = (article.published_at, article.updated_at, article.retrieved_at)
    if not _ID.fullmatch(article.id) or any(each is not None and each.tzinfo is None for each in moments):
        raise ValueError("its id or a date is not whole")
    return article


def _passage(article: Article, ordinal: int, place: dict[str, Any]) -> Passage:
    if place.keys() != _PASSAGE_FIELDS:
        raise ValueError("the fields of a passage are others")
    name, start, end = place["id"], place["start"], place["end"]
    sentences = tuple(Span(*each) for each in place["sentences"])
    numbers = [start, end, *(bound for span in sentences for bound in (span.start, span.end))]
    if (
        not isinstance(name, str)
        or not name.startswith(f"{article.id}.")
        or not all(type(each) is int for each in numbers)
    ):
        raise ValueError("a passage has no name or no place")
    Span(start, end)
    if end > len(article.text) or any(each.start < start or each.end > end for each in sentences):
        raise ValueError("a passage lies outside of its article")
    return Passage(name, article.id, ordinal, start, end, article.text[start:end], sentences)


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error) or type(error).__name__
