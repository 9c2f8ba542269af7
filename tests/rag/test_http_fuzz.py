"""The API under requests that nobody would write: made from its own schema, and from bytes.

`make fuzz` makes more of them than the tests do.
"""

import os
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from scripted_house import SERVE, ScriptedEngine, running_house

MANY = 50
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "8"))
FEW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=EXAMPLES < MANY,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ScriptedEngine]]:
    with running_house(tmp_path_factory.mktemp("home"), replace(SERVE, per_minute=0)) as (url, engine, library):
        library.fetches = True
        engine.gate.set()
        yield url, engine


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name)
def test_nothing_that_the_schema_allows_or_forbids_breaks_the_service(
    house: tuple[str, ScriptedEngine], mode: GenerationMode
) -> None:
    sent = Counter[int]()

    def send(case: schemathesis.Case) -> None:
        response = case.call(timeout=20)
        sent[response.status_code] += 1
        # A deadline of its own that is too short is no fault of the service.
        if response.status_code != 504:
            case.validate_response(response, checks=[not_a_server_error])

    for each in schemathesis.openapi.from_url(f"{house[0]}/openapi.json").get_all_operations():
        # A route that takes nothing has nothing that could be wrong.
        with suppress(Unsatisfiable):
            FEW(given(case=each.ok().as_strategy(generation_mode=mode))(send))()
    print(f"{mode.name}: {sum(sent.values())} requests, by status {dict(sorted(sent.items()))}")
    assert sum(sent.values()) > 5 * EXAMPLES


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/answers", b'{"question": "\\ud800"}'),
        ("/v1/answers", b'{"question": "a", "\\ud800": 1}'),
        ("/v1/search", b'{"question": "\\ud800 ferry"}'),
        ("/v1/search", b'{"question": "ferry", "filters": {"publishers": ["\\udfff"], "since": "\\ud800"}}'),
        ("/v1/chat/completions", b'{"model": "\\ud800", "messages": [{"role": "user", "content": "a"}]}'),
        ("/v1/feedback", b'{"verdict": "good", "answer": {"id": "\\ud800", "question": "\\ud800"}}'),
        ("/v1/feedback", b'{"verdict": "good", "comment": "\\ud800", "answer": {"id": "a", "question": "b"}}'),
        ("/v1/answers", b'{"question": 1e999}'),
        ("/v1/answers", b'{"question": "a", "strictness": NaN}'),
        ("/v1/answers", b"[" * 100_000),
        ("/v1/articles", b'{"url": "https://\\ud800.example"}'),
    ],
)
def test_halves_of_characters_and_numbers_that_are_none_are_refused(
    house: tuple[str, ScriptedEngine], path: str, body: bytes
) -> None:
    sent = httpx.post(house[0] + path, content=body, headers={"content-type": "application/json"})
    assert sent.status_code < 500, sent.text


BODY = b'{"question": "What does the ferry cost?", "stream": true}'
ASK = (
    b"POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
    % (
        len(BODY),
        BODY,
    )
)


def connected(url: str) -> socket.socket:
    place = urlsplit(url)
    opened = socket.create_connection((place.hostname, place.port), timeout=20)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # Closing resets, without goodbye.
    return opened


def rest(opened: socket.socket) -> bytes:
    """All that comes until the other side closes or resets."""
    got = b""
    try:
        while piece := opened.recv(4096):
            got += piece
            if got.endswith(b"\r\n0\r\n\r\n"):
                break
    except ConnectionError:
        pass
    return got


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not true():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.005)


def idle(url: str) -> bool:
    """Whether the service lives, and nobody waits or is answered any more."""
    assert httpx.get(f"{url}/healthz").json() == {"status": "ok"}
    lines = httpx.get(f"{url}/metrics").text.splitlines()
    return {"byline_queue_waiting 0.0", "byline_answering 0.0"} <= set(lines)


@FEW
@given(garbage=st.binary(min_size=1, max_size=400), begun=st.booleans())
def test_bytes_that_are_no_request_are_refused_and_forgotten(
    house: tuple[str, ScriptedEngine], garbage: bytes, begun: bool
) -> None:
    with connected(house[0]) as client:
        client.sendall((ASK[:-20] if begun else b"") + garbage + b"\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        assert not rest(client).startswith(b"HTTP/1.1 5")
    until(lambda: idle(house[0]))


@FEW
@given(read=st.integers(0, 3000), half=st.booleans())
def test_a_reader_who_leaves_anywhere_in_a_stream_leaves_nothing_behind(
    house: tuple[str, ScriptedEngine], read: int, half: bool
) -> None:
    with connected(house[0]) as client:
        client.sendall(ASK)
        if half:
            client.shutdown(socket.SHUT_WR)
        got = b""
        while len(got) < read and (piece := client.recv(min(512, read - len(got)))):
            got += piece
    until(lambda: idle(house[0]))


def test_a_slow_reader_gets_every_byte(house: tuple[str, ScriptedEngine]) -> None:
    with connected(house[0]) as client, connected(house[0]) as quick:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        client.sendall(ASK)
        slow = b""
        while not slow.endswith(b"\r\n0\r\n\r\n"):
            piece = client.recv(97)
            assert piece, slow[-200:]
            slow += piece
            time.sleep(0.0005)
        quick.sendall(ASK)
        assert told(slow) == told(rest(quick))
    assert b"event: done" in slow


def told(response: bytes) -> list[str]:
    """The events of a chunked response; comments come as time goes by."""
    text, left = b"", response.split(b"\r\n\r\n", 1)[1]
    while left:
        size, left = left.split(b"\r\n", 1)
        text, left = text + left[: int(size, 16)], left[int(size, 16) + 2 :]
    return [line for line in text.decode().splitlines() if line.startswith(("event:", "data:"))]
