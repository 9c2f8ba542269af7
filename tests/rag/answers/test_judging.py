"""Verdicts are read off log-probabilities, or off one written word; what is neither yes nor no cannot be told."""

from collections.abc import Sequence

import pytest

from rag.judging import WRITTEN, Judge, Logistic
from rag.runtimes.scripted import ScriptedModel
from rag.runtimes.types import Message


class WithoutLogProbabilities(ScriptedModel):
    """A server that only writes."""

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> dict[str, float] | None:
        return None


def test_the_gap_is_that_of_the_log_probabilities() -> None:
    # log(.8) - log(.2) = log 4 = 1.386; the logistic of it is .8.
    judge = Judge(ScriptedModel(["x"], lambda messages, options: {"yes": 0.8, "no": 0.2}))
    assert judge.relevance_each(["a text"], "a question") == [pytest.approx(1.3863, abs=1e-3)]
    assert judge.probability("a text", "a claim") == pytest.approx(0.8)
    assert Judge(judge.model, Logistic(0.0, 0.0)).probability("a text", "a claim") == 0.5


@pytest.mark.parametrize(("reply", "gap"), [('"yes"', WRITTEN), ("no", -WRITTEN), ("perhaps", None), ("", None)])
def test_a_runtime_without_log_probabilities_writes_one_word(reply: str, gap: float | None) -> None:
    assert Judge(WithoutLogProbabilities([reply])).gap("support", text="a", claim="b") == gap


def test_an_option_that_is_not_reported_cannot_be_told() -> None:
    judge = Judge(ScriptedModel(["x"], lambda messages, options: {"yes": 1.0}))
    assert judge.probability("a text", "a claim") is None
