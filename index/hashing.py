"""A small deterministic embedder that needs no model: hashed words. It finds shared words, not meaning."""

import re
from collections.abc import Sequence
from hashlib import blake2b, sha256
from itertools import pairwise

import numpy as np

from index.protocols import Vectors

_WORD = re.compile(r"\w+")


class HashingEmbedder:
    """Feature hashing (Weinberger et al. 2009, arXiv 0902.2206) of lowercased words and their neighbours' pairs."""

    name = "hashing"
    digest = sha256(b"byline hashing embedder 1").hexdigest()
    dimension = 256
    max_tokens = 512

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of length 1, in the order of `texts`."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            words = _WORD.findall(text.lower()) or [""]
            for feature in (*words, *map(" ".join, pairwise(words))):
                slot, sign = _place(feature, self.dimension)
                vectors[row, slot] += sign
            if not vectors[row].any():
                vectors[row, 0] = 1.0
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def count_tokens(self, text: str) -> int:
        """Words of `text`."""
        return len(_WORD.findall(text))


def _place(feature: str, dimension: int) -> tuple[int, float]:
    number = int.from_bytes(blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    return (number >> 1) % dimension, 1.0 if number & 1 else -1.0
