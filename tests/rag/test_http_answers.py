"""POST /v1/answers and /v1/search over a real server: the whole body, the stream, and what is refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from scripted_house import COST, FERRY, MemoryLibrary, ScriptedEngine, running_house

from rag.answer_json import answer_to_dict
from rag.settings import ServeSettings
from rag.types import Turn

House = tuple[httpx.Client, ScriptedEngine, MemoryLibrary]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_house(tmp_path) as (url, engine, library), httpx.Client(base_url=url, timeout=20) as client:
        yield client, engine, library


def read_events(text: str) -> list[tuple[str, Any]]:
    blocks = [dict(line.split(": ", 1) for line in block.splitlines()) for block in text.split("\n\n") if block]
    return [(block["event"], json.loads(block["data"])) for block in blocks if "event" in block]


def test_an_answer_is_the_contracts_object(house: House) -> None:
    client, engine, _ = house
    sent = client.post("/v1/answers", json={"question": "What does the ferry cost?"})
    assert sent.status_code == 200
    assert sent.json() == json.loads(json.dumps(answer_to_dict(engine.ask("What does the ferry cost?"))))
    cited = sent.json()["citations"][0]
    assert FERRY.text[cited["start"] : cited["end"]] == cited["quote"] == COST.quote


def test_history_filters_and_strictness_reach_the_engine(house: House) -> None:
    client, engine, _ = house
    body = {
        "question": "And later?",
        "history": [{"question": "What does it cost?", "answer": "€41 million."}],
        "filters": {"publishers": ["Coastal Courier"], "since": "2025-03-01", "until": "2025-03-31"},
        "strictness": 0.8,
    }
    assert client.post("/v1/answers", json=body).status_code == 200
    question, history, filters, strictness = engine.asked[-1]
    assert (question, strictness) == ("And later?", 0.8)
    assert history == (Turn("What does it cost?", "€41 million."),)
    assert filters.publishers == ("Coastal Courier",)
    assert str(filters.since) == "2025-03-01 00:00:00+00:00"
    assert str(filters.until) == "2025-03-31 23:59:59.999999+00:00"


def test_a_stream_sends_passages_then_sentences_then_the_same_answer(house: House) -> None:
    client, _, _ = house
    sent = client.post("/v1/answers", json={"question": "What does the ferry cost?", "stream": True})
    assert sent.headers["content-type"].startswith("text/event-stream")
    events = read_events(sent.text)
    assert [name for name, _ in events] == ["passages", "sentence", "sentence", "sentence", "disagreement", "done"]
    whole = client.post("/v1/answers", json={"question": "What does the ferry cost?"}).json()
    assert events[-1][1] == whole
    assert [data["sentence"] for name, data in events if name == "sentence"] == whole["sentences"]
    assert events[1][1]["citations"] == [whole["citations"][0]]
    assert events[4][1]["disagreement"] == whole["disagreements"][0]
    assert events[0][1]["passages"][0]["publisher"] == "The Harbour Gazette"


def test_a_declined_answer_says_so_with_the_closest_words(house: House) -> None:
    client, _, _ = house
    sent = client.post("/v1/answers", json={"question": "Something unknown?"}).json()
    assert (sent["status"], sent["sentences"], sent["citations"]) == ("declined", [], [])
    assert sent["declined"]["closest"][0]["quote"] == COST.quote


def test_an_error_before_the_first_event_has_its_own_status(house: House) -> None:
    client, _, _ = house
    for stream in (False, True):
        sent = client.post("/v1/answers", json={"question": "This is too long", "stream": stream})
        assert (sent.status_code, sent.headers["content-type"]) == (400, "application/problem+json")
        assert sent.json()["detail"] == "The question is too long. Ask in fewer words."


def test_an_error_in_the_middle_of_a_stream_is_its_last_event(house: House) -> None:
    client, _, _ = house
    events = read_events(client.post("/v1/answers", json={"question": "break", "stream": True}).text)
    assert [name for name, _ in events] == ["passages", "error"]
    assert events[1][1]["detail"] == "The model broke off. Ask again."


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"question": "?", "questoin": 1}, 422, "/questoin"),
        ({"question": ""}, 422, "/question"),
        ({"question": "   "}, 422, "/question"),
        ({}, 422, "/question"),
        ({"question": "?", "strictness": 2}, 422, "/strictness"),
        ({"question": "?", "filters": {"publisher": "x"}}, 422, "/filters/publisher"),
        ({"question": "?", "filters": {"since": "yesterday"}}, 400, "'yesterday' is not a date"),
        ({"question": "q" * 5000}, 422, "/question"),
    ],
)
def test_a_wrong_body_is_refused_with_what_to_mend(house: House, body: Any, status: int, says: str) -> None:
    client, engine, _ = house
    sent = client.post("/v1/answers", json=body)
    assert sent.status_code == sent.json()["status"] == status
    assert says in sent.json()["detail"]
    assert sent.json()["remedy"]
    assert engine.asked == []


def test_what_is_not_json_and_what_is_not_there_are_problems_too(house: House) -> None:
    client, _, _ = house
    broken = client.post("/v1/answers", content=b"{nope", headers={"content-type": "application/json"})
    assert (broken.status_code, broken.json()["title"]) == (400, "The body is not JSON")
    assert client.get("/v1/nothing").json()["type"] == "/docs#problem-not-found"
    wrong = client.get("/v1/answers")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")


def test_a_bug_tells_nothing_of_itself(house: House) -> None:
    client, _, _ = house
    sent = client.post("/v1/answers", json={"question": "a bug"})
    assert sent.status_code == 500
    assert sent.json()["title"] == "Byline has a bug"
    assert "secret" not in sent.text


def test_search_finds_without_the_model(house: House) -> None:
    client, engine, _ = house
    sent = client.post("/v1/search", json={"question": "ferry", "k": 1}).json()
    assert [hit["article_id"] for hit in sent["hits"]] == ["art-1"]
    assert sent["question"] == "ferry"
    assert engine.asked == []


def test_questions_stay_out_of_the_log_unless_wanted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    for wanted in (False, True):
        caplog.clear()
        serve = ServeSettings(log_questions=wanted)
        with running_house(tmp_path, serve) as (url, _, _), httpx.Client(base_url=url) as client:
            client.post("/v1/answers", json={"question": "a whispered ferry"})
            chat = {"model": "byline", "messages": [{"role": "user", "content": "another whispered ferry"}]}
            client.post("/v1/chat/completions", json=chat)
            client.get("/v1/articles", params={"q": "whispered"})
        assert "POST /v1/answers 200" in caplog.text
        written = [each.getMessage() for each in caplog.records if each.name != "httpx"]
        assert sum("whispered" in each for each in written) == (2 if wanted else 0)
