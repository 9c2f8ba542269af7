"""Whether strings are in texts, by the rules of the gold questions; and where quotes stand in articles."""

import re
from unicodedata import category

_PLAIN = str.maketrans({"’": "'", "–": "-"})


def plain(text: str) -> str:
    """Lower case, straight apostrophes and hyphens, single spaces."""
    return re.sub(r"\s+", " ", text.lower().translate(_PLAIN)).strip()


def holds(text: str, want: str) -> bool:
    """Is `want` in `text` as whole words: "no" is not in "now", "80" is in "$80B" and not in "80.5"."""
    want = plain(want)
    if not want:
        return False
    tail = "(?![a-z])" if want[-1].isalpha() else r"(?!\d|\.\d)" if want[-1].isdigit() else ""
    return re.search(r"(?<![a-z0-9])" + re.escape(want) + tail, plain(text)) is not None


def squeeze(text: str) -> str:
    """`text` without white space, as the MultiHop-RAG script compares."""
    return re.sub(r"\s+", "", text)


class Squeezed:
    """A text without white space, invisible characters and case, that knows where each of its characters stood."""

    def __init__(self, text: str) -> None:
        self._offsets: list[int] = []
        letters: list[str] = []
        for offset, letter in enumerate(text):
            lowered = _lowered(letter)
            letters.append(lowered)
            self._offsets.extend([offset] * len(lowered))
        self._text = "".join(letters)

    def find(self, quote: str) -> list[tuple[int, int]]:
        """Every place of `quote`, as spans of the whole text."""
        want = "".join(map(_lowered, quote))
        places: list[tuple[int, int]] = []
        at = self._text.find(want) if want else -1
        while at >= 0:
            places.append((self._offsets[at], self._offsets[at + len(want) - 1] + 1))
            at = self._text.find(want, at + 1)
        return places


def _lowered(letter: str) -> str:
    return "" if letter.isspace() or category(letter) == "Cf" else letter.translate(_PLAIN).lower()
