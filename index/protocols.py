"""What the index room asks of its parts. One contract suite in tests/ runs over every implementation."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.types import Article, Cluster, Filters, Hit, Passage

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Text to unit vectors; the same text always gives the same vector."""

    name: str
    digest: str
    dimension: int
    max_tokens: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of length 1, in the order of `texts`."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` without the special ones."""
        ...


class VectorStore(Protocol):
    """Passage vectors by passage id."""

    def put(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Write or replace; returns when durable."""
        ...

    def delete(self, passage_ids: Sequence[str]) -> None:
        """Forget; unknown ids are ignored."""
        ...

    def nearest(self, vector: Vectors, k: int, article_ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The k nearest (passage id, cosine similarity), best first, ties by id; only of `article_ids` when given."""
        ...

    def ids(self) -> set[str]:
        """All passage ids held."""
        ...


class Catalogue(Protocol):
    """Articles, passages, clusters and the words index, in one transactional store."""

    def articles(self, filters: Filters = Filters()) -> Iterator[Article]:
        """All articles that pass the filters, newest first, unknown dates last, ties by id."""
        ...

    def article(self, article_id: str) -> Article | None:
        """One article, or None."""
        ...

    def passages(self, passage_ids: Sequence[str]) -> list[Passage]:
        """The passages that are there, in the order of the ids asked for."""
        ...

    def passages_of(self, article_id: str) -> list[Passage]:
        """All passages of one article in order."""
        ...

    def cluster_of(self, article_id: str) -> Cluster | None:
        """The near-copies that an article belongs to; None where it stands alone."""
        ...

    def words(self, terms: Sequence[str], k: int, article_ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The k best (passage id, BM25 score, higher is better) for the terms, best first, ties by id."""
        ...

    def replace(self, article: Article, passages: Iterable[Passage]) -> None:
        """Put an article with its passages in place of an earlier one, in one transaction."""
        ...

    def remove(self, article_id: str) -> list[str]:
        """Forget an article; returns the ids of its passages."""
        ...


class Retriever(Protocol):
    """A question in, hits out."""

    def search(self, question: str, k: int, filters: Filters = Filters()) -> list[Hit]:
        """At most k hits, best first, ranks 1..n, ties by passage id. Raises UsageError for k < 1 or an empty question."""
        ...
