"""sentence-transformers behind `Embedder` and `Reranker`: a folder of files in, numbers out, nothing fetched."""

import json
import os
from collections.abc import Callable, Sequence
from hashlib import file_digest
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from index.errors import BrokenError, UsageError
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
        self.name = name
        self._folder = folder
        self._batch = batch
        self._lock = Lock()
        self._loaded: Any = None
        # The library takes seconds to load, and a build that finds nothing new never embeds: the folder tells the rest.
        shape = _shape(folder)
        self.dimension, self.max_tokens = shape or self._shape_of(self._model())
        self._counter = _counter(folder, self._model)

    def _model(self) -> Any:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._folder, f"Fetch it again: byline models pull {self.name}.")
        return self._loaded

    @staticmethod
    def _shape_of(model: Any) -> tuple[int, int]:
        return int(model.get_embedding_dimension() or 0), int(model.max_seq_length or 512)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of length 1, in the order of `texts`."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        model = self._model()
        with self._lock:
            vectors: Vectors = model.encode(
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


class CrossEncoderReranker:
    """A cross-encoder of one score, loaded from a local folder, on the CPU; safe to share between threads."""

    def __init__(self, folder: Path, name: str, batch: int = 32) -> None:
        self._model = _load(folder, f"Put a whole copy of {name} there.", cross=True)
        if self._model.num_labels != 1:
            raise UsageError(
                f"{name} gives {self._model.num_labels} scores for a question and a passage; a reranker gives one.",
                "Name another, or none: --set search.reranker=",
            )
        self._lock = Lock()
        self._batch = batch
        self.name = name

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score a text, higher is better, from 0 to 1."""
        if not texts:
            return []
        from torch.nn import Sigmoid

        with self._lock:
            found = self._model.predict(
                [(question, text) for text in texts],
                batch_size=self._batch,
                activation_fn=Sigmoid(),
                show_progress_bar=False,
            )
        return [float(each) for each in found]


def _load(folder: Path, remedy: str, *, cross: bool = False) -> Any:
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ.setdefault(variable, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import CrossEncoder, SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    kind: Any = CrossEncoder if cross else SentenceTransformer
    try:
        return kind(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise BrokenError(f"The model in {folder} cannot be loaded: {error}.", remedy) from error


_PLAIN = {"Transformer", "Pooling", "Normalize"}


def _shape(folder: Path) -> tuple[int, int] | None:
    """Dimension and longest text as the folder's files tell them; None where only the loaded model can."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        transformer = json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))
        pooling = json.loads((folder / "1_Pooling" / "config.json").read_text(encoding="utf-8"))
        if {str(each["type"]).rsplit(".", 1)[-1] for each in modules} <= _PLAIN:
            return int(pooling["word_embedding_dimension"]), int(transformer["max_seq_length"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def _counter(folder: Path, model: Callable[[], Any]) -> Any:
    """A tokenizer of its own: the model's cuts at its limit, and must not be used by two threads at once."""
    from tokenizers import Tokenizer

    if not (folder / "tokenizer.json").is_file():
        return lambda text: len(model().tokenizer(text, add_special_tokens=False, truncation=False)["input_ids"])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)
