"""A threaded HTTP server on the loopback, with a small real model behind it."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

from rag.runtimes.llama_cpp import LlamaCppModel, log_softmax
from rag.runtimes.types import Message


class ModelServer(ThreadingHTTPServer):
    """Knows its model, every request it got, and when a client hung up in the middle of a reply."""

    daemon_threads = True
    block_on_close = False

    def __init__(
        self, handler: type[BaseHTTPRequestHandler], model: LlamaCppModel, name: str, **behaviour: Any
    ) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.model = model
        self.name = name
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.hung_up = threading.Event()
        self.behaviour = behaviour

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def top_first_tokens(self, messages: list[Message], count: int) -> list[dict[str, Any]]:
        model = self.model
        prompt = model._prompt(messages)
        with model._turn:
            *_, logits = model._read(prompt)
        assert logits is not None
        likely = log_softmax(logits)
        best = np.argsort(-likely, kind="stable")[:count]
        return [
            {"token": model._gguf.piece(int(token)).decode("utf-8", "replace"), "logprob": float(likely[token])}
            for token in best
        ]

    def handle_error(self, request: Any, client_address: Any) -> None:
        self.hung_up.set()


class Handler(BaseHTTPRequestHandler):
    """JSON in, JSON or a stream out."""

    server: ModelServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def body(self) -> dict[str, Any]:
        read = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked: dict[str, Any] = json.loads(read) if read else {}
        self.server.requests.append((self.path, asked))
        return asked

    def answer(self, value: dict[str, Any], status: int = 200) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def begin(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def send(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def finish_stream(self) -> None:
        self.wfile.write(b"0\r\n\r\n")


@contextmanager
def running(server: ModelServer) -> Iterator[ModelServer]:
    """The server, while it runs."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    with closing(server.socket):
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
