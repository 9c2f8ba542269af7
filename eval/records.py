"""A run's files: `run.json` says what made it, `records.jsonl` holds one record a case, durable as soon as it is written."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import IO, Any

from filelock import FileLock, Timeout

from eval.cases import CaseFault, case_from_dict, case_to_dict
from eval.checks.model_judge import MODEL_JUDGE
from eval.types import AnswerObject, Record, Verdict
from index.errors import BrokenError, BusyError, UsageError

RUN_FILE = "run.json"
RECORDS_FILE = "records.jsonl"
JUDGE_FILE = "judge.json"


@dataclass(frozen=True, slots=True)
class Run:
    """A run as read back: its folder, its stamp, how many records it should have, those it has, and who judged it."""

    folder: Path
    stamp: Mapping[str, Any]
    planned: int
    records: tuple[Record, ...]
    judge: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name


def write_stamp(folder: Path, stamp: Mapping[str, Any]) -> None:
    """Write `run.json` whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / RUN_FILE, stamp)


def write_whole(path: Path, value: Mapping[str, Any]) -> None:
    """Write one JSON object whole or not at all; durable on return."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, ensure_ascii=False, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def append(file: IO[str], record: Record) -> None:
    """Add one record; durable on return."""
    file.write(json.dumps(record_to_dict(record), ensure_ascii=False) + "\n")
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def sole_runner(folder: Path) -> Iterator[None]:
    """Hold a run for writing; freed when its holder dies. Raises BusyError where another process is at it."""
    lock = FileLock(str(folder / "run.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(
            f"Another process is at the run {folder}.", "Wait for it, or start another with --fresh."
        ) from None
    try:
        yield
    finally:
        lock.release()


def mend_tail(folder: Path) -> None:
    """Cut off a last line that a kill left unfinished."""
    path = folder / RECORDS_FILE
    if path.exists():
        with path.open("rb+") as file:
            whole = file.read()
            file.truncate(whole.rfind(b"\n") + 1)


def read_run(folder: Path) -> Run:
    """A run with its records. Raises UsageError where it is none, BrokenError where a line is damaged."""
    try:
        stamp = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{folder} is not a run: it has no {RUN_FILE}.", "Name a folder of <home>/runs.") from error
    except ValueError as error:
        raise BrokenError(f"{folder / RUN_FILE} is damaged: {error}.", "Run the cases again.") from error
    path = folder / RECORDS_FILE
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    whole = text[: text.rfind("\n") + 1]
    records = tuple(_read_line(path, number, line) for number, line in enumerate(whole.split("\n"), 1) if line)
    judge = _judge(folder / JUDGE_FILE)
    if judge:
        records = tuple(_ruled(record, judge["rulings"]) for record in records)
    return Run(folder, stamp, int(stamp["planned"]), records, judge)


def _judge(path: Path) -> Mapping[str, Any] | None:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None
    except ValueError as error:
        raise BrokenError(f"{path} is damaged: {error}.", "Remove it, and run: byline eval judge") from error


def _ruled(record: Record, rulings: Mapping[str, bool | None]) -> Record:
    key = f"{record.case.id} {record.repeat}"
    if key not in rulings:
        return record
    ruling = rulings[key]
    verdict = Verdict(None, "the judge's reply cannot be read") if ruling is None else Verdict(float(ruling))
    return replace(record, verdicts={**record.verdicts, MODEL_JUDGE.name: verdict})


def keep(run: Run, folder: Path) -> None:
    """Write a finished run where it can be committed: without the passages, and without the places of this machine.

    Raises UsageError for an unfinished run.
    """
    if len(run.records) < run.planned:
        raise UsageError(f"{run.name} is unfinished.", "Run the same command again; it goes on where it was.")
    write_stamp(folder, run.stamp)
    with (folder / RECORDS_FILE).open("w", encoding="utf-8") as file:
        for record in run.records:
            append(file, replace(record, answer=record.answer and _placeless(record.answer)))


def _placeless(answer: AnswerObject) -> dict[str, Any]:
    def bare(citation: Mapping[str, Any]) -> dict[str, Any]:
        return {**citation, "path": citation["path"] and PurePath(citation["path"]).name}

    declined = answer["declined"]
    return {
        **answer,
        "passages": [],
        "citations": [bare(each) for each in answer["citations"]],
        "declined": declined and {**declined, "closest": [bare(each) for each in declined["closest"]]},
    }


def find_run(name: str, home: Path) -> Path:
    """The folder of a run: a path, a name under `<home>/runs`, or "latest". Raises UsageError."""
    runs = home / "runs"
    if name == "latest":
        stamped = sorted(each.parent for each in runs.glob(f"*/{RUN_FILE}"))
        if not stamped:
            raise UsageError(f"There are no runs in {runs}.", "Start one with: byline eval run CASES")
        return stamped[-1]
    for folder in (Path(name), runs / name):
        if (folder / RUN_FILE).exists():
            return folder
    raise UsageError(f"{name} is not a run.", f"Runs are in {runs}; the last one is called latest.")


def record_to_dict(record: Record) -> dict[str, Any]:
    """The record as one line of `records.jsonl`."""
    return {
        "case": case_to_dict(record.case),
        "source": record.case.source,
        "repeat": record.repeat,
        "answer": record.answer,
        "error": record.error,
        "seconds": round(record.seconds, 3),
        "verdicts": {name: _verdict_to_json(verdict) for name, verdict in record.verdicts.items()},
    }


def record_from_dict(line: Mapping[str, Any]) -> Record:
    """The record of one line of `records.jsonl`."""
    return Record(
        case=case_from_dict(line["case"]),
        repeat=line["repeat"],
        answer=line["answer"],
        error=line["error"],
        seconds=line["seconds"],
        verdicts={name: Verdict(each["value"], each.get("reason", "")) for name, each in line["verdicts"].items()},
    )


def by_case(records: Sequence[Record]) -> dict[str, list[Record]]:
    """The records of each case id, repeats in order."""
    grouped: dict[str, list[Record]] = {}
    for record in sorted(records, key=lambda each: (each.case.id, each.repeat)):
        grouped.setdefault(record.case.id, []).append(record)
    return grouped


def _verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    return {"value": verdict.value, **({"reason": verdict.reason} if verdict.reason else {})}


def _read_line(path: Path, number: int, line: str) -> Record:
    try:
        return record_from_dict(json.loads(line))
    except (ValueError, KeyError, TypeError, CaseFault) as error:
        raise BrokenError(f"{path}:{number} is damaged: {error}.", "Remove the line and run again.") from error
