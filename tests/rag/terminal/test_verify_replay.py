"""`byline verify --replay` on the scripted world: the same answer, another one, and what a person is told of it."""

import json

QUESTION = "When does the night train leave?"


def saved(byline, tmp_path, **changes):
    _, out, _ = byline("ask", QUESTION, "--json")
    answer = json.loads(out)
    for key, value in changes.items():
        answer[key] = value
    kept = tmp_path / "answer.json"
    kept.write_text(json.dumps(answer), encoding="utf-8")
    return kept


def test_the_same_answer_is_said_to_be_the_same(byline, tmp_path):
    kept = saved(byline, tmp_path)
    code, out, _ = byline("verify", kept, "--replay", "--publisher", "Pellworth Echo")
    assert code == 0
    assert out.endswith("1 of 1 quotes exact.\nAsked again: the same answer.\n")
    (asked,) = byline.engine.asked
    assert (asked.question, asked.filters.publishers) == (QUESTION, ("Pellworth Echo",))
    assert byline.engine.closed


def test_another_answer_is_told_with_what_differs(byline, tmp_path):
    kept = saved(byline, tmp_path, status="declined", sentences=[], receipt=RECEIPT)
    code, out, _ = byline("verify", kept, "--replay")
    assert code == 1
    assert out.splitlines()[-5:] == [
        "Asked again: another answer.",
        "    status: then declined, now answered",
        "    sentence: new: The night train leaves at nine [1].",
        "    the index has changed: then 0, now " + "f" * 64,
        "    a prompt has changed: new: answer (bbbbbbbbbbbb)",
    ]
    code, out, _ = byline("verify", kept, "--replay", "--json")
    told = json.loads(out)
    assert code == 1
    assert told["exact"] == 1
    assert (told["replay"]["same"], told["replay"]["explained"]) == (False, True)
    assert [each["what"] for each in told["replay"]["differences"]] == ["status", "sentence", "index", "prompt"]
    assert told["replay"]["answer"]["status"] == "answered"


RECEIPT = {"index": "0", "model": "scripted", "model_digest": "a" * 64, "prompts": {}, "settings": "c" * 64, "seed": 0}


def test_a_difference_that_the_receipt_does_not_explain_asks_for_the_filters(byline, tmp_path):
    code, out, _ = byline("verify", saved(byline, tmp_path, status="partial"), "--replay")
    assert code == 1
    assert "give the filters that were in force" in out


def test_a_follow_up_is_asked_as_it_was_read(byline, tmp_path):
    byline("verify", saved(byline, tmp_path, question="And when?", standalone_question=QUESTION), "--replay")
    assert [each.question for each in byline.engine.asked] == [QUESTION]


def test_without_replay_nothing_is_asked(byline, tmp_path):
    code, out, _ = byline("verify", saved(byline, tmp_path))
    assert (code, byline.engine.asked) == (0, [])
    assert out.endswith("1 of 1 quotes exact.\n")
