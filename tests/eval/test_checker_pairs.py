"""The pairs that the checker is measured on: each edit changes one thing, each rewording none, and the sums are right."""

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest

from eval.benches.checker.edits import EVERY, with_name_from
from eval.benches.checker.making import make_pairs
from eval.benches.checker.pairs import Sentence, article_of
from eval.benches.checker.rewording import reworded
from eval.benches.checker.scoring import balanced, error, fit, share
from eval.benches.checker.statements import stated
from index.sentences import sentences
from rag.grounding import Quote

TEXT = (
    "Acme accused Borealis of taking 25 patents in Graz in May 2016. Acme plans to open a new plant in Graz. "
    "The plant has not closed since 2010. "
    "Prosecutors claim that the plant leaks more than 30 litres a day. Sales at Borealis rose by $5 million. "
    "The board met Dana Reyes and Acme."
)


def sentence(at: int) -> Sentence:
    article = article_of(TEXT, "test")
    quotes = [Quote(article, span.start, span.end) for span in sentences(TEXT)]
    others = tuple(each for each in quotes if each is not quotes[at])
    return Sentence("test", quotes[at], frozenset({"Acme", "Borealis", "Graz", "Dana Reyes"}), others, Random(3))


@pytest.mark.parametrize(
    ("kind", "at", "edited"),
    [
        ("modality", 1, "Acme has opened a new plant in Graz."),
        ("negation", 2, "The plant has closed since 2010."),
        ("swap", 0, "Borealis accused Acme of taking 25 patents in Graz in May 2016."),
        ("attribution", 3, "The plant leaks more than 30 litres a day."),
        ("opposite", 4, "Sales at Borealis fell by $5 million."),
        ("hedge", 3, "Prosecutors claim that the plant leaks less than 30 litres a day."),
    ],
)
def test_an_edit_changes_one_thing(kind: str, at: int, edited: str) -> None:
    given = sentence(at)
    assert EVERY[kind](given, given.text) == edited


@pytest.mark.parametrize(("kind", "at"), [("number", 0), ("unit", 4), ("date", 0), ("name", 0)])
def test_an_edit_of_a_value_keeps_the_rest(kind: str, at: int) -> None:
    given = sentence(at)
    edited = EVERY[kind](given, given.text)
    assert edited not in (None, given.text)
    assert len(edited.split()) in range(len(given.text.split()) - 1, len(given.text.split()) + 3)


def test_a_name_of_another_sentence_takes_the_place_of_one() -> None:
    given = sentence(4)
    assert with_name_from(given, given.text, "It was opened by Graz.") == "Sales at Graz rose by $5 million."


@pytest.mark.parametrize(
    ("question", "answer", "statement"),
    [
        ("Who killed Harold?", "William", "William killed Harold."),
        ("When was the house built?", "1912", "The house was built in 1912."),
        ("How many towers are in the town?", "12", "12 towers are in the town."),
        ("What is the capital of Styria?", "Graz", "The capital of Styria is Graz."),
        ("Why is the sky blue?", "air", None),
    ],
)
def test_a_question_with_its_answer_is_a_statement(question: str, answer: str, statement: str | None) -> None:
    assert stated(question, answer) == statement


def test_a_rewording_keeps_what_is_said() -> None:
    assert reworded("However, Acme paid $870 million on May 12, 2016, for three mills.", None) == (
        "Acme paid $870M on 12 May 2016 for 3 mills."
    )


def test_pairs_are_made_in_place_and_the_same_each_time(tmp_path: Path) -> None:
    samples = tmp_path / "samples"
    samples.mkdir()
    (samples / "one.txt").write_text(f"A title\n\n{TEXT}\n", encoding="utf-8")
    for name in ("multihop-rag", "squad2", "ramdocs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "articles.jsonl").write_text("", encoding="utf-8")
        (tmp_path / name / "dev.jsonl").write_text("", encoding="utf-8")
    documents = [
        {"text": "The mill of Aden has 12 wheels.", "type": "correct", "answer": "12"},
        {"text": "The mill of Aden has 70 wheels.", "type": "misinfo", "answer": "70"},
    ]
    record = {"question": "How many wheels are in the mill of Aden?", "documents": documents}
    (tmp_path / "ramdocs" / "dev.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    pairs = make_pairs(tmp_path, samples)
    assert [(each.id, each.held_out) for each in make_pairs(tmp_path, samples)] == [(e.id, e.held_out) for e in pairs]
    of_ramdocs = [(each.kind, each.claim, each.quotes[0].text) for each in pairs if each.source == "ramdocs"]
    assert of_ramdocs == [
        ("true", "12 wheels are in the mill of Aden.", documents[0]["text"]),
        ("other answer", "70 wheels are in the mill of Aden.", documents[0]["text"]),
        ("true", "70 wheels are in the mill of Aden.", documents[1]["text"]),
        ("other answer", "12 wheels are in the mill of Aden.", documents[1]["text"]),
    ]
    assert {"swap", "modality", "attribution"} <= {each.kind for each in pairs}


def test_each_kind_of_edit_weighs_the_same() -> None:
    # 2 true, 3 of one kind, 1 of another: true ones are half of all 6, each kind a quarter.
    true = np.asarray([1.0, 1, 0, 0, 0, 0])
    weights = balanced(true, ["true", "true", "name", "name", "name", "swap"])
    assert weights.tolist() == pytest.approx([1.5, 1.5, 0.5, 0.5, 0.5, 1.5])
    # Wrong at .5: the second true one (1.5) and the swap (1.5), of 6.
    assert error(np.asarray([0.9, 0.4, 0.1, 0.2, 0.3, 0.6]), true, weights, 0.5) == pytest.approx(0.5)


def test_the_fit_parts_gaps_that_can_be_parted() -> None:
    gaps = np.asarray([3.0, 2.5, 2.0, -1.0, -2.0, -3.0])
    true = np.asarray([1.0, 1, 1, 0, 0, 0])
    fitted = fit(gaps, true, ["true"] * 3 + ["name"] * 3)
    assert fitted.slope > 0
    probabilities = 1 / (1 + np.exp(-(fitted.slope * gaps + fitted.offset)))
    assert ((probabilities >= fitted.threshold) == true.astype(bool)).all()


def test_a_share_has_an_interval_over_documents() -> None:
    mean, low, high = share([True, False, True, True], ["a", "a", "b", "c"])
    assert mean == 0.75
    assert 0 <= low < mean < high <= 1
