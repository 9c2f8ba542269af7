"""Requests that show how the API is used. /docs shows them, and a test sends every one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Example:
    """One request: a JSON body, or the query and path of one that only reads."""

    method: str
    path: str
    summary: str
    body: Mapping[str, Any] | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


QUESTION = "What does the ferry cost?"
ANSWER = {
    "id": "ans_3f0c",
    "question": QUESTION,
    "standalone_question": None,
    "status": "answered",
    "text": "The ferry costs 41 million euros [1].",
    "sentences": [
        {
            "text": "The ferry costs 41 million euros [1].",
            "start": 0,
            "end": 37,
            "citations": [1],
            "support": {"verdict": "supported", "score": 0.97, "checks": {"numbers": True, "entailment": 0.97}},
        }
    ],
    "citations": [
        {
            "number": 1,
            "article_id": "harbour.example/ferry",
            "title": "Harbour town orders a ferry",
            "publisher": "The Harbour Gazette",
            "author": None,
            "published_at": "2025-03-01T00:00:00Z",
            "updated_at": None,
            "url": "https://harbour.example/ferry",
            "path": None,
            "start": 28,
            "end": 69,
            "quote": "The new ferry will cost 41 million euros.",
            "article_sha256": "9f2c",
            "cluster_id": None,
            "copies": 1,
        }
    ],
    "disagreements": [],
    "declined": None,
    "passages": [
        {
            "article_id": "harbour.example/ferry",
            "start": 0,
            "end": 69,
            "text": "Ferry plan unveiled. The new ferry will cost 41 million euros.",
            "score": 0.71,
            "found_by": ["dense", "words"],
        }
    ],
    "usage": {"prompt_tokens": 321, "completion_tokens": 45, "context_limit": 4096, "truncated": False},
    "timings": {"search_ms": 12.0, "first_evidence_ms": 13.0, "first_token_ms": 200.0, "total_ms": 900.0},
    "receipt": {
        "index": "5b1e",
        "model": "qwen2.5-coder-1.5b-instruct",
        "model_digest": "77c0",
        "prompts": {"answer": "c2a1"},
        "settings": "d0e9",
        "seed": 0,
    },
}
"""The shape of an answer; a test holds it against a real one."""

EXAMPLES = (
    Example("post", "/v1/answers", "A question", {"question": QUESTION}),
    Example(
        "post",
        "/v1/answers",
        "A follow-up, of one publisher, in March 2025, within 20 seconds",
        {
            "question": "And how many cars does it carry?",
            "history": [{"question": QUESTION, "answer": "The ferry costs 41 million euros [1]."}],
            "filters": {"publishers": ["The Harbour Gazette"], "since": "2025-03-01", "until": "2025-03-31"},
            "deadline_s": 20,
        },
    ),
    Example("post", "/v1/answers", "As it is made", {"question": QUESTION, "stream": True}),
    Example("post", "/v1/search", "The three best passages", {"question": "ferry price", "k": 3}),
    Example(
        "post",
        "/v1/chat/completions",
        "Any OpenAI client",
        {"model": "byline", "messages": [{"role": "user", "content": QUESTION}]},
    ),
    Example(
        "post",
        "/v1/chat/completions",
        "Streamed, with the tokens it took",
        {
            "model": "byline",
            "messages": [{"role": "user", "content": QUESTION}],
            "stream": True,
            "stream_options": {"include_usage": True},
        },
    ),
    Example("post", "/v1/articles", "From an address", {"url": "https://harbour.example/ferry"}),
    Example(
        "post", "/v1/feedback", "Wrong", {"verdict": "wrong", "answer_id": "ans_3f0c", "comment": "It is 46 million."}
    ),
    Example("get", "/v1/models", "The one model"),
    Example(
        "get",
        "/v1/articles",
        "One publisher's, newest first",
        parameters={"publisher": ["The Harbour Gazette"], "since": "2025-03-01", "limit": 5},
    ),
    Example(
        "get",
        "/v1/articles/{article_id}",
        "Open at a quote",
        parameters={"article_id": "harbour.example/ferry", "start": 0, "end": 10},
    ),
)


def add_examples(schema: dict[str, Any]) -> None:
    """Put them where OpenAPI has its places for them."""
    for each in EXAMPLES:
        operation = schema["paths"][each.path][each.method]
        if each.body is not None:
            content = operation["requestBody"]["content"][JSON]
            content.setdefault("examples", {})[each.summary] = {"summary": each.summary, "value": dict(each.body)}
        for parameter in operation.get("parameters", []):
            if parameter["name"] in each.parameters:
                parameter["example"] = each.parameters[parameter["name"]]
    answer = schema["paths"]["/v1/answers"]["post"]["responses"]["200"]
    answer["content"] = {JSON: {"schema": {"type": "object"}, "example": ANSWER}, "text/event-stream": {}}
