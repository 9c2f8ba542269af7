"""`.md`: Markdown, perhaps under YAML front matter."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from index.characters import normalise
from index.cleaning import tidy
from index.drafts import Draft
from index.errors import RejectedFile
from index.readers.headers import known, take_header, take_lines
from index.readers.whole import read_whole

_FRONT = re.compile(r"---\n(.{0,20000}?)\n(?:---|\.\.\.)(?:\n|$)", re.S)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_HEADING = re.compile(r"^#{1,6} +(.*?)#* *$", re.M)
_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]+)\]\([^)\n]*\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^\n]+?)(?<=[^\s*_])\1(?![\w*])")
_QUOTE = re.compile(r"^(?:> ?)+", re.M)
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>")


def read(path: Path, most: int) -> Iterator[Draft | RejectedFile]:
    """The one article of a Markdown file."""
    text = normalise(read_whole(path, most)).lstrip("\n")
    front = _FRONT.match(text)
    raw: object = {}
    if front:
        try:
            raw = yaml.safe_load(front[1])
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise RejectedFile(str(path), f"its front matter is not YAML: {_first_line(error)}") from error
        text = text[front.end() :]
    fields, found = known(raw if isinstance(raw, dict) else {}, "front matter")
    text, header, found_header = take_header(text.strip())
    top = _HEADING.search(text)
    text, lines, found_lines = take_lines(_plain(text))
    fields, found = lines | header | fields, found_lines | found_header | found
    if "title" not in fields and top and top[1].strip():
        fields["title"], found["title"] = _plain(top[1].strip()), "first heading"
    yield Draft(text=tidy(text), found=found, **fields)


def _plain(text: str) -> str:
    """Markdown without its marks; list items and table rows keep theirs."""
    text = _QUOTE.sub("", _HEADING.sub(r"\1", _IMAGE.sub("", _COMMENT.sub("", text))))
    text = _LINK.sub(r"\1", _TAG.sub("", text))
    return _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))


def _first_line(error: BaseException) -> str:
    return str(error).split("\n", 1)[0]
