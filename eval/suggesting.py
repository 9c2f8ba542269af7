"""What gold case an answer, or a reader's word on it, points to; and how a reviewer writes what is right in one line."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from eval.types import AnswerObject, Case, Quote

MUST_DECLINE = ("unanswerable", "false_premise")


def suggest(item_id: str, question: str, answer: AnswerObject | None, good: bool, note: str = "") -> Case:
    """A right answer's citations are its evidence, any other's are not.

    What an answer must hold is for the reviewer to say, unless it was rightly declined.
    """
    declined = answer is not None and answer["status"] == "declined"
    cited: Sequence[Mapping[str, Any]] = answer["citations"] if good and answer is not None else ()
    return Case(
        id=item_id,
        kind="unanswerable" if good and declined else "single",
        question=question,
        accept=(),
        evidence=tuple((Quote(cited_name(each), each["quote"]),) for each in cited),
        note=note,
    )


def with_accept(case: Case, text: str) -> Case:
    """The case with what a right answer holds: alternatives split by "|", the parts of one by "+"; empty is to be declined."""
    alternatives = [[part.strip() for part in each.split("+") if part.strip()] for each in text.split("|")]
    accept = tuple(tuple(each) for each in alternatives if each)
    if accept:
        return replace(case, accept=accept, kind="single" if case.kind in MUST_DECLINE else case.kind)
    kind = case.kind if case.kind in MUST_DECLINE else "unanswerable"
    return replace(case, accept=(), kind=kind, evidence=())


def accept_line(case: Case) -> str:
    """What `with_accept` reads, of the case as it is."""
    return " | ".join(" + ".join(alternative) for alternative in case.accept)


def cited_name(citation: Mapping[str, Any]) -> str:
    """The name under which gold evidence knows the article of a citation."""
    file = PurePath((citation["path"] or citation["url"] or citation["article_id"]).partition("#")[0]).name
    return f"{file}#{citation['title']}" if file.endswith(".jsonl") else file
