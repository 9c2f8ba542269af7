import gzip
import json
import shutil
import ssl
import subprocess
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from index.errors import RejectedFile
from rag.doors import fetching, pinning
from rag.doors.pinning import is_public

PAGE = "<html><head><title>The fund</title></head><body><article><p>Der Fonds hat 4,2 Millionen für Öfen. {}</p></article></body></html>"
PAGES = {
    "/plain": ("text/html; charset=iso-8859-1", PAGE.format("Die Abstimmung war am Dienstag.").encode("latin-1")),
    "/named": ("text/html", b'<link rel="canonical" href="https://x.example/a"><p>Words of a page.</p>'),
    "/odd": ("text/html; charset=nonsense", b"<p>Words.</p>"),
    "/image": ("image/png", b"\x89PNG"),
    "/large": ("text/plain", b"x" * 5000),
    "/packed": ("text/plain", gzip.compress(b"Words of a page.")),
    "/bomb": ("text/plain", gzip.compress(b"0" * 50_000_000)),
    "/cut": ("text/plain", gzip.compress(b"Words of a page.")[:-9]),
    "/brotli": ("text/plain", b"Words"),
}
PACKED = {"/packed": "gzip", "/bomb": "gzip", "/cut": "gzip", "/brotli": "br"}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.hosts.append(self.headers["Host"])
        where = self.server.leads.get(self.path)
        if where:
            self.send_response(302)
            self.send_header("Location", where)
            # A body that never comes: whoever waits for it hangs.
            self.send_header("Content-Length", "1000000000")
            self.end_headers()
            return
        kind, body = PAGES.get(self.path, ("", b""))
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", kind)
        if self.path in PACKED:
            self.send_header("Content-Encoding", PACKED[self.path])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

    def handle(self):
        # One who turns away in the middle is no fault of the server.
        with suppress(ConnectionError):
            super().handle()


@contextmanager
def serving(secure=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.leads, server.hosts = {"/moved": "/plain", "/round": "/round"}, []
    if secure:
        server.socket = secure.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def fetch(url, folder, most, **more):
    return fetching.fetch(url, folder, most, **more).path


@pytest.fixture(scope="module")
def server():
    with serving() as running:
        yield running


@pytest.fixture
def site(server):
    server.hosts.clear()
    return f"http://127.0.0.1:{server.server_port}"


def test_a_page_is_saved_with_the_servers_charset_and_its_address(site, tmp_path):
    saved = fetch(f"{site}/moved", tmp_path, 4000, private=True)
    text = saved.read_text(encoding="utf-8-sig")
    assert text.startswith(f'<link rel="canonical" href="{site}/plain">') and "für Öfen" in text
    before = saved.stat().st_mtime_ns
    assert fetch(f"{site}/moved", tmp_path, 4000, private=True) == saved and saved.stat().st_mtime_ns == before
    assert fetch(f"{site}/named", tmp_path, 4000, private=True).read_bytes() == PAGES["/named"][1]
    assert fetch(f"{site}/odd", tmp_path, 4000, private=True).read_bytes().endswith(b"<p>Words.</p>")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/image", "kind image/png"),
        ("/large", "larger than 0.004 MB"),
        ("/nowhere", "said 404"),
        ("/bomb", "larger than 0.004 MB"),
        ("/cut", "ends too early"),
        ("/brotli", "packed as br"),
        ("/round", "leads on more than 5 times"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_the_reason(site, tmp_path, path, reason):
    with pytest.raises(RejectedFile, match=reason):
        fetch(site + path, tmp_path, 4000, private=True)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there_is_rejected(tmp_path):
    with pytest.raises(RejectedFile, match="cannot be fetched"):
        fetch("http://127.0.0.1:9/x", tmp_path, 4000, private=True)


def test_pages_are_indexed_and_those_that_cannot_be_are_named(site, byline):
    from rag.doors.parts import Parts

    arguments = ("index", f"{site}/plain", f"{site}/image", "--set", "index.embedder=hashing", "--json")
    arguments += ("--set", "index.private_addresses=true", "--set", "index.seconds_between_fetches=0")
    code, out, _ = byline(*arguments, parts=Parts())
    summary = json.loads(out)
    assert (code, summary["read"]) == (0, 1)
    assert summary["rejected"] == [{"path": f"{site}/image", "reason": "pages of kind image/png are not read"}]
    (listed,) = json.loads(byline("articles", "list", "--json", parts=Parts())[1])
    assert listed["url"] == f"{site}/plain"
    assert json.loads(byline(*arguments, parts=Parts())[1])["unchanged"] == 1


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07::1", True),
        ("127.0.0.1", False),
        ("127.8.9.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff0e::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.215.14", False),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
        ("words", False),
    ],
)
def test_public_addresses_are_told_from_all_others(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_no_spelling_of_this_machine_is_connected_to_unless_the_settings_allow_it(server, site, tmp_path, host):
    with pytest.raises(RejectedFile, match=r"private network|not known"):
        fetch(f"http://{host}:{server.server_port}/plain", tmp_path, 4000)
    assert server.hosts == []


def test_the_command_says_which_setting_allows_private_addresses(server, site, byline):
    from rag.doors.parts import Parts

    code, out, _ = byline("index", f"{site}/plain", "--set", "index.embedder=hashing", "--json", parts=Parts())
    assert code == 2 and server.hosts == []
    (rejected,) = json.loads(out)["rejected"]
    assert rejected["path"] == f"{site}/plain" and "index.private_addresses" in rejected["reason"]


@pytest.mark.parametrize(
    "url",
    ["ftp://x.example/a", "file:///etc/passwd", "http://", "https://me:secret@x.example/", "https://me@x.example/"],
)
def test_other_schemes_and_passwords_are_refused_and_not_repeated(url, tmp_path):
    with pytest.raises(RejectedFile) as raised:
        fetch(url, tmp_path, 4000, private=True)
    assert "secret" not in f"{raised.value} {raised.value.path.removeprefix(url)}"


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("http://127.0.0.2:{port}/plain", "private network"),
        ("http://localhost.example:{port}/plain", "private network"),
        ("http://me:secret@127.0.0.1:{port}/plain", "password"),
        ("file:///etc/passwd", "http://|cannot be fetched"),
    ],
)
def test_every_hop_is_checked(server, site, tmp_path, monkeypatch, where, reason):
    named = {"localhost.example": ["127.0.0.1", "127.0.0.3"]}
    monkeypatch.setattr(pinning, "look_up", lambda host, port: named.get(host, [host]))
    monkeypatch.setattr(pinning, "is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setitem(server.leads, "/away", where.format(port=server.server_port))
    with pytest.raises(RejectedFile, match=reason):
        fetch(f"{site}/away", tmp_path, 4000)
    assert len(server.hosts) == 1 and list(tmp_path.iterdir()) == []


def test_the_address_that_was_checked_is_the_one_connected_to(server, site, tmp_path, monkeypatch):
    answers = [["127.0.0.1"], ["127.0.0.2"]]
    monkeypatch.setattr(pinning, "look_up", lambda host, port: answers.pop(0))
    monkeypatch.setattr(pinning, "is_public", lambda address: address == "127.0.0.1")
    url = f"http://news.example:{server.server_port}/packed"
    assert fetch(url, tmp_path, 4000).read_text(encoding="utf-8") == "Words of a page."
    assert server.hosts == [f"news.example:{server.server_port}"] and answers == [["127.0.0.2"]]
    with pytest.raises(RejectedFile, match="private network"):
        fetch(url, tmp_path, 4000)
    assert len(server.hosts) == 1


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl, which makes the certificate, is not installed")
def test_a_certificate_is_held_against_the_name_and_not_the_address(tmp_path, monkeypatch):
    key, held = tmp_path / "key.pem", tmp_path / "held.pem"
    making = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=news.example"
    making += " -addext subjectAltName=DNS:news.example"
    subprocess.run([*making.split(), "-keyout", key, "-out", held], check=True, capture_output=True)
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(held, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(held))
    monkeypatch.setattr(pinning, "look_up", lambda host, port: ["127.0.0.1"])
    with serving(secure) as server:
        page = fetch(f"https://news.example:{server.server_port}/named", tmp_path / "pages", 4000, private=True)
        assert page.read_bytes() == PAGES["/named"][1]
        with pytest.raises(RejectedFile, match="certificate"):
            fetch(f"https://other.example:{server.server_port}/named", tmp_path / "pages", 4000, private=True)
