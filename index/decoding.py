"""Bytes to text, only where the encoding is clear; else the reason why not."""

import codecs
import re

_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\x7fELF",
    b"MZ",
    b"SQLite format",
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF8_PAIR = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})|<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w-]{2,40})", re.I
)
_WESTERN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸƒ\s\x20-\x7e‘’“”‚„–—…•€£¥¢§©®°±²³«»¿¡ªº·½¼¾×÷™†‡‹›\xa0]+")
# What the web means by these names; and codecs of Python that no page is written in, some of them slow without end.
_MEANT = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
_REFUSED = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined", "mbcs", "oem"))


class NotText(ValueError):
    """The bytes are not text in an encoding that can be told."""


def decode(data: bytes, *, markup: bool = False, named: str | None = None) -> str:
    """UTF-8 or UTF-16 with a mark; what was `named` beside it; what markup declares; else Windows-1252 if all of it makes sense."""
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise NotText("it is empty")
    if data.startswith(_UTF16):
        return _strict(data, "utf-16")
    if named and named.lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        return _strict(data, named)
    if data.startswith(_BINARY) or b"\0" in data:
        raise NotText("it is binary, not text")
    try:
        return _checked(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(data[:4096]) if markup else None
    if declared:
        return _strict(data, (declared[1] or declared[2]).decode("ascii"))
    # Pairs that only UTF-8 makes mean a UTF-8 text that is damaged; another encoding would read it as nonsense.
    if not _UTF8_PAIR.search(data):
        text = data.decode("cp1252", "replace")
        foreign = sum(each > 0x7F for each in data)
        if foreign <= len(data) / 5 and _WESTERN.fullmatch(text):
            return text
    raise NotText("its encoding is neither UTF-8 nor clearly another")


def _strict(data: bytes, encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        if name in _REFUSED:
            raise NotText(f"it says that its encoding is {encoding}, which is not read")
        return _checked(data.decode(_MEANT.get(name, name)))
    except (UnicodeDecodeError, LookupError) as error:
        raise NotText(f"it is not the {encoding} that it says it is") from error


def _checked(text: str) -> str:
    odd = sum(each < " " and each not in "\t\n\r\f\v\x1b" for each in text)
    if odd > len(text) / 50:
        raise NotText("it is binary, not text")
    return text
