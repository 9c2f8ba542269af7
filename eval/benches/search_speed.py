"""How long a search takes over 1,000 to 100,000 passages, recombined from the benchmark's sentences.

    python -m eval.benches.search_speed [--data ../shared] [--models DIR] [--sizes 1000 10000 100000]

Vectors of the recombined passages are drawn at random around those of real titles; what is timed does not depend on
their meaning. Questions are MultiHop-RAG's dev questions, which are long: 20 words and more.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import psutil

from index.catalogue import SqliteCatalogue
from index.chroma import open_vectors
from index.opening import load_embedder
from index.protocols import Embedder, Vectors
from index.retrieval import HybridRetriever
from index.sentences import sentences
from index.types import Article, Passage, Span
from rag.settings import read_settings

_A_PASSAGE = 950
_AN_ARTICLE = 10


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
    """Print a row for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--models", type=Path, default=None)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    asked = parser.parse_args()
    folder = asked.data / "benchmarks" / "multihop-rag"
    if not folder.is_dir():
        print(f"skipped: {folder} is not there")
        return
    lines = (folder / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["query"] for line in lines]
    bodies = [json.loads(each)["body"] for each in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    embedder = load_embedder("all-MiniLM-L6-v2", asked.models or Path(read_settings().models))
    print("passages  what                      n    p50    p95    p99   (ms)")
    for size in asked.sizes:
        with tempfile.TemporaryDirectory() as scratch:
            _measure(Path(scratch), bodies, questions, embedder, size)


def _measure(folder: Path, bodies: Sequence[str], questions: Sequence[str], embedder: Embedder, size: int) -> None:
    catalogue = SqliteCatalogue(folder / "catalogue.sqlite")
    vectors = open_vectors(folder / "vectors", "speed")
    drawn = np.random.default_rng(0)
    centres = embedder.embed([body[:200] for body in bodies[:200]])
    with catalogue.writing():
        for article, passages in recombined(bodies, size):
            catalogue.replace(article, passages)
            near = centres[drawn.integers(0, len(centres), len(passages))]
            noisy = near + drawn.normal(0, 0.05, near.shape)
            vectors.put(passages, (noisy / np.linalg.norm(noisy, axis=1, keepdims=True)).astype(np.float32))
    remembering = Remembering(embedder)
    remembering.embed(questions)
    copy = folder / "words.npz"
    _row(size, "first, nothing kept", [_timed(HybridRetriever(catalogue, vectors, embedder, copy=copy), questions[0])])
    retriever = HybridRetriever(catalogue, vectors, embedder, copy=copy)
    _row(size, "first, words kept", [_timed(retriever, questions[0])])
    _row(size, "warm, with embedding", [_timed(retriever, each) for each in questions])
    without = HybridRetriever(catalogue, vectors, remembering, copy=copy)
    for each in questions:
        without.search(each, 10)
    _row(size, "warm, without embedding", [_timed(without, each) for each in questions])
    print(f"{size:>8}  memory of the process    {psutil.Process().memory_info().rss / 1e6:.0f} MB", flush=True)
    catalogue.close()


def _timed(retriever: HybridRetriever, question: str) -> float:
    clock: Callable[[], float] = time.perf_counter
    start = clock()
    retriever.search(question, 10)
    return (clock() - start) * 1000


def _row(size: int, what: str, times: Sequence[float]) -> None:
    middle, high, highest = np.percentile(times, (50, 95, 99))
    print(f"{size:>8}  {what:<24} {len(times):>3} {middle:>6.1f} {high:>6.1f} {highest:>6.1f}", flush=True)


if __name__ == "__main__":
    main()
