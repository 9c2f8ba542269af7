"""Reports as files, each form by its own writer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from eval.exports import label_studio_tasks, ragas_lines, trec_answer_lines
from eval.records import Run
from eval.reports.junit import junit_xml
from eval.reports.page import Scored, page
from eval.sheets import verdict_sheet
from eval.trec import run_lines
from index.errors import UsageError


def write_reports(runs: Sequence[Scored], files: Mapping[str, Path]) -> None:
    """Write each form to its file. Raises UsageError where a form that holds one run is asked of several."""
    for form, file in files.items():
        file.write_text(_FORMS[form](runs), encoding="utf-8")


def _all(write: Callable[[Sequence[Run]], str]) -> Callable[[Sequence[Scored]], str]:
    return lambda runs: write([run for run, _, _ in runs])


def _lines(write: Callable[[Run], Iterator[str]]) -> Callable[[Sequence[Scored]], str]:
    return lambda runs: "".join(line for run, _, _ in runs for line in write(run))


def _tasks(runs: Sequence[Scored]) -> str:
    if len(runs) > 1:
        raise UsageError("A file for Label Studio holds one run.", "Name one run.")
    return label_studio_tasks(runs[0][0])


_FORMS: Mapping[str, Callable[[Sequence[Scored]], str]] = {
    "html": page,
    "junit": _all(junit_xml),
    "csv": _all(verdict_sheet),
    "trec": _lines(run_lines),
    "trec_answers": _lines(trec_answer_lines),
    "ragas": _lines(ragas_lines),
    "label_studio": _tasks,
}
