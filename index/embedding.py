"""sentence-transformers behind `Embedder`: a folder of files in, unit vectors out, nothing fetched."""

import os
from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from index.errors import BrokenError
from index.protocols import Vectors

WEIGHTS = ("model.safetensors", "pytorch_model.bin")


class SentenceTransformerEmbedder:
    """An encoder loaded from a local folder, on the CPU; safe to share between threads.

    Texts are encoded in batches of like length, so that padding costs little, and come back in their order.
    Reads at most `max_tokens` of a text, special tokens included.
    """

    def __init__(self, folder: Path, name: str, batch: int = 32) -> None:
        weights = next((folder / each for each in WEIGHTS if (folder / each).is_file()), None)
        if weights is None:
            raise BrokenError(f"{folder} holds no model weights.", f"Fetch it again: byline models pull {name}.")
        with weights.open("rb") as file:
            self.digest = file_digest(file, "sha256").hexdigest()
        self._model = _load(folder, name)
        self._lock = Lock()
        self._counter = _counter(folder, self._model)
        self._batch = batch
        self.name = name
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = int(self._model.max_seq_length or 512)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of length 1, in the order of `texts`."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._lock:
            vectors: Vectors = self._model.encode(
                list(texts),
                batch_size=self._batch,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` without the special ones."""
        return int(self._counter(text))


def _load(folder: Path, name: str) -> Any:
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ.setdefault(variable, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise BrokenError(
            f"The model in {folder} cannot be loaded: {error}.", f"Fetch it again: byline models pull {name}."
        ) from error


def _counter(folder: Path, model: Any) -> Any:
    """A tokenizer of its own: the model's cuts at its limit, and must not be used by two threads at once."""
    from tokenizers import Tokenizer

    if not (folder / "tokenizer.json").is_file():
        return lambda text: len(model.tokenizer(text, add_special_tokens=False, truncation=False)["input_ids"])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)
