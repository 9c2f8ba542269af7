"""How long a search takes over 1,000 to 100,000 passages, recombined from the benchmark's sentences.

    python -m eval.benches.search_speed [--data ../shared] [--models DIR] [--sizes 1000 10000 100000]

Only the search is measured. So the vectors of the recombined passages are not encoded but drawn at random around those of
real titles: the time of a search does not depend on their meaning. Questions are MultiHop-RAG's dev questions, which
are long, 20 words and more. Each size is made in one process and searched in another, whose memory is told.
"""

import argparse
import json
import os
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from index.catalogue import SqliteCatalogue
from index.chroma import open_vectors
from index.opening import load_embedder
from index.protocols import Embedder, Vectors
from index.questions import take_apart
from index.retrieval import HybridRetriever
from index.sentences import sentences
from index.types import Article, Passage, Span
from index.words import Words
from rag.settings import read_settings

_A_PASSAGE = 950
_AN_ARTICLE = 10
_AT_ONCE = 500
_MODEL = "all-MiniLM-L6-v2"


class Remembering:
    """An embedder that has seen the questions before, to time the search without the embedding."""

    def __init__(self, embedder: Embedder) -> None:
        self._seen: dict[str, Vectors] = {}
        self._embedder = embedder
        self.name, self.digest = embedder.name, embedder.digest
        self.dimension, self.max_tokens = embedder.dimension, embedder.max_tokens

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As the embedder it stands for, from memory where it can."""
        for text in texts:
            if text not in self._seen:
                self._seen[text] = self._embedder.embed([text])[0]
        return np.stack([self._seen[text] for text in texts])

    def count_tokens(self, text: str) -> int:
        """As the embedder it stands for."""
        return self._embedder.count_tokens(text)


def recombined(bodies: Sequence[str], size: int) -> Iterator[tuple[Article, list[Passage]]]:
    """Articles of ten passages, each of sentences drawn in pairs from anywhere."""
    pick = random.Random(size)
    pool = [body[span.start : span.end] for body in bodies for span in sentences(body)]
    now = datetime.now(UTC)
    for number in range(size // _AN_ARTICLE):
        name, text, passages = f"s{number:07}", "", list[Passage]()
        for ordinal in range(_AN_ARTICLE):
            start, spans = len(text), list[Span]()
            while len(text) - start < _A_PASSAGE:
                at = pick.randrange(len(pool) - 1)
                for each in pool[at : at + 2]:
                    spans.append(Span(len(text), len(text) + len(each)))
                    text += each + " "
            end = spans[-1].end
            passages.append(Passage(f"{name}.{ordinal:04}", name, ordinal, start, end, text[start:end], tuple(spans)))
        digest = sha256(text.encode()).hexdigest()
        yield (
            Article(name, text, digest, pick.choice(pool)[:80], None, None, None, None, now, None, name, None),
            passages,
        )


def main() -> None:
    """Print the rows of each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--models", type=Path, default=None)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    asked = parser.parse_args()
    benchmark = asked.data / "benchmarks" / "multihop-rag"
    if not benchmark.is_dir():
        print(f"skipped: {benchmark} is not there")
        return
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start; vectors are drawn, not encoded")
    print("passages  what                        n    p50    p95    p99   (ms)", flush=True)
    for size in asked.sizes:
        with tempfile.TemporaryDirectory() as scratch:
            for step in (_make, _measure):
                _alone(step, Path(scratch), benchmark, asked.models or Path(read_settings().models), size)


def _alone(step: Callable[[Path, Path, Path, int], None], *arguments: Path | int) -> None:
    """In a process of its own, so that what one step holds does not count as the other's."""
    child = get_context("spawn").Process(target=step, args=arguments)
    child.start()
    child.join()
    if child.exitcode:
        raise SystemExit(f"{step.__name__} failed")


def _make(folder: Path, benchmark: Path, models: Path, size: int) -> None:
    bodies = [each["body"] for each in _records(benchmark / "articles.jsonl")]
    centres = load_embedder(_MODEL, models).embed([body[:200] for body in bodies[:200]])
    catalogue = SqliteCatalogue(folder / "catalogue.sqlite")
    vectors = open_vectors(folder / "vectors", "speed")
    drawn = np.random.default_rng(0)
    articles = recombined(bodies, size)
    spent = [0.0, 0.0, 0.0]
    while batch := list(islice(articles, _AT_ONCE)):
        start = time.perf_counter()
        with catalogue.writing():
            for article, its in batch:
                catalogue.replace(article, its)
        half = time.perf_counter()
        passages = [each for _, its in batch for each in its]
        near = centres[drawn.integers(0, len(centres), len(passages))]
        noisy = near + drawn.normal(0, 0.05, near.shape)
        vectors.put(passages, (noisy / np.linalg.norm(noisy, axis=1, keepdims=True)).astype(np.float32))
        spent[0] += half - start
        spent[1] += time.perf_counter() - half
    start = time.perf_counter()
    Words(catalogue, folder / "words.npz").keep()
    spent[2] = time.perf_counter() - start
    kept = (folder / "words.npz").stat().st_size / 1e6
    made = "catalogue {:.1f} s, vectors {:.1f} s, words {:.1f} s".format(*spent)
    print(f"{size:>8}  made: {made} ({kept:.0f} MB kept)", flush=True)
    catalogue.close()
    vectors.close()


def _measure(folder: Path, benchmark: Path, models: Path, size: int) -> None:
    questions = [each["query"] for each in _records(benchmark / "dev.jsonl")]
    embedder = load_embedder(_MODEL, models)
    embedder.embed(questions[:1])
    before = _peak()
    start = time.perf_counter()
    catalogue = SqliteCatalogue(folder / "catalogue.sqlite")
    vectors = open_vectors(folder / "vectors", "speed")
    words = Words(catalogue, folder / "words.npz")
    retriever = HybridRetriever(catalogue, vectors, embedder, words=words)
    retriever.search(questions[0], 10)
    _row(size, "opened, and first search", [(time.perf_counter() - start) * 1000])
    for each in questions:
        retriever.search(each, 10)
    _row(size, "warm, with embedding", [_timed(retriever, each) for each in questions])
    remembering = Remembering(embedder)
    remembering.embed([take_apart(each).text for each in questions])
    without = HybridRetriever(catalogue, vectors, remembering, words=words)
    _row(size, "warm, without embedding", [_timed(without, each) for each in questions])
    print(f"{size:>8}  peak memory {_peak():.0f} MiB, of it {before:.0f} before the index was opened", flush=True)
    catalogue.close()
    vectors.close()


def _records(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed(retriever: HybridRetriever, question: str) -> float:
    start = time.perf_counter()
    retriever.search(question, 10)
    return (time.perf_counter() - start) * 1000


def _row(size: int, what: str, times: Sequence[float]) -> None:
    middle, high, highest = np.percentile(times, (50, 95, 99))
    print(f"{size:>8}  {what:<26} {len(times):>3} {middle:>6.1f} {high:>6.1f} {highest:>6.1f}", flush=True)


if __name__ == "__main__":
    main()
