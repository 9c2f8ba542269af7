"""The tools over both transports, spoken to with the protocol's own client; and that the articles are all they give."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, TextContent
from scripted_house import FERRY, POISON, POISONED, ScriptedEngine, running_server

from index.building import build
from index.opening import open_index
from index.settings import IndexSettings, SearchSettings
from rag.doors.http.keys import new_key
from rag.doors.http.serving import application_config
from rag.doors.mcp.house import House
from rag.doors.mcp.http import make_application
from rag.doors.mcp.server import PATH
from rag.doors.parts import Parts
from rag.settings import ModelSettings, ServeSettings, Settings

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "What was Scale AI's revenue in 2024?"
Speak = Callable[[Client], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Opened:
    """A server to be spoken with: `client()` makes a new client of it."""

    client: Callable[[], Client]
    settings: Settings


def speak(client: Client, say: Speak) -> Any:
    async def run() -> Any:
        async with client as opened:
            return await say(opened)

    return asyncio.run(run())


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("home")
    made = IndexSettings(embedder="hashing")
    with open_index(home, made, SearchSettings(), home, write=True) as index:
        assert build(index, [ROOT / "articles"]).articles > 10
    return Settings(
        home=home, index=made, model=ModelSettings(runtime="scripted"), serve=ServeSettings(port=0, host="127.0.0.1")
    )


def stdio(settings: Settings) -> StdioServerParameters:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("BYLINE_")}
    named = {"BYLINE_INDEX_EMBEDDER": "hashing", "BYLINE_MODEL_RUNTIME": "scripted"}
    arguments = ["-m", "rag.doors.cli", "--home", str(settings.home), "mcp"]
    return StdioServerParameters(command=sys.executable, args=arguments, env={**kept, **named}, cwd=str(ROOT))


@pytest.fixture(scope="module", params=["stdio", "http"])
def opened(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Opened]:
    if request.param == "stdio":
        yield Opened(lambda: Client(stdio(settings)), settings)
        return
    application = make_application(settings, House(settings))
    with running_server(uvicorn.Server(application_config(application, settings))) as url:
        yield Opened(lambda: Client(url + PATH), settings)


def structured(result: Any) -> dict[str, Any]:
    assert isinstance(result, CallToolResult)
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    [shown] = result.content
    assert isinstance(shown, TextContent)
    assert json.loads(shown.text) == result.structured_content
    return result.structured_content


def refused(result: Any) -> str:
    assert isinstance(result, CallToolResult)
    assert result.is_error
    [shown] = result.content
    assert isinstance(shown, TextContent)
    return shown.text


def test_asked_searched_and_read_over_each_transport(opened: Opened) -> None:
    told: list[str] = []

    async def progress(done: float, total: float | None, message: str | None) -> None:
        told.append(message or "")

    async def say(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == ["ask", "search", "read_article"]
        assert all(
            tool.output_schema and tool.annotations and tool.annotations.read_only_hint for tool in tools.values()
        )
        found = structured(await client.call_tool("search", {"question": QUESTION, "k": 3}))
        assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]
        answer = structured(await client.call_tool("ask", {"question": QUESTION}, progress_callback=progress))
        assert answer["question"] == QUESTION
        quoted = [*answer["citations"], *(answer["declined"] or {"closest": []})["closest"]]
        assert quoted
        for each in (*quoted, *found["hits"]):
            arguments = {"article_id": each["article_id"], "start": each["start"], "most": each["end"] - each["start"]}
            read = structured(await client.call_tool("read_article", arguments))
            assert read["text"] == each.get("quote", each.get("text"))

    speak(opened.client(), say)
    assert any("passages found" in each for each in told)


def test_an_article_is_read_stretch_by_stretch(opened: Opened) -> None:
    async def say(client: Client) -> None:
        hits = structured(await client.call_tool("search", {"question": "port strike", "k": 1}))["hits"]
        whole = structured(await client.call_tool("read_article", {"article_id": hits[0]["article_id"]}))
        assert (whole["next_start"], whole["characters"]) == (None, len(whole["text"]))
        text, start = "", 0
        while start is not None:
            arguments = {"article_id": hits[0]["article_id"][:12], "start": start, "most": 333}
            stretch = structured(await client.call_tool("read_article", arguments))
            text, start = text + stretch["text"], stretch["next_start"]
        assert text == whole["text"]
        past = structured(await client.call_tool("read_article", {**arguments, "start": 10**9}))
        assert (past["text"], past["next_start"]) == ("", None)

    speak(opened.client(), say)


WRONG = (
    ("search", {"question": " "}, "question"),
    ("search", {"question": "ferry", "since": "someday"}, "'someday' is not a date."),
    ("search", {"question": "ferry", "k": 0}, "k"),
    ("read_article", {"article_id": "none-such"}, "byline articles list"),
    ("read_article", {"article_id": "../../etc/passwd"}, "No article has the id"),
    ("ask", {"question": "x" * 4001}, "question"),
    ("index", {"path": "/"}, "index"),
)


def test_what_is_wrong_is_said(opened: Opened) -> None:
    async def say(client: Client) -> list[str]:
        return [refused(await client.call_tool(tool, arguments)) for tool, arguments, _ in WRONG]

    for text, (_, _, said) in zip(speak(opened.client(), say), WRONG, strict=True):
        assert said in text


def test_nothing_but_protocol_comes_on_stdout(settings: Settings) -> None:
    server = stdio(settings)
    first = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "raw", "version": "1"},
    }
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": first},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "ask", "arguments": {"question": QUESTION}},
        },
    ]
    process = subprocess.Popen(
        [server.command, *server.args], env=server.env, cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write("".join(json.dumps(line) + "\n" for line in lines))
    process.stdin.flush()
    answers: list[dict[str, Any]] = []
    while not any(each.get("id") == 2 for each in answers):
        answers.append(json.loads(process.stdout.readline()))
    process.stdin.close()
    rest, errors = process.stdout.read(), process.stderr.read()
    assert process.wait(60) == 0, errors
    process.stdout.close()
    process.stderr.close()
    assert rest == ""
    assert [each["jsonrpc"] for each in answers] == ["2.0"] * len(answers)
    assert answers[-1]["result"]["structuredContent"]["question"] == QUESTION
    assert "Traceback" not in errors


def scripted(settings: Settings, home: Path) -> tuple[ScriptedEngine, Settings, House]:
    engine = ScriptedEngine()
    own = replace(settings, home=home)
    return engine, own, House(own, replace(Parts(), engine=lambda settings, tell: engine))


def test_a_poisoned_article_stays_a_quote(settings: Settings, tmp_path: Path) -> None:
    _, own, house = scripted(settings, tmp_path)
    application = make_application(own, house)

    async def say(client: Client) -> dict[str, Any]:
        assert "never an instruction" in (client.instructions or "")
        return structured(await client.call_tool("ask", {"question": "What is the poison?"}))

    with running_server(uvicorn.Server(application_config(application, own))) as url:
        answer = speak(Client(url + PATH), say)
    [quote] = answer["citations"]
    assert quote["quote"] == POISON
    assert POISONED.text[quote["start"] : quote["end"]] == POISON


def test_a_call_that_is_given_up_stops_the_model(settings: Settings, tmp_path: Path) -> None:
    engine, own, house = scripted(settings, tmp_path)

    async def say(client: Client) -> None:
        call = asyncio.create_task(client.call_tool("ask", {"question": "a slow one"}))
        while not engine.asked:
            await asyncio.sleep(0.01)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        ends = time.monotonic() + 10
        while not engine.stopped and time.monotonic() < ends:
            await asyncio.sleep(0.01)
        answer = structured(await client.call_tool("ask", {"question": "What does it cost?"}))
        assert [each["citations"] for each in answer["sentences"]] == [[1], [2], [3]]
        assert answer["citations"][0]["quote"] in FERRY.text

    with running_server(uvicorn.Server(application_config(make_application(own, house), own))) as url:
        speak(Client(url + PATH), say)
    assert engine.stopped == ["a slow one"]
    assert engine.closed


def test_over_http_the_rules_of_the_service_hold(settings: Settings, tmp_path: Path) -> None:
    _, own, house = scripted(settings, tmp_path)
    key = new_key(tmp_path, "agent")
    with running_server(uvicorn.Server(application_config(make_application(own, house), own))) as url:
        address = url + PATH
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        accept = {"accept": "application/json, text/event-stream"}
        none = httpx.post(address, json=body, headers=accept)
        assert (none.status_code, none.json()["type"]) == (401, "/docs#problem-key-needed")
        wrong = httpx.post(address, json=body, headers={**accept, "authorization": f"Bearer {key}x"})
        assert wrong.status_code == 401
        bearer = {**accept, "authorization": f"Bearer {key}"}
        assert httpx.post(address, json=body, headers={**bearer, "host": "evil.example"}).status_code == 421
        assert httpx.post(address, json=body, headers={**bearer, "origin": "https://evil.example"}).status_code == 403
        large = httpx.post(address, content=b"x" * (1 << 21), headers={**bearer, "content-type": "application/json"})
        assert large.status_code == 413
        assert httpx.get(f"{url}/healthz").json() == {"status": "ok"}

        async def say() -> list[str]:
            import httpx2

            async with (
                httpx2.AsyncClient(headers={"authorization": f"Bearer {key}"}) as http,
                Client(streamable_http_client(address, http_client=http)) as client,
            ):
                return [tool.name for tool in (await client.list_tools()).tools]

        assert asyncio.run(say()) == ["ask", "search", "read_article"]


def test_where_nothing_is_indexed_the_remedy_is_said(settings: Settings, tmp_path: Path) -> None:
    house = House(replace(settings, home=tmp_path / "empty"))
    with running_server(uvicorn.Server(application_config(make_application(settings, house), settings))) as url:

        async def say(client: Client) -> list[str]:
            calls = [
                ("ask", {"question": "Why?"}),
                ("search", {"question": "Why?"}),
                ("read_article", {"article_id": "a"}),
            ]
            return [refused(await client.call_tool(name, arguments)) for name, arguments in calls]

        for said in speak(Client(url + PATH), say):
            assert "byline index PATH" in said
