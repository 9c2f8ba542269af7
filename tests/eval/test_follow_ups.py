"""The follow-ups of the gold cases, and how their reading is judged."""

import json
from pathlib import Path

from eval.benches.follow_ups import CASES, table_of_answers, table_of_reads
from eval.cases import read_cases
from eval.following import Read, from_history, plain, read_follow_up, right, wanted_of
from eval.library import Articles
from eval.types import Case
from rag.runtimes.scripted import ScriptedModel
from rag.types import Turn

FOLLOW_UPS = [each for each in read_cases(sorted(CASES.glob("*.jsonl"))) if each.kind == "follow_up"]
HISTORY = (Turn("How many people examined the ballots in Ordonville?", "Nine hundred people examined 5,000 ballots."),)
PAID = Case("c1", "follow_up", "What were they paid?", (("18",),), ("Nine hundred",), history=HISTORY)


def test_there_are_enough_turns_and_each_says_what_its_question_needs() -> None:
    wanted = wanted_of()
    assert len(FOLLOW_UPS) >= 60
    assert {each.id for each in FOLLOW_UPS} == set(wanted)
    assert all(each.needs for each in wanted.values())
    assert sum(each.alone for each in wanted.values()) >= 5
    # What is needed must be there to be found: in the question or in what was said before.
    for case in FOLLOW_UPS:
        told = " ".join([case.question, *(f"{turn.question} {turn.answer}" for turn in case.history)]).casefold()
        for group in wanted[case.id].needs:
            assert any(word.casefold() in told for word in group), (case.id, group)


def test_a_reading_is_right_where_it_has_what_is_needed_and_adds_nothing() -> None:
    wanted = wanted_of()
    case = next(each for each in FOLLOW_UPS if each.id == "turn-36")

    def read(reply: str) -> Read:
        return read_follow_up(case, wanted[case.id], ScriptedModel([reply]))

    good = read("What were the people who examined the ballots in the Ordonville recount paid?")
    assert (good.right, good.by) == (True, "the model")
    fallen = read("What was Elon Musk paid?")
    assert fallen.text == "What were they paid? (many people examined ballots Ordonville recount)"
    assert (fallen.right, fallen.by) == (True, "its words")
    alone = next(each for each in FOLLOW_UPS if each.id == "turn-08")
    assert read_follow_up(alone, wanted["turn-08"], ScriptedModel(["x"])).by == "nobody"


def answer_of(text: str, quote: str, status: str = "answered") -> dict[str, object]:
    citations = [{"number": 1, "article_id": "a", "article_sha256": "", "start": 0, "end": 1, "quote": quote}]
    sentences = [
        {
            "text": text,
            "start": 0,
            "end": len(text),
            "citations": [1],
            "support": {"verdict": "supported", "score": 1.0},
        }
    ]
    declined = {"reason": "not_supported", "closest": []} if status == "declined" else None
    return {"status": status, "text": text, "sentences": [] if declined else sentences, "declined": declined, "disagreements": [],
            "citations": [] if declined else citations}  # fmt: skip


def test_what_only_the_history_says_is_seen_in_an_answer() -> None:
    found = from_history(PAID, answer_of("They were paid $18 for 5,000 ballots [1].", "paid $18 an hour"), Articles(()))
    assert "5,000" in found
    assert "Nine hundred" not in found
    assert "Nine hundred" in from_history(PAID, answer_of("Nine hundred were paid $18 [1].", "paid $18"), Articles(()))
    assert plain("A [1][2]. B [3].") == "A. B."


def test_an_answer_is_right_with_the_accepted_words_and_declined_where_there_are_none() -> None:
    assert right(PAID, answer_of("They were paid $18 [1].", "q"))
    assert not right(PAID, answer_of("Nine hundred were paid $18 [1].", "q"))
    nothing = Case("c2", "follow_up", "How old is she?", (), history=HISTORY)
    assert right(nothing, answer_of("These articles do not say.", "", "declined"))
    assert not right(nothing, answer_of("She is 40 [1].", "q"))


def test_the_tables_tell_splits_apart() -> None:
    cases = [Case("a", "follow_up", "q", ()), Case("b", "follow_up", "q", (), split="test")]
    reads = {"a": Read("q", "code", (), (), 0.0), "b": Read("q", "the model", ("x",), (), 1.5)}
    rows = table_of_reads(cases, reads).splitlines()
    assert [row.split(" | ")[0] for row in rows[2:]] == [
        "| dev, by all",
        "| dev, by code",
        "| test, by all",
        "| test, by the model",
    ]
    assert "| 0/1 .00" in rows[4]
    one = {"with": {"right": True, "declined": False}, "without": {"right": False, "declined": True}}
    told = table_of_answers(cases, {"a": one, "b": one})
    assert "| dev, with history | 1 | 1/1 1 " in told
    assert json.loads(json.dumps(one)) == one
    assert Path(CASES).is_dir()
