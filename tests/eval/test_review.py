import pytest

from eval.cases import CaseFault, case_from_dict, read_cases
from eval.desk import sit_down
from eval.review import ReviewQueue, export, suggest, with_accept
from eval.scripted import Line, ScriptedEngine
from eval.types import Quote
from rag.answer_json import answer_to_dict
from rag.feedback import write_feedback

WALL = "What did the wall cost?"


@pytest.fixture
def queue(tmp_path, articles):
    engine = ScriptedEngine(articles, {WALL: Line("It cost $4.5 million.", ("The harbor wall cost $4.5 million.",))})
    for question, verdict, comment in (
        (WALL, "good", ""),
        ("Who is the king?", "good", ""),
        ("How long is the bridge?", "wrong", "It says 300 metres."),
    ):
        write_feedback(tmp_path, answer_to_dict(engine.ask(question)), verdict, comment)
    return ReviewQueue(tmp_path)


def test_a_good_answer_brings_its_evidence_and_a_wrong_one_does_not(queue):
    good, declined, wrong = map(suggest, queue.pending())
    assert good.evidence == ((Quote("harbor.txt", "The harbor wall cost $4.5 million."),),)
    assert (declined.kind, declined.accept, declined.evidence) == ("unanswerable", (), ())
    assert (wrong.kind, wrong.evidence, wrong.note) == ("single", (), "It says 300 metres.")


def test_what_a_right_answer_holds_is_written_in_one_line(record):
    case = case_from_dict(record(kind="single"))
    assert with_accept(case, "4.5 + million | 4,500,000 ").accept == (("4.5", "million"), ("4,500,000",))
    assert (with_accept(case, " ").kind, with_accept(case, " ").accept) == ("unanswerable", ())


def test_a_sitting_accepts_mends_rejects_skips_and_undoes(queue, tmp_path):
    replies = iter(
        [
            *("accept", "4.5 million"),  # the wall
            "reject",  # the king
            "undo",  # the king is back
            "skip",  # the king waits
            *("mend", "How long is the new bridge?", "300 + metres", "numeric", "checked"),  # the bridge
        ]
    )
    lines = []
    assert sit_down(queue, lambda words, default: next(replies), lines.append) == 2
    assert [each.question for each in queue.pending()] == ["Who is the king?"]
    wall, bridge = queue.accepted()
    assert (wall.question, wall.accept) == (WALL, (("4.5 million",),))
    assert (bridge.question, bridge.accept, bridge.kind, bridge.note) == (
        "How long is the new bridge?",
        (("300", "metres"),),
        "numeric",
        "checked",
    )
    assert "Taken back." in lines
    assert export(queue, tmp_path / "gold.jsonl") == 2
    assert [case.question for case in read_cases([tmp_path / "gold.jsonl"])] == [wall.question, bridge.question]


def test_a_case_that_says_nothing_is_not_accepted(queue):
    (feedback, *_) = queue.pending()
    with pytest.raises(CaseFault, match="needs what a right answer holds"):
        queue.accept(feedback, suggest(feedback))
    assert len(queue.pending()) == 3


def test_decisions_outlive_the_sitting(queue, tmp_path):
    queue.reject(queue.pending()[0])
    assert len(ReviewQueue(tmp_path).pending()) == 2
    assert ReviewQueue(tmp_path).undo() is not None
    assert len(queue.pending()) == 3
    assert queue.undo() is None


def test_a_home_without_feedback_has_an_empty_queue(tmp_path):
    queue = ReviewQueue(tmp_path / "new")
    assert (queue.pending(), queue.accepted(), queue.undo()) == ([], [], None)
    assert not (tmp_path / "new").exists()
