"""Byline's retriever as a LlamaIndex retriever: its hits as nodes, in any LlamaIndex query engine or pipeline.

For example:

    from index.llamaindex import BylineRetriever
    nodes = BylineRetriever(retriever, k=5).retrieve("What did the council decide?")
"""

from typing import Any

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from index.protocols import Retriever
from index.types import Filters, Hit


class BylineRetriever(BaseRetriever):
    """Any `Retriever` of ours behind LlamaIndex's; scores and order are ours."""

    def __init__(self, retriever: Retriever, k: int = 10, filters: Filters = Filters()) -> None:
        self._retriever = retriever
        self._k = k
        self._filters = filters
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._retriever.search(query_bundle.query_str, self._k, self._filters)
        return [NodeWithScore(node=_node(hit), score=hit.score) for hit in hits]


def _node(hit: Hit) -> TextNode:
    passage = hit.passage
    return TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata=_metadata(hit),
        excluded_embed_metadata_keys=_HIDDEN,
        excluded_llm_metadata_keys=_HIDDEN,
    )


def _metadata(hit: Hit) -> dict[str, Any]:
    article = hit.article
    return {
        "title": article.title,
        "publisher": article.publisher,
        "published_at": article.published_at and article.published_at.isoformat(),
        "url": article.url,
        "article_id": article.id,
        "article_sha256": article.sha256,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "rank": hit.rank,
        "found_by": list(hit.found_by),
    }


_HIDDEN = ["article_id", "article_sha256", "start", "end", "rank", "found_by", "url"]
