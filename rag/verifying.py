"""A saved answer against the index of today: is every quote still, to the letter, what its article says?"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from index.errors import UsageError
from index.types import Article

State = Literal["exact", "changed", "gone"]


class Articles(Protocol):
    """Where articles are looked up; the catalogue is one."""

    def article(self, article_id: str) -> Article | None:
        """One article, or None."""
        ...


@dataclass(frozen=True, slots=True)
class CheckedQuote:
    """What became of one quote: exact where it stood, changed since (the article is another), or gone with its article."""

    number: int
    article_id: str
    title: str | None
    publisher: str | None
    quote: str
    state: State
    detail: str


def read_answer(name: str) -> dict[str, Any]:
    """The answer object of a file, or of stdin for "-". Raises UsageError for anything else."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
        answer = json.loads(text)
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise UsageError(f"{name} is not JSON: {error}.", "Save one with: byline ask … --json > answer.json") from error
    if not isinstance(answer, dict) or not isinstance(answer.get("citations"), list):
        raise UsageError(f"{name} holds no answer.", "Save one with: byline ask … --json > answer.json")
    return answer


def quotes_of(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The citations of an answer, and the closest words of one that declined."""
    declined = answer.get("declined") or {}
    return [*answer["citations"], *declined.get("closest", [])]


def verify_answer(answer: Mapping[str, Any], articles: Articles) -> list[CheckedQuote]:
    """Check each quote, in the order of the answer. Raises UsageError where a citation lacks what a check needs."""
    return [_checked(citation, articles) for citation in quotes_of(answer)]


def checked_to_dict(answer: Mapping[str, Any], checked: Sequence[CheckedQuote]) -> dict[str, Any]:
    """The result as plain JSON values, with the count of each state."""
    counts = {state: sum(each.state == state for each in checked) for state in ("exact", "changed", "gone")}
    return {
        "answer_id": answer.get("id"),
        "ok": counts["exact"] == len(checked),
        **counts,
        "quotes": [asdict(each) for each in checked],
    }


def _checked(citation: Mapping[str, Any], articles: Articles) -> CheckedQuote:
    try:
        number, article_id = int(citation["number"]), str(citation["article_id"])
        start, end, quote = int(citation["start"]), int(citation["end"]), str(citation["quote"])
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"A citation of this answer is not whole: {error}.", "Save the answer again.") from error
    state, detail = _state(articles.article(article_id), start, end, quote, str(citation.get("article_sha256", "")))
    return CheckedQuote(number, article_id, citation.get("title"), citation.get("publisher"), quote, state, detail)


def _state(article: Article | None, start: int, end: int, quote: str, sha256: str) -> tuple[State, str]:
    if article is None:
        return "gone", "The article is no longer in the index."
    same_words = bool(quote) and 0 <= start < end and article.text[start:end] == quote
    if same_words and article.sha256 == sha256:
        return "exact", f"Characters {start} to {end}."
    if same_words:
        return "exact", f"Characters {start} to {end}; the article has changed elsewhere since."
    if article.sha256 == sha256:
        return "changed", "The article is the same, but the quote is not what stands there."
    moved = article.text.find(quote) if quote else -1
    if moved >= 0:
        return "changed", f"The article was changed since; the words now stand at {moved} to {moved + len(quote)}."
    return "changed", "The article was changed since, and no longer holds these words."
