"""BM25 over all passages, in memory: it follows the catalogue, and keeps a copy of itself beside it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from index.catalogue import SqliteCatalogue
from index.postings import Floats, Postings, build, content_of, load, merge

K1 = 1.2
B = 0.3


class Words:
    """The words of every passage of a catalogue.

    SQLite's FTS5 took 180 to 900 ms for a question of two lines over 100,000 passages, and its k1 and b are fixed; these
    arrays take about 5 ms. What is new in the catalogue goes into a small part of its own, merged when it is no
    longer small; what is gone is passed over.
    """

    def __init__(self, catalogue: SqliteCatalogue, copy: Path | None = None) -> None:
        self._catalogue = catalogue
        self._copy = copy
        self._lock = Lock()
        self._view: View | None = None

    def view(self) -> "View":
        """The words as the catalogue has them now."""
        content = self._catalogue.content()
        view = self._view
        if view is not None and view.content == content:
            return view
        with self._lock:
            if self._view is None or self._view.content != content:
                self._view = self._follow(content, self._view)
                if self._view.is_whole:
                    self._save(self._view)
            return self._view

    def keep(self) -> None:
        """Write the copy as the catalogue is now, so that the next to open it need not; for the writer of the index.

        Costs a look where nothing has changed. What a killed writer left half written is cleared away.
        """
        if self._copy is None or content_of(self._copy) == self._catalogue.content():
            return
        for left in self._copy.parent.glob(f".{self._copy.name}.*"):
            left.unlink(missing_ok=True)
        self._save(self.view())

    def _follow(self, content: str, before: "View | None") -> "View":
        parts = list(before.parts) if before else []
        if not parts and self._copy is not None and (saved := load(self._copy)):
            made_of, kept = saved
            if made_of == content:
                return View(content, (kept,), (np.ones(len(kept.passages), bool),))
            parts = [kept]
        known = {each for part in parts for each in part.passages}
        held = self._catalogue.passage_ids()
        added = build(_passages(self._catalogue, held - known))
        if added.passages:
            parts.append(added)
        alive = [np.fromiter((each in held for each in part.passages), bool, len(part.passages)) for part in parts]
        if len(parts) > 1 and sum(int(each.sum()) for each in alive[1:]) * 8 > int(alive[0].sum()):
            parts = [merge(parts, alive)]
            alive = [np.ones(len(parts[0].passages), bool)]
        return View(content, tuple(parts), tuple(alive))

    def _save(self, view: "View") -> None:
        """Not if the catalogue has moved on meanwhile: then what was read may be of two moments."""
        if self._copy is None or view.content == content_of(self._copy):
            return
        if self._catalogue.content() != view.content:
            return
        # A folder that cannot be written to is searched all the same.
        with suppress(OSError):
            if view.total:
                view.whole().save(self._copy, view.content)
            else:
                self._copy.unlink(missing_ok=True)


class View:
    """The words at one moment; passages are numbered through all parts."""

    def __init__(self, content: str, parts: tuple[Postings, ...], alive: tuple[NDArray[np.bool_], ...]) -> None:
        self.content = content
        self.parts = parts
        self.passages: list[str] = [each for part in parts for each in part.passages]
        self.articles: list[str] = [each for part in parts for each in part.articles]
        self.alive: NDArray[np.bool_] = np.concatenate([np.zeros(0, bool), *alive])
        self.total = int(self.alive.sum())
        self.is_whole = len(parts) == 1 and bool(self.alive.all())
        self._starts = np.cumsum([0, *(len(part.passages) for part in parts)])
        lengths = np.concatenate([np.zeros(0, np.int32), *(part.lengths for part in parts)])
        mean = float(lengths.mean()) if len(lengths) else 1.0
        self._pull: Floats = (K1 * (1 - B + B * lengths / max(mean, 1.0))).astype(np.float32)
        self._number: dict[str, int] | None = None

    def number(self, passage_id: str) -> int | None:
        """The number of a passage, if it is there."""
        if self._number is None:
            self._number = {each: number for number, each in enumerate(self.passages)}
        return self._number.get(passage_id)

    def whole(self) -> Postings:
        """All that is there as one part."""
        if self.is_whole:
            return self.parts[0]
        return merge(self.parts, np.split(self.alive, self._starts[1:-1]))

    def among(self, article_ids: frozenset[str]) -> NDArray[np.bool_]:
        """Which passages are of these articles."""
        if not article_ids:
            return np.zeros(len(self.articles), bool)
        return np.fromiter((each in article_ids for each in self.articles), bool, len(self.articles))

    def weight(self, term: str) -> float:
        """Inverse document frequency, never below 0 (Robertson and Zaragoza 2009, with Lucene's + 1)."""
        held = sum(len(part.of(term)[0]) for part in self.parts)
        return math.log(1 + (self.total - min(held, self.total) + 0.5) / (held + 0.5))

    def scores(self, questions: Sequence[Sequence[str]], weights: Mapping[str, float]) -> Floats:
        """(questions, passages) BM25 scores of each list of terms; 0 where nothing matches or the passage is gone.

        `weights` are those of the terms, as `weight` gives them or less.
        """
        scores = np.zeros((len(questions), len(self.passages)), np.float32)
        for term, weight in weights.items():
            asking = [row for row, question in enumerate(questions) if term in question]
            for start, part in zip(self._starts, self.parts, strict=False):
                rows, counts = part.of(term)
                here = rows + np.int32(start)
                often = counts.astype(np.float32)
                gained = np.float32(weight * (K1 + 1)) * often / (often + self._pull[here])
                for row in asking:
                    scores[row, here] += gained
        scores[:, ~self.alive] = 0
        return scores


def _passages(catalogue: SqliteCatalogue, wanted: set[str]) -> Iterator[tuple[str, str, str]]:
    names = iter(sorted(wanted))
    while page := list(islice(names, 500)):
        passages = catalogue.passages(page)
        articles = catalogue.articles_by_id({each.article_id for each in passages})
        for each in passages:
            article = articles.get(each.article_id)
            if article is not None:
                yield each.id, each.article_id, f"{article.title or ''}\n{each.text}"
