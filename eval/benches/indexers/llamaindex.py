"""LlamaIndex's IngestionPipeline into Chroma, as a contestant of `eval.benches.indexing` in a process of its own."""

import json
import sys
from pathlib import Path

from llama_index.core import SimpleDirectoryReader
from llama_index.core.ingestion import DocstoreStrategy, IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.storage.docstore import SimpleDocumentStore
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.chroma import ChromaVectorStore

from eval.benches.indexers.measured import measured

TOKENS = 250


def main(files: Path, home: Path, encoder: Path) -> None:
    """Index the files, or find them unchanged by its document store and cache, kept beside the vectors."""
    home.mkdir(exist_ok=True)
    embedder = HuggingFaceEmbedding(model_name=str(encoder), embed_batch_size=32, device="cpu")
    embedder.get_text_embedding("warm")
    pipeline = IngestionPipeline(
        transformations=[SentenceSplitter(chunk_size=TOKENS, chunk_overlap=0), embedder],
        vector_store=ChromaVectorStore.from_params(collection_name="articles", persist_dir=str(home / "vectors")),
        docstore=SimpleDocumentStore(),
        docstore_strategy=DocstoreStrategy.UPSERTS,
    )
    kept = home / "pipeline"

    def index() -> int:
        if kept.exists():
            pipeline.load(str(kept))
        nodes = pipeline.run(documents=SimpleDirectoryReader(str(files), filename_as_id=True).load_data())
        pipeline.persist(str(kept))
        return len(nodes)

    print(json.dumps({"indexed": measured(index), "alone": []}))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
