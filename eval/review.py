"""The review queue: what readers said of answers, decided one by one, becomes gold cases."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any, Literal

from eval.cases import CaseFault, case_from_dict, case_from_json, case_to_dict
from eval.types import Case, Quote
from rag.feedback import Feedback, read_feedback, review_path

Decision = Literal["accepted", "rejected"]

TABLE = """
create table if not exists decisions (
  number integer primary key autoincrement,
  feedback_id text not null unique,
  decision text not null check (decision in ('accepted', 'rejected')),
  case_json text,
  decided_at text not null
)
"""


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """The queue of one home; every decision is durable when it returns, and the last can be undone."""

    home: Path

    def pending(self) -> list[Feedback]:
        """What is not decided yet, oldest first."""
        decided = {row[0] for row in self._rows("select feedback_id from decisions")}
        return [each for each in read_feedback(self.home) if each.id not in decided]

    def accept(self, feedback: Feedback, case: Case) -> None:
        """Take a case into the gold. Raises CaseFault where it is not whole."""
        whole = case_from_dict(case_to_dict(case))
        if not whole.accept and whole.kind not in ("unanswerable", "false_premise", "follow_up", "poisoned"):
            raise CaseFault(f"a case of kind {whole.kind} needs what a right answer holds")
        self._decide(feedback, "accepted", json.dumps(case_to_dict(whole), ensure_ascii=False))

    def reject(self, feedback: Feedback) -> None:
        """Leave it out of the gold for good."""
        self._decide(feedback, "rejected", None)

    def undo(self) -> str | None:
        """Take back the last decision; the id of the feedback that is pending again, None where nothing was decided."""
        last = self._rows("select number, feedback_id from decisions order by number desc limit 1")
        if not last:
            return None
        self._write("delete from decisions where number = ?", (last[0][0],))
        return str(last[0][1])

    def accepted(self) -> list[Case]:
        """The gold cases, in the order in which they were accepted."""
        rows = self._rows("select case_json from decisions where decision = 'accepted' order by number")
        return [case_from_json(row[0]) for row in rows]

    def _decide(self, feedback: Feedback, decision: Decision, case_json: str | None) -> None:
        row = (feedback.id, decision, case_json, datetime.now(UTC).isoformat())
        self._write("insert into decisions (feedback_id, decision, case_json, decided_at) values (?, ?, ?, ?)", row)

    def _rows(self, query: str) -> list[Any]:
        if not review_path(self.home).exists():
            return []
        with closing(self._open()) as store:
            return store.execute(query).fetchall()

    def _write(self, command: str, values: tuple[Any, ...]) -> None:
        with closing(self._open()) as store, store:
            store.execute(command, values)

    def _open(self) -> sqlite3.Connection:
        self.home.mkdir(parents=True, exist_ok=True)
        store = sqlite3.connect(review_path(self.home), timeout=30)
        store.execute(TABLE)
        return store


def suggest(feedback: Feedback) -> Case:
    """The case that feedback points to; a right answer's citations are its evidence, a wrong one's are not.

    What an answer must hold is for the reviewer to say, unless it was rightly declined.
    """
    answer, good = feedback.answer, feedback.verdict == "good"
    declined = answer["status"] == "declined"
    cited = answer["citations"] if good else ()
    return Case(
        id=feedback.id,
        kind="unanswerable" if good and declined else "single",
        question=feedback.question,
        accept=(),
        evidence=tuple((Quote(_name(each), each["quote"]),) for each in cited),
        note=feedback.comment,
    )


def with_accept(case: Case, text: str) -> Case:
    """The case with what a right answer holds: alternatives split by "|", the parts of one by "+"; empty is to be declined."""
    alternatives = [[part.strip() for part in each.split("+") if part.strip()] for each in text.split("|")]
    accept = tuple(tuple(each) for each in alternatives if each)
    kind = "unanswerable" if not accept else "single" if case.kind == "unanswerable" else case.kind
    return replace(case, accept=accept, kind=kind, evidence=case.evidence if accept else ())


def export(queue: ReviewQueue, file: Path) -> int:
    """Write the accepted cases as a file of gold cases; how many there are."""
    cases = queue.accepted()
    lines = [json.dumps(case_to_dict(case), ensure_ascii=False) + "\n" for case in cases]
    file.write_text("".join(lines), encoding="utf-8")
    return len(cases)


def _name(citation: Any) -> str:
    file = PurePath((citation["path"] or citation["url"] or citation["article_id"]).partition("#")[0]).name
    return f"{file}#{citation['title']}" if file.endswith(".jsonl") else file
