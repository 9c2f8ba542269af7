"""Pages with a gold made by hand: which lines are the story, and what a careful reader can tell of who and when.

`eval/pages` holds the pages and `eval/pages/gold` a file a page: a line a line of the story; one that begins with "~ "
may be kept or dropped, such as the byline or a pull quote that says again what stands in the story. Of the seed articles
only the numbers of their lines are noted.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from index.sentences import sentences

PAGES = Path(__file__).parents[1] / "pages"
_NEUTRAL = "~ "
_FEW = 4
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page with the lines of its story, and those of which either verdict is right."""

    path: Path
    story: tuple[str, ...]
    either: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """Sentences: `gold` of the story, `found` of these among the kept ones; `kept` in all, `right` of these in the story."""

    gold: int = 0
    found: int = 0
    kept: int = 0
    right: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.gold + other.gold, self.found + other.found, self.kept + other.kept, self.right + other.right
        )

    @property
    def precision(self) -> float | None:
        """The share of the kept sentences that are of the story; None where nothing was kept."""
        return self.right / self.kept if self.kept else None

    @property
    def recall(self) -> float | None:
        """The share of the story's sentences that were kept."""
        return self.found / self.gold if self.gold else None


def own_pages(folder: Path = PAGES) -> list[GoldPage]:
    """The pages written for this, in the order of their names."""
    pages = []
    for path in sorted(each for each in folder.iterdir() if each.is_file()):
        lines = (folder / "gold" / f"{path.stem}.txt").read_text(encoding="utf-8").splitlines()
        either = tuple(each.removeprefix(_NEUTRAL) for each in lines if each.startswith(_NEUTRAL))
        pages.append(GoldPage(path, tuple(each for each in lines if not each.startswith(_NEUTRAL)), either))
    return pages


def seed_pages(articles: Path, folder: Path = PAGES) -> list[GoldPage]:
    """The seed articles, where they are there and are the ones that the line numbers were taken from."""
    pages = []
    for name, gold in json.loads((folder / "gold" / "seeds.json").read_text(encoding="utf-8")).items():
        path = articles / name
        if not path.is_file() or sha256(path.read_bytes()).hexdigest() != gold["sha256"]:
            continue
        lines = path.read_text(encoding="utf-8").split("\n")
        pages.append(
            GoldPage(path, tuple(lines[at - 1] for first, last in gold["story"] for at in range(first, last + 1)))
        )
    return pages


def score(page: GoldPage, kept: str) -> Counts:
    """Distinct sentences of a kept text against the gold. Words alone are compared, in order, whatever is between them.

    A sentence of four words or more counts where the other text has these words in a row; a shorter one, and a row of a
    table, only as a sentence or a line of its own.
    """
    gold, either, said = _Text(page.story), _Text(page.either), _Text(kept.split("\n"))
    counted = [each for each in said.sentences if gold.has(each) or not either.has(each)]
    return Counts(
        gold=len(gold.sentences),
        found=sum(said.has(each, row=each in gold.rows) for each in gold.sentences),
        kept=len(counted),
        right=sum(gold.has(each) for each in counted),
    )


class _Text:
    """Lines as words: their distinct sentences, their rows, and all in a row."""

    def __init__(self, lines: Iterable[str]) -> None:
        whole = [each for each in lines if _words(each)]
        self.rows = {_words(each) for each in whole if each.startswith("|")}
        cut = [_words(each[span.start : span.end]) for each in whole for span in sentences(each)]
        self.sentences = list(dict.fromkeys(each for each in cut if each))
        self._alone = {*self.sentences, *map(_words, whole)}
        self._row_lines = {_words(each) for each in whole if "|" in each}
        self._all = f" {' '.join(word for each in whole for word in _words(each))} "

    def has(self, sentence: Words, *, row: bool = False) -> bool:
        if row:
            return sentence in self._row_lines
        return sentence in self._alone or (len(sentence) >= _FEW and f" {' '.join(sentence)} " in self._all)


def _words(text: str) -> Words:
    return tuple(re.findall(r"\w+", text.casefold()))
