"""The rate of indexing beside the bare encoder on the same passages, and the memory it takes.

    python -m eval.benches.indexing [PATH…]      default: the sample articles

Both are measured in one run, the encoder first and last, since the machine may be shared: compare the ratio.
"""

import argparse
import resource
import statistics
import tempfile
import time
from pathlib import Path

from index.building import build, embedded_text
from index.opening import Index, open_index
from rag.settings import Settings, read_settings


def bare_rate(index: Index) -> float:
    """Passages a second that the encoder alone makes of the index's own passages, in batches as the index makes them."""
    texts = [
        embedded_text(article.title, passage)
        for article in index.catalogue.articles()
        for passage in index.catalogue.passages_of(article.id)
    ]
    batch = index.settings.batch
    start = time.perf_counter()
    for at in range(0, len(texts), batch):
        index.embedder.embed(texts[at : at + batch])
    return len(texts) / (time.perf_counter() - start)


def measure(paths: list[Path], settings: Settings) -> None:
    """Build once, encode the same passages before and after, build again unchanged; print the figures."""
    with (
        tempfile.TemporaryDirectory() as home,
        open_index(Path(home), settings.index, settings.search, settings.models, write=True) as index,
    ):
        index.embedder.embed(["warm"])
        before = _peak()
        start = time.perf_counter()
        summary = build(index, paths)
        seconds = time.perf_counter() - start
        peak = _peak()
        again = time.perf_counter()
        build(index, paths)
        unchanged = time.perf_counter() - again
        bare = [bare_rate(index) for _ in range(3)]
    rate = summary.passages / seconds
    print(f"articles {summary.articles}, passages {summary.passages}, embedder {settings.index.embedder}")
    print(f"indexing        {rate:8.1f} passages/s ({seconds:.1f} s)")
    print(f"bare encoder    {statistics.median(bare):8.1f} passages/s (median of {len(bare)})")
    print(f"ratio           {rate / statistics.median(bare):8.1%}")
    print(f"again unchanged {unchanged:8.2f} s")
    print(f"peak memory     {peak:8.0f} MiB ({before:.0f} before, with the encoder loaded)")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, default=[Path("articles")])
    measure(parser.parse_args().paths, read_settings())
