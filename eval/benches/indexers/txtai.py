"""txtai with its SQLite content and Faiss, as a contestant of `eval.benches.indexing` in a process of its own."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from txtai import Embeddings
from txtai.pipeline import Segmentation

from eval.benches.indexers.measured import measured


def main(files: Path, home: Path, encoder: Path) -> None:
    """Index the files by paragraph, as its own segmentation cuts them. It keeps no account of files: again is all again."""
    embeddings = Embeddings(path=str(encoder), content=True, encodebatch=32, gpu=False)
    embeddings.batchtransform(["warm"])
    paragraphs = Segmentation(paragraphs=True)
    made = 0

    def passages() -> Iterator[tuple[str, str]]:
        nonlocal made
        for file in sorted(files.iterdir()):
            for number, passage in enumerate(paragraphs(file.read_text(encoding="utf-8"))):
                made += 1
                yield f"{file.name} {number}", passage

    def index() -> int:
        if embeddings.exists(str(home)):
            embeddings.load(str(home))
            embeddings.upsert(passages())
        else:
            embeddings.index(passages())
        embeddings.save(str(home))
        return made

    print(json.dumps({"indexed": measured(index), "alone": []}))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
