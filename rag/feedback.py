"""What readers said of answers: good or wrong, and what would be right. The review queue reads it."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

Judgement = Literal["good", "wrong"]
Door = Literal["terminal", "http", "web", "eval"]

TABLE = """
create table if not exists feedback (
  id text primary key,
  created_at text not null,
  answer_id text not null,
  question text not null,
  answer_json text not null,
  verdict text not null check (verdict in ('good', 'wrong')),
  comment text not null,
  door text not null
)
"""


@dataclass(frozen=True, slots=True)
class Feedback:
    """One reader's judgement of one answer, with the whole answer object as it was shown."""

    id: str
    created_at: datetime
    answer_id: str
    question: str
    answer: Mapping[str, Any]
    verdict: Judgement
    comment: str
    door: str


def write_feedback(
    home: Path, answer: Mapping[str, Any], verdict: Judgement, comment: str = "", door: Door = "terminal"
) -> Feedback:
    """Add one judgement to `<home>/review.sqlite`; `answer` is the answer object of the contract. Durable on return."""
    said = Feedback(
        id=f"fb_{uuid4().hex[:16]}",
        created_at=datetime.now(UTC),
        answer_id=str(answer["id"]),
        question=str(answer["question"]),
        answer=answer,
        verdict=verdict,
        comment=comment,
        door=door,
    )
    row = (
        said.id,
        said.created_at.isoformat(),
        said.answer_id,
        said.question,
        json.dumps(answer),
        said.verdict,
        said.comment,
        said.door,
    )
    with closing(open_review(home, TABLE)) as store, store:
        store.execute("insert into feedback values (?, ?, ?, ?, ?, ?, ?, ?)", row)
    return said


def read_feedback(home: Path) -> Iterator[Feedback]:
    """All judgements, oldest first, ties by id."""
    if not review_path(home).exists():
        return
    with closing(open_review(home, TABLE)) as store:
        rows = store.execute("select * from feedback order by created_at, id").fetchall()
    for id_, created_at, answer_id, question, answer_json, verdict, comment, door in rows:
        yield Feedback(
            id=id_,
            created_at=datetime.fromisoformat(created_at),
            answer_id=answer_id,
            question=question,
            answer=json.loads(answer_json),
            verdict=verdict,
            comment=comment,
            door=door,
        )


def review_path(home: Path) -> Path:
    """Where the review queue of a home lies."""
    return home / "review.sqlite"


def open_review(home: Path, table: str, patience_s: float = 30) -> sqlite3.Connection:
    """The review queue with a table that is made where it is not there; others may write, and are waited for so long."""
    home.mkdir(parents=True, exist_ok=True)
    store = sqlite3.connect(review_path(home), timeout=patience_s)
    store.execute("pragma journal_mode=wal")
    store.execute(table)
    return store
