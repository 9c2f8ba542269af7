import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from eval.library import Articles
from index.types import Article

ARTICLES = {
    "harbor.txt": "The harbor wall cost $4.5 million. Mayor Ada Lindqvist opened it in May.",
    "bridge.txt": "The bridge is 300 metres long. A rival paper says it is 310 metres long.",
    "tram.txt": "Trams carry 12,000 people a day. The line was built in 1931.",
}


def article(name: str, text: str) -> Article:
    return Article(
        id=f"art_{name.partition('.')[0]}",
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        title=name.partition(".")[0].title(),
        publisher="The Test Post",
        author=None,
        published_at=None,
        updated_at=None,
        retrieved_at=datetime(2026, 1, 1, tzinfo=UTC),
        url=None,
        path=f"articles/{name}",
        language="en",
    )


@pytest.fixture
def articles() -> list[Article]:
    return [article(name, text) for name, text in ARTICLES.items()]


@pytest.fixture
def library(articles: list[Article]) -> Articles:
    return Articles(articles)


def case_record(**fields: Any) -> dict[str, Any]:
    return {
        "id": "c1",
        "kind": "numeric",
        "question": "What did the harbor wall cost?",
        "accept": [["4.5 million"]],
        "forbidden": [],
        "evidence": [[{"article": "harbor.txt", "quote": "cost $4.5 million"}]],
        **fields,
    }


@pytest.fixture
def record() -> Callable[..., dict[str, Any]]:
    return case_record


@pytest.fixture
def write_cases(tmp_path: Path) -> Callable[..., Path]:
    def write(*records: dict[str, Any] | str, name: str = "cases.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records), encoding="utf-8")
        return path

    return write
