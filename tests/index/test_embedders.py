import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from index.errors import MissingError
from index.opening import load_embedder
from index.protocols import Embedder
from rag.settings import read_settings

TEXTS = [
    "A ferry sank.",
    "",
    "the " * 900,
    "Une école à Évian 🚢",
    "A ferry sank.",
    "Budget talks failed on Monday night.",
]


@pytest.fixture(scope="module", params=["hashing", "all-MiniLM-L6-v2"])
def embedder(request: pytest.FixtureRequest) -> Iterator[Embedder]:
    try:
        yield load_embedder(request.param, read_settings().models)
    except MissingError as missing:
        pytest.skip(str(missing))


def test_rows_are_unit_vectors_in_the_order_of_the_texts(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), embedder.dimension), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert np.allclose(embedder.embed([text])[0], vector, atol=1e-5)
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_what_shares_words_is_nearer(embedder: Embedder) -> None:
    one, near, far = embedder.embed(
        ["The ferry sank off Norrby.", "A ferry sank near Norrby today.", "Parliament cut the tariff."]
    )
    assert one @ near > one @ far


def test_tokens_are_counted_without_special_ones(embedder: Embedder) -> None:
    assert [embedder.count_tokens(each) for each in ("", "ferry", "the " * 900)] == [0, 1, 900]


def test_it_says_what_it_is(embedder: Embedder) -> None:
    assert len(embedder.digest) == 64
    assert embedder.max_tokens >= 128


def test_loading_and_embedding_say_nothing() -> None:
    models = read_settings().models
    if not (models / "all-MiniLM-L6-v2").is_dir():
        pytest.skip(f"all-MiniLM-L6-v2 is not in {models}: byline models pull all-MiniLM-L6-v2")
    script = (
        "import sys; from pathlib import Path; from index.opening import load_embedder\n"
        "print(load_embedder('all-MiniLM-L6-v2', Path(sys.argv[1])).embed(['A ferry sank.']).shape)"
    )
    command = [sys.executable, "-c", script, str(models)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "(1, 384)\n", "")
