"""Gold cases from JSON lines: read strictly, and checked against the articles before anything is asked."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from eval.types import Case, Library, Quote
from index.errors import UsageError
from rag.types import Turn

KINDS = (
    "single",
    "numeric",
    "multi",
    "comparison",
    "temporal",
    "conflict",
    "correction",
    "copy",
    "unanswerable",
    "false_premise",
    "follow_up",
    "poisoned",
)
_NEEDED = ("id", "kind", "question", "accept", "forbidden", "evidence")
_FIELDS = (*_NEEDED, "note", "history", "split", "publishers", "group", "provenance")


class CaseFault(ValueError):
    """What is wrong with one line of cases."""


def read_cases(files: Iterable[Path]) -> list[Case]:
    """The cases of all files in order. Raises UsageError that names every fault by file and line."""
    cases: list[Case] = []
    faults: list[str] = []
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{file}: cannot be read: {error}")
            continue
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    cases.append(replace(case_from_json(line), source=f"{file}:{number}"))
                except CaseFault as fault:
                    faults.append(f"{file}:{number}: {fault}")
    refuse(faults + repeated(cases))
    if not cases:
        raise UsageError("There are no cases to run.", "Name a .jsonl file of cases, or a folder of such files.")
    return cases


def case_from_json(line: str) -> Case:
    """One case from one line. Raises CaseFault."""
    try:
        record = json.loads(line)
    except ValueError as error:
        raise CaseFault(f"not JSON: {error}") from error
    if not isinstance(record, dict):
        raise CaseFault(f"a case is an object, not {type(record).__name__}")
    return case_from_dict(record)


def case_from_dict(record: Mapping[str, Any]) -> Case:
    """One case from its record. Raises CaseFault naming the first field that does not fit."""
    if unknown := sorted(set(record) - set(_FIELDS)):
        raise CaseFault(f"unknown field {unknown[0]!r}; known are {', '.join(_FIELDS)}")
    if missing := [name for name in _NEEDED if name not in record]:
        raise CaseFault(f"no field {missing[0]!r}")
    case = Case(
        id=_words(record["id"], "id"),
        kind=_words(record["kind"], "kind"),
        question=_words(record["question"], "question"),
        accept=tuple(tuple(_strings(each, "accept")) for each in _list(record["accept"], "accept")),
        forbidden=tuple(_strings(record["forbidden"], "forbidden")),
        evidence=tuple(tuple(_quotes(group)) for group in _list(record["evidence"], "evidence")),
        note=_text(record.get("note") or "", "note"),
        history=tuple(_turn(turn) for turn in _list(record.get("history") or [], "history")),
        split=_words(record.get("split") or "dev", "split"),
        publishers=tuple(_strings(record.get("publishers") or [], "publishers")),
        group=_text(record.get("group") or "", "group"),
        provenance=_provenance(record.get("provenance") or {}),
    )
    if case.kind not in KINDS:
        raise CaseFault(f"unknown kind {case.kind!r}; known are {', '.join(KINDS)}")
    if not all(case.accept) or not all(case.evidence):
        raise CaseFault("an empty alternative in 'accept', or an empty group in 'evidence'")
    if case.kind in ("unanswerable", "false_premise") and case.accept:
        raise CaseFault(f"a case of kind {case.kind} must be declined, but 'accept' is not empty")
    return case


def case_to_dict(case: Case) -> dict[str, Any]:
    """The record of a case, as it is written to a run and to files of cases."""
    record = asdict(case)
    del record["source"]
    return {**record, "provenance": dict(case.provenance)}


def case_digest(case: Case) -> str:
    """sha256 of all that a case asks and wants; the note, the group, the provenance and the source are left out."""
    record = case_to_dict(case)
    del record["note"], record["group"], record["provenance"]
    return sha256(json.dumps(record, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def repeated(cases: Sequence[Case]) -> list[str]:
    """A fault for each case whose id an earlier one has."""
    first: dict[str, Case] = {}
    return [
        f"{case.source}: id {case.id!r} is also at {first[case.id].source}"
        for case in cases
        if first.setdefault(case.id, case) is not case
    ]


def check_evidence(cases: Sequence[Case], library: Library, remedy: str = "") -> None:
    """Raises UsageError that names every case whose article is not in the index, or whose quote is not in its article."""
    faults: list[str] = []
    lacking: set[str] = set()
    for case in cases:
        for quote in (quote for group in case.evidence for quote in group):
            if not library.by_name(quote.article):
                lacking.add(quote.article)
                faults.append(f"{case.source}: case {case.id}: article {quote.article!r} is not in the index")
            elif not library.places(quote):
                faults.append(
                    f"{case.source}: case {case.id}: {quote.article!r} does not hold the quote {quote.quote!r}"
                )
    refuse(faults, remedy if lacking else "Mend the cases, or index the articles that they were written for.")


def refuse(faults: Sequence[str], remedy: str = "Mend these lines; nothing was run.") -> None:
    """Raises UsageError listing the faults, where there are any."""
    if faults:
        shown = [*faults[:20], f"and {len(faults) - 20} more"] if len(faults) > 20 else faults
        raise UsageError("The cases were refused:\n  " + "\n  ".join(shown) + "\n", remedy)


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise CaseFault(f"{name!r} must be a list, not {type(value).__name__}")
    return list(value)


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise CaseFault(f"{name!r} must be a string, not {type(value).__name__}")
    return value


def _words(value: Any, name: str) -> str:
    if not _text(value, name).strip():
        raise CaseFault(f"{name!r} is empty")
    return str(value)


def _strings(value: Any, name: str) -> list[str]:
    return [_words(each, name) for each in _list(value, name)]


def _quotes(group: Any) -> list[Quote]:
    quotes = []
    for each in _list(group, "evidence"):
        if not isinstance(each, dict) or set(each) != {"article", "quote"}:
            raise CaseFault("each quote of 'evidence' must be an object with 'article' and 'quote'")
        quotes.append(Quote(_words(each["article"], "article"), _words(each["quote"], "quote")))
    return quotes


def _provenance(given: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, dict):
        raise CaseFault("'provenance' must be an object of strings")
    return tuple((name, _text(value, "provenance")) for name, value in given.items())


def _turn(turn: Any) -> Turn:
    if not isinstance(turn, dict) or set(turn) != {"question", "answer"}:
        raise CaseFault("each turn of 'history' must be an object with 'question' and 'answer'")
    return Turn(_words(turn["question"], "question"), _text(turn["answer"], "answer"))
