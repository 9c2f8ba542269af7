"""Answers that a person should look at: what was declined or barely supported joins the review queue by itself."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.feedback import open_review, review_path

LOW = 0.6
"""A sentence with less support than this is worth a look."""

PATIENCE_S = 5
"""So long an answer waits for others who write to the queue."""

TABLE = """
create table if not exists noticed (
  answer_id text primary key,
  created_at text not null,
  door text not null,
  kept text not null check (kept in ('weak', 'all')),
  times integer not null,
  answer_json text not null
)
"""


@dataclass(frozen=True, slots=True)
class Noticed:
    """An answer as it was given, how often, and whether all answers were kept then or only the weak ones."""

    answer_id: str
    created_at: datetime
    door: str
    kept: str
    times: int
    answer: Mapping[str, Any]


def is_weak(answer: Mapping[str, Any]) -> bool:
    """Was it declined, or is a sentence barely supported."""
    scores = [each["support"]["score"] for each in answer["sentences"]]
    return bool(answer["status"] != "answered" or min(scores, default=0.0) < LOW)


def notice(home: Path, answer: Mapping[str, Any], door: str, keep: str) -> None:
    """Keep an answer for review: with `keep` "weak" a weak one, with "all" any, with "none" none.

    A queue that cannot be written keeps nobody from an answer.
    """
    if keep == "none" or (keep == "weak" and not is_weak(answer)):
        return
    row = (answer["id"], datetime.now(UTC).isoformat(), door, keep, json.dumps(answer))
    with suppress(sqlite3.Error, OSError), closing(open_review(home, TABLE, PATIENCE_S)) as store, store:
        store.execute(
            "insert into noticed values (?, ?, ?, ?, 1, ?) on conflict (answer_id) do update set times = times + 1", row
        )


def read_noticed(home: Path) -> Iterator[Noticed]:
    """All that was noticed, oldest first, ties by id."""
    if not review_path(home).exists():
        return
    with closing(open_review(home, TABLE, PATIENCE_S)) as store:
        rows = store.execute("select * from noticed order by created_at, answer_id").fetchall()
    for answer_id, created_at, door, kept, times, answer in rows:
        yield Noticed(answer_id, datetime.fromisoformat(created_at), door, kept, times, json.loads(answer))
