"""Follow-ups: what leans on history, what code puts back, and which rewrite of a model is taken."""

import pytest

from rag.conversation import is_faithful, standalone, with_words
from rag.follow_up import leans, put_back, without_correction
from rag.runtimes.scripted import ScriptedModel
from rag.types import Turn

FALK = Turn("Who is Ines Falk?", "Ines Falk is an analyst at Brookmere Research [1].")
REVENUE = Turn("What was Anthropic's revenue in 2024?", "Anthropic had revenue of $2 billion.")
PLANT = Turn("What will the plant at Alder Flats cost?", "It will cost $3.6 billion.")
WALKOUT = Turn("Who called the walkout?", "Renny Costa called the walkout.")


@pytest.mark.parametrize(
    "question",
    [
        "Who will lead the Tolland Valley schools?",
        "Which town did Kestrel pick, and when is its plant due to open?",
        "And who won the mayor's race in Ordonville?",
        "What was the level of Lake Corvane in the year that records began?",
        "Did Oduya say that the schools would be warm?",
        "Is there a hearing in Alder Flats?",
        "By how many votes did Brandt win?",
    ],
)
def test_what_stands_alone_is_left_alone(question: str) -> None:
    assert not leans(question)
    assert standalone(question, [FALK], ScriptedModel(["Who is Ines Falk in Paris?"])) is None


@pytest.mark.parametrize(
    "question",
    [
        "Why?",
        "Who said so?",
        "And OpenAI's?",
        "What about Etiqueta?",
        "Is that more than Scale AI's?",
        "When was the last one before that?",
        "And the union?",
        "What did she say about Meta?",
        "No, I meant the port of Marrow Bay.",
        "How many people work there?",
        "What was the price?",
        "When will the hearing on that be held in Corvane?",
    ],
)
def test_what_points_back_leans(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    ("question", "last", "alone"),
    [
        ("What does she think?", FALK, "What does Ines Falk think?"),
        ("What is her job?", FALK, "What is Ines Falk’s job?"),
        ("What did he want?", WALKOUT, "What did Renny Costa want?"),
        ("And OpenAI's?", REVENUE, "What was OpenAI's revenue in 2024?"),
        ("What about Mistral?", REVENUE, "What was Mistral's revenue in 2024?"),
        ("And in 2023?", REVENUE, "What was Anthropic's revenue in 2023?"),
        ("And the year before?", REVENUE, "What was Anthropic's revenue in 2023?"),
        ("What about the following year?", REVENUE, "What was Anthropic's revenue in 2025?"),
        ("And the one at Dunmere?", PLANT, "What will the plant at Dunmere cost?"),
        ("Who said so?", WALKOUT, "Who said that Renny Costa called the walkout?"),
        ("Who says that?", PLANT, "Who said that it will cost $3.6 billion?"),
        ("No, I meant the one at Dunmere.", PLANT, None),
        ("Where did she buy it?", FALK, None),
        ("Why?", FALK, None),
        ("And the union?", REVENUE, None),
        ("What does it cost?", PLANT, None),
    ],
)
def test_code_puts_back_what_can_be_read_in_one_way_only(question: str, last: Turn, alone: str | None) -> None:
    if question.startswith("No, "):
        assert without_correction(question) == "the one at Dunmere."
    else:
        assert put_back(question, last) == alone


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Why is Ines Falk sure of a stake?", True),
        ("Why is Ines Falk of Paris sure of a stake?", False),
        ("Why is Ines Falk sure of a stake of $9 billion?", False),
        ("Who is Ines Falk?", False),
        ("Why is she sure of a stake?", False),
        ("Why is Ines Falk an analyst?", False),
        ("Ines Falk is sure of a stake.", False),
        ("Why is Ines Falk sure of a stake" + " and of a stake" * 30 + "?", False),
    ],
)
def test_a_rewrite_is_taken_only_where_it_adds_and_drops_nothing(text: str, taken: bool) -> None:
    assert is_faithful(text, "Why is she sure of a stake?", [FALK]) is taken


def test_a_rewrite_that_drops_a_name_or_a_figure_of_the_question_is_not_taken() -> None:
    assert not is_faithful(
        "What will the plant at Alder Flats cost in all?", "And what will it cost at Dunmere?", [PLANT]
    )
    assert not is_faithful("What will the plant cost?", "Will it cost $4 billion?", [PLANT])


def test_the_model_is_asked_once_and_what_it_adds_falls_back_to_words() -> None:
    good = ScriptedModel(['Rewritten: "Why is Ines Falk sure of a stake?"'])
    assert standalone("Why is she so sure of it?", [REVENUE, FALK], good) == "Why is Ines Falk sure of a stake?"
    bad = ScriptedModel(["Why is Elon Musk sure of a stake?"])
    assert standalone("And why so high?", [REVENUE], bad) == "And why so high? (Anthropic revenue 2024)"


def test_a_rewrite_is_cleaned_of_what_no_question_holds() -> None:
    model = ScriptedModel(["Why is Ines Falk sure of a stake [1] <b>now</b>\u202e?"])
    assert (
        standalone("Why is she so sure of it now?", [REVENUE, FALK], model) == "Why is Ines Falk sure of a stake now?"
    )


def test_where_no_rewrite_is_taken_the_words_of_the_last_question_stand_beside_it() -> None:
    assert with_words("Why?", [FALK]) == "Why? (Ines Falk)"
    assert (
        with_words("And now?", [FALK, Turn("And her plans for 2024?", "It is so.")])
        == "And now? (plans 2024 Ines Falk)"
    )
    assert with_words("Why?", [Turn("What is it?", "It is so.")]) == "Why?"
