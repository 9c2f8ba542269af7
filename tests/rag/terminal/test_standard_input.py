"""What is piped into `byline index -` is read like a file, told by how it begins or by what it is said to be."""

import io
import json
import sys
import zipfile
from pathlib import Path

import pytest

from index.errors import UsageError
from index.readers.sniffing import kind_of
from rag.doors.standard_input import save

PROSE = "The harbour of Lindholm was closed on Monday after a storm tore two ferries from their moorings."
HASHING = ("--set", "index.embedder=hashing")


class _Pipe:
    def __init__(self, data):
        self.buffer = io.BytesIO(data)

    def isatty(self):
        return False


def piped(monkeypatch, text):
    monkeypatch.setattr(sys, "stdin", _Pipe(text if isinstance(text, bytes) else text.encode()))


def _real():
    from rag.doors.parts import Parts

    return Parts()


def zipped(*names):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"%PDF-1.7\n", ".pdf"),
        (zipped("META-INF/container.xml"), ".epub"),
        (zipped("word/document.xml"), ".docx"),
        (b"PK\x03\x04 broken", ".docx"),
        (b'{"title": "x", "body": "y"}\n{"body"', ".jsonl"),
        (b"{not json", ".txt"),
        (b'\xef\xbb\xbf <?xml version="1.0"?>\n<!-- x --><rss version="2.0">', ".xml"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">', ".xml"),
        (b"<!-- saved --><!DOCTYPE html><html>", ".html"),
        (b"<p>Storm</p>", ".html"),
        (b"<!--x-->" * 500, ".txt"),
        (b"Received: from a\n by b\nFrom: Ann <a@b>\nSubject: x\n\nStorm", ".eml"),
        (b"From: <Saved by Blink>\nSnapshot-Content-Location: https://a\nMIME-Version: 1.0\nContent-Type: multipart/related; x\n\n", ".mhtml"),
        (b"Title: Storm\nDate: 2025-06-08\n\nThe harbour", ".txt"),
        (b"title,body\nStorm,The harbour\n", ".csv"),
        (b"Storm, wind, rain\nand hail, he said", ".txt"),
        (b"The harbour of Lindholm", ".txt"),
        (b"", ".txt"),
    ],
    ids=range(18),
)  # fmt: skip
def test_the_kind_is_told_by_how_it_begins(data, suffix):
    assert kind_of(data) == suffix


def test_text_is_piped_in_once_and_again(byline, monkeypatch):
    for read, unchanged in ((1, 0), (0, 1)):
        piped(monkeypatch, f"Title: Storm\n\n{PROSE}\n")
        code, out, _ = byline("index", "-", *HASHING, "--json", parts=_real())
        summary = json.loads(out)
        assert (code, summary["read"], summary["unchanged"], summary["articles"]) == (0, read, unchanged, 1)
    [kept] = (byline.home / "uploads").iterdir()
    assert kept.name.startswith("standard-input-")
    assert kept.suffix == ".txt"


def test_what_is_piped_in_can_be_said(byline, monkeypatch):
    piped(monkeypatch, f"kop;tekst\nStorm;{PROSE}\n")
    code, out, _ = byline(
        "index",
        "-",
        "--as",
        "csv",
        "--column",
        "text=tekst",
        "--column",
        "title=kop",
        *HASHING,
        "--json",
        parts=_real(),
    )
    assert (code, json.loads(out)["articles"]) == (0, 1)
    _, out, _ = byline("articles", "list", "--json", *HASHING, parts=_real())
    assert json.loads(out)[0]["title"] == "Storm"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-",), "Nothing is piped in"),
        (("-", "--as", "nonsense"), "nonsense is not a kind that is read"),
        (("x.txt", "--as", "text"), "nothing is"),
        (("-", "--column", "nonsense=a"), "must be field=column"),
    ],
)
def test_wrong_use_says_what_to_do(byline, monkeypatch, arguments, said):
    piped(monkeypatch, "")
    code, _, err = byline("index", *arguments, *HASHING, parts=_real())
    assert code == 2
    assert said in " ".join(err.split())


def test_no_more_is_kept_than_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"More is piped in than 0\.001 MB"):
        save(io.BytesIO(b"x" * 5000), tmp_path, 1000, None)
    assert list(tmp_path.iterdir()) == []
    records = b'{"body": "x"}\n' * 500
    assert save(io.BytesIO(records), tmp_path, 1000, None).read_bytes() == records
