"""Chroma behind `VectorStore`: embedded in a folder, or a server by URL; telemetry off, nothing else stored."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import uuid4

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
_PROCESS = uuid4().hex


class ChromaVectors:
    """Passage vectors in one Chroma collection with the cosine distance; safe to share between threads."""

    def __init__(self, connection: "_Folder | _Server", collection: str) -> None:
        self._connection = connection
        self._name = collection
        self._using = Lock()
        self._client: Any = None
        self._open()

    def put(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Write or replace; returns when durable."""
        if len(passages) != len(vectors):
            raise ValueError(f"{len(passages)} passages with {len(vectors)} vectors")
        with self._using:
            most = self._fresh().get_max_batch_size()
            for at in range(0, len(passages), most):
                part = passages[at : at + most]
                self._collection.upsert(
                    ids=[each.id for each in part],
                    embeddings=np.asarray(vectors[at : at + len(part)], dtype=np.float32),
                    metadatas=[{"article_id": each.article_id} for each in part],
                )
            self._connection.changed()

    def delete(self, passage_ids: Sequence[str]) -> None:
        """Forget; unknown ids are ignored."""
        if not passage_ids:
            return
        with self._using:
            most = self._fresh().get_max_batch_size()
            for at in range(0, len(passage_ids), most):
                self._collection.delete(ids=list(passage_ids[at : at + most]))
            self._connection.changed()

    def nearest(self, vector: Vectors, k: int, article_ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The k nearest (passage id, cosine similarity), best first, ties by id; only of `article_ids` when given."""
        with self._using:
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
        with self._using:
            self._fresh()
            return set(self._collection.get(include=[])["ids"])

    def of(self, passage_ids: Sequence[str]) -> Vectors:
        """The vectors of these passages, in the order of the ids; KeyError for one that is not held."""
        with self._using:
            self._fresh()
            found = self._collection.get(ids=list(passage_ids), include=["embeddings"])
            held = dict(zip(found["ids"], cast(Any, found["embeddings"]), strict=True))
        return np.asarray([held[each] for each in passage_ids], dtype=np.float32)

    def forget_all(self) -> None:
        """Drop the collection from its server or folder."""
        with self._using:
            self._client.delete_collection(self._name)

    def close(self) -> None:
        """Let go of the files; the store cannot be used afterwards."""
        with self._using:
            self._client.close()

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
        if self._connection.stale():
            old = self._client
            self._open()
            old.close()
        return self._client

    def _open(self) -> None:
        self._client = self._connection.client()
        self._collection = self._client.get_or_create_collection(
            self._name, configuration={"hnsw": dict(_HNSW)}, embedding_function=None
        )


class _Folder:
    """A folder that Chroma keeps, and beside it a mark of the last change, made by a process that names itself.

    Within a process Chroma shares what it holds by the spelling of the path; so another spelling opens it afresh.
    """

    _spelled: dict[str, tuple[int, str]] = {}  # noqa: RUF012 - one for the process, as Chroma's own is
    _spelling = Lock()

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._mark = folder.with_name(f"{folder.name}.changed")
        self._number = -1

    def client(self) -> Any:
        self._number = self._latest()
        path = self._folder + "/." * self._number
        return chromadb.PersistentClient(path=path, settings=Settings(anonymized_telemetry=False))

    def stale(self) -> bool:
        return self._latest() != self._number

    def changed(self) -> None:
        self._mark.write_text(f"{_PROCESS} {uuid4().hex}", encoding="ascii")

    def _latest(self) -> int:
        try:
            mark = self._mark.read_text(encoding="ascii")
        except FileNotFoundError:
            mark = ""
        with self._spelling:
            number, handled = self._spelled.get(self._folder, (0, mark))
            if mark != handled and not mark.startswith(_PROCESS):
                number += 1
            self._spelled[self._folder] = (number, mark)
            return number


class _Server:
    """A Chroma server, which keeps its clients up to date itself."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in {"http", "https"} or not address.hostname:
            raise UsageError(f"search.chroma_url {url} is not an address.", "It looks like http://127.0.0.1:8000.")
        self._secure = address.scheme == "https"
        self._host = address.hostname
        self._port = address.port or (443 if self._secure else 8000)

    def client(self) -> Any:
        settings = Settings(anonymized_telemetry=False)
        return chromadb.HttpClient(host=self._host, port=self._port, ssl=self._secure, settings=settings)

    def stale(self) -> bool:
        return False

    def changed(self) -> None:
        return


def open_vectors(folder: Path, collection: str, url: str = "") -> ChromaVectors:
    """The vectors in a folder, or those of a Chroma server when a URL is given."""
    try:
        return ChromaVectors(_Server(url) if url else _Folder(folder), collection)
    except ChromaError as error:
        raise BrokenError(f"The vectors in {folder} cannot be read: {error}.", _REBUILD) from error
    except (ConnectionError, ValueError) as error:
        raise MissingError(f"No Chroma server answers at {url or folder}: {error}.", "Start it: chroma run.") from error


_REBUILD = "Build them again: byline index --rebuild PATH."
