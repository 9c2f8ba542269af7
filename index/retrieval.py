"""A question in, hits out: words, sentences and meaning, each asked for the whole and for its parts, fused by weight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.asked import Asked, asked, together
from index.catalogue import SqliteCatalogue
from index.errors import UsageError
from index.fusion import shares, shares_above_last, top
from index.opening import Index, load_reranker
from index.postings import Floats
from index.protocols import Embedder, VectorStore
from index.questions import Query, take_apart
from index.sentence_scores import sentence_scores
from index.settings import SearchSettings
from index.standing import Row, Standing
from index.types import Explanation, Filters, Hit, Passage
from index.words import View, Words


class Reranker(Protocol):
    """Reads a question and a passage together."""

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """One score a text, higher is better, from 0 to 1."""
        ...


@dataclass(frozen=True, slots=True)
class Weights:
    """What each search's best hit is worth, chosen on MultiHop-RAG dev; docs/log.md has what lost."""

    whole: float = 1.0
    parts: float = 1.5
    sentences: float = 0.4
    dense: float = 0.3
    named: float = 1.0
    reranker: float = 2.0

    def of(self, part: int) -> float:
        """The weight of the whole question, which is part 0, or of another part."""
        return self.parts if part else self.whole


@dataclass(frozen=True, slots=True)
class Depths:
    """How many passages each search brings."""

    candidates: int = 60
    dense: int = 100
    reranker: int = 20


class HybridRetriever:
    """The retriever over a catalogue and its vectors; safe to share between threads, and beside a writer."""

    def __init__(
        self,
        catalogue: SqliteCatalogue,
        vectors: VectorStore,
        embedder: Embedder,
        *,
        words: Words | None = None,
        copy: Path | None = None,
        reranker: Reranker | None = None,
        weights: Weights = Weights(),
        depths: Depths = Depths(),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._catalogue = catalogue
        self._vectors = vectors
        self._embedder = embedder
        self._words = words or Words(catalogue, copy)
        self._reranker = reranker
        self._weights = weights
        self._depths = depths
        self._now = now
        self._publishers: tuple[str, tuple[str, ...]] = ("", ())

    def search(self, question: str, k: int, filters: Filters = Filters()) -> list[Hit]:
        """At most k hits, best first, ranks 1..n, ties by passage id. Raises UsageError for k < 1 or an empty question."""
        return list(self.explain(question, k, filters).hits)

    def explain(self, question: str, k: int, filters: Filters = Filters()) -> Explanation:
        """The hits of `search` with what found each, and what was made of the question."""
        if k < 1:
            raise UsageError(f"{k} hits cannot be found.", "Ask for 1 or more.")
        if not question.strip():
            raise UsageError("The question is empty.", "Ask something.")
        view = self._words.view()
        query = take_apart(question)
        wish = asked(query, question, filters, self._known_publishers(view), self._now())
        if wish.binding:
            found = self._search(query, k, together(filters, wish.read), wish, view)
            if found.hits:
                return found
        fell_back = wish.binding
        notes = (f"Nothing passes {wish.words}, read off the question; searched without.",) if fell_back else ()
        loose = Asked(wish.read, binding=fell_back, words=wish.words)
        return self._search(query, k, filters, loose, view, fell_back=fell_back, notes=notes)

    def _search(
        self,
        query: Query,
        k: int,
        filters: Filters,
        wish: Asked,
        view: View,
        *,
        fell_back: bool = False,
        notes: tuple[str, ...] = (),
    ) -> Explanation:
        only = self._catalogue.article_ids(filters) if filters else None
        preferred = self._preferred(wish)
        standing = self._reranked(self._standing(query, k, only, preferred, view), query.text)
        chosen = standing.covering(k)
        order = list(chosen)
        articles = self._catalogue.articles_by_id({standing.passages[each].article_id for each in order})
        order = [each for each in order if standing.passages[each].article_id in articles]
        hits = tuple(
            Hit(
                passage=standing.passages[each],
                article=articles[standing.passages[each].article_id],
                score=chosen[each][0],
                rank=rank,
                found_by=standing.found_by(each),
            )
            for rank, each in enumerate(order, 1)
        )
        if preferred:
            notes = (*notes, f"Preferred, as the question names it: {wish.words}.")
        parts = tuple(part.text for part in query.parts)
        told = (query.text, parts, filters, wish.read, bool(preferred), fell_back, notes)
        votes = zip(order, standing.votes(order), strict=True)
        return Explanation(*told, hits, tuple((*found, chosen[each][1]) for each, found in votes))

    def _standing(
        self, query: Query, k: int, only: Sequence[str] | None, preferred: frozenset[str], view: View
    ) -> Standing:
        """The best candidates by words and meaning, looked at sentence by sentence."""
        weights, asked_for = self._weights, (query.whole, *(query.parts or (query.whole,)))
        terms = [part.terms for part in asked_for]
        worth = {each: view.weight(each) * query.weights.get(each, 1.0) for part in terms for each in part}
        scores = view.scores(terms, worth)
        if only is not None:
            scores[:, ~view.among(frozenset(only))] = 0
        share = shares(scores)
        near = self._near(query.text, only, view)
        liked = view.among(preferred).astype(np.float32)
        of_words = [_Found("words", part, scores[part], share[part], weights.of(part)) for part in range(len(terms))]
        rows = [*of_words, _Found("dense", 0, *near, weights.dense), _Found("named", 0, liked, liked, weights.named)]
        first = weights.whole * share[0] + weights.parts * share[1:].max(axis=0) + weights.dense * near[1]
        first = np.where(first > 0, first + weights.named * liked, 0)
        passages, numbers = self._candidates(view, top(first, max(k, self._depths.candidates)))
        said = sentence_scores(passages, terms, worth)
        best = shares(said.best)
        by_sentence = [
            Row("sentences", part, said.best[part], best[part], weights.sentences * weights.of(part), said.best[part])
            for part in range(len(terms))
        ]
        found = [each.of(numbers) for each in rows if each.scores.any()]
        questions = tuple(part.text for part in asked_for)
        return Standing(passages, questions, (*found, *by_sentence), said.held, said.worth)

    def _candidates(self, view: View, numbers: Sequence[int]) -> tuple[tuple[Passage, ...], NDArray[np.int64]]:
        """The passages of these numbers that the catalogue still has, and their numbers."""
        at = {view.passages[each]: each for each in numbers}
        passages = tuple(self._catalogue.passages(list(at)))
        return passages, np.fromiter((at[each.id] for each in passages), np.int64, len(passages))

    def _near(self, text: str, only: Sequence[str] | None, view: View) -> tuple[Floats, Floats]:
        """Cosine similarities of the nearest passages, and their shares; 0 elsewhere."""
        found = self._vectors.nearest(self._embedder.embed([text])[0], self._depths.dense, only)
        share = shares_above_last(found)
        scores = np.zeros((2, len(view.passages)), np.float32)
        for name, score in found:
            number = view.number(name)
            if number is not None and view.alive[number]:
                scores[:, number] = score, share[name]
        return scores[0], scores[1]

    def _reranked(self, standing: Standing, question: str) -> Standing:
        """The same, with the reranker's row for the best candidates where there is a reranker."""
        best = standing.order(self._depths.reranker)
        if self._reranker is None or not best:
            return standing
        scores = np.zeros(len(standing.passages), np.float32)
        scores[best] = self._reranker.scores(question, [standing.passages[each].text for each in best])
        row = Row("reranker", 0, scores, scores, self._weights.reranker, scores)
        return replace(standing, rows=(*standing.rows, row))

    def _preferred(self, wish: Asked) -> frozenset[str]:
        """The articles that pass what the words prefer."""
        return frozenset() if wish.binding or not wish.read else frozenset(self._catalogue.article_ids(wish.read))

    def _known_publishers(self, view: View) -> tuple[str, ...]:
        content, publishers = self._publishers
        if content != view.content:
            publishers = self._catalogue.publishers()
            self._publishers = (view.content, publishers)
        return publishers


def retriever_over(index: Index, settings: SearchSettings, models: Path) -> HybridRetriever:
    """The retriever of an open index. Raises MissingError where the reranker that the settings name is not there."""
    reranker = load_reranker(settings.reranker, models) if settings.reranker else None
    return HybridRetriever(index.catalogue, index.vectors, index.embedder, copy=index.words_copy, reranker=reranker)


@dataclass(frozen=True, slots=True)
class _Found:
    search: str
    part: int
    scores: Floats
    shares: Floats
    weight: float

    def of(self, numbers: NDArray[np.int64]) -> Row:
        """The row of some of the passages."""
        return Row(self.search, self.part, self.scores[numbers], self.shares[numbers], self.weight, self.scores)
