"""An inverted index in arrays: which passages hold a term, and how often. It never changes once made."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from pathlib import Path
from threading import get_ident
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from index.terms import ANALYSIS, terms

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

_MOST = 255
# A copy holds only what the catalogue holds: one that cannot be read is made again.
_UNREADABLE = (OSError, ValueError, KeyError, EOFError, BadZipFile)


@dataclass(frozen=True)
class Postings:
    """Term t occurs counts[i] times in passage rows[i], for i in bounds[t] .. bounds[t + 1]."""

    passages: tuple[str, ...]
    articles: tuple[str, ...]
    lengths: Ints
    vocabulary: tuple[str, ...]
    bounds: NDArray[np.int64]
    rows: Ints
    counts: NDArray[np.uint8]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each term."""
        return {term: number for number, term in enumerate(self.vocabulary)}

    def of(self, term: str) -> tuple[Ints, NDArray[np.uint8]]:
        """The passages that hold a term, and how often each does."""
        number = self.numbers.get(term)
        if number is None:
            return self.rows[:0], self.counts[:0]
        here = slice(self.bounds[number], self.bounds[number + 1])
        return self.rows[here], self.counts[here]

    def save(self, path: Path, content: str) -> None:
        """Write it beside, then in place; `content` says what it was made of."""
        arrays: dict[str, Any] = {name: getattr(self, name) for name in ("lengths", "bounds", "rows", "counts")}
        arrays |= {name: _packed(getattr(self, name)) for name in ("passages", "articles", "vocabulary")}
        aside = path.with_name(f".{path.name}.{os.getpid()}.{get_ident()}")
        with aside.open("wb") as file:
            np.savez(file, stamp=_packed((ANALYSIS, content)), **arrays)
        aside.replace(path)


def load(path: Path) -> tuple[str, Postings] | None:
    """What `save` wrote with what it was made of, if the words were analysed then as now; else None."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            analysis, content = _unpacked(held["stamp"])
            if analysis != ANALYSIS:
                return None
            parts: dict[str, Any] = {name: _unpacked(held[name]) for name in ("passages", "articles", "vocabulary")}
            parts |= {name: held[name] for name in ("lengths", "bounds", "rows", "counts")}
            return content, Postings(**parts)
    except _UNREADABLE:
        return None


def content_of(path: Path) -> str | None:
    """What a saved copy was made of, without reading the rest of it; None where `load` would give None."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            analysis, content = _unpacked(held["stamp"])
            return content if analysis == ANALYSIS else None
    except _UNREADABLE:
        return None


def build(passages: Iterable[tuple[str, str, str]]) -> Postings:
    """Postings of (passage id, article id, words to find it by)."""
    ids: list[str] = []
    articles: list[str] = []
    lengths: list[int] = []
    numbers: dict[str, int] = {}
    columns: list[tuple[Ints, NDArray[np.uint8]]] = []
    for name, article, text in passages:
        found = Counter(terms(text))
        ids.append(name)
        articles.append(article)
        lengths.append(found.total())
        here = np.fromiter((numbers.setdefault(each, len(numbers)) for each in found), np.int32, len(found))
        often = np.fromiter((min(each, _MOST) for each in found.values()), np.uint8, len(found))
        columns.append((here, often))
    held = [len(each) for each, _ in columns]
    term = np.concatenate([np.zeros(0, np.int32), *(each for each, _ in columns)])
    count = np.concatenate([np.zeros(0, np.uint8), *(each for _, each in columns)])
    row = np.repeat(np.arange(len(ids), dtype=np.int32), held)
    return _inverted(ids, articles, np.asarray(lengths, np.int32), tuple(numbers), term, row, count)


def merge(parts: Sequence[Postings], keep: Sequence[NDArray[np.bool_]]) -> Postings:
    """One out of several, of the passages that are to be kept."""
    vocabulary = tuple(dict.fromkeys(term for part in parts for term in part.vocabulary))
    numbers = {term: number for number, term in enumerate(vocabulary)}
    ids: list[str] = []
    articles: list[str] = []
    lengths: list[Ints] = []
    term: list[Ints] = []
    row: list[Ints] = []
    count: list[NDArray[np.uint8]] = []
    for part, alive in zip(parts, keep, strict=True):
        to = np.cumsum(alive, dtype=np.int32) - 1 + len(ids)
        renumbered = np.fromiter((numbers[each] for each in part.vocabulary), np.int32, len(part.vocabulary))
        kept = alive[part.rows]
        term.append(np.repeat(renumbered, np.diff(part.bounds))[kept])
        row.append(to[part.rows][kept].astype(np.int32))
        count.append(part.counts[kept])
        lengths.append(part.lengths[alive])
        ids += [each for each, is_kept in zip(part.passages, alive, strict=True) if is_kept]
        articles += [each for each, is_kept in zip(part.articles, alive, strict=True) if is_kept]
    joined = np.concatenate(lengths), vocabulary, np.concatenate(term), np.concatenate(row), np.concatenate(count)
    return _inverted(ids, articles, *joined)


def _inverted(
    ids: Sequence[str],
    articles: Sequence[str],
    lengths: Ints,
    vocabulary: tuple[str, ...],
    term: Ints,
    row: Ints,
    count: NDArray[np.uint8],
) -> Postings:
    order = np.argsort(term, kind="stable")
    often = np.bincount(term, minlength=len(vocabulary))
    # A word that only passages now gone had is gone with them.
    left = tuple(compress(vocabulary, often))
    bounds = np.zeros(len(left) + 1, np.int64)
    np.cumsum(often[often > 0], out=bounds[1:])
    return Postings(tuple(ids), tuple(articles), lengths, left, bounds, row[order], count[order])


def _packed(names: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> tuple[str, ...]:
    text = packed.tobytes().decode()
    return tuple(text.split("\n")) if text else ()
