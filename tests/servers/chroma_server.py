"""A real Chroma server of its own, and a gate before it that wants a key."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx

CHROMA = Path(sys.executable).with_name("chroma")


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


@contextmanager
def chroma_run(folder: Path, port: int | None = None) -> Iterator[str]:
    """`chroma run` over a folder, until the block ends."""
    port = port or free_port()
    command = [str(CHROMA), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    quiet = {**os.environ, "ANONYMIZED_TELEMETRY": "False"}
    url = f"http://127.0.0.1:{port}"
    with (folder.parent / f"{folder.name}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=quiet)
    try:
        while not _answers(url):
            assert process.poll() is None, (folder.parent / f"{folder.name}.log").read_text()
            time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def gate(url: str, key: str) -> Iterator[str]:
    """A proxy that lets through what brings the key in x-chroma-token, and answers the rest in its own words."""

    class Gate(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.pass_on()

        do_POST = do_DELETE = do_PUT = do_GET

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.headers.get("x-chroma-token") != key:
                self.close_connection = True
                self.reply(401, b"no key, no vectors", "text/plain")
                return
            sent = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            got = httpx.request(self.command, url + self.path, content=body, headers=sent)
            self.reply(got.status_code, got.content, got.headers.get("content-type", ""))

        def reply(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            if self.close_connection:
                self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Gate)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/v2/heartbeat").status_code == 200
    except httpx.TransportError:
        return False
