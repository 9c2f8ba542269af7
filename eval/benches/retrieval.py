"""Retrieval on the outside benchmarks, beside others in the same run. Held to title and body; then with metadata.

    python -m eval.benches.retrieval [--data ../shared] [--home DIR] [--models DIR] [--limit N]

LlamaIndex is given our passages and vectors: what is compared is the search. `--home` names an index of the MultiHop-RAG
articles by title and body; then nothing is built, and that table alone is made.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.checks.retrieval import hit_at, ndcg_at, reciprocal_rank
from eval.words import squeeze
from index.building import build
from index.fusion import best_first, reciprocal_ranks
from index.opening import Index, open_index
from index.retrieval import HybridRetriever
from index.settings import IndexSettings, SearchSettings
from index.terms import telling
from rag.settings import read_settings

Search = Callable[[str], Sequence[str]]

_K = 10
_COLUMNS = ("Hits@4", "Hits@10", "MRR@10", "recall@10", "all@10", "nDCG@10")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question, its type, and the facts that passages must contain, white space removed."""

    question: str
    kind: str
    facts: tuple[str, ...]


def scores(texts: Sequence[str], facts: Sequence[str]) -> tuple[float, ...]:
    """The columns for one question."""
    bare = [squeeze(each) for each in texts[:_K]]
    met = [{number for number, fact in enumerate(facts) if fact in each} for each in bare]
    relevant = [bool(each) for each in met]
    found: set[int] = set().union(*met)
    gains: list[float] = []
    seen: set[int] = set()
    for each in met:
        gains.append(float(len(each - seen)))
        seen |= each
    return (
        hit_at(relevant, 4),
        hit_at(relevant, _K),
        reciprocal_rank(relevant, _K),
        len(found) / len(facts),
        float(len(found) == len(facts)),
        ndcg_at(gains, [1.0] * len(facts), _K),
    )


def table(name: str, cases: Sequence[Wanted], search: Search) -> Iterator[str]:
    """Lines of the scores of one way to search, in all and by type, with 95 % bootstrap intervals."""
    rows = np.asarray([scores(search(each.question), each.facts) for each in cases])
    kinds = np.asarray([each.kind for each in cases])
    groups = [("all", np.ones(len(cases), bool)), *((kind, kinds == kind) for kind in sorted(set(kinds)))]
    for kind, chosen in groups if len(groups) > 2 else groups[:1]:
        cells = (_cell(rows[chosen, column]) for column in range(len(_COLUMNS)))
        yield f"{name:<28} {kind:<18} {int(chosen.sum()):>4}  " + "  ".join(cells)


def _cell(values: "np.ndarray[Any, np.dtype[np.float64]]") -> str:
    drawn = np.random.default_rng(0).integers(0, len(values), (2000, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), (2.5, 97.5))
    return f"{values.mean():.3f} {low:.2f}–{high:.2f}"


def ways(index: Index) -> dict[str, Search]:
    """The ways to search that are compared, Byline last."""
    from eval.benches.llamaindex_ways import llamaindex_ways

    catalogue, vectors, embedder = index.catalogue, index.vectors, index.embedder

    def by_words(question: str, k: int = _K) -> list[str]:
        return [name for name, _ in catalogue.words(telling(question), k)]

    def by_meaning(question: str, k: int = _K) -> list[str]:
        return [name for name, _ in vectors.nearest(embedder.embed([question])[0], k)]

    def by_ranks(question: str) -> list[str]:
        both = reciprocal_ranks([by_words(question, 100), by_meaning(question, 100)])
        return [name for name, _ in best_first(both)[:_K]]

    def texts(find: Callable[[str], list[str]]) -> Search:
        return lambda question: [each.text for each in catalogue.passages(find(question))]

    retriever = HybridRetriever(catalogue, vectors, embedder)
    return {
        "BM25 (SQLite FTS5)": texts(by_words),
        "dense alone": texts(by_meaning),
        "equal-weight RRF": texts(by_ranks),
        **llamaindex_ways(index, _K),
        "Byline": lambda question: [hit.passage.text for hit in retriever.search(question, _K)],
    }


def multihop(data: Path) -> list[Wanted]:
    """The dev questions of MultiHop-RAG that have evidence."""
    cases = _records(data / "multihop-rag" / "dev.jsonl")
    return [
        Wanted(each["query"], each["question_type"], tuple(squeeze(fact["fact"]) for fact in each["evidence_list"]))
        for each in cases
        if each["evidence_list"]
    ]


def squad(data: Path) -> list[Wanted]:
    """The dev questions of SQuAD 2 that have an answer; a passage must hold the first 80 characters around it."""
    cases = (each for each in _records(data / "squad2" / "dev.jsonl") if not each["unanswerable"])
    return [Wanted(each["question"], "answerable", (squeeze(_around(each)),)) for each in cases]


def _around(case: dict[str, Any]) -> str:
    context, answer = case["context"], case["answers"][0]
    at = max(context.find(answer), 0)
    start = context.rfind(". ", 0, at) + 1
    return str(context[start : at + len(answer)])


def seeds(data: Path) -> list[Wanted]:
    """The seed questions with evidence; every group of quotes counts once, by its first quote."""
    cases = _records(data / "gold" / "seed-dev.jsonl")
    return [
        Wanted(each["question"], each["kind"], tuple(squeeze(group[0]["quote"]) for group in each["evidence"]))
        for each in cases
        if each["evidence"]
    ]


def _records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _plain(source: Path, target: Path) -> Path:
    """The articles by title and body alone."""
    with target.open("w", encoding="utf-8") as out:
        for each in _records(source):
            url = f"https://example.org/{each['doc_id']}"
            out.write(json.dumps({"title": each["title"], "body": each["body"], "url": url}) + "\n")
    return target


def main() -> None:
    """Print the tables, or why there are none."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--models", type=Path, default=None)
    parser.add_argument("--limit", type=int, default=None)
    asked = parser.parse_args()
    data = asked.data / "benchmarks"
    if not data.is_dir():
        print(f"skipped: {data} is not there")
        return
    models = asked.models or Path(read_settings().models)
    if asked.home is not None:
        with open_index(asked.home, IndexSettings(), SearchSettings(), models) as index:
            _print("MultiHop-RAG dev, title and body", index, multihop(data)[: asked.limit])
        return
    with tempfile.TemporaryDirectory() as scratch:
        room = Path(scratch)
        articles = data / "multihop-rag" / "articles.jsonl"
        sets = (
            ("MultiHop-RAG dev, title and body", _plain(articles, room / "plain.jsonl"), multihop(data)),
            ("MultiHop-RAG dev, with metadata", articles, multihop(data)),
            ("SQuAD 2 dev, answerable", data / "squad2" / "articles.jsonl", squad(data)),
            ("seed questions with evidence", asked.data / "articles", seeds(asked.data)),
        )
        for number, (title, source, cases) in enumerate(sets):
            with open_index(room / str(number), IndexSettings(), SearchSettings(), models, write=True) as index:
                build(index, [source])
                _print(title, index, cases[: asked.limit])


def _print(title: str, index: Index, cases: Sequence[Wanted]) -> None:
    print(f"\n{title}\n{'':<28} {'':<18} {'n':>4}  " + "  ".join(f"{each:<15}" for each in _COLUMNS))
    for name, search in ways(index).items():
        print("\n".join(table(name, cases, search)), flush=True)


if __name__ == "__main__":
    main()
