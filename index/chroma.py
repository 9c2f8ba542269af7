"""Chroma behind `VectorStore`: embedded in a folder, or a server by URL; telemetry off, nothing else stored."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError

from index.errors import BrokenError, MissingError, UsageError
from index.protocols import Vectors
from index.types import Passage

# A wide search costs a millisecond and finds what an exact one finds; a narrow one loses a few in a hundred.
_HNSW = {"space": "cosine", "ef_construction": 100, "ef_search": 300, "max_neighbors": 16}
_SPARE = 32


class ChromaVectors:
    """Passage vectors in one Chroma collection with the cosine distance."""

    def __init__(self, client: Any, collection: str) -> None:
        self._client = client
        self._collection = client.get_or_create_collection(
            collection, configuration={"hnsw": dict(_HNSW)}, embedding_function=None
        )
        self._most = int(client.get_max_batch_size())

    def put(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Write or replace; returns when durable."""
        if len(passages) != len(vectors):
            raise ValueError(f"{len(passages)} passages with {len(vectors)} vectors")
        for at in range(0, len(passages), self._most):
            part = passages[at : at + self._most]
            self._collection.upsert(
                ids=[each.id for each in part],
                embeddings=np.asarray(vectors[at : at + len(part)], dtype=np.float32),
                metadatas=[{"article_id": each.article_id} for each in part],
            )

    def delete(self, passage_ids: Sequence[str]) -> None:
        """Forget; unknown ids are ignored."""
        for at in range(0, len(passage_ids), self._most):
            self._collection.delete(ids=list(passage_ids[at : at + self._most]))

    def nearest(self, vector: Vectors, k: int, article_ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The k nearest (passage id, cosine similarity), best first, ties by id; only of `article_ids` when given."""
        held = self._collection.count()
        if k < 1 or not held or (article_ids is not None and not article_ids):
            return []
        where = None if article_ids is None else {"article_id": {"$in": sorted(set(article_ids))}}
        ask = min(k + _SPARE, held)
        while True:
            found = self._ask(vector, ask, where)
            # Equal scores may run on past what was asked for; then the choice among them would not be by id.
            if len(found) < ask or ask == held or found[k - 1][1] != found[-1][1]:
                return found[:k]
            ask = min(ask * 4, held)

    def ids(self) -> set[str]:
        """All passage ids held."""
        return set(self._collection.get(include=[])["ids"])

    def _ask(self, vector: Vectors, k: int, where: dict[str, Any] | None) -> list[tuple[str, float]]:
        found = self._collection.query(
            query_embeddings=np.asarray(vector, dtype=np.float32).reshape(1, -1),
            n_results=k,
            where=where,
            include=["distances"],
        )
        scored = zip(found["ids"][0], cast(Any, found["distances"])[0], strict=True)
        return sorted(
            ((each, 1.0 - float(distance)) for each, distance in scored), key=lambda pair: (-pair[1], pair[0])
        )


def open_vectors(folder: Path, collection: str, url: str = "") -> ChromaVectors:
    """The vectors in a folder, or those of a Chroma server when a URL is given."""
    settings = Settings(anonymized_telemetry=False)
    try:
        if not url:
            return ChromaVectors(chromadb.PersistentClient(path=str(folder), settings=settings), collection)
        address = urlsplit(url)
        if address.scheme not in {"http", "https"} or not address.hostname:
            raise UsageError(f"search.chroma_url {url} is not an address.", "It looks like http://127.0.0.1:8000.")
        secure = address.scheme == "https"
        port = address.port or (443 if secure else 8000)
        client = chromadb.HttpClient(host=address.hostname, port=port, ssl=secure, settings=settings)
        return ChromaVectors(client, collection)
    except ChromaError as error:
        raise BrokenError(f"The vectors in {folder} cannot be read: {error}.", _REBUILD) from error
    except (ConnectionError, ValueError) as error:
        raise MissingError(f"No Chroma server answers at {url}: {error}.", "Start it: chroma run.") from error


_REBUILD = "Build them again: byline index --rebuild PATH."
