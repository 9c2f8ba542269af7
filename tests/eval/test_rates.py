import numpy as np
import pytest

from eval.benches.coverage import by_prediction, coverage
from eval.powered import labelled_alone, powered
from eval.rates import rates
from eval.review import ReviewQueue
from eval.scripted import Line, ScriptedEngine
from eval.suggesting import with_accept
from index.errors import UsageError
from rag.answer_json import answer_to_dict
from rag.noticing import notice

COST = "The harbor wall cost $4.5 million."


def test_prediction_powered_by_hand():
    # labels 1, 0 in turn, ten of them; the predictor says them right, and of ten others says 1 of eight.
    # Var of all predictions: 13 ones of 20: .65 * .35 * 20 / 19 = .23947; cov = .5 * .5 * 10 / 9 = .27778;
    # weight = .27778 / ((1 + 10/10) * .23947) = .58; value = .5 - .58 * .5 + .58 * .8
    labels = np.array([1.0, 0.0] * 5)
    found = powered(labels, labels, np.array([1.0] * 8 + [0.0] * 2))
    assert found.weight == pytest.approx(0.27778 / (2 * 0.23947), rel=1e-3)
    assert found.value == pytest.approx(0.5 - found.weight * 0.5 + found.weight * 0.8)
    assert (found.n, found.unlabelled) == (10, 10)
    # variance: (1 - weight)² * .27778 / 10 + weight² * (.8 * .2 * 10 / 9) / 10; t(9) = 2.2622
    error = np.sqrt((1 - found.weight) ** 2 * 0.027778 + found.weight**2 * 0.017778)
    assert found.high - found.low == pytest.approx(2 * 2.2622 * error, rel=1e-3)


def test_a_predictor_that_says_nothing_costs_nothing():
    labels = np.array([1.0, 1.0, 0.0] * 5)
    assert powered(labels, np.full(15, 0.4), np.full(100, 0.4)) == labelled_alone(labels)
    against = powered(labels, 1 - labels, np.array([0.0, 1.0] * 50))
    assert against.weight == 0.0
    assert against.value == pytest.approx(labels.mean())


def test_few_or_like_labels_are_taken_alone():
    ones = np.ones(22)
    found = powered(ones, ones, np.ones(50) * 0.9)
    assert (found.low, found.high) == (pytest.approx(0.8456, abs=1e-4), 1.0)
    assert powered(np.array([1.0, 0.0]), np.array([1.0, 0.0]), ones).weight == 0.0


def test_a_good_predictor_makes_the_interval_narrower_and_a_useless_one_no_wider():
    def width(others, skill):
        return coverage(by_prediction(40, others, skill), 300)[1]

    assert width(600, 1.0) < 0.97 * width(0, 1.0)
    assert width(600, 0.0) < 1.02 * width(0, 0.0)


@pytest.fixture
def home(tmp_path, articles):
    script = {f"q{n}": Line(f"It cost {n} million.", (COST,), 0.5 + n / 100) for n in range(40)}
    engine = ScriptedEngine(articles, script)
    for n in range(50):
        notice(tmp_path, answer_to_dict(engine.ask(f"q{n}")), "http", "all")
    return tmp_path


def test_rates_come_from_the_beginning_of_the_random_order(home):
    queue = ReviewQueue(home, "ada")
    with pytest.raises(UsageError, match="0 of the sample are labelled"):
        rates(home)
    order = queue.pending(sample=True)
    assert len(order) == 50
    # right are the answers of even n; the last ten were declined, and rightly
    for item in order[:20]:
        n = int(item.question[1:])
        want = "" if n >= 40 else f"{n} million" if n % 2 == 0 else "nothing"
        queue.accept(item, with_accept(item.suggestion, want))
    queue.accept(order[30], with_accept(order[30].suggestion, "much"))  # out of turn: stands for nothing
    found = rates(home)
    right = [item for item in order[:20] if int(item.question[1:]) >= 40 or int(item.question[1:]) % 2 == 0]
    assert (found.answers, found.declined, found.left_out) == (50, 0.2, 0)
    assert found.alone["right"].value == pytest.approx(len(right) / 20)
    assert found.alone["wrong shown"].value == pytest.approx(1 - len(right) / 20)
    assert (found.powered["right"].n, found.powered["right"].unlabelled) == (20, 30)
    queue.undo()
    queue.reject(queue.pending(sample=True)[0])
    assert rates(home).left_out == 1


def test_weak_answers_alone_stand_for_nothing(tmp_path, articles):
    notice(tmp_path, answer_to_dict(ScriptedEngine(articles, {}).ask("Who?")), "http", "weak")
    with pytest.raises(UsageError, match="Not all answers were kept"):
        rates(tmp_path)
