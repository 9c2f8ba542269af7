import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from index.errors import RejectedFile
from rag.doors.fetching import fetch

PAGE = "<html><head><title>The fund</title></head><body><article><p>Der Fonds hat 4,2 Millionen für Öfen. {}</p></article></body></html>"
PAGES = {
    "/plain": ("text/html; charset=iso-8859-1", PAGE.format("Die Abstimmung war am Dienstag.").encode("latin-1")),
    "/named": ("text/html", b'<link rel="canonical" href="https://x.example/a"><p>Words of a page.</p>'),
    "/odd": ("text/html; charset=nonsense", b"<p>Words.</p>"),
    "/image": ("image/png", b"\x89PNG"),
    "/large": ("text/plain", b"x" * 5000),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/plain")
            self.end_headers()
            return
        kind, body = PAGES.get(self.path, ("", b""))
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_is_saved_with_the_servers_charset_and_its_address(site, tmp_path):
    saved = fetch(f"{site}/moved", tmp_path, 4000)
    text = saved.read_text(encoding="utf-8-sig")
    assert text.startswith(f'<link rel="canonical" href="{site}/plain">') and "für Öfen" in text
    before = saved.stat().st_mtime_ns
    assert fetch(f"{site}/moved", tmp_path, 4000) == saved and saved.stat().st_mtime_ns == before
    assert fetch(f"{site}/named", tmp_path, 4000).read_bytes() == PAGES["/named"][1]
    assert fetch(f"{site}/odd", tmp_path, 4000).read_bytes().endswith(b"<p>Words.</p>")


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/image", "kind image/png"), ("/large", "larger than 0.004 MB"), ("/nowhere", "said 404")],
)
def test_what_cannot_be_read_is_rejected_with_the_reason(site, tmp_path, path, reason):
    with pytest.raises(RejectedFile, match=reason):
        fetch(site + path, tmp_path, 4000)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there_is_rejected(tmp_path):
    with pytest.raises(RejectedFile, match="cannot be fetched"):
        fetch("http://127.0.0.1:9/x", tmp_path, 4000)


def test_pages_are_indexed_and_those_that_cannot_be_are_named(site, byline):
    from rag.doors.parts import Parts

    arguments = ("index", f"{site}/plain", f"{site}/image", "--set", "index.embedder=hashing", "--json")
    code, out, _ = byline(*arguments, parts=Parts())
    summary = json.loads(out)
    assert (code, summary["read"]) == (0, 1)
    assert summary["rejected"] == [{"path": f"{site}/image", "reason": "pages of kind image/png are not read"}]
    (listed,) = json.loads(byline("articles", "list", "--json", parts=Parts())[1])
    assert listed["url"] == f"{site}/plain"
    assert json.loads(byline(*arguments, parts=Parts())[1])["unchanged"] == 1
