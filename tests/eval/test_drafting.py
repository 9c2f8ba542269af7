import json

import pytest

from eval.draft_session import draft_all, plan_drafts
from eval.drafting import KINDS, Refused, draft
from eval.drafts import read_drafts
from eval.library import Articles
from eval.queue import gather
from eval.types import Quote
from index.errors import UsageError
from rag.runtimes.scripted import ScriptedModel

WALL = {"evidence": [1], "answer": "$4.5 million", "question": "What did the harbor wall cost?"}
SALARY = {"evidence": [2], "question": "What is mayor Ada Lindqvist paid a year?"}
PREMISE = {"evidence": [1], "wrong": "$9 million", "question": "Who paid the $9 million that the harbor wall cost?"}


@pytest.fixture
def drafted(articles):
    def one(reply, kind="answerable", window=0):
        said = reply if isinstance(reply, str) else json.dumps(reply)
        return draft(ScriptedModel([said]), articles[0], "harbor.txt", kind, window)

    return one


def test_an_answerable_question_rests_on_the_articles_own_sentence(drafted, articles):
    case = drafted(WALL)
    assert (case.kind, case.question, case.accept) == ("numeric", WALL["question"], (("$4.5 million",),))
    assert case.evidence == ((Quote("harbor.txt", "The harbor wall cost $4.5 million."),),)
    told = dict(case.provenance)
    assert (told["model"], told["article_sha256"]) == ("scripted", articles[0].sha256)
    assert len(told["prompt"]) == 64
    assert drafted(WALL) == case
    misnamed = [drafted({**WALL, "evidence": numbers}) for numbers in ([2], [2, 1], [7])]
    assert [each.evidence for each in misnamed] == [case.evidence] * 3


def test_what_must_be_declined_has_quotes_for_the_reviewer_and_no_answer(drafted):
    salary, premise = drafted(SALARY, "unanswerable"), drafted(PREMISE, "false_premise")
    assert (salary.kind, salary.accept) == ("unanswerable", ())
    assert salary.evidence == ((Quote("harbor.txt", "Mayor Ada Lindqvist opened it in May."),),)
    assert (premise.kind, premise.note) == ("false_premise", "takes for granted: $9 million")


@pytest.mark.parametrize(
    ("kind", "reply", "reason"),
    [
        ("answerable", "no JSON", "the reply cannot be read"),
        ("answerable", [1], "the reply cannot be read"),
        ("unanswerable", {**SALARY, "evidence": [7]}, "it names no sentence"),
        ("answerable", {**WALL, "answer": "$5 million"}, "the answer is not in its sentences"),
        ("answerable", {**WALL, "question": "The wall."}, "the question is none"),
        (
            "answerable",
            {**WALL, "question": "What does sentence 1 say of the wall?"},
            "the question speaks of the text",
        ),
        ("answerable", {**WALL, "question": "Who is king of Norway?"}, "the question has nothing to do"),
        ("answerable", {**WALL, "answer": "harbor wall"}, "the question holds its answer"),
        ("unanswerable", {"evidence": [2], "question": "Who opened it in May?"}, "a sentence holds every word"),
        ("false_premise", {**PREMISE, "wrong": "$4.5 million"}, "the question does not take the wrong thing"),
        (
            "false_premise",
            {**PREMISE, "wrong": "May", "question": "Why did the harbor wall open in May?"},
            "what should be wrong is in the article",
        ),
    ],
)
def test_what_code_can_refuse_is_refused_with_the_reason(drafted, kind, reply, reason):
    refused = drafted(reply, kind)
    assert isinstance(refused, Refused)
    assert refused.reason.startswith(reason)


def test_an_article_that_is_used_up_gives_no_more(drafted):
    assert drafted(WALL, window=1) == Refused("the article has no more sentences")


def test_the_model_is_shown_numbered_sentences_and_must_keep_to_a_schema(articles):
    seen = []

    def reply(messages, how):
        seen.append((messages[-1].content, how.schema))
        return json.dumps(WALL)

    draft(ScriptedModel(reply), articles[0], "harbor.txt", "answerable", 0)
    ((words, schema),) = seen
    assert words.startswith("[1] The harbor wall cost $4.5 million.\n[2] Mayor Ada Lindqvist opened it in May.\n")
    assert schema["required"] == ["evidence", "answer", "question"]
    assert schema["properties"]["evidence"]["items"]["maximum"] == 2


def test_a_drafting_fills_the_queue_and_counts_what_was_refused(tmp_path, articles, library):
    def reply(messages, how):
        return json.dumps(WALL if "harbor" in messages[-1].content and "answer" in how.schema["required"] else {})

    wanted = plan_drafts(library, ["harbor.txt", "art_tram"], ["answerable"], 1)
    assert wanted == [("art_harbor", "answerable", 0), ("art_tram", "answerable", 0)]
    steps = []
    made = draft_all(tmp_path, ScriptedModel(reply), library, wanted, lambda: steps.append(1))
    assert (len(made.drafted), made.refused, len(steps)) == (1, {"the reply cannot be read": 1}, 2)
    assert [each.case.id for each in read_drafts(tmp_path)] == list(made.drafted)
    assert [each.suggestion.question for each in gather(tmp_path)] == [WALL["question"]]
    again = draft_all(tmp_path, ScriptedModel(reply), library, wanted[:1], lambda: None)
    assert (again.drafted, again.refused) == ((), {"it is in the queue already": 1})


def test_what_cannot_be_drafted_is_wrong_use(library):
    assert len(plan_drafts(library, [], [], 2)) == 3 * len(KINDS) * 2
    with pytest.raises(UsageError, match="'riddle' cannot be drafted"):
        plan_drafts(library, [], ["riddle"], 1)
    with pytest.raises(UsageError, match=r"'castle\.txt' is not in the index"):
        plan_drafts(library, ["castle.txt"], [], 1)
    with pytest.raises(UsageError, match="no articles"):
        plan_drafts(Articles(()), [], [], 1)
