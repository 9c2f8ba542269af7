"""The answer object of the outside contract: what `ask --json` prints and POST /v1/answers sends."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from index.types import Article, Hit
from rag.types import Answer, AnswerSentence, Citation, Disagreement


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """The answer as plain JSON values, keys in the contract's order."""
    declined = answer.declined
    return {
        "id": answer.id,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "status": answer.status,
        "text": answer.text,
        "sentences": [sentence_to_dict(each) for each in answer.sentences],
        "citations": [citation_to_dict(each) for each in answer.citations],
        "disagreements": [disagreement_to_dict(each) for each in answer.disagreements],
        "declined": declined
        and {"reason": declined.reason, "closest": [citation_to_dict(each) for each in declined.closest]},
        "passages": [passage_to_dict(hit) for hit in answer.hits],
        "usage": asdict(answer.usage),
        "timings": {name: round(value, 1) for name, value in asdict(answer.timings).items()},
        "receipt": {**asdict(answer.receipt), "prompts": dict(answer.receipt.prompts)},
    }


def sentence_to_dict(sentence: AnswerSentence) -> dict[str, Any]:
    """A shown sentence with its verdict."""
    support = sentence.support
    return {
        "text": sentence.text,
        "start": sentence.start,
        "end": sentence.end,
        "citations": list(sentence.citations),
        "support": {
            "verdict": support.verdict,
            "score": round(support.score, 4),
            "checks": {name: v if isinstance(v, bool) else round(v, 4) for name, v in support.checks.items()},
        },
    }


def citation_to_dict(citation: Citation) -> dict[str, Any]:
    """A citation with its article's byline; offsets count code points of the article's text."""
    article = citation.article
    return {
        "number": citation.number,
        "article_id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "author": article.author,
        "published_at": timestamp(article.published_at),
        "updated_at": timestamp(article.updated_at),
        "url": article.url,
        "path": article.path,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "article_sha256": article.sha256,
        "cluster_id": citation.cluster_id,
        "copies": citation.copies,
    }


def disagreement_to_dict(disagreement: Disagreement) -> dict[str, Any]:
    """The sides, and which of them is later."""
    return {
        "about": disagreement.about,
        "sides": [{"value": side.value, "citations": list(side.citations)} for side in disagreement.sides],
        "later": disagreement.later,
    }


def passage_to_dict(hit: Hit) -> dict[str, Any]:
    """A found passage as it stands in an answer."""
    passage = hit.passage
    return {
        "article_id": passage.article_id,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "score": round(hit.score, 6),
        "found_by": list(hit.found_by),
    }


def hit_to_dict(hit: Hit) -> dict[str, Any]:
    """A hit as `search --json` prints it."""
    passage, article = hit.passage, hit.article
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "found_by": list(hit.found_by),
        "article_id": passage.article_id,
        "passage_id": passage.id,
        "title": article.title,
        "publisher": article.publisher,
        "published_at": timestamp(article.published_at),
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
    }


def article_to_dict(article: Article, *, text: bool) -> dict[str, Any]:
    """An article as `articles list` (without its text) and `articles show` (with it) print it."""
    return {
        "id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "author": article.author,
        "published_at": timestamp(article.published_at),
        "updated_at": timestamp(article.updated_at),
        "retrieved_at": timestamp(article.retrieved_at),
        "url": article.url,
        "path": article.path,
        "language": article.language,
        "sha256": article.sha256,
        "found": dict(article.found),
        "characters": len(article.text),
        **({"text": article.text} if text else {}),
    }


def timestamp(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
