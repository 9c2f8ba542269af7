"""An index at scale: killed in the middle and taken up again, then indexed unchanged; and the memory it takes by size.

    python -m eval.benches.scale [--data ../shared] [--articles 10000] [--embedder hashing]

Articles are recombined from the paragraphs of MultiHop-RAG's, a file each. The hashing embedder is fast and needs no
model, so that the rest is what is measured; make bench-index has the rate with a real one.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.opening import current, open_index
from rag.settings import Settings, read_settings

PARAGRAPHS = 10
KILL_AT = 0.4
SHARES = (0.1, 0.3, 1.0)
_LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class Run:
    """One `byline index` in a process of its own; `summary` is None where it was killed."""

    summary: dict[str, Any] | None
    seconds: float
    peak_mib: float


def recombined(data: Path, count: int) -> Iterator[tuple[str, str]]:
    """So many (file name, text), each with a headline and paragraphs of different articles, by a fixed seed."""
    file = data / "benchmarks" / "multihop-rag" / "articles.jsonl"
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    paragraphs = [line for each in records for line in each["body"].split("\n") if len(line.split()) > 20]
    chance = random.Random(1)
    for number in range(count):
        headline = chance.choice(records)["title"]
        body = "\n\n".join(chance.sample(paragraphs, PARAGRAPHS))
        yield f"{number:06}.md", f"# {headline}\n\n{body}\n"


def write(folder: Path, data: Path, count: int) -> None:
    """The files of `recombined`, a hundred a folder."""
    for number, (name, text) in enumerate(recombined(data, count)):
        place = folder / f"{number // 100:03}"
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")


def index_in_a_process(home: Path, paths: list[Path], embedder: str, kill_at: int | None = None) -> Run:
    """`byline index`, killed with SIGKILL as soon as the catalogue holds so many articles."""
    command = [sys.executable, "-c", "import sys; from rag.doors.cli import main; sys.exit(main())"]
    command += ["index", *map(str, paths), "--json", "--home", str(home), "--set", f"index.embedder={embedder}"]
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    if kill_at is not None:
        while child.poll() is None and held(home) < kill_at:
            time.sleep(_LOOK_S)
        child.send_signal(signal.SIGKILL)
    assert child.stdout is not None
    said = child.stdout.read()
    _, _, used = os.wait4(child.pid, 0) if child.returncode is None else (0, 0, None)
    seconds = time.perf_counter() - start
    return Run(json.loads(said) if said else None, seconds, used.ru_maxrss / 1024 if used else 0.0)


def held(home: Path) -> int:
    """How many articles the catalogue of a home holds now, read beside its writer."""
    folder = current(home)
    file = folder / "catalogue.sqlite" if folder else None
    if file is None or not file.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def whole(home: Path, settings: Settings) -> tuple[int, int, int]:
    """Articles, passages and vectors of an index; a vector that is missing or left over makes the last two differ."""
    with open_index(home, settings.index, settings.search, settings.models) as index:
        return (*index.catalogue.count(), len(index.vectors.ids()))


def main(data: Path, count: int, embedder: str) -> None:
    """Print what came of it."""
    settings = read_settings({"index.embedder": embedder})
    with tempfile.TemporaryDirectory() as temporary:
        pile, home = Path(temporary, "pile"), Path(temporary, "home")
        write(pile, data, count)
        folders = sorted(pile.iterdir())
        print(f"{count} articles of {PARAGRAPHS} paragraphs, a file each; embedder {embedder}", flush=True)
        for share in SHARES[:-1]:
            some = folders[: max(1, round(share * len(folders)))]
            run = index_in_a_process(Path(temporary, f"home-{share}"), some, embedder)
            assert run.summary is not None
            print(f"{run.summary['articles']:6} articles: {_told(run)}", flush=True)
        killed = index_in_a_process(home, [pile], embedder, kill_at=round(KILL_AT * count))
        kept = held(home)
        print(f"killed after {killed.seconds:.1f} s with {kept} articles in the catalogue", flush=True)
        again = index_in_a_process(home, [pile], embedder)
        assert again.summary is not None
        print(f"taken up again: {_told(again)}; {again.summary['unchanged']} of {kept} were not read again", flush=True)
        articles, passages, vectors = whole(home, settings)
        print(f"the index holds {articles} articles, {passages} passages, {vectors} vectors", flush=True)
        unchanged = index_in_a_process(home, [pile], embedder)
        print(f"again unchanged: {_told(unchanged)}")


def _told(run: Run) -> str:
    read = run.summary["read"] if run.summary else 0
    return f"{read} read in {run.seconds:.1f} s ({read / run.seconds:.0f}/s), at most {run.peak_mib:.0f} MiB"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--embedder", default="hashing")
    given = parser.parse_args()
    main(given.data, given.articles, given.embedder)
