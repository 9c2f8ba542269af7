"""Cases from a spreadsheet, and the verdicts of runs as one."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

from eval.cases import CaseFault, case_from_dict
from eval.checks.registry import CHECKS
from eval.records import Run
from eval.types import Case
from index.errors import UsageError

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def read_sheet(file: Path) -> list[tuple[int, Case | CaseFault]]:
    """The cases of a CSV file by line. "a + b | c" in `accept`, "a | b" in `forbidden`; in `evidence` "article :: quote".

    Groups of evidence are split by line breaks and the quotes of one by "|". Raises UsageError where it cannot be read.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, strict=True)
            return [(reader.line_num, _case(row)) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"{file} cannot be read: {error}.", "Save it as CSV in UTF-8, with a line of headings."
        ) from error


def verdict_sheet(runs: Sequence[Run]) -> str:
    """One line a record: the answer and the value of every check, empty where it does not apply, "unscored" where unread."""
    names = [check.name for check in CHECKS]
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["run", "id", "kind", "repeat", "question", "status", "text", "error", "seconds", *names])
    for run, record in ((each, record) for each in runs for record in each.records):
        answer = record.answer or {"status": "failed", "text": ""}
        values = []
        for name in names:
            verdict = record.verdicts.get(name)
            values.append("" if verdict is None else "unscored" if verdict.value is None else f"{verdict.value:g}")
        words = (record.case.question, answer["status"], answer["text"], record.error)
        writer.writerow(
            [
                run.name,
                _safe(record.case.id),
                record.case.kind,
                record.repeat,
                *map(_safe, words),
                record.seconds,
                *values,
            ]
        )
    return out.getvalue()


def _case(row: Mapping[str | None, str | list[str] | None]) -> Case | CaseFault:
    if None in row:
        return CaseFault("more cells than headings")
    cells = {str(name): str(value or "").strip() for name, value in row.items()}
    try:
        return case_from_dict(
            {
                **{name: value for name, value in cells.items() if name not in ("accept", "forbidden", "evidence")},
                "accept": [_parts(each, "+") for each in _parts(cells.get("accept", ""), "|")],
                "forbidden": _parts(cells.get("forbidden", ""), "|"),
                "evidence": [_quotes(line) for line in cells.get("evidence", "").split("\n") if line.strip()],
            }
        )
    except CaseFault as fault:
        return fault


def _parts(text: str, separator: str) -> list[str]:
    return [part.strip() for part in text.split(separator) if part.strip()]


def _quotes(line: str) -> Sequence[Mapping[str, str]]:
    pairs = [each.partition("::") for each in _parts(line, "|")]
    if not all(middle for _, middle, _ in pairs):
        raise CaseFault('evidence must be written as "article :: quote"')
    return [{"article": article.strip(), "quote": quote.strip()} for article, _, quote in pairs]


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_RISKY) else text
