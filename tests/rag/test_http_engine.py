"""The service over a real index and the real engine, with the scripted model: nothing between door and disk is played."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import uvicorn
from scripted_house import running_server

from index.settings import IndexSettings
from rag.doors.http.serving import configure, open_service
from rag.settings import ModelSettings, ServeSettings, Settings

FERRY = """Harbour town orders a ferry

The new ferry 🚢 will cost 41 million euros, the port authority of Larkhaven said on Monday.

It replaces a boat that was built in 1974 and carries 180 cars a trip.
"""
BRIDGE = """Mayor opens the Quill bridge

The Quill bridge is 740 metres long, mayor Ada Thorne said at its opening on Friday.
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        index=IndexSettings(embedder="hashing"),
        model=ModelSettings(runtime="scripted"),
        serve=ServeSettings(port=0),
    )
    server = uvicorn.Server(configure(open_service(settings), settings))
    with running_server(server) as url, httpx.Client(base_url=url, timeout=60) as opened:
        nothing = opened.get("/readyz")
        assert nothing.status_code == 503
        assert "There is no index" in nothing.text or "No articles" in nothing.text
        asked = opened.post("/v1/answers", json={"question": "What does the ferry cost?"})
        assert (asked.status_code, asked.json()["type"]) == (503, "/docs#problem-missing")
        send(opened, "ferry.txt", FERRY)
        yield opened


def send(client: httpx.Client, name: str, text: str) -> dict[str, Any]:
    sent = client.post("/v1/articles", files={"files": (name, text.encode())})
    assert sent.status_code == 202, sent.text
    ends = time.monotonic() + 60
    while True:
        job: dict[str, Any] = client.get(sent.headers["location"]).json()
        if job["status"] in ("done", "failed"):
            assert (job["status"], job["articles"], job["rejected"]) == ("done", 1, []), job
            return job
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_an_article_that_is_sent_in_is_found_and_read(client: httpx.Client) -> None:
    hits = client.post("/v1/search", json={"question": "What does the new ferry cost?"}).json()["hits"]
    assert hits[0]["text"] in client.get(f"/v1/articles/{hits[0]['article_id']}").json()["text"]
    assert "41 million" in hits[0]["text"]
    assert client.get("/readyz").json() == {"status": "ready", "missing": []}


def test_every_quote_of_an_answer_is_in_its_article(client: httpx.Client) -> None:
    answer = client.post("/v1/answers", json={"question": "What does the new ferry cost?"}).json()
    cited = answer["citations"] or answer["declined"]["closest"]
    assert cited
    for each in cited:
        article = client.get(f"/v1/articles/{each['article_id']}").json()
        assert article["text"][each["start"] : each["end"]] == each["quote"]
        assert article["sha256"] == each["article_sha256"]
    assert answer["passages"]
    assert answer["receipt"]["model"]


def test_an_open_engine_sees_what_is_sent_in_later_and_forgets_what_is_removed(client: httpx.Client) -> None:
    question = {"question": "How long is the Quill bridge?"}
    before = client.post("/v1/answers", json=question)
    send(client, "bridge.txt", BRIDGE)
    hits = client.post("/v1/search", json=question).json()["hits"]
    assert "740 metres" in hits[0]["text"]
    after = client.post("/v1/answers", json=question)
    assert after.headers["cache-status"] == "byline; fwd=miss"
    assert before.json()["receipt"]["index"] != after.json()["receipt"]["index"]
    assert client.delete(f"/v1/articles/{hits[0]['article_id']}").status_code == 204
    left = client.post("/v1/search", json=question).json()["hits"]
    assert [hit for hit in left if "740 metres" in hit["text"]] == []


def test_the_same_question_streams_to_the_same_answer(client: httpx.Client) -> None:
    body = {"question": "When was the old boat built?"}
    lines = client.post("/v1/answers", json={**body, "stream": True}).text
    whole = client.post("/v1/answers", json=body)
    assert lines.startswith("event: passages\n")
    assert whole.headers["cache-status"] == "byline; hit"
    assert f'"id": "{whole.json()["id"]}"' in lines.rsplit("event: done", 1)[1]
