"""A file of questions, one JSON object a line; one result a line, in order, each flushed as it is ready."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TextIO

from index.errors import BylineError, UsageError
from rag.doors.terminal.safe import to_json


def one_question(words: Sequence[str] | None, batch: str | None) -> str:
    """The question that was typed, or read from stdin for "-"; empty with a batch. Refuses both, and neither."""
    text = " ".join(words or ()).strip()
    if batch:
        if text:
            raise UsageError("Give a question or --batch, not both.")
        return ""
    if text == "-":
        text = sys.stdin.read().strip()
    if not text:
        raise UsageError("There is no question.", 'Write it after the command, e.g. byline ask "Who bought Wiz?"')
    return text


def run_batch(name: str, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
    """Answer every line of the file; returns 1 where a case met a bug, else 0. A case that fails does not stop the rest."""
    code = 0
    with _opened(name) as lines:
        for case_id, case in read_cases(lines):
            try:
                if isinstance(case, UsageError):
                    raise case
                result = answer(case)
            except BylineError as error:
                result = {"error": str(error)}
            except Exception as error:  # noqa: BLE001 - one case's bug must not lose the answers to the others
                result, code = {"error": f"A bug: {type(error).__name__}: {error}"}, 1
            sys.stdout.write(to_json({"case": case_id, **result}) + "\n")
            sys.stdout.flush()
    return code


def read_cases(lines: Iterator[str] | TextIO) -> Iterator[tuple[Any, dict[str, Any] | UsageError]]:
    """Each line's id (or "line N" where it has none) with its case, or with what is wrong with it."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        name: Any = f"line {number}"
        try:
            case = json.loads(line)
        except ValueError as error:
            yield name, UsageError(f"Line {number} is not JSON: {error}.")
            continue
        if isinstance(case, dict):
            name = case.get("id", name)
        if not isinstance(case, dict) or not isinstance(case.get("question"), str):
            yield name, UsageError(f'Line {number} has no "question".')
        else:
            yield name, case


def _opened(name: str) -> Any:
    if name == "-":
        return nullcontext(sys.stdin)
    try:
        return Path(name).open(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}.") from error
