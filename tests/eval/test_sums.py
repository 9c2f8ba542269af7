import numpy as np
import pytest

from eval.benches.coverage import WORLDS, coverage
from eval.cases import case_from_dict
from eval.risk import Point, area, calibration, curve, risk_coverage
from eval.sums import bca, clusters_of, effective, interval, mean_of
from eval.types import Record, Verdict


def grouped(record, *articles):
    return [
        case_from_dict(
            record(id=f"c{n}", evidence=[[{"article": each, "quote": "q"} for each in names]] if names else [])
        )
        for n, names in enumerate(articles)
    ]


def test_cases_that_share_an_article_are_one_group_also_through_others(record):
    # c0 {a}, c1 {a,b}, c2 {b}: one group; c3 {c}: another; c4 and c5 have no article and stand alone
    groups = clusters_of(grouped(record, ["a"], ["a", "b"], ["b"], ["c"], [], []))
    assert groups["c0"] == groups["c1"] == groups["c2"]
    assert len(set(groups.values())) == 4


def test_cases_of_one_group_are_together_without_evidence(record):
    cases = [case_from_dict(record(id=f"c{n}", evidence=[], group=name)) for n, name in enumerate(["a", "a", "", ""])]
    assert len(set(clusters_of(cases).values())) == 3


def test_a_mean_is_over_cases_with_its_n_and_its_unscored():
    # c0: repeats 1 and 0 are one case of 0.5; c1: 1; c2 cannot be read. Mean of 0.5 and 1 = 0.75, n 2, unscored 1
    verdicts = {
        "c0": [Verdict(1.0), Verdict(0.0)],
        "c1": [Verdict(1.0), Verdict(None, "x")],
        "c2": [Verdict(None, "x")],
    }
    mean = mean_of(verdicts, {"c0": 0, "c1": 1, "c2": 2})
    assert (mean.value, mean.n, mean.unscored) == (0.75, 2, 1)
    assert mean_of({"c2": [Verdict(None, "x")]}, {"c2": 0}) is None


def test_one_case_has_no_interval():
    mean = mean_of({"c0": [Verdict(1.0)]}, {"c0": 0}, bounded=True)
    assert (mean.low, mean.high) == (None, None)


def test_all_right_is_not_certain():
    # 22 of 22: the exact interval starts at 0.025 ** (1/22) = 0.8456
    low, high, _ = interval(np.ones(22), np.arange(22), bounded=True)
    assert low == pytest.approx(0.8456, abs=1e-4)
    assert high == 1.0
    low, high, _ = interval(np.zeros(22), np.arange(22), bounded=True)
    assert (low, high) == (0.0, pytest.approx(1 - 0.8456, abs=1e-4))


def test_scores_that_are_all_alike_have_no_interval():
    assert interval(np.full(12, 0.5), np.arange(12)) == (None, None, 12)


def test_groups_are_drawn_whole_where_there_are_enough_and_make_the_interval_wider():
    values = np.repeat(np.arange(20) % 2, 10).astype(float)  # 20 groups of 10 alike
    low, high, drawn = interval(values, np.repeat(np.arange(20), 10))
    alone_low, alone_high, _ = interval(values, np.arange(200))
    assert drawn == 20
    # the spread of a mean of 20 groups is sqrt(10) times that of 200 cases
    assert (high - low) / (alone_high - alone_low) == pytest.approx(np.sqrt(10), rel=0.15)


def test_fewer_than_five_groups_are_not_drawn_and_that_is_said():
    _, _, drawn = interval(np.arange(30) % 2 * 1.0, np.arange(30) % 4)
    assert drawn == 0


def test_one_giant_group_among_many_small_ones_is_not_drawn():
    # 100 cases in one group and 30 alone: 130 ** 2 / (100 ** 2 + 30) = 1.7 groups in effect
    groups = np.concatenate([np.zeros(100, int), np.arange(1, 31)])
    assert effective(np.bincount(groups)) == pytest.approx(130**2 / 10030)
    assert interval(np.arange(130) % 2 * 1.0, groups)[2] == 0


def test_the_same_values_give_the_same_interval():
    values = np.random.default_rng(3).random(40)
    assert bca(values, np.ones(40)) == bca(values, np.ones(40))


@pytest.mark.parametrize("world", [name for name in WORLDS if "alone" not in name])
def test_the_interval_covers_the_truth_as_often_as_it_says(world, monkeypatch):
    # 1,000 simulated runs: the standard error of a coverage of .95 is .007; more than .925 is no more than 3.6 of them below
    monkeypatch.setattr("eval.sums.DRAWS", 300)
    held, width = coverage(WORLDS[world], 1000)
    assert held > 0.925
    assert 0 < width < 0.5


def test_questions_of_one_article_taken_as_if_they_stood_alone_are_too_sure_of_themselves(monkeypatch):
    monkeypatch.setattr("eval.sums.DRAWS", 300)
    held, _ = coverage(WORLDS["30 articles, drawn as if questions stood alone"], 500)
    assert held < 0.9


def test_risk_and_coverage_by_hand():
    # surest first: right at .9, wrong at .8, right at .7 of 4 cases (one was declined)
    pairs = [(0.7, 0.0), (0.9, 0.0), (0.8, 1.0)]
    assert curve(pairs, 4) == [Point(0.25, 0.0), Point(0.5, 0.5), Point(0.75, pytest.approx(1 / 3))]
    # area: (0 + 1/2 + 1/3) / 3
    assert area(pairs) == pytest.approx((0.5 + 1 / 3) / 3)
    # a tie of a right and a wrong answer: 1/2 at both, however they are ordered
    assert area([(0.9, 0.0), (0.9, 1.0)]) == area([(0.9, 1.0), (0.9, 0.0)]) == 0.5


def test_calibration_bins():
    # .95 and .85 are in the bin from .8: mean .9, one of two right; .1 in the first bin: wrong
    assert calibration([(0.95, 0.0), (0.85, 1.0), (0.1, 1.0)]) == [(0.1, 0.0, 1), (pytest.approx(0.9), 0.5, 2)]


def test_what_was_declined_is_not_unscored_for_risk_and_what_failed_is(record):
    def of(answer, right):
        return [Record(case_from_dict(record()), 0, answer, "", 1.0, {"right": Verdict(right)})]

    said = {"status": "answered", "sentences": [{"support": {"score": 0.9}}]}
    grouped = {"a": of(said, 1.0), "b": of({"status": "declined", "sentences": []}, 0.0), "c": of(None, 0.0)}
    mean = risk_coverage(grouped, {"a": 0, "b": 1, "c": 2})
    assert (mean.value, mean.n, mean.unscored) == (0.0, 1, 1)
