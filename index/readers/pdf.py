"""`.pdf`: its printed text in reading order, read by a process of its own."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.characters import normalise
from index.cleaning import tidy
from index.drafts import Draft
from index.errors import RejectedFile
from index.readers.facts import Told, facts
from index.readers.headers import copyright_of, take_lines
from index.readers.whole import read_bytes

_OCR = "Recognise its letters first, e.g.: ocrmypdf IN.pdf OUT.pdf"
# The reading process keeps to a limit of processor time by itself; this is for a machine that is very busy.
_PATIENCE_S = 900
_MOMENT = re.compile(r"D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?:(Z)|([+-]\d\d)'?(\d\d)?)?")
# Programs that print, scan or save what others wrote: their moment is not that of publishing.
_PRINTERS = re.compile(
    r"skia|chrom|firefox|mozilla|safari|webkit|wkhtml|print|scan|ghostscript|cairo|weasy|prince|ocr|quartz", re.I
)
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint)\b.*|untitled.*|document\d*|.*\.(?:docx?|pdf|indd|qxp|tex|html?|rtf|odt|pages))",
    re.I,
)
_NO_NAME = re.compile(
    r"(?:admin\w*|user\d*|owner|root|unknown|author|anonymous|default|[\w.-]*\d[\w.-]*|\S+@\S+)", re.I
)


def read(path: Path, most: int) -> Iterator[Draft | RejectedFile]:
    """The one article of a PDF file; its pages that are pictures without text are named."""
    read_bytes(path, most)
    said = _asked(path)
    text = normalise(said["text"])
    pictures, pages = said["pictures"], said["pages"]
    if not text:
        problem = f"none of its {pages} pages holds text" if pages != 1 else "its page holds no text"
        raise RejectedFile(str(path), f"{problem}: it is a picture, as of a scan" if pictures else problem, _OCR)
    body, lines, found_lines = take_lines(text)
    told, found_told = facts(_told(said, body), body)
    yield Draft(text=tidy(body), found=found_told | found_lines, **(told | lines))
    if pictures:
        yield RejectedFile(
            f"{path}:page {', '.join(map(str, pictures[:20]))}", "the page is a picture without text", _OCR
        )


def _asked(path: Path) -> dict[str, Any]:
    """What the reading process says of a file. Raises RejectedFile, also where it breaks."""
    command = [sys.executable, "-m", "index.readers.pdf_child", str(path)]
    try:
        # `-I` would hide the project where it is not installed; the child takes nothing from its input or the environment.
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=_PATIENCE_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise RejectedFile(str(path), "reading it takes too long") from error
    try:
        said: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise RejectedFile(str(path), _why(done.returncode, done.stderr)) from error
    if "problem" in said:
        raise RejectedFile(str(path), said["problem"], said["remedy"])
    return said


def _why(code: int, stderr: bytes) -> str:
    last = stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"exit {code}"]
    if code in (-24, -9) or "MemoryError" in last[0]:
        return "reading it takes too much time or memory"
    return f"the PDF library breaks on it: {last[0][:200]}"


def _told(said: dict[str, Any], body: str) -> Iterator[Told]:
    info: dict[str, str] = said["told"]
    title, author = info.get("Title", "").strip(), info.get("Author", "").strip()
    if len(title.split()) >= 2 and not _NO_TITLE.fullmatch(title):
        yield "title", title, "PDF Title"
    yield "title", said["headline"], "largest line of the first page"
    if author and not _NO_NAME.fullmatch(author):
        yield "author", author, "PDF Author"
    yield "publisher", copyright_of(body), "copyright line"
    if not _PRINTERS.search(f"{info.get('Producer', '')} {info.get('Creator', '')}"):
        yield "published_at", _moment(info.get("CreationDate", "")), "file date (PDF CreationDate)"


def _moment(written: str) -> str | None:
    """A PDF date as one of ISO 8601."""
    found = _MOMENT.match(written)
    if not found:
        return None
    year, month, day, hour, minute, second, utc, hours, minutes = found.groups()
    if not hour:
        return f"{year}-{month}-{day}"
    zone = "Z" if utc or not hours else f"{hours}:{minutes or '00'}"
    return f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{zone}"
