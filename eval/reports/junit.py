"""Runs as JUnit XML, for merge gates that read it: one suite a run, one test a case."""

from collections.abc import Sequence
from xml.etree import ElementTree

from eval.records import Run, by_case
from eval.types import Record


def junit_xml(runs: Sequence[Run]) -> str:
    """The XML. A wrong answer or an inexact quote is a failure; a case that could not be asked is an error."""
    root = ElementTree.Element("testsuites", name="byline eval")
    for run in runs:
        grouped = by_case(run.records)
        suite = ElementTree.SubElement(root, "testsuite", name=run.name, tests=str(len(grouped)))
        counts = {"failure": 0, "error": 0}
        for case_id, records in grouped.items():
            seconds = sum(record.seconds for record in records)
            case = records[0].case
            test = ElementTree.SubElement(
                suite, "testcase", classname=case.kind, name=_safe(case_id), time=f"{seconds:.3f}"
            )
            tag, message = _outcome(records)
            if tag:
                counts[tag] += 1
                ElementTree.SubElement(test, tag, message=_safe(message)).text = _safe(case.question)
        suite.set("failures", str(counts["failure"]))
        suite.set("errors", str(counts["error"]))
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _outcome(records: Sequence[Record]) -> tuple[str, str]:
    for record in records:
        if record.answer is None:
            return "error", record.error
        for name in ("quotes exact", "right"):
            verdict = record.verdicts.get(name)
            if verdict and verdict.value is None:
                return "error", f"{name}: unscored: {verdict.reason}"
            if verdict and verdict.value != 1:
                return "failure", f"{name}: {verdict.reason or record.answer['status'] + ': ' + record.answer['text']}"
    return "", ""


def _safe(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
