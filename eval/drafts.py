"""Questions that a model drafted, waiting in the review queue for a person."""

import json
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from eval.cases import case_from_json, case_to_dict
from eval.types import Case
from rag.feedback import open_review, review_path

TABLE = """
create table if not exists drafts (
  id text primary key,
  created_at text not null,
  case_json text not null
)
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed case; its quotes were found in their articles by code, the rest is the model's."""

    created_at: datetime
    case: Case


def write_draft(home: Path, case: Case) -> bool:
    """Put a draft into the queue; False where it is there already."""
    home.mkdir(parents=True, exist_ok=True)
    row = (case.id, datetime.now(UTC).isoformat(), json.dumps(case_to_dict(case), ensure_ascii=False))
    with closing(open_review(home, TABLE)) as store, store:
        return store.execute("insert or ignore into drafts values (?, ?, ?)", row).rowcount == 1


def read_drafts(home: Path) -> list[Draft]:
    """All drafts, oldest first, ties by id."""
    if not review_path(home).exists():
        return []
    with closing(open_review(home, TABLE)) as store:
        rows = store.execute("select created_at, case_json from drafts order by created_at, id").fetchall()
    return [Draft(datetime.fromisoformat(created_at), case_from_json(case)) for created_at, case in rows]
