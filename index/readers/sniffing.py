"""What kind of file some bytes are, from how they begin, for what comes without a name."""

import io
import json
import re
import zipfile

_MARKUP = re.compile(rb"(?:<\?xml[^>]*\?>|<!--(?:(?!-->).)*+-->|\s)*+<(!doctype\s+html|[a-z:]+)", re.I | re.S)
_MAIL = re.compile(rb"(?:[A-Z][\w-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}", re.I)
_MAIL_NAMES = (b"from:", b"received:", b"mime-version:", b"message-id:", b"return-path:", b"delivered-to:")
_FEEDS = (b"rss", b"feed", b"rdf:rdf")
_TABLE = re.compile(rb"[^\n]*[,;\t][^\n]*\r?\n[^\n]*[,;\t]")
_TEXT_COLUMN = re.compile(rb"(?:^|[,;\t\"])\s*(?:body|text|content|headline|title)\s*(?:[,;\t\"\r]|$)", re.I)


def kind_of(data: bytes) -> str:
    """The suffix of the kind that these bytes are most like; `.txt` where they are like none."""
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"%PDF-"):
        return ".pdf"
    if start.startswith(b"PK\x03\x04"):
        return _packed(data)
    first = start.split(b"\n", 1)[0]
    if first.startswith(b"{"):
        return ".jsonl" if _is_object(data.lstrip().split(b"\n", 1)[0]) else ".txt"
    if markup := _MARKUP.match(start):
        return ".xml" if markup[1].lower() in _FEEDS else ".html"
    if _MAIL.match(start + b"\n") and any(name in start.lower() for name in _MAIL_NAMES):
        saved = re.search(rb"^content-type:\s*multipart/related", start, re.I | re.M)
        return ".mhtml" if saved and b"snapshot-content-location" in start.lower() else ".eml"
    return ".csv" if _TABLE.match(start) and len(_TEXT_COLUMN.findall(first)) >= 1 else ".txt"


def _packed(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError):
        return ".docx"
    return ".epub" if "META-INF/container.xml" in names else ".docx"


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
