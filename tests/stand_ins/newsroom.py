"""A news site on this machine: pages and feeds with ETags, robots.txt, redirects, and servers that misbehave."""

import gzip
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

SENTENCES = (
    "The council of {name} voted on Tuesday to rebuild its old harbour wall.",
    "The work will cost {cost} million crowns and take four years, the mayor said.",
    "Two of the nine members voted against it and called the price too high.",
    "Fishermen will use the southern quay until the northern one can be reached again.",
    "A storm had broken the wall in January, and nobody was hurt.",
)


def story(name, cost):
    return " ".join(SENTENCES).format(name=name, cost=cost)


def page(name, cost):
    paragraphs = "".join(f"<p>{each}</p>" for each in (story(name, cost), story(name, cost).replace("Tuesday", "then")))
    return (
        f"<html><head><title>{name} rebuilds its wall</title></head><body><article>{paragraphs}</article></body></html>"
    )


def rss(*entries):
    """Entries are (link, title, text)."""
    items = "".join(
        f"<item><title>{escape(title)}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>Mon, 02 Jun 2025 08:00:00 GMT</pubDate><description>{escape(text)}</description></item>"
        for link, title, text in entries
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Quay</title>{items}</channel></rss>'


class Site(ThreadingHTTPServer):
    """`pages` are (kind, body) by path, `statuses` answers without a body; `asked` counts paths, `conditions` those asked with an ETag."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.pages, self.statuses, self.asked, self.conditions = {}, {}, Counter(), []
        self.agents = set()

    def put(self, path, body, kind="text/html; charset=utf-8"):
        self.pages[path] = (kind, body.encode() if isinstance(body, str) else body)
        return self.address + path

    def feed(self, path, *entries):
        return self.put(path, rss(*entries), "application/rss+xml")

    def handle_error(self, *_):
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def do_GET(self):
        site = self.server
        site.asked[self.path] += 1
        site.agents.add(self.headers["User-Agent"])
        if self.path == "/drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            for _ in range(200):
                self.wfile.write(b"x")
                time.sleep(0.05)
        elif self.path == "/bomb":
            self._send(200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 60_000_000))
        elif self.path in site.statuses:
            status, headers = site.statuses[self.path]
            self._send(status, headers, b"")
        elif self.path not in site.pages:
            self._send(404, {}, b"")
        else:
            kind, body = site.pages[self.path]
            tag = f'"{sha256(body).hexdigest()[:12]}"'
            asked = self.headers.get("If-None-Match")
            if asked:
                site.conditions.append(self.path)
            if asked == tag:
                self._send(304, {"ETag": tag}, b"")
            else:
                self._send(200, {"ETag": tag, "Content-Type": kind}, body)

    def _send(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle(self):
        with suppress(OSError):
            super().handle()

    def log_message(self, *_):
        pass


@contextmanager
def open_site():
    with Site() as site:
        thread = threading.Thread(target=site.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield site
        site.shutdown()
        thread.join()
