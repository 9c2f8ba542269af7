from dataclasses import replace

import numpy as np
import pytest

from eval.cases import case_from_dict
from eval.compare import compare, holm, mcnemar, permutation
from eval.gate import read_gate, shut
from eval.records import Run
from eval.types import Record, Verdict
from index.errors import UsageError


def test_mcnemar_by_hand():
    # 5 won, 1 lost: 2 * (C(6,0) + C(6,1)) / 2**6 = 2 * 7 / 64
    assert mcnemar(5, 1) == pytest.approx(14 / 64)
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(3, 3) == 1.0
    # 10 won, none lost: 2 / 1024
    assert mcnemar(10, 0) == mcnemar(0, 10) == pytest.approx(2 / 1024)


def test_permutation_by_hand():
    # differences 1, 2: sums of all signs are 3, 1, -1, -3; |sum| >= 3 in 2 of 4
    assert permutation(np.array([1.0, 2.0, 0.0])) == pytest.approx(0.5)
    assert permutation(np.array([0.0, 0.0])) == 1.0
    # ten of one sign: only all plus and all minus reach the sum: 2 / 1024
    assert permutation(np.ones(10)) == pytest.approx(2 / 1024)


def test_drawn_permutations_agree_with_the_exact_ones():
    # 16 differences of one size, 13 up and 3 down: |13 - 3| or more is 2 * P(X <= 3), X binomial(16, 1/2)
    moved = np.array([1.0] * 13 + [-1.0] * 3)
    assert permutation(moved) == pytest.approx(mcnemar(13, 3), abs=0.005)


def test_holm_by_hand():
    # sorted .01 * 3 = .03, .02 * 2 = .04, .04 * 1 = .04 (never below the one before)
    assert holm([0.02, 0.01, 0.04]) == pytest.approx([0.04, 0.03, 0.04])
    assert holm([0.6, 0.6]) == [1.0, 1.0]
    assert holm([]) == []


@pytest.fixture
def run_of(record, tmp_path):
    def make(name, values, check="right", machine="m", **changes):
        records = tuple(
            Record(
                case_from_dict(record(id=f"c{n:02}", **changes)),
                0,
                {"status": "answered", "text": f"{name} says {value}", "citations": []},
                "",
                1.0,
                {check: Verdict(value, "" if value is not None else "x")},
            )
            for n, value in enumerate(values)
        )
        return Run(tmp_path / name, {"machine": machine, "judge": "words"}, len(records), records)

    return make


def test_a_run_that_is_better_beyond_chance(run_of):
    # 12 of 20 wrong in a are right in b, none lost: p = 2 / 4096, one check, so Holm leaves it
    found = compare(run_of("a", [0.0] * 12 + [1.0] * 8), run_of("b", [1.0] * 20))
    (right,) = found.differences
    assert (right.a, right.b, right.difference) == (0.4, 1.0, pytest.approx(0.6))
    assert (right.n, right.won, right.lost, right.outcome) == (20, 12, 0, "better")
    assert right.p == pytest.approx(2 / 4096)
    assert right.low < 0.6 < right.high
    # sd of twelve 1s and eight 0s is sqrt(20/19 * .6 * .4) = .5026; 2.8016 * .5026 / sqrt(20)
    assert right.detectable == pytest.approx(2.8016 * 0.50262 / np.sqrt(20), rel=1e-4)
    assert [change.case_id for change in found.changes] == [f"c{n:02}" for n in range(12)]
    assert (found.changes[0].a.answer["text"], found.changes[0].b.answer["text"]) == ("a says 0.0", "b says 1.0")


def test_a_small_change_is_inconclusive_and_a_large_loss_is_worse(run_of):
    few = compare(run_of("a", [0.0, 0.0] + [1.0] * 18), run_of("b", [1.0] * 20))
    assert few.differences[0].outcome == "inconclusive"
    lost = compare(run_of("a", [1.0] * 20), run_of("b", [0.0] * 12 + [1.0] * 8))
    assert lost.differences[0].outcome == "worse"


def test_lower_is_better_where_the_check_says_so(run_of):
    found = compare(
        run_of("a", [1.0] * 12, check="wrongly declined"), run_of("b", [0.0] * 12, check="wrongly declined")
    )
    assert (found.differences[0].outcome, found.differences[0].won) == ("better", 12)


def test_checks_that_could_show_nothing_do_not_dilute_the_others(run_of):
    a, b = run_of("a", [0.0] * 8 + [1.0] * 12), run_of("b", [1.0] * 20)

    def with_other(run, moved):
        records = [
            replace(each, verdicts={**each.verdicts, "Hits@4": Verdict(float(at >= moved))})
            for at, each in enumerate(run.records)
        ]
        return replace(run, records=tuple(records))

    # 8 won: p = 2 / 256. Of Hits@4 five moved, whose p is 2 / 32 at best: it is no rival
    right = compare(with_other(a, 5), with_other(b, 0)).differences[0]
    assert right.p == pytest.approx(2 / 256)
    # six moved, p = 2 / 64: now there are two, and the smaller p counts double
    right = compare(with_other(a, 6), with_other(b, 0)).differences[0]
    assert right.p == pytest.approx(2 * 2 / 256)


def test_scores_are_compared_by_permutation(run_of):
    # ten cases up by .1: 2 / 1024
    found = compare(run_of("a", [0.5] * 10, check="token F1"), run_of("b", [0.6] * 10, check="token F1"))
    assert found.differences[0].p == pytest.approx(2 / 1024)
    assert found.differences[0].outcome == "better"


def test_the_same_run_twice_is_inconclusive_everywhere(run_of):
    found = compare(run_of("a", [0.0, 1.0] * 6), run_of("b", [0.0, 1.0] * 6))
    assert [(each.p, each.outcome) for each in found.differences] == [(1.0, "inconclusive")]
    assert found.changes == ()


def test_a_case_that_asks_otherwise_is_left_out(run_of):
    found = compare(run_of("a", [1.0] * 4), run_of("b", [1.0] * 4, question="Something else?"))
    assert (found.pairs, found.left_out, found.differences) == (0, 4, ())


def test_times_of_different_machines_are_not_compared(run_of):
    a, b = run_of("a", [5.0] * 4, check="total ms"), run_of("b", [9.0] * 4, check="total ms", machine="other")
    found = compare(a, b)
    assert found.differences == ()
    assert "different machines" in found.notes[0]
    assert len(compare(a, replace(b, stamp=a.stamp)).differences) == 1


def test_the_gate_shuts_on_more_than_the_allowance(run_of):
    # b loses 1 of 20: worse by .05
    found = compare(run_of("a", [1.0] * 20), run_of("b", [0.0] + [1.0] * 19))
    assert shut([read_gate("right:0.05")], found) == []
    (reason,) = shut([read_gate("right:0.04")], found)
    assert "right: worse by 0.05, allowed 0.04" in reason
    assert len(shut([read_gate("right")], found)) == 1
    better = compare(run_of("a", [0.0] + [1.0] * 19), run_of("b", [1.0] * 20))
    assert shut([read_gate("right")], better) == []


def test_the_gate_fails_closed(run_of):
    a, b = run_of("a", [1.0] * 20), run_of("b", [None] + [1.0] * 19)
    assert shut([read_gate("right")], compare(a, b)) == ["right: 1 cases that were scored are now unscored"]
    assert shut([read_gate("both sides shown")], compare(a, b)) == ["both sides shown: no case is scored in both runs"]


@pytest.mark.parametrize("text", ["rightness", "right:much", "right:-1", "right:nan"])
def test_a_gate_that_cannot_be_read_is_wrong_use(text):
    with pytest.raises(UsageError):
        read_gate(text)
