"""Who decided what of the queue: labels by reviewers, what they settle, and how far they agree."""

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from eval.agreement import kappa
from eval.cases import CaseFault, case_from_dict, case_from_json, case_to_dict
from eval.queue import Item, gather
from eval.suggesting import MUST_DECLINE
from eval.types import Case
from rag.feedback import open_review, review_path

Choice = Literal["answerable", "to be declined", "rejected"]

TABLE = """
create table if not exists labels (
  number integer primary key autoincrement,
  item_id text not null,
  reviewer text not null,
  choice text not null check (choice in ('answerable', 'to be declined', 'rejected')),
  case_json text,
  labelled_at text not null,
  unique (item_id, reviewer)
)
"""


@dataclass(frozen=True, slots=True)
class Label:
    """What one reviewer decided of one item; `case` is None where it was rejected."""

    item_id: str
    reviewer: str
    choice: Choice
    case: Case | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Over `n` items that two reviewers labelled, how many alike, and Cohen's kappa."""

    n: int
    agreed: int
    kappa: float | None


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """The queue of one home as one reviewer sees it; every label is durable when it returns, and their last can be undone."""

    home: Path
    reviewer: str

    def pending(self, again: bool = False, sample: bool = False) -> list[Item]:
        """What this reviewer may label: first what two others disagree on, then the most informative that nobody has labelled.

        `again` gives what one other has labelled, to see whether both agree. `sample` gives the representative items
        alone, in an order that has nothing to do with what they say.
        """
        labels = self.labels()
        items = [each for each in gather(self.home) if self.reviewer not in _reviewers(labels.get(each.id, ()))]
        if sample:
            fresh = [each for each in items if each.representative and each.id not in labels]
            return sorted(fresh, key=drawn)
        wanted = 1 if again else 0
        contested = [each for each in items if each.id in labels and settled(labels[each.id]) is None]
        return contested + [each for each in items if len(labels.get(each.id, ())) == wanted]

    def accept(self, item: Item, case: Case) -> None:
        """Take a case into the gold. Raises CaseFault where it is not whole."""
        origin = {"item": item.id, "origin": item.origin, "asked_at": item.created_at.isoformat(timespec="seconds")}
        receipt = item.answer["receipt"] if item.answer and "receipt" in item.answer else {}
        model = {"model": str(receipt["model"])} if "model" in receipt else {}
        provenance = {**dict(case.provenance), **origin, **model}
        whole = case_from_dict(case_to_dict(replace(case, provenance=tuple(provenance.items()))))
        if not whole.accept and whole.kind not in (*MUST_DECLINE, "follow_up", "poisoned"):
            raise CaseFault(f"a case of kind {whole.kind} needs what a right answer holds")
        self._label(item, "answerable" if whole.accept else "to be declined", whole)

    def reject(self, item: Item) -> None:
        """Leave it out of the gold."""
        self._label(item, "rejected", None)

    def undo(self) -> str | None:
        """Take back this reviewer's last label; the id of the item, None where there is none."""
        query = "select number, item_id from labels where reviewer = ? order by number desc limit 1"
        last = self._rows(query, (self.reviewer,))
        if not last:
            return None
        self._write("delete from labels where number = ?", (last[0][0],))
        return str(last[0][1])

    def labels(self) -> dict[str, list[Label]]:
        """All labels by item, in the order in which they were given."""
        found: dict[str, list[Label]] = {}
        for item, reviewer, choice, case in self._rows(
            "select item_id, reviewer, choice, case_json from labels order by number"
        ):
            found.setdefault(item, []).append(Label(item, reviewer, choice, case_from_json(case) if case else None))
        return found

    def accepted(self) -> list[Case]:
        """The gold cases, in the order in which they were first labelled, each with who accepted it."""
        cases = []
        for labels in self.labels().values():
            choice = settled(labels)
            case = next((each.case for each in reversed(labels) if each.choice == choice and each.case), None)
            if case:
                by = ", ".join(each.reviewer for each in labels if each.choice == choice)
                cases.append(replace(case, provenance=(*case.provenance, ("accepted_by", by))))
        return cases

    def agreement(self) -> Agreement:
        """How far the first two who labelled an item agree, over all items that two have labelled."""
        both = [sorted(each[:2], key=lambda label: label.reviewer) for each in self.labels().values() if len(each) > 1]
        pairs = [(one.choice, other.choice) for one, other in both]
        return Agreement(len(pairs), sum(one == other for one, other in pairs), kappa(pairs))

    def _label(self, item: Item, choice: Choice, case: Case | None) -> None:
        record = json.dumps(case_to_dict(case), ensure_ascii=False) if case else None
        row = (item.id, self.reviewer, choice, record, datetime.now(UTC).isoformat())
        self._write(
            "insert into labels (item_id, reviewer, choice, case_json, labelled_at) values (?, ?, ?, ?, ?)", row
        )

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        if not review_path(self.home).exists():
            return []
        with closing(open_review(self.home, TABLE)) as store:
            return store.execute(query, values).fetchall()

    def _write(self, command: str, values: tuple[Any, ...]) -> None:
        with closing(open_review(self.home, TABLE)) as store, store:
            store.execute(command, values)


def settled(labels: Sequence[Label]) -> Choice | None:
    """What the labels of an item come to: one label, two alike, the most of three or more, else the third's; None while two differ."""
    choices = [each.choice for each in labels]
    if len(set(choices)) == 1:
        return choices[0]
    if len(choices) < 3:
        return None
    (most, count), *_ = Counter(choices).most_common()
    return most if count > 1 else choices[2]


def drawn(item: Item) -> str:
    """Where an item stands in the random order; any beginning of it is a random sample."""
    return sha256(item.id.encode()).hexdigest()


def export(queue: ReviewQueue, file: Path) -> int:
    """Write the accepted cases as a file of gold cases; how many there are."""
    cases = queue.accepted()
    lines = [json.dumps(case_to_dict(case), ensure_ascii=False) + "\n" for case in cases]
    file.write_text("".join(lines), encoding="utf-8")
    return len(cases)


def _reviewers(labels: Sequence[Label]) -> set[str]:
    return {each.reviewer for each in labels}
