"""Chroma behind `VectorStore`: embedded in a folder, or a server by URL; telemetry off, nothing else stored."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, cast

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import AuthorizationError, ChromaAuthError, ChromaError, NotFoundError
from httpx import HTTPError

from index.chroma_places import Folder, Server, server_at
from index.errors import BrokenError, MissingError
from index.protocols import Vectors
from index.settings import SearchSettings
from index.types import Passage

Place = Folder | Server

# A wide search costs a millisecond and finds what an exact one finds; a narrow one loses a few in a hundred.
_HNSW = {"space": "cosine", "ef_construction": 100, "ef_search": 300, "max_neighbors": 16}
_SPARE = 32
_HERE = SearchSettings()
PATIENCE_S = 60.0
"""So long a server may take for one request."""


class ChromaVectors:
    """Passage vectors in one Chroma collection with the cosine distance; safe to share between threads."""

    def __init__(self, place: Place, collection: str) -> None:
        self._place = place
        self._name = collection
        self._lock = Lock()
        self._client: Any = None
        with self._using():
            self._open()

    def put(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Write or replace; returns when durable."""
        if len(passages) != len(vectors):
            raise ValueError(f"{len(passages)} passages with {len(vectors)} vectors")
        with self._using():
            most = self._fresh().get_max_batch_size()
            for at in range(0, len(passages), most):
                part = passages[at : at + most]
                self._collection.upsert(
                    ids=[each.id for each in part],
                    embeddings=np.asarray(vectors[at : at + len(part)], dtype=np.float32),
                    metadatas=[{"article_id": each.article_id} for each in part],
                )
            self._place.changed()

    def delete(self, passage_ids: Sequence[str]) -> None:
        """Forget; unknown ids are ignored."""
        if not passage_ids:
            return
        with self._using():
            most = self._fresh().get_max_batch_size()
            for at in range(0, len(passage_ids), most):
                self._collection.delete(ids=list(passage_ids[at : at + most]))
            self._place.changed()

    def nearest(self, vector: Vectors, k: int, article_ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The k nearest (passage id, cosine similarity), best first, ties by id; only of `article_ids` when given."""
        with self._using():
            self._fresh()
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
        with self._using():
            self._fresh()
            return set(self._collection.get(include=[])["ids"])

    def of(self, passage_ids: Sequence[str]) -> Vectors:
        """The vectors of these passages, in the order of the ids; KeyError for one that is not held."""
        with self._using():
            self._fresh()
            found = self._collection.get(ids=list(passage_ids), include=["embeddings"])
            held = dict(zip(found["ids"], cast(Any, found["embeddings"]), strict=True))
        return np.asarray([held[each] for each in passage_ids], dtype=np.float32)

    def count(self) -> int:
        """How many vectors are held."""
        with self._using():
            self._fresh()
            return int(self._collection.count())

    def forget_all(self) -> None:
        """Drop the collection from its server or folder."""
        with self._using():
            self._client.delete_collection(self._name)

    def close(self) -> None:
        """Let go of the files; the store cannot be used afterwards."""
        with self._using():
            _shut(self._client)

    @contextmanager
    def _using(self) -> Iterator[None]:
        with self._lock, _asking(self._place):
            yield

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

    def _fresh(self) -> Any:
        """The client; a new one if another process has changed the folder, for Chroma keeps what it has read."""
        if self._place.stale():
            old = self._client
            self._open()
            _shut(old)
        return self._client

    def _open(self) -> None:
        self._client = _client_of(self._place)
        self._collection = self._client.get_or_create_collection(
            self._name, configuration={"hnsw": dict(_HNSW)}, embedding_function=None
        )


def open_vectors(folder: Path, collection: str, search: SearchSettings = _HERE) -> ChromaVectors:
    """The vectors in a folder, or those of a Chroma server where the settings name one.

    Raises MissingError where the server does not answer or does not let us in, BrokenError where the folder is damaged.
    """
    place = server_at(search.chroma_url, search.chroma_headers) if search.chroma_url else Folder(folder)
    return ChromaVectors(place, collection)


def version_at(search: SearchSettings) -> str:
    """The version of the server that the settings name. Raises MissingError where it does not answer or let us in."""
    place = server_at(search.chroma_url, search.chroma_headers)
    with _asking(place):
        client = _client_of(place)
        try:
            return str(client.get_version())
        finally:
            _shut(client)


def _client_of(place: Place) -> Any:
    settings = Settings(anonymized_telemetry=False)
    if isinstance(place, Folder):
        return chromadb.PersistentClient(path=place.spelling(), settings=settings)
    client = chromadb.HttpClient(
        host=place.host, port=place.port, ssl=place.secure, headers=dict(place.headers), settings=settings
    )
    for session in _sessions_of(client):
        session.timeout = PATIENCE_S
    return client


def _sessions_of(client: Any) -> list[Any]:
    """The connections of a server's client and of its administrator: they wait for ever and outlive it, and it has no setting."""
    servers: list[Any] = [getattr(each, "_server", None) for each in (client, getattr(client, "_admin_client", None))]
    return [each._session for each in servers if hasattr(each, "_session")]


def _shut(client: Any) -> None:
    sessions = _sessions_of(client)
    client.close()
    for session in sessions:
        session.close()


@contextmanager
def _asking(place: Place) -> Iterator[None]:
    """Whatever goes wrong with Chroma, as an error that names the place and what to do."""
    try:
        yield
    except (KeyError, MemoryError):
        raise
    except NotFoundError as error:
        raise BrokenError(f"The vectors at {place} are gone: {_said(error)}.", _REBUILD) from error
    except Exception as error:
        # An answer that is not Chroma's own, such as a proxy's, comes as a bare Exception.
        if (
            not isinstance(error, ChromaError | HTTPError | ValueError | ConnectionError)
            and type(error) is not Exception
        ):
            raise
        if isinstance(place, Folder):
            raise BrokenError(f"The vectors in {place} cannot be read: {_said(error)}.", _REBUILD) from error
        if isinstance(error, AuthorizationError | ChromaAuthError):
            raise MissingError(f"The Chroma server at {place} wants a key.", _KEY) from error
        does = "refuses" if isinstance(error, ChromaError) else "does not answer as one"
        raise MissingError(f"The Chroma server at {place} {does}: {_said(error)}.", _START) from error


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__


_REBUILD = "Build them again: byline index --rebuild PATH."
_KEY = "Set search.chroma_headers, for example to x-chroma-token: KEY."
_START = (
    "Start it (chroma run), or set search.chroma_url to where it is, and search.chroma_headers to the key it wants."
)
