"""The engine over a real index, with a scripted model: what is shown is proven, what is not is declined."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.building import build
from index.errors import UsageError
from index.opening import open_index
from index.retrieval import HybridRetriever
from index.settings import IndexSettings
from index.types import Filters
from rag.deciding import fitted
from rag.engine import Engine
from rag.judging import Judge
from rag.runtimes.scripted import ScriptedModel
from rag.runtimes.types import Generation, Message, Piece
from rag.settings import Settings
from rag.types import Answer, DisagreementFound, Done, PassagesFound, SentencePassed, Timings, Turn

RECORDS = [
    {
        "title": "Harbour town orders a ferry",
        "publisher": "Larkhaven Post",
        "published_at": "2025-06-08",
        "url": "https://post.example/ferry",
        "body": "The new ferry of Larkhaven will cost $41 million, the port authority said.\n\n"
        "The ferry replaces a boat that was built in 1974.",
    },
    {
        "title": "Ferry price rises",
        "publisher": "Coast Wire",
        "published_at": "2025-06-09",
        "url": "https://wire.example/ferry",
        "body": "The new ferry of Larkhaven will cost $44 million, two people at the yard said.",
    },
    {
        "title": "Mayor opens the Quill bridge",
        "publisher": "Larkhaven Post",
        "published_at": "2025-05-02",
        "url": "https://post.example/bridge",
        "body": "The Quill bridge cost $30 million, mayor Ada Thorne said at its opening on Friday.",
    },
]
COST = "What will the new ferry of Larkhaven cost?"


def numbers_of(messages: Sequence[Message], words: str) -> int:
    """The number under which the model was shown the sentence with these words, else the first."""
    shown = [each for each in messages[-1].content.splitlines() if each[:1].isdigit()]
    line = next((each for each in shown if words in each), shown[0])
    return int(line.split(".")[0])


class Script:
    """A rule for the scripted model: what it says, and how it judges."""

    def __init__(self, say: str, words: str = "$41 million", yes: float = 0.95) -> None:
        self.say, self.words, self.yes = say, words, yes

    def reply(self, messages: Sequence[Message], how: Generation) -> str:
        return json.dumps({"evidence": [numbers_of(messages, self.words)], "answer": self.say})

    def judge(self, messages: Sequence[Message], options: Sequence[str]) -> Mapping[str, float]:
        return {options[0]: self.yes, options[1]: 1 - self.yes}

    def model(self) -> ScriptedModel:
        return ScriptedModel(self.reply, self.judge)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("engine")
    source = folder / "news.jsonl"
    source.write_text("".join(json.dumps(each) + "\n" for each in RECORDS), encoding="utf-8")
    settings = made(folder)
    with open_index(folder, settings.index, settings.search, settings.models, write=True) as index:
        assert build(index, [source]).read == 3
    return folder


def made(home: Path) -> Settings:
    return Settings(home=home, index=IndexSettings(embedder="hashing"))


def engine_of(home: Path, model: ScriptedModel) -> Engine:
    settings = made(home)
    index = open_index(home, settings.index, settings.search, settings.models)
    retriever = HybridRetriever(index.catalogue, index.vectors, index.embedder)
    return Engine(index, retriever, model, Judge(model), fitted(), settings)


def asked(home: Path, script: Script, question: str = COST, **how: object) -> Answer:
    engine = engine_of(home, script.model())
    try:
        return engine.ask(question, **how)  # type: ignore[arg-type]
    finally:
        engine.close()


@pytest.mark.parametrize(
    ("yes", "status", "start", "verdict"),
    [
        (0.9, "answered", "Yes – “", "supported"),
        (0.65, "partial", "More likely yes than not, though no sentence says so – “", "unsupported"),
        (0.52, "declined", "", ""),
    ],
)
def test_a_yes_that_the_model_is_not_sure_of_is_marked(
    home: Path, yes: float, status: str, start: str, verdict: str
) -> None:
    question = (
        "Does the Larkhaven Post say that the new ferry of Larkhaven will cost $41 million, while the Coast Wire says that "
        "the new ferry of Larkhaven will cost $44 million?"
    )
    answer = asked(home, Script("unused", yes=yes), question)
    assert answer.status == status
    assert [each.support.verdict for each in answer.sentences[:1]] == [verdict] * (status != "declined")
    assert all(each.text.startswith(start) for each in answer.sentences[:1])
    if answer.sentences:
        assert {each.quote for each in answer.citations} >= {RECORDS[0]["body"].split("\n")[0], RECORDS[1]["body"]}


def test_an_answer_is_whole(home: Path) -> None:
    answer = asked(home, Script("The new ferry of Larkhaven will cost $41 million."))
    assert answer.status == "answered"
    first = answer.sentences[0]
    assert first.text == "The new ferry of Larkhaven will cost $41 million [1]."
    assert first.support.verdict == "supported"
    assert first.support.checks["numbers"] is True
    assert first.citations == (1,)
    for sentence in answer.sentences:
        assert answer.text[sentence.start : sentence.end] == sentence.text
    for citation in answer.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote
    assert answer.citations[0].quote == "The new ferry of Larkhaven will cost $41 million, the port authority said."
    assert answer.hits
    assert answer.declined is None
    assert answer.usage.prompt_tokens > 0
    assert set(answer.receipt.prompts) >= {"answer", "support"}


def test_two_independent_figures_are_two_sides_with_the_later_named(home: Path) -> None:
    answer = asked(home, Script("The new ferry of Larkhaven will cost $41 million."))
    (found,) = answer.disagreements
    assert [side.value for side in found.sides] == ["$41 million", "$44 million"]
    assert found.later == 1
    assert "Coast Wire, 9 June 2025" in answer.text
    assert "$44 million" in answer.text


def test_the_stream_has_the_passages_first_and_the_same_answer_last(home: Path) -> None:
    script = Script("The new ferry of Larkhaven will cost $41 million.")
    engine = engine_of(home, script.model())
    events = list(engine.stream(COST))
    engine.close()
    assert isinstance(events[0], PassagesFound)
    assert isinstance(events[-1], Done)
    passed = tuple(each.sentence for each in events if isinstance(each, SentencePassed))
    assert passed == events[-1].answer.sentences
    assert len(passed) == 2
    assert sum(isinstance(each, DisagreementFound) for each in events) == 1
    again = asked(home, script)
    assert replace(again, timings=Timings()) == replace(events[-1].answer, timings=Timings())


@pytest.mark.parametrize(
    "say",
    [
        "The new ferry of Larkhaven will cost $45 million.",
        "The new ferry of Larkhaven will cost €41 million.",
        "The new ferry of Larkhaven will cost $41 million, said Jo Bell.",
        "The new ferry of Larkhaven will cost $41 million in 2027.",
    ],
)
def test_what_no_article_says_is_never_shown_however_sure_the_model(home: Path, say: str) -> None:
    answer = asked(home, Script(say))
    assert say[:-1] not in answer.text
    for sentence in answer.sentences:
        assert sentence.support.verdict == "supported"
        assert "$45" not in sentence.text
        assert "€" not in sentence.text
        assert "Bell" not in sentence.text
        assert "2027" not in sentence.text


def test_a_model_that_sees_no_answer_declines_with_the_closest_words(home: Path) -> None:
    answer = asked(home, Script("The new ferry of Larkhaven will cost $41 million.", yes=0.0001))
    assert (answer.status, answer.sentences, answer.citations) == ("declined", (), ())
    assert answer.text == "These articles do not say."
    assert answer.declined is not None
    assert answer.declined.reason == "not_supported"
    assert answer.declined.closest
    for citation in answer.declined.closest:
        assert citation.article.text[citation.start : citation.end] == citation.quote


def test_filters_that_leave_nothing_decline_without_asking_the_model(home: Path) -> None:
    answer = asked(home, Script("x"), filters=Filters(until=datetime(2020, 1, 1, tzinfo=UTC)))
    assert answer.status == "declined"
    assert answer.declined is not None
    assert answer.declined.reason == "nothing_found"
    assert answer.usage.prompt_tokens == 0


def test_as_of_hides_what_came_later(home: Path) -> None:
    answer = asked(
        home, Script("The ferry will cost $41 million."), filters=Filters(as_of=datetime(2025, 6, 8, 23, tzinfo=UTC))
    )
    assert "$44 million" not in answer.text
    assert {hit.article.publisher for hit in answer.hits} == {"Larkhaven Post"}


def test_markers_links_and_numbers_that_were_never_offered_do_not_pass(home: Path) -> None:
    def reply(messages: Sequence[Message], how: Generation) -> str:
        said = "The new ferry of Larkhaven will cost $41 million [s99] https://evil.example/x <b>now</b>."
        return json.dumps({"evidence": [99, numbers_of(messages, "$41 million")], "answer": said})

    engine = engine_of(home, ScriptedModel(reply, Script("").judge))
    answer = engine.ask(COST)
    engine.close()
    assert not any(each in answer.text for each in ("s99", "[99]", "http", "<b>"))
    assert {number for sentence in answer.sentences for number in sentence.citations} <= {
        c.number for c in answer.citations
    }


def test_an_unreadable_draft_is_no_answer_of_the_model(home: Path) -> None:
    engine = engine_of(home, ScriptedModel(["no JSON at all"], Script("").judge))
    answer = engine.ask(COST)
    engine.close()
    assert "no JSON" not in answer.text
    assert all(each.support.checks.get("verbatim") for each in answer.sentences)


def test_a_comparison_is_computed_over_quoted_figures(home: Path) -> None:
    def reply(messages: Sequence[Message], how: Generation) -> str:
        ferry, bridge = numbers_of(messages, "$41 million"), numbers_of(messages, "$30 million")
        first = {"what": "the ferry", "sentence": ferry, "figure": "$41 million"}
        second = {"what": "the Quill bridge", "sentence": bridge, "figure": "$30 million"}
        return json.dumps({"first": first, "second": second})

    engine = engine_of(home, ScriptedModel(reply, Script("").judge))
    answer = engine.ask("Is the price of the Larkhaven ferry lower than that of the Quill bridge?")
    engine.close()
    assert answer.text.startswith("No: it is more, “$41 million” against “$30 million”")
    assert answer.sentences[0].support.checks["arithmetic"] is True
    assert len(answer.sentences[0].citations) == 2


def test_a_correction_stands_beside_what_it_corrects(tmp_path: Path) -> None:
    records = [
        {"title": "Valley approves fund", "publisher": "Courier", "published_at": "2026-03-03",
         "body": "The Valley heating fund will hold $42 million, the board said on Monday."},
        {"title": "Correction: the Valley heating fund", "publisher": "Courier", "published_at": "2026-03-05",
         "body": "An article gave the wrong size for the fund. The fund will hold $24 million, not $42 million."},
    ]  # fmt: skip
    source = tmp_path / "news.jsonl"
    source.write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")
    settings = made(tmp_path)
    with open_index(tmp_path, settings.index, settings.search, settings.models, write=True) as index:
        build(index, [source])
    script = Script("The Valley heating fund will hold $42 million.", "will hold $42 million, the board")
    answer = asked(tmp_path, script, "How large is the Valley heating fund?")
    assert "Corrected – Courier, 5 March 2026: “The fund will hold $24 million, not $42 million.”" in answer.text
    assert [side.value for side in answer.disagreements[0].sides] == ["$42 million", "$24 million"]
    assert answer.disagreements[0].later == 1


def test_evidence_that_does_not_fit_is_left_out_and_said_to_be(home: Path) -> None:
    script = Script("The new ferry of Larkhaven will cost $41 million.")
    small = engine_of(home, ScriptedModel(script.reply, script.judge, context_limit=330))
    answer = small.ask(COST)
    small.close()
    assert answer.usage.truncated
    assert answer.usage.context_limit == 330
    assert not asked(home, script).usage.truncated


def test_closing_the_stream_stops_the_model(home: Path) -> None:
    closed: list[bool] = []

    class Slow(ScriptedModel):
        def stream(self, messages: Sequence[Message], how: Generation) -> Iterator[Piece]:
            try:
                while True:
                    yield Piece("word ")
            finally:
                closed.append(True)

    engine = engine_of(home, Slow())
    events = engine.stream(COST)
    for _ in range(5):
        next(events)
    assert closed == []
    events.close()  # type: ignore[attr-defined]
    engine.close()
    assert closed == [True]


def test_a_follow_up_is_read_with_what_came_before_and_history_is_no_evidence(home: Path) -> None:
    def reply(messages: Sequence[Message], how: Generation) -> str:
        if how.schema is None:
            return "What will the new ferry of Larkhaven cost?"
        return json.dumps({"evidence": [1], "answer": "The new ferry of Larkhaven will cost $99 million."})

    engine = engine_of(home, ScriptedModel(reply, Script("").judge))
    history = [Turn("What does the ferry of Larkhaven replace?", "It will cost $99 million.")]
    answer = engine.ask("And what will it cost?", history=history)
    alone = engine.ask(COST, history=history)
    engine.close()
    assert answer.standalone_question == "What will the new ferry of Larkhaven cost?"
    assert alone.standalone_question is None
    assert "$99 million" not in answer.text + alone.text


def test_a_rewrite_that_brings_in_a_new_name_is_not_taken(home: Path) -> None:
    engine = engine_of(home, ScriptedModel(["Who is the mayor of Paris?"], Script("").judge))
    answer = engine.ask("Who is its mayor?", history=[Turn("What does the ferry cost?", "$41 million.")])
    engine.close()
    assert answer.standalone_question is not None
    assert "Paris" not in answer.standalone_question


@pytest.mark.parametrize("question", ["", "   \n", "x" * 2001])
def test_a_question_that_cannot_be_asked_is_refused(home: Path, question: str) -> None:
    with pytest.raises(UsageError):
        asked(home, Script("x"), question)
