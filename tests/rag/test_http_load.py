"""Under load: the queue, equal questions, the cache, deadlines, readers who leave, and a service that stops."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from scripted_house import SERVE, MemoryLibrary, ScriptedEngine, make_article, running_house

House = tuple[httpx.Client, ScriptedEngine, MemoryLibrary]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    serve = replace(SERVE, queue=2, answering=1)
    with running_house(tmp_path, serve) as (url, engine, library), httpx.Client(base_url=url, timeout=20) as client:
        yield client, engine, library


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not true():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.005)


def metric(client: httpx.Client, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return float(next(line.rpartition(" ")[2] for line in lines if line.startswith(name)))


def test_a_full_queue_is_told_to_wait_and_health_is_answered_meanwhile(house: House) -> None:
    client, engine, _ = house
    with ThreadPoolExecutor(3) as readers:
        sent = [readers.submit(client.post, "/v1/answers", json={"question": f"slow {n}"}) for n in range(3)]
        until(lambda: metric(client, "byline_queue_waiting") == 2)
        assert client.get("/healthz").json() == {"status": "ok"}
        full = client.post("/v1/answers", json={"question": "one too many"})
        assert (full.status_code, full.json()["type"]) == (429, "/docs#problem-queue-full")
        assert int(full.headers["retry-after"]) > 0
        assert len(engine.asked) == 1
        engine.gate.set()
        assert [each.result().status_code for each in sent] == [200, 200, 200]
    assert sorted(engine.finished) == ["slow 0", "slow 1", "slow 2"]


def test_equal_questions_in_flight_are_answered_once(house: House) -> None:
    client, engine, _ = house
    with ThreadPoolExecutor(4) as readers:
        sent = [readers.submit(client.post, "/v1/answers", json={"question": "slow twin"}) for _ in range(4)]
        until(lambda: len(engine.asked) == 1 and metric(client, 'byline_cache_total{result="miss"}') == 4)
        engine.gate.set()
        answers = [each.result().json() for each in sent]
    assert len(engine.asked) == 1
    assert answers[0]["status"] == "answered"
    assert all(each == answers[0] for each in answers)


def test_an_answer_is_kept_until_the_index_changes_or_the_reader_wants_a_new_one(house: House) -> None:
    client, engine, library = house

    def ask(question: str = "What does it cost?", **headers: str) -> tuple[str, int]:
        sent = client.post("/v1/answers", json={"question": question}, headers=headers)
        return sent.headers["cache-status"], len(engine.asked)

    assert ask() == ("byline; fwd=miss", 1)
    assert ask() == ("byline; hit", 1)
    assert ask(**{"cache-control": "no-cache"}) == ("byline; fwd=miss", 2)
    assert ask("What else?") == ("byline; fwd=miss", 3)
    library.held["new"] = make_article(7, "A new article.")
    assert ask() == ("byline; fwd=miss", 4)


def test_a_kept_answer_streams_the_same_events(house: House) -> None:
    client, _, _ = house
    body = {"question": "What does it cost?", "stream": True}
    first, second = client.post("/v1/answers", json=body), client.post("/v1/answers", json=body)
    assert second.headers["cache-status"] == "byline; hit"
    assert "event: done" in first.text
    assert first.text == second.text


def test_work_stops_when_its_reader_leaves(house: House) -> None:
    client, engine, _ = house
    with client.stream("POST", "/v1/answers", json={"question": "slow and left", "stream": True}) as sent:
        assert next(sent.iter_lines()) == "event: passages"
    until(lambda: engine.stopped == ["slow and left"])
    with pytest.raises(httpx.ReadTimeout):
        client.post("/v1/answers", json={"question": "slow and whole"}, timeout=0.3)
    until(lambda: engine.stopped == ["slow and left", "slow and whole"])
    assert engine.finished == []


def test_work_goes_on_while_one_of_its_readers_stays(house: House) -> None:
    client, engine, _ = house
    with ThreadPoolExecutor(1) as readers:
        stays = readers.submit(client.post, "/v1/answers", json={"question": "slow for two"})
        until(lambda: len(engine.asked) == 1)
        with client.stream("POST", "/v1/answers", json={"question": "slow for two", "stream": True}) as leaves:
            assert next(leaves.iter_lines()) == "event: passages"
        engine.gate.set()
        assert stays.result().json()["status"] == "answered"
    assert (engine.stopped, len(engine.asked)) == ([], 1)


def test_one_who_leaves_the_queue_makes_room(house: House) -> None:
    client, engine, _ = house
    with ThreadPoolExecutor(1) as readers:
        first = readers.submit(client.post, "/v1/answers", json={"question": "slow first"})
        until(lambda: len(engine.asked) == 1)
        with pytest.raises(httpx.ReadTimeout):
            client.post("/v1/answers", json={"question": "slow second"}, timeout=0.3)
        until(lambda: metric(client, "byline_queue_waiting") == 0)
        engine.gate.set()
        assert first.result().status_code == 200
    assert engine.finished == ["slow first"]


def test_a_deadline_ends_the_wait_and_the_work(tmp_path: Path) -> None:
    serve = replace(SERVE, deadline_s=0.2)
    with running_house(tmp_path, serve) as (url, engine, _), httpx.Client(base_url=url) as client:
        late = client.post("/v1/answers", json={"question": "slow"})
        assert (late.status_code, late.json()["title"]) == (504, "The answer took too long")
        until(lambda: engine.stopped == ["slow"])


def test_a_service_that_stops_finishes_what_it_can_and_closes_the_engine(tmp_path: Path) -> None:
    with running_house(tmp_path) as (url, engine, library), ThreadPoolExecutor(1) as readers:
        last = readers.submit(httpx.post, f"{url}/v1/answers", json={"question": "slow last"}, timeout=20)
        until(lambda: len(engine.asked) == 1)
        threading.Timer(0.3, engine.gate.set).start()
    assert last.result().json()["status"] == "answered"
    assert engine.closed
    assert library.closed
