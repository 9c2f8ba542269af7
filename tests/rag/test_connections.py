"""Articles are fetched in one place: no other file can connect, and nothing that is read makes anything connect."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

from newsroom import open_site, page, rss, story

from index.readers import FORMATS

ROOT = Path(__file__).resolve().parents[2]

# Whatever can open a connection. Parts of packages only where the whole package is used for other things.
WAYS_OUT = frozenset(
    {
        *("aiohttp", "ftplib", "grpc", "http.client", "httpcore", "httpx", "httpx2", "huggingface_hub", "imaplib"),
        *("ollama", "openai", "poplib", "pycurl", "requests", "smtplib", "socket", "socketserver", "ssl", "telnetlib"),
        *("urllib.request", "urllib3", "webbrowser", "websockets", "xmlrpc"),
    }
)
CALLS = {
    "create_connection",
    "download_url",
    "fetch_response",
    "fetch_url",
    "open_connection",
    "urlopen",
    "urlretrieve",
}
ALLOWED = {
    # Articles: through these two alone.
    "rag/doors/fetching.py": {"httpx"},
    "rag/doors/pinning.py": {"httpx", "socket"},
    # Model servers that the user names, and weights, by digest.
    "rag/runtimes/addresses.py": {"urllib.request", "urlopen"},
    "rag/runtimes/ollama.py": {"httpx", "ollama"},
    "rag/runtimes/openai_compatible.py": {"openai"},
    "rag/weights/hub.py": {"httpx"},
    # A Chroma server that the user names: the errors of its client.
    "index/chroma.py": {"httpx"},
    # Listens, and does not connect.
    "rag/doors/http/serving.py": {"socket"},
}


def ways_out(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            found |= {called} & CALLS
        found |= {way for way in WAYS_OUT for name in names if name == way or name.startswith(f"{way}.")}
    return found


def test_only_these_files_can_open_a_connection() -> None:
    rooms = [each for room in ("index", "prompts", "rag") for each in sorted((ROOT / room).rglob("*.py"))]
    assert len(rooms) > 100
    assert {str(each.relative_to(ROOT)): found for each in rooms if (found := ways_out(each))} == ALLOWED


WATCHED = """
import json, sys

def watch(event, told):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        frame, files = sys._getframe(), []
        while frame:
            files.append(frame.f_code.co_filename)
            frame = frame.f_back
        if "AF_UNIX" not in str(told[0]):
            print("CONNECTED", event, any(each.endswith("rag/doors/pinning.py") for each in files), file=sys.stderr)

sys.addaudithook(watch)
from rag.doors.cli import main
for arguments in json.loads(sys.argv[1]):
    code = main(arguments)
    if code:
        sys.exit(code)
"""


def test_nothing_that_is_read_makes_anything_connect(tmp_path: Path) -> None:
    with open_site() as site:
        out = site.address
        calling = (
            f'<!DOCTYPE html SYSTEM "{out}/html.dtd"><html><head><base href="{out}/"><title>Wall</title>'
            f'<link rel="stylesheet" href="{out}/a.css"><script src="{out}/a.js"></script>'
            f'<meta http-equiv="refresh" content="0; url={out}/next"><link rel="amphtml" href="{out}/amp"></head><body>'
            f'<article><img src="{out}/a.png"><iframe src="{out}/frame"></iframe><p>{story("Norrby", 7)}</p>'
            f"<p>{story('Vik', 3)}</p></article></body></html>"
        )
        entity = f'<!DOCTYPE rss [<!ENTITY more SYSTEM "{out}/entity">]>'
        folder = tmp_path / "pile"
        folder.mkdir()
        for suffix in FORMATS:
            for number, words in enumerate(
                (out, calling, rss((out, "Wall", calling)), entity + rss((out, "W", "&more;")))
            ):
                (folder / f"{number}{suffix}").write_text(words, encoding="utf-8")
        (folder / "good.jsonl").write_text(json.dumps({"title": "Wall", "body": story("Norrby", 7), "url": out}))
        page_at = site.put("/wall", page("Norrby", 7))
        everywhere = ["--home", str(tmp_path / "home"), "--set", "index.embedder=hashing"]
        everywhere += ["--set", "index.private_addresses=true", "--set", "index.seconds_between_fetches=0"]
        commands = [["index", str(folder), "--json"], ["index", page_at, "--json"], ["refresh", "--json"]]
        calls = json.dumps([[*each, *everywhere] for each in commands])
        clean = {key: value for key, value in os.environ.items() if not key.startswith("BYLINE_")}
        run = subprocess.run(
            [sys.executable, "-c", WATCHED, calls], capture_output=True, text=True, cwd=tmp_path, env=clean
        )
        assert run.returncode == 0, run.stderr
        read, fetched, refreshed = (json.loads(line) for line in run.stdout.splitlines())
    connected = [line.split()[1:] for line in run.stderr.splitlines() if line.startswith("CONNECTED")]
    assert read["read"] > 4 and fetched["read"] == 1 and refreshed["unchanged"] == 1
    assert connected and all(through == "True" for _, through in connected), run.stderr
    # robots.txt and the page, by two commands; and nothing that the files name.
    assert site.asked == {"/robots.txt": 2, "/wall": 2}
