"""Byline, as a contestant of `eval.benches.indexing` in a process of its own; and its encoder alone."""

import json
import sys
from pathlib import Path

from eval.benches.indexers.measured import measured
from index.building import build, embedded_text
from index.opening import Index, open_index
from rag.settings import read_settings


def main(files: Path, home: Path, encoder: Path) -> None:
    """Index the files, or find them unchanged; after the first time the encoder makes the same vectors alone."""
    settings = read_settings({"index.embedder": str(encoder)})
    with open_index(home, settings.index, settings.search, settings.models, write=True) as index:
        index.embedder.embed(["warm"])
        told = measured(lambda: build(index, [files]).passages)
        alone = [measured(lambda: encode_alone(index)) for _ in range(2)] if told["passages"] else []
    print(json.dumps({"indexed": told, "alone": alone}))


def encode_alone(index: Index) -> int:
    """The encoder over the index's own passages, as many at once as the index gives it; returns how many."""
    texts = [
        embedded_text(article.title, passage)
        for article in index.catalogue.articles()
        for passage in index.catalogue.passages_of(article.id)
    ]
    at_once = 512
    for at in range(0, len(texts), at_once):
        index.embedder.embed(texts[at : at + at_once])
    return len(texts)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
