"""LlamaIndex's own retrievers over the passages and vectors of a Byline index, to be compared with ours."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from itertools import islice

from llama_index.core import VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from pydantic import PrivateAttr

from index.catalogue import SqliteCatalogue
from index.chroma import ChromaVectors
from index.opening import Index
from index.protocols import Embedder
from index.terms import telling

_DEEP = 100


class OurEmbedding(BaseEmbedding):
    """An embedder of ours as LlamaIndex's, so that both sides have the same vectors."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(model_name=embedder.name)
        self._embedder = embedder

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(each) for each in self._embedder.embed([text])[0]]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


class SqliteWords(BaseRetriever):
    """BM25 of the catalogue's FTS5, where LlamaIndex's own BM25 is not installed."""

    def __init__(self, catalogue: SqliteCatalogue, nodes: Sequence[TextNode], k: int) -> None:
        self._catalogue = catalogue
        self._nodes = {each.node_id: each for each in nodes}
        self._k = k
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._catalogue.words(telling(query_bundle.query_str), self._k)
        return [NodeWithScore(node=self._nodes[name], score=score) for name, score in found]


def llamaindex_ways(index: Index, k: int) -> dict[str, Callable[[str], list[str]]]:
    """By name, what finds the texts of k passages: the vector index's default, and its fusion with BM25 by ranks."""
    nodes = list(nodes_of(index))
    embedding = OurEmbedding(index.embedder)
    vectors = VectorStoreIndex(nodes, embed_model=embedding)
    words, name = _words(index, nodes)
    fused = QueryFusionRetriever(
        [vectors.as_retriever(similarity_top_k=_DEEP), words],
        llm=MockLLM(),
        mode=FUSION_MODES.RECIPROCAL_RANK,
        similarity_top_k=k,
        num_queries=1,
        use_async=False,
    )
    return {
        "LlamaIndex vector": _texts(vectors.as_retriever(similarity_top_k=k)),
        f"LlamaIndex fusion, {name}": _texts(fused),
    }


def nodes_of(index: Index) -> list[TextNode]:
    """Our passages with our vectors."""
    assert isinstance(index.vectors, ChromaVectors)
    names = iter(sorted(index.catalogue.passage_ids()))
    nodes: list[TextNode] = []
    while page := list(islice(names, 500)):
        passages = index.catalogue.passages(page)
        vectors = index.vectors.of([each.id for each in passages])
        nodes += [
            TextNode(id_=passage.id, text=passage.text, embedding=vector.tolist())
            for passage, vector in zip(passages, vectors, strict=True)
        ]
    return nodes


def _words(index: Index, nodes: list[TextNode]) -> tuple[BaseRetriever, str]:
    if find_spec("llama_index.retrievers") and find_spec("llama_index.retrievers.bm25"):
        from llama_index.retrievers.bm25 import BM25Retriever

        return BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=min(_DEEP, len(nodes))), "its BM25"
    return SqliteWords(index.catalogue, nodes, _DEEP), "FTS5"


def _texts(retriever: BaseRetriever) -> Callable[[str], list[str]]:
    return lambda question: [found.node.get_content() for found in retriever.retrieve(question)]
