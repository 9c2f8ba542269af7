"""Text without what cannot be seen: control and bidirectional characters, odd spaces, terminal sequences."""

import re
import unicodedata

_TERMINAL = re.compile(r"\x1b(?:\][^\x07\x1b\n]*(?:\x07|\x1b\\)|\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])")
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u180e\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_JOINER = re.compile("[\u200c\u200d]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")


def normalise(text: str) -> str:
    """The text with plain line breaks and spaces, at most one empty line in a row; letters and quotes as they are."""
    text = _BREAKS.sub("\n", _TERMINAL.sub("", text))
    text = _SURROGATE.sub("\ufffd", _UNSEEN.sub("", text))
    text = _JOINER.sub(lambda joiner: joiner.group() if _joins(text, joiner.start()) else "", text)
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def unseen(text: str) -> bool:
    """Whether a text holds characters that `normalise` takes away because they cannot be seen."""
    return bool(_UNSEEN.search(text) or _SURROGATE.search(text))


def _joins(text: str, at: int) -> bool:
    """Between letters of a joining script, or in an emoji, a joiner means something; elsewhere it only hides."""
    around = text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
    return len(around) == 2 and all(ord(each) > 0x2AF and unicodedata.category(each)[0] in "LMS" for each in around)
