"""Under load: the queue, equal questions, the cache, deadlines, readers who leave, and a service that stops."""

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from scripted_house import SERVE, MemoryLibrary, ScriptedEngine, make_article, running_house

from rag.doors.http.keys import Asker, new_key
from rag.doors.http.lane import Lane
from rag.doors.http.problems import Problem
from rag.doors.http.rates import Rates
from rag.stopping import Stopped, stop_if_unwanted, stoppable

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


def test_a_service_that_stops_tells_who_still_waits(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as readers, running_house(tmp_path) as (url, engine, _):
        first = readers.submit(
            httpx.post, f"{url}/v1/answers", json={"question": "slow first", "stream": True}, timeout=20
        )
        until(lambda: len(engine.asked) == 1)
        waits = readers.submit(httpx.post, f"{url}/v1/answers", json={"question": "slow second"}, timeout=20)
        with httpx.Client(base_url=url) as client:
            until(lambda: metric(client, "byline_queue_waiting") == 1)
    told = waits.result()
    assert (told.status_code, told.json()["type"]) == (503, "/docs#problem-stopping")
    assert "event: error" in first.result().text and "problem-stopping" in first.result().text
    assert engine.stopped == ["slow first"]
    assert len(engine.asked) == 1


def test_keys_take_turns_in_the_queue(tmp_path: Path) -> None:
    greedy, modest = ({"authorization": f"Bearer {new_key(tmp_path, name)}"} for name in ("greedy", "modest"))
    serve = replace(SERVE, queue=4)
    with (
        running_house(tmp_path, serve) as (url, engine, _),
        httpx.Client(base_url=url, timeout=20) as client,
        ThreadPoolExecutor(8) as readers,
    ):

        def ask(question: str, key: dict[str, str], waiting: int) -> Future[httpx.Response]:
            sent = readers.submit(client.post, "/v1/answers", json={"question": question}, headers=key)
            until(lambda: waiting_now(client, modest) == waiting)
            return sent

        sent = [ask(f"slow {n}", greedy, n) for n in range(5)]
        full = client.post("/v1/answers", json={"question": "slow 5"}, headers=greedy)
        assert full.status_code == 429
        other = ask("slow modest", modest, 4)
        assert sent[4].result().status_code == 429, "the one with the most in the queue makes room"
        assert int(sent[4].result().headers["retry-after"]) > 0
        engine.gate.set()
        assert other.result().status_code == 200
    assert [each[0] for each in engine.asked] == ["slow 0", "slow 1", "slow modest", "slow 2", "slow 3"]


def waiting_now(client: httpx.Client, key: dict[str, str]) -> int:
    lines = client.get("/metrics", headers=key).text.splitlines()
    return int(float(next(each.split()[-1] for each in lines if each.startswith("byline_queue_waiting"))))


def test_each_key_has_its_own_number_of_requests_a_minute(tmp_path: Path) -> None:
    slow, fast = (
        {"authorization": f"Bearer {new_key(tmp_path, name, per_minute=n)}"} for name, n in (("slow", 2), ("fast", 0))
    )
    serve = replace(SERVE, per_minute=3)
    with running_house(tmp_path, serve) as (url, _, _), httpx.Client(base_url=url) as client:
        asked = [client.post("/v1/search", json={"question": "ferry"}, headers=slow) for _ in range(3)]
        assert [each.status_code for each in asked] == [200, 200, 429]
        assert asked[2].json()["type"] == "/docs#problem-rate-limit"
        assert 1 <= int(asked[2].headers["retry-after"]) <= 30
        assert client.get("/v1/articles", headers=slow).status_code == 200
        others = [client.post("/v1/search", json={"question": "ferry"}, headers=fast).status_code for _ in range(4)]
        assert others == [200, 200, 200, 429]


def test_a_bucket_fills_evenly_and_no_fuller_than_full() -> None:
    now = 0.0
    rates = Rates(2, lambda: now)
    asker = Asker("desk")
    rates.take(asker)
    rates.take(asker)
    with pytest.raises(Problem) as refused:
        rates.take(asker)
    assert refused.value.headers == {"Retry-After": "30"}  # Two a minute: one comes back every 30 seconds.
    now = 30.0
    rates.take(asker)
    now = 1000.0
    rates.take(asker)
    rates.take(asker)
    with pytest.raises(Problem):
        rates.take(asker)
    for _ in range(100):
        Rates(0).take(asker)


def test_an_answer_may_be_kept_from_the_cache(house: House) -> None:
    client, engine, _ = house
    body = {"question": "What does it cost?"}
    client.post("/v1/answers", json=body, headers={"cache-control": "no-store"})
    assert client.post("/v1/answers", json=body).headers["cache-status"] == "byline; fwd=miss"
    assert len(engine.asked) == 2


def test_a_request_may_have_a_shorter_deadline_of_its_own(house: House) -> None:
    client, engine, _ = house
    late = client.post("/v1/answers", json={"question": "slow", "deadline_s": 0.1})
    assert (late.status_code, late.json()["type"]) == (504, "/docs#problem-deadline")
    until(lambda: engine.stopped == ["slow"])


def test_a_client_that_hangs_up_without_a_word_stops_the_work(house: House) -> None:
    client, engine, _ = house
    address = (client.base_url.host, client.base_url.port or 80)
    body = b'{"question": "slow and dropped"}'
    request = b"POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
    raw = socket.create_connection(address)
    raw.sendall(request % (len(body), body))
    until(lambda: len(engine.asked) == 1)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # A reset, not a goodbye.
    raw.close()
    until(lambda: engine.stopped == ["slow and dropped"])


def test_searches_take_turns_too_and_are_refused_when_too_many_wait() -> None:
    async def play() -> list[object]:
        lane, gate, order = Lane(1, 3), threading.Event(), list[str]()

        def work(name: str) -> str:
            gate.wait(20)
            order.append(name)
            return name

        asked = [("a", "a1"), ("a", "a2"), ("a", "a3"), ("a", "a4"), ("b", "b1")]
        running = []
        for asker, name in asked:
            running.append(asyncio.create_task(lane.run(asker, lambda name=name: work(name))))
            await asyncio.sleep(0)
        gate.set()
        ended = await asyncio.gather(*running, return_exceptions=True)
        lane.close()
        return [order, *[each if isinstance(each, str) else type(each).__name__ for each in ended]]

    assert asyncio.run(play()) == [["a1", "a2", "b1", "a3"], "a1", "a2", "a3", "Problem", "b1"]


def test_a_step_that_says_nothing_is_stopped_from_within() -> None:
    unwanted = threading.Event()
    stop_if_unwanted()
    with stoppable(unwanted.is_set):
        stop_if_unwanted()
        unwanted.set()
        with pytest.raises(Stopped):
            stop_if_unwanted()
    stop_if_unwanted()
