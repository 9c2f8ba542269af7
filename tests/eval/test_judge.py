import json
from dataclasses import replace

import pytest

from eval.agreement import kappa
from eval.cases import case_from_dict
from eval.judge import Label, agreement, hand_labels, judge_run, rule
from eval.records import append, read_run, write_stamp
from eval.scorecard import score
from eval.types import Record, Verdict
from index.errors import BrokenError
from rag.runtimes.scripted import ScriptedModel


def test_kappa_by_hand():
    # 10 pairs: 4 yes/yes, 3 no/no, 2 yes/no, 1 no/yes. Agreed .7; yes is said by .6 and .5, no by .4 and .5:
    # expected .6 * .5 + .4 * .5 = .5; kappa (.7 - .5) / (1 - .5) = .4
    pairs = [("y", "y")] * 4 + [("n", "n")] * 3 + [("y", "n")] * 2 + [("n", "y")]
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([("y", "n"), ("n", "y")]) == -1.0
    assert kappa([("y", "y")]) is None
    assert kappa([]) is None


@pytest.mark.parametrize(
    ("reply", "ruling"),
    [
        ("right", True),
        (" Wrong.\n", False),
        ("**Right**", True),
        ("right, or wrong", None),
        ("It is right", None),
        ("", None),
        ("yes", None),
    ],
)
def test_a_reply_that_is_not_one_of_the_two_words_is_unread(reply, ruling):
    assert rule(ScriptedModel([reply]), "Who?", [["Ada"]], "Ada did.") is ruling


def test_agreement_with_hand_labels_counts_the_unread():
    labels = [Label("Who?", (("Ada",),), "Ada.", right) for right in (True, True, False, False, True)]
    # rulings right, wrong, wrong, wrong, unread: of five, three agree and one is unread.
    # Of the four read: agreed .75, right by half and a quarter: expected .5 * .25 + .5 * .75 = .5; kappa .5
    told = agreement(ScriptedModel(["right", "wrong", "wrong", "wrong", "hm"]), labels)
    assert (told.n, told.agreed, told.unread) == (5, 3, 1)
    assert told.kappa == pytest.approx(0.5)


def test_the_hand_labels_are_whole_and_of_both_sorts():
    labels = hand_labels()
    assert len(labels) >= 40
    assert 15 <= sum(label.right for label in labels) <= 25
    assert len({(label.question, label.answer) for label in labels}) == len(labels)


@pytest.fixture
def folder(tmp_path, record):
    def answered(text, status="answered"):
        return {"status": status, "text": text, "citations": [], "sentences": []}

    cases = [
        (case_from_dict(record()), answered("It cost $4.5 million. [1]")),
        (case_from_dict(record(id="c2")), answered("It cost much. [1]")),
        (case_from_dict(record(id="c3")), answered("These articles do not say.", "declined")),
        (case_from_dict(record(id="c4", kind="unanswerable", accept=[])), answered("The king. [1]")),
        (case_from_dict(record(id="c5")), None),
    ]
    write_stamp(tmp_path, {"planned": len(cases)})
    with (tmp_path / "records.jsonl").open("w") as file:
        for case, answer in cases:
            append(file, Record(case, 0, answer, "", 1.0, {"right": Verdict(1.0)}))
    return tmp_path


def test_a_judged_run_holds_its_judge_and_the_unread_are_unscored(folder):
    seen = []

    def reply(messages, how):
        seen.append(messages[-1].content)
        return "right" if len(seen) % 2 else "I cannot say"

    judge_run(ScriptedModel(reply), read_run(folder), [Label("Who?", (("Ada",),), "Ada.", True)] * 2)
    assert len(seen) == 4  # two labels, two answers: what is declined, must be, or failed is not asked about
    assert "Given: It cost $4.5 million.\n" in seen[2]
    card = score(read_run(folder))
    mean = card.means["right by model judge"]
    assert (mean.value, mean.n, mean.unscored) == (1.0, 1, 1)
    assert card.reasons["right by model judge"] == {"the judge's reply cannot be read": 1}
    assert "agrees with 1 of 2 hand labels" in card.judge
    assert card.judge.endswith("1 replies unreadable")
    ruled = json.loads((folder / "judge.json").read_text())
    assert ruled["rulings"] == {"c1 0": True, "c2 0": None}
    assert ruled["model_digest"] and ruled["prompt"]


def test_a_run_without_a_judge_says_nothing_of_one(folder):
    card = score(read_run(folder))
    assert card.judge == ""
    assert "right by model judge" not in card.means


def test_a_damaged_judge_is_named(folder):
    (folder / "judge.json").write_text("{")
    with pytest.raises(BrokenError, match=r"judge\.json is damaged"):
        read_run(folder)


def test_a_case_of_one_label_has_no_kappa(folder):
    told = judge_run(ScriptedModel(["right"]), read_run(folder), [Label("Who?", (("Ada",),), "Ada.", True)])
    assert told["agreement"] == {"n": 1, "agreed": 1, "unread": 0, "kappa": None}
    assert "kappa" not in score(replace(read_run(folder), judge=told)).judge
