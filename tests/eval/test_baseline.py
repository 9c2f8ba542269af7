"""The committed baseline fits the gold cases, so that a run can be compared with it."""

from pathlib import Path

from eval.benchmarks import find_cases
from eval.cases import case_digest
from eval.records import read_run
from eval.scorecard import score
from eval.session import in_turn

ROOT = Path(__file__).resolve().parents[2]
BASELINE = read_run(ROOT / "eval" / "baseline")


def test_the_baseline_asks_the_cases_as_they_are_now() -> None:
    now = {case.id: case_digest(case) for case in find_cases([ROOT / "eval" / "cases"])}
    asked = {record.case.id: case_digest(record.case) for record in BASELINE.records}
    changed = sorted(key for key, digest in asked.items() if now.get(key) != digest)
    assert len(asked) >= 15
    assert changed == [], "make baseline"


def test_the_baseline_has_what_the_smoke_asks_first() -> None:
    smoke = [case.id for case in in_turn(find_cases([ROOT / "eval" / "cases"]), 2)]
    assert len(smoke) >= 20
    assert {record.case.id for record in BASELINE.records} >= set(smoke[:12])


def test_the_baseline_is_whole_exact_and_names_no_place() -> None:
    card = score(BASELINE)
    assert (card.missing, card.errors, card.broken) == (0, 0, ())
    assert BASELINE.stamp["receipt"]["model"]
    cited = [each for record in BASELINE.records if record.answer for each in record.answer["citations"]]
    assert len(cited) >= 5
    assert all("/" not in each["path"] for each in cited)
