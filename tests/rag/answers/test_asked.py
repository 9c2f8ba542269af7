"""What a question asks for decides what an answer must hold."""

import pytest

from rag.asked import gives_what_is_asked, parts, read_question, says_something, without_markup


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many people use the chatbot?", "number"),
        ("How much might Meta invest in Scale AI?", "money"),
        ("What was Scale AI's revenue in 2024?", "money"),
        ("What percentage of the firm was bought?", "percentage"),
        ("When did the strike end?", "date"),
        ("In which year was it founded?", "date"),
        ("Who founded Scale AI?", "person"),
        ("Where is the plant?", "name"),
        ("Did Scale AI comment on the talks?", "yes_no"),
        ("Is the sum larger than what Microsoft has put in?", "comparison"),
        ("Why did the harbour close?", "why"),
        ("What is Defense Llama?", "what"),
    ],
)
def test_kind(question: str, kind: str) -> None:
    assert read_question(question).kind == kind


@pytest.mark.parametrize(
    ("question", "sentence", "given"),
    [
        ("How many employees does the firm have?", "The firm has many employees.", False),
        ("How many employees does the firm have?", "The firm has 900 employees.", True),
        ("How many employees does the firm have?", "The firm is worth $900 million.", False),
        ("What percentage did it buy?", "It bought shares for $3 billion.", False),
        ("What percentage did it buy?", "It bought 49 percent.", True),
        ("In which year did it open?", "It opened with a party.", False),
        ("In which year did it open?", "It opened in 1999.", True),
        ("Who runs Acme?", "Acme is run from an office.", False),
        ("Who runs Acme?", "Acme is run by Jo Bell.", True),
        ("What is Acme?", "Acme makes anvils.", None),
    ],
)
def test_an_answer_holds_what_is_asked(question: str, sentence: str, given: bool | None) -> None:
    assert gives_what_is_asked(read_question(question), sentence) is given


def test_what_a_model_must_not_say_is_taken_out() -> None:
    said = "It rose [s99] to \x1b[31m5%\x1b[0m, see <b>here</b> https://evil.example/?q=1 \u202eor not [2]."
    clean = without_markup(said)
    assert not any(each in clean for each in ("[s99]", "\x1b", "<b>", "http", "\u202e", "[2]"))
    assert clean.startswith("It rose to")


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who voted against the fund?", ["Who voted against the fund?"]),
        ("How much did Ada give to Orrin, and when was it paid?", ["How much did Ada give to Orrin?", "when was it paid?"]),
        ("What did the port offer, what did the union want, and what was agreed?", ["What did the port offer?", "what did the union want?", "what was agreed?"]),
        ("Who said what?", ["Who said what?"]),
        ("After the storm, what did the mayor do?", ["After the storm, what did the mayor do?"]),
        ("Which mayor knows who won?", ["Which mayor knows who won?"]),
        ("Who is the man who ran the bank, and who fled, when it fell?", ["Who is the man who ran the bank, and who fled, when it fell?"]),
        ("Which mayor rode the train, and by how many votes was she elected?", ["Which mayor rode the train?", "by how many votes was she elected?"]),
    ],
)  # fmt: skip
def test_a_question_of_several_parts_is_taken_apart(question: str, asked: list[str]) -> None:
    assert [each.question for each in parts(read_question(question))] == asked


@pytest.mark.parametrize(
    ("question", "sentence", "says"),
    [
        ("Who leads Kestrel Semiconductor?", "Kestrel Semiconductor", False),
        ("Who leads Kestrel Semiconductor?", "Kestrel Semiconductor is led by Ada Voss.", True),
        ("How many ships waited?", "31 ships waited.", True),
        ("When did 31 ships wait?", "31 ships waited.", False),
        ("Did the ships wait?", "The ships did wait.", True),
    ],
)
def test_a_sentence_that_only_repeats_the_question_says_nothing(question: str, sentence: str, says: bool) -> None:
    assert says_something(read_question(question), sentence) is says
