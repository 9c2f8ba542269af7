"""Asks every case and records each answer; a run that was killed goes on where it was."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.checks.registry import judge_case
from eval.records import RECORDS_FILE, RUN_FILE, append, mend_tail, read_run, sole_runner, write_stamp
from eval.stamp import RECEIPT, same_run
from eval.types import AnswerObject, Asks, Case, Judge, Library, Record
from index.errors import BylineError, MissingError, UsageError
from index.types import Filters
from rag.answer_json import answer_to_dict


@dataclass(frozen=True, slots=True)
class Pace:
    """How many cases are asked at once, and after how many seconds no more are begun."""

    parallel: int = 1
    seconds: float = float("inf")


@dataclass(frozen=True, slots=True)
class Bench:
    """What cases are asked of, and what answers are judged by."""

    asks: Asks
    library: Library
    judge: Judge


def choose_folder(runs: Path, stamp: Mapping[str, Any], fresh: bool) -> Path:
    """The last unfinished run that the same stamp made, to go on with; a new folder where there is none, or with `fresh`."""
    for file in [] if fresh else sorted(runs.glob(f"*/{RUN_FILE}"), reverse=True):
        old = read_run(file.parent)
        if same_run(old.stamp, stamp) and len(old.records) < old.planned:
            return file.parent
    name = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    at = 1
    while (folder := runs / (name if at == 1 else f"{name}-{at}")).exists():
        at += 1
    write_stamp(folder, stamp)
    return folder


def plan(cases: Sequence[Case], repeats: int, done: Sequence[Record]) -> list[tuple[Case, int]]:
    """What is still to ask: all cases once, then all again, without what is done."""
    had = {(record.case.id, record.repeat) for record in done}
    return [(case, repeat) for repeat in range(repeats) for case in cases if (case.id, repeat) not in had]


def run_cases(
    folder: Path,
    cases: Sequence[Case],
    repeats: int,
    bench: Bench,
    done: Callable[[Record], None] = lambda record: None,
    pace: Pace = Pace(),
) -> None:
    """Ask what is still to ask, record by record. Raises UsageError where the index or the model is not the run's.

    A case that raises is recorded as failed and the rest goes on; a model or index that is missing ends the run,
    which can then be resumed. Raises BusyError where another process is at the run.
    """
    with sole_runner(folder), (folder / RECORDS_FILE).open("a", encoding="utf-8") as file:
        mend_tail(folder)
        run = read_run(folder)
        stamp = dict(run.stamp)
        for record in _records(plan(cases, repeats, run.records), bench, pace):
            if record.answer is not None and (changed := _receipted(stamp, record.answer)) != stamp:
                stamp = changed
                write_stamp(folder, stamp)
            append(file, record)
            done(record)


def _records(todo: Sequence[tuple[Case, int]], bench: Bench, pace: Pace) -> Iterator[Record]:
    """The records as they are ready; with more than one at once, in no order."""
    last = time.monotonic() + pace.seconds
    waiting = iter(todo)
    running: set[Future[Record]] = set()
    with ThreadPoolExecutor(pace.parallel, thread_name_prefix="byline-eval") as threads:
        while True:
            while len(running) < pace.parallel and time.monotonic() < last and (asked := next(waiting, None)):
                running.add(threads.submit(ask_case, *asked, bench))
            if not running:
                return
            ready, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (each.result() for each in ready)


def ask_case(case: Case, repeat: int, bench: Bench) -> Record:
    """One case asked and judged."""
    began = time.perf_counter()
    answer: AnswerObject | None = None
    error = ""
    try:
        filters = Filters(publishers=case.publishers)
        answer = answer_to_dict(bench.asks.ask(case.question, history=case.history, filters=filters))
    except MissingError:
        raise
    except BylineError as problem:
        error = str(problem)
    except Exception as problem:  # noqa: BLE001 - one case that hits a bug is a wrong answer, not the end of the run
        error = f"{type(problem).__name__}: {problem}"
    seconds = time.perf_counter() - began
    return Record(case, repeat, answer, error, seconds, judge_case(case, answer, bench.library, bench.judge))


def _receipted(stamp: Mapping[str, Any], answer: AnswerObject) -> dict[str, Any]:
    receipt = {key: answer["receipt"][key] for key in RECEIPT}
    had = stamp["receipt"]
    for key in _differing(had, receipt):
        raise UsageError(
            f"The {key.replace('_', ' ')} is {receipt[key]!r}, but this run began with {had[key]!r}; nothing was recorded.",
            "Bring it back, or start anew with --fresh.",
        )
    prompts = {**stamp["prompts"], **answer["receipt"]["prompts"]}
    return {**stamp, "receipt": receipt, "prompts": prompts}


def _differing(had: Mapping[str, Any] | None, now: Mapping[str, Any]) -> Iterator[str]:
    return (key for key in now if had and had[key] != now[key])
