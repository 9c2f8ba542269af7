"""The service over a real index and the real engine, with the scripted model: nothing between door and disk is played."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from scripted_house import running_server

from index.settings import IndexSettings
from rag.doors.http.serving import make_server, open_service
from rag.settings import ModelSettings, ServeSettings, Settings

FERRY = """Harbour town orders a ferry

The new ferry 🚢 will cost 41 million euros, the port authority of Larkhaven said on Monday.

It replaces a boat that was built in 1974 and carries 180 cars a trip.
"""
BRIDGE = """Mayor opens the Quill bridge

The Quill bridge is 740 metres long, mayor Ada Thorne said at its opening on Friday.
"""


PIER = """Norrby opens its pier

The pier at Norrby cost seven million crowns, the harbour master said on Sunday.
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[httpx.Client]:
    settings = Settings(
        home=home,
        index=IndexSettings(embedder="hashing", private_addresses=True),
        model=ModelSettings(runtime="scripted"),
        serve=ServeSettings(port=0),
    )
    server = make_server(open_service(settings), settings)
    with running_server(server) as url, httpx.Client(base_url=url, timeout=60) as opened:
        nothing = opened.get("/readyz")
        assert nothing.status_code == 503
        assert "There is no index" in nothing.text or "No articles" in nothing.text
        asked = opened.post("/v1/answers", json={"question": "What does the ferry cost?"})
        assert (asked.status_code, asked.json()["type"]) == (503, "/docs#problem-missing")
        send(opened, "ferry.txt", FERRY)
        yield opened


def send(client: httpx.Client, name: str, text: str) -> dict[str, Any]:
    job = ended(client, client.post("/v1/articles", files={"files": (name, text.encode())}))
    assert (job["status"], job["articles"], job["rejected"]) == ("done", 1, []), job
    return job


def ended(client: httpx.Client, sent: httpx.Response) -> dict[str, Any]:
    assert sent.status_code == 202, sent.text
    ends = time.monotonic() + 60
    while True:
        job: dict[str, Any] = client.get(sent.headers["location"]).json()
        if job["status"] in ("done", "failed"):
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


class Newsroom(BaseHTTPRequestHandler):
    """One page, and one that cannot be read."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path in ("/pier", "/empty") else 404)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(PIER.encode() if self.path == "/pier" else b"")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def newsroom() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Newsroom)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_is_fetched_by_its_address_found_and_removed(client: httpx.Client, newsroom: str, home: Path) -> None:
    job = ended(client, client.post("/v1/articles", json={"url": f"{newsroom}/pier"}))
    assert (job["status"], job["articles"], job["rejected"], job["done"]) == ("done", 1, [], 1)
    assert job["files"] == [f"{newsroom}/pier"]
    hit = client.post("/v1/search", json={"question": "How much did the Norrby pier cost?"}).json()["hits"][0]
    assert "seven million crowns" in hit["text"]
    assert len(list((home / "fetched").iterdir())) == 1
    assert client.delete(f"/v1/articles/{hit['article_id']}").status_code == 204
    assert list((home / "fetched").iterdir()) == []


def test_pages_that_cannot_be_read_are_named_by_their_address(client: httpx.Client, newsroom: str) -> None:
    for path, reason in (("/nowhere", "the server said 404"), ("/empty", "")):
        job = ended(client, client.post("/v1/articles", json={"url": newsroom + path}))
        assert (job["status"], job["articles"], len(job["rejected"])) == ("done", 0, 1), job
        assert job["rejected"][0]["path"] == newsroom + path
        assert job["rejected"][0]["reason"].startswith(reason)
    secret = client.post("/v1/articles", json={"url": newsroom.replace("//", "//me:secret@")})
    assert (secret.status_code, "secret" in secret.text) == (400, False)
    assert "secret" not in client.get("/v1/articles/jobs").text
