"""Who may come in, and what every response carries; health, readiness, metrics and the pages."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from scripted_house import SERVE, ScriptedEngine, running_house

from index.errors import BrokenError, MissingError, UsageError
from index.readers import FORMATS
from rag.doors.http.keys import new_key, read_keys, remove_key, rotate_key
from rag.doors.http.pages import WEB
from rag.doors.http.protection import host_name, is_loopback
from rag.doors.http.serving import check_reach
from rag.doors.http.standby import Standby
from rag.settings import ServeSettings, Settings


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    serve = replace(SERVE, hosts="news.example", origins="https://desk.example")
    with running_house(tmp_path, serve) as (url, _, _), httpx.Client(base_url=url) as opened:
        yield opened


def test_the_service_answers_only_to_its_own_names(client: httpx.Client) -> None:
    for name in ("news.example", "NEWS.example:80", "localhost:9", "127.0.0.1", "[::1]:80", "app.localhost"):
        assert client.get("/healthz", headers={"host": name}).status_code == 200, name
    for name in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "x@localhost", "192.168.1.4"):
        refused = client.get("/healthz", headers={"host": name})
        assert (refused.status_code, refused.json()["type"]) == (421, "/docs#problem-wrong-host"), name


def test_pages_of_other_sites_cannot_make_it_do_anything(client: httpx.Client) -> None:
    body = {"question": "ferry"}
    own = str(client.base_url).rstrip("/")
    for headers in ({"origin": own}, {"origin": "https://desk.example"}, {"sec-fetch-site": "same-origin"}, {}):
        assert client.post("/v1/search", json=body, headers=headers).status_code == 200, headers
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        assert client.post("/v1/search", json=body, headers=headers).status_code == 403, headers
        assert client.delete("/v1/articles/art-1", headers=headers).status_code == 403, headers
    files = {"files": ("a.txt", b"words")}
    assert client.post("/v1/articles", files=files, headers={"origin": "https://evil.example"}).status_code == 403


def test_cors_is_off_but_for_the_origins_that_are_named(client: httpx.Client) -> None:
    ask = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    named = client.options("/v1/answers", headers={"origin": "https://desk.example", **ask})
    assert (named.status_code, named.headers["access-control-allow-origin"]) == (204, "https://desk.example")
    other = client.options("/v1/answers", headers={"origin": "https://evil.example", **ask})
    assert "access-control-allow-origin" not in other.headers
    assert "access-control-allow-origin" not in client.get("/healthz").headers


def test_every_response_carries_a_strict_policy(client: httpx.Client) -> None:
    for path in ("/", "/docs", "/healthz", "/v1/nothing", "/web/app.js"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path


def test_a_body_that_is_too_large_is_refused_whatever_it_declares(client: httpx.Client) -> None:
    def trickle() -> Iterator[bytes]:
        yield b'{"question": "'
        for _ in range(40):
            yield b"x" * 65_536
        yield b'"}'

    json = {"content-type": "application/json"}
    declared = client.post("/v1/answers", content=b'"' + b"x" * (1 << 20) + b'"', headers=json)
    undeclared = client.post("/v1/answers", content=trickle(), headers=json)
    for sent in (declared, undeclared):
        assert (sent.status_code, sent.json()["type"]) == (413, "/docs#problem-too-large")


def test_keys_open_what_their_scope_says_and_are_kept_as_digests(tmp_path: Path) -> None:
    reader, writer = new_key(tmp_path, "reader"), new_key(tmp_path, "writer", "write")
    kept = (tmp_path / "keys.json").read_text(encoding="utf-8")
    assert [key.name for key in read_keys(tmp_path)] == ["reader", "writer"]
    assert reader not in kept
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0
    with running_house(tmp_path) as (url, _, _), httpx.Client(base_url=url) as client:
        none = client.post("/v1/search", json={"question": "ferry"})
        assert (none.status_code, none.headers["www-authenticate"]) == (401, "Bearer")
        for path in ("/v1/articles", "/v1/models", "/metrics"):
            assert client.get(path).status_code == 401, path
            assert client.get(path, headers={"authorization": f"Bearer {reader}x"}).status_code == 401, path
        for path in ("/healthz", "/readyz", "/", "/docs"):
            assert client.get(path).status_code == 200, path
        read, write = ({"authorization": f"Bearer {key}"} for key in (reader, writer))
        assert client.post("/v1/search", json={"question": "ferry"}, headers=read).status_code == 200
        assert client.delete("/v1/articles/art-1", headers=read).status_code == 403
        assert client.delete("/v1/articles/art-1", headers=write).status_code == 204


def test_a_key_is_rotated_with_an_overlap_and_removed_at_once(tmp_path: Path) -> None:
    old, other = new_key(tmp_path, "desk", "write", per_minute=7), new_key(tmp_path, "other")
    new = rotate_key(tmp_path, "desk")
    assert [(key.name, key.scope, key.per_minute, key.until is None) for key in read_keys(tmp_path)] == [
        ("desk", "write", 7, False),
        ("other", "read", 0, True),
        ("desk", "write", 7, True),
    ]
    with running_house(tmp_path) as (url, _, _), httpx.Client(base_url=url) as client:

        def opens(key: str) -> bool:
            return client.get("/v1/models", headers={"authorization": f"Bearer {key}"}).status_code == 200

        assert (opens(old), opens(new), opens(other)) == (True, True, True)
        newest = rotate_key(tmp_path, "desk", timedelta(0))
        assert (opens(old), opens(new), opens(newest)) == (False, False, True)
        remove_key(tmp_path, "desk")
        remove_key(tmp_path, "other")
        assert (opens(newest), opens(other)) == (False, False)
        assert client.get("/v1/models").status_code == 401, "without its last key the door stays shut"
    for name in ("desk", "nobody"):
        with pytest.raises(UsageError, match="no key named"):
            rotate_key(tmp_path, name)
        with pytest.raises(UsageError, match="no key named"):
            remove_key(tmp_path, name)


def test_a_body_that_does_not_come_is_not_waited_for(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.doors.http.protection.PATIENCE", 0.05)

    def stalls() -> Iterator[bytes]:
        yield b'{"question": '
        time.sleep(0.3)
        yield b'"ferry"}'

    slow = client.post("/v1/search", content=stalls(), headers={"content-type": "application/json"})
    assert (slow.status_code, slow.json()["type"]) == (408, "/docs#problem-slow")


def test_a_damaged_keys_file_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{", encoding="utf-8")
    with pytest.raises(BrokenError, match="not a list of keys"):
        read_keys(tmp_path)
    with running_house(tmp_path) as (url, _, _):
        assert httpx.get(f"{url}/v1/articles").status_code == 500


def test_beyond_this_machine_a_key_is_needed_unless_the_settings_say_otherwise(tmp_path: Path) -> None:
    wide = Settings(home=tmp_path, serve=ServeSettings(host="0.0.0.0"))
    with pytest.raises(UsageError, match="holds no API key"):
        check_reach(wide)
    check_reach(replace(wide, serve=ServeSettings(host="127.0.0.1")))
    check_reach(replace(wide, serve=ServeSettings(host="0.0.0.0", open=True)))
    new_key(tmp_path, "desk")
    check_reach(wide)


@pytest.mark.parametrize(
    ("header", "name", "own"),
    [
        ("localhost:80", "localhost", True),
        ("[::1]:8017", "::1", True),
        ("127.8.9.1", "127.8.9.1", True),
        ("10.0.0.1", "10.0.0.1", False),
        ("", "", False),
    ],
)
def test_names_of_this_machine(header: str, name: str, own: bool) -> None:
    assert host_name(header) == name
    assert is_loopback(name) is own


def test_readiness_says_what_is_missing_and_what_brings_it(tmp_path: Path) -> None:
    with running_house(tmp_path) as (url, _, library):
        ready = next(each for _ in range(2000) if (each := httpx.get(f"{url}/readyz")).status_code == 200)
        assert (ready.status_code, ready.json()) == (200, {"status": "ready", "missing": []})
        library.held.clear()
        empty = httpx.get(f"{url}/readyz")
        assert empty.status_code == 503
        assert [each["what"] for each in empty.json()["missing"]] == ["No articles are indexed."]


def test_an_engine_that_cannot_open_is_tried_again_when_asked() -> None:
    engines: list[ScriptedEngine] = []

    def open_engine() -> ScriptedEngine:
        if not engines:
            engines.append(ScriptedEngine())
            raise MissingError("The model is not there.", "Fetch it: byline models pull.")
        return engines[0]

    standby = Standby(open_engine)
    standby.warm()
    assert (standby.ready, str(standby.failure)) == (False, "The model is not there. Fetch it: byline models pull.")
    with standby.use() as engine:
        assert engine is engines[0]
        standby.retire()
        assert not engines[0].closed
    assert engines[0].closed
    assert (standby.ready, standby.failure) == (False, None)


def test_metrics_count_answers_tokens_and_the_index(tmp_path: Path) -> None:
    with running_house(tmp_path) as (url, _, _), httpx.Client(base_url=url) as client:
        client.post("/v1/answers", json={"question": "What does it cost?"})
        client.post("/v1/answers", json={"question": "Something unknown?"})
        text = client.get("/metrics").text
    for line in (
        'byline_requests_total{method="POST",route="/v1/answers",status="200"} 2.0',
        'byline_answers_total{status="declined"} 1.0',
        'byline_declined_total{reason="not_supported"} 1.0',
        'byline_sentences_total{verdict="supported"} 3.0',
        'byline_sentences_total{verdict="unsupported"} 0.0',
        'byline_tokens_total{kind="prompt"} 642.0',
        'byline_step_seconds_count{step="first_token"} 2.0',
        "byline_index_articles 3.0",
        "byline_queue_waiting 0.0",
    ):
        assert line in text


def test_the_pages_load_nothing_from_elsewhere_and_run_nothing_inline() -> None:
    files = [path for path in WEB.iterdir() if path.suffix in (".html", ".js", ".css", ".svg")]
    assert {"index.html", "docs.html", "app.js", "style.css"} <= {path.name for path in files}
    for path in files:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
        assert not re.search(r"(src|href|url|import|from)\s*[=(]?\s*[\"']?(https?:)?//", text), path.name
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|srcdoc", text), path.name
        if path.suffix == ".html":
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", text), path.name


def test_the_page_takes_every_kind_of_file_that_is_read() -> None:
    taken = re.search(r'accept="([^"]+)"', (WEB / "index.html").read_text(encoding="utf-8"))
    assert taken is not None
    assert set(taken[1].split(",")) == set(FORMATS)


def test_an_article_id_is_a_path_and_nothing_of_the_disk(client: httpx.Client) -> None:
    for path in ("/web/../http/keys.py", "/web/%2e%2e%2fhttp%2fkeys.py", "/v1/articles/../../etc/passwd"):
        assert client.get(path).status_code == 404, path


def test_the_schema_names_every_route(client: httpx.Client) -> None:
    paths = set(client.get("/openapi.json").json()["paths"])
    assert paths == {
        "/healthz",
        "/readyz",
        "/metrics",
        "/v1/answers",
        "/v1/search",
        "/v1/chat/completions",
        "/v1/models",
        "/v1/models/{name}",
        "/v1/articles",
        "/v1/articles/publishers",
        "/v1/articles/jobs",
        "/v1/articles/jobs/{job_id}",
        "/v1/articles/{article_id}",
        "/v1/feedback",
        "/v1/evaluation/runs",
        "/v1/evaluation/runs/{name}",
        "/v1/evaluation/runs/{a}/compared-with/{b}",
    }
