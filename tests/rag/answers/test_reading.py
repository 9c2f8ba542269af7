"""Each sentence is read on its own; the one that answers leads, and what answers nearly as well is kept beside it."""

from collections.abc import Generator, Sequence
from datetime import UTC, datetime

import pytest

from index.articles import article_from
from index.drafts import Draft
from rag.asked import read_question
from rag.judging import FARTHEST, Judge
from rag.reading import FEW, MOST, Read, kept, read_apart
from rag.runtimes.scripted import ScriptedModel
from rag.runtimes.types import Message
from rag.types import EvidenceSentence, Progress
from rag.yes_no import yes_or_no

NOW = datetime(2026, 1, 5, tzinfo=UTC)
ASKED = read_question("What will the ferry cost?")
SENTENCES = (
    "The ferry will cost $41 million.",
    "The ferry is blue.",
    "The mayor likes the ferry.",
    "It sails on Mondays.",
    "A bridge was built in 1990.",
    "Nobody swims there.",
    "The harbor is deep.",
    "Two dogs slept on the quay.",
    "Snow fell in March.",
)


def evidence(texts: Sequence[str] = SENTENCES) -> list[EvidenceSentence]:
    text = " ".join(texts)
    draft = Draft(text=text, title="Ferry", url="https://x.test/ferry")
    article = article_from(draft, None, NOW)
    found = []
    for number, each in enumerate(texts, 1):
        at = text.index(each)
        found.append(EvidenceSentence(number, article, at, at + len(each), each, 1 - number / 10))
    return found


def judge_that_says_yes_to(words: str, sure: float = 0.95) -> tuple[Judge, list[str]]:
    asked: list[str] = []

    def choices(messages: Sequence[Message], options: Sequence[str]) -> dict[str, float]:
        asked.append(messages[-1].content)
        yes = sure if words in messages[-1].content.split("Question:")[0] else 0.1
        return {"yes": yes, "no": 1 - yes}

    return Judge(ScriptedModel(["x"], choices)), asked


def run(steps: Generator[Progress, None, list[Read]]) -> list[Read]:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: list[Read] = end.value
            return found


def test_no_more_is_read_once_a_sentence_answers() -> None:
    judge, asked = judge_that_says_yes_to("$41 million")
    read = run(read_apart(judge, ASKED, evidence()))
    assert read[0].sentence.text == "The ferry will cost $41 million."
    assert len(read) == len(asked) == FEW
    assert [each.text for each in kept(read)] == ["The ferry will cost $41 million."]


def test_where_none_answers_the_best_by_score_are_read_and_no_more() -> None:
    judge, asked = judge_that_says_yes_to("nothing of this")
    read = run(read_apart(judge, ASKED, evidence()))
    assert {each.sentence.number for each in read} == set(range(1, MOST + 1))
    assert len(asked) == MOST
    assert max(each.gap for each in read) < -2


def test_what_answers_nearly_as_well_is_kept_in_reading_order() -> None:
    one, two, three, *_ = evidence()
    read = [Read(two, 1.2), Read(one, 0.4), Read(three, -3.0)]
    assert kept(read) == [one, two]


def test_who_is_not_answered_by_a_sentence_without_a_person() -> None:
    judge, _ = judge_that_says_yes_to("ferry")
    texts = ("The ferry was built in 1990.", "The ferry was built by Ada Voss, they say.")
    read = run(read_apart(judge, read_question("Who built the ferry?"), evidence(texts)))
    assert [(each.sentence.number, each.fits) for each in read] == [(2, True), (1, False)]


def test_a_runtime_that_cannot_tell_answers_nothing() -> None:
    judge = Judge(ScriptedModel(["x"], lambda messages, options: {"yes": 1.0}))
    assert judge.relevance_each(["a", "b"], "c") == [-FARTHEST, -FARTHEST]


@pytest.mark.parametrize(("sure", "said"), [(0.9, "Yes – “The ferry is blue”"), (0.1, "No – “The ferry is blue”")])
def test_yes_or_no_comes_with_the_words_it_rests_on(sure: float, said: str) -> None:
    judge, _ = judge_that_says_yes_to("The ferry is blue.", sure)
    proven = yes_or_no(judge, read_question("Is the ferry blue?"), evidence()[1:2])
    assert proven is not None
    assert proven.text == said
    assert [each.text for each in proven.quotes] == ["The ferry is blue."]
    assert proven.support.score == pytest.approx(0.9)


def test_what_is_only_likely_is_not_passed_off_as_proven() -> None:
    judge, _ = judge_that_says_yes_to("The ferry is blue.", 0.65)
    likely = yes_or_no(judge, read_question("Is the ferry blue?"), evidence()[1:2])
    assert likely is not None
    assert likely.text == "More likely yes than not, though no sentence says so – “The ferry is blue”"
    assert likely.support.verdict == "unsupported"


def test_neither_yes_nor_no_is_said_when_the_model_is_not_sure() -> None:
    judge, _ = judge_that_says_yes_to("The ferry is blue.", 0.52)
    assert yes_or_no(judge, read_question("Is the ferry blue?"), evidence()[1:2]) is None
