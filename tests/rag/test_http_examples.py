"""What /docs shows is true: every example is sent, and the answer that it prints has the shape of a real one."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from scripted_house import FERRY, running_house

from rag.doors.http.examples import ANSWER, EXAMPLES, Example


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with running_house(tmp_path_factory.mktemp("home")) as (url, _, library):
        library.fetches = True
        library.held["harbour.example/ferry"] = FERRY
        with httpx.Client(base_url=url, timeout=20) as opened:
            yield opened


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.path} {each.summary}")
def test_every_example_does_what_it_shows(client: httpx.Client, example: Example) -> None:
    body = dict(example.body) if example.body is not None else None
    if body and "answer_id" in body:
        body["answer_id"] = client.post("/v1/answers", json={"question": "What does it cost?"}).json()["id"]
    path = example.path.format(**example.parameters)
    query = {name: each for name, each in example.parameters.items() if f"{{{name}}}" not in example.path}
    sent = client.request(example.method, path, json=body, params=query)
    assert sent.is_success, sent.text
    streamed = bool(body and body.get("stream"))
    assert sent.headers["content-type"].startswith("text/event-stream" if streamed else "application/json")
    if "{" in example.path:
        assert sent.json()["highlight"] == {"start": 0, "end": 10, "text": FERRY.text[:10]}


def test_the_answer_that_is_shown_has_the_shape_of_a_real_one(client: httpx.Client) -> None:
    real = client.post("/v1/answers", json={"question": "What does the ferry cost?"}).json()
    assert shape(ANSWER) == shape({**real, "disagreements": []})


def test_the_schema_carries_the_examples(client: httpx.Client) -> None:
    for _ in range(2):
        schema = client.get("/openapi.json").json()
        for example in EXAMPLES:
            operation = schema["paths"][example.path][example.method]
            if example.body is not None:
                held = operation["requestBody"]["content"]["application/json"]["examples"]
                assert held[example.summary]["value"] == example.body
            given = {each["name"]: each.get("example") for each in operation.get("parameters", [])}
            assert {name: given[name] for name in example.parameters} == example.parameters


def test_words_are_pointed_out_in_an_article(client: httpx.Client) -> None:
    emoji = FERRY.text.index("🚢")
    marked = client.get("/v1/articles/art-1", params={"start": emoji, "end": emoji + 1}).json()["highlight"]
    assert marked == {"start": emoji, "end": emoji + 1, "text": "🚢"}
    assert client.get("/v1/articles/art-1").json()["highlight"] is None
    for start, end in ((5, 5), (0, 10**6), (3, None)):
        sent = client.get("/v1/articles/art-1", params={"start": start, "end": end} if end else {"start": start})
        assert (sent.status_code, sent.json()["type"]) == (400, "/docs#problem-usage")


def shape(value: Any) -> Any:
    """The keys and kinds of a JSON value; of a list the first element's, of checks nothing: they vary by sentence."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items() if name not in ("checks", "prompts")}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "?" if value is None or isinstance(value, str) else type(value).__name__
