"""Indexing beside the bare encoder and two peers: the same files, the same encoder, each in a process of its own.

    python -m eval.benches.indexing [--data ../shared] [--articles 60] [--peers DIR] [--alone]

The files are MultiHop-RAG articles as Markdown; without `--data` there, the sample articles. The peers are installed from
the package index into a virtual environment of their own, in the temporary folder unless `--peers` names one, and
left out with the reason where that fails. Others may use the same cores: compare processor seconds, and within one run.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from index.errors import MissingError
from rag.settings import read_settings

PEERS = {
    "llamaindex": ("llama-index-vector-stores-chroma", "llama-index-embeddings-huggingface"),
    "txtai": ("txtai",),
}
ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_S = 1800


def sample(folder: Path, data: Path, articles: int) -> int:
    """So many articles as Markdown files; returns how many there are."""
    source = data / "benchmarks" / "multihop-rag" / "articles.jsonl"
    folder.mkdir()
    if not source.exists():
        shutil.copytree(ROOT / "articles", folder, dirs_exist_ok=True, ignore=lambda _, names: ["README.md"])
        return sum(1 for _ in folder.rglob("*.*"))
    with source.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line, _ in zip(lines, range(articles), strict=False)]
    for record in records:
        paragraphs = record["body"].replace("\n", "\n\n")
        text = f"# {record['title']}\n\n{paragraphs}\n"
        (folder / f"{record['doc_id']}.md").write_text(text, encoding="utf-8")
    return len(records)


def python_of(peers: Path) -> Path:
    """The interpreter of the peers' environment, made there if need be; it sees this environment's packages behind its own.

    Raises MissingError where a peer cannot be installed.
    """
    python = peers / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(peers)], check=True)
        (own,) = peers.glob("lib/python*/site-packages")
        (own / "project.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    names = [name for each in PEERS.values() for name in each]
    done = subprocess.run([python, "-m", "pip", "install", "-q", *names], capture_output=True, text=True, check=False)
    if done.returncode:
        raise MissingError(
            "The peers cannot be installed.", (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        )
    return python


def contest(python: Path, name: str, files: Path, home: Path, encoder: Path) -> dict[str, Any]:
    """What one contestant says of itself."""
    command = [str(python), "-m", f"eval.benches.indexers.{name}", str(files), str(home), str(encoder)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=_PATIENCE_S, check=False
    )
    if done.returncode:
        raise MissingError(f"{name} failed.", (done.stderr.strip().splitlines() or ["no reason given"])[-1])
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def row(name: str, articles: int, first: dict[str, Any], again: dict[str, Any]) -> str:
    """One line of the table."""
    told, seconds, cpu = first["indexed"], first["indexed"]["seconds"], first["indexed"]["cpu_s"]
    cells = (
        name,
        f"{told['passages']}",
        f"{articles / seconds:.2f}",
        f"{told['passages'] / seconds:.1f}",
        f"{cpu / told['passages'] * 1000:.0f}",
        f"{told['peak_mib']:.0f}",
        f"{again['indexed']['seconds']:.2f}",
        f"{again['indexed']['cpu_s']:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def main(data: Path, articles: int, peers: Path | None, alone: bool) -> None:
    """Print the table."""
    settings = read_settings()
    named = settings.index.embedder
    encoder = settings.models / named
    with tempfile.TemporaryDirectory() as temporary:
        files = Path(temporary, "files")
        count = sample(files, data, articles)
        print(f"{count} articles, encoder {named}")
        print("| way | passages | articles/s | passages/s | CPU ms a passage | peak MiB | again s | again CPU s |")
        print("|---|---|---|---|---|---|---|---|")
        shares: list[str] = []
        ways: list[tuple[str, Path]] = [("byline", Path(sys.executable))]
        try:
            if not alone:
                python = python_of(peers or Path(tempfile.gettempdir(), "byline-peers"))
                ways += [(name, python) for name in PEERS]
        except (MissingError, OSError, subprocess.SubprocessError) as error:
            print(f"peers left out: {error}", file=sys.stderr)
        for name, python in ways:
            try:
                first, again = (contest(python, name, files, Path(temporary, name), encoder) for _ in range(2))
            except (MissingError, subprocess.TimeoutExpired) as error:
                print(f"| {name} | left out: {error} |")
                continue
            print(row(name, count, first, again), flush=True)
            for told in first["alone"]:
                print(f"| its encoder alone | {_alone(told)} |")
            if first["alone"]:
                shares.append(_share(name, first))
        print(*shares, sep="\n")


def _share(name: str, first: dict[str, Any]) -> str:
    told = first["indexed"]
    wall, cpu = (statistics.mean(each[key] for each in first["alone"]) / told[key] for key in ("seconds", "cpu_s"))
    return f"\n{name} has {wall:.0%} of the rate of its encoder alone; by processor time {cpu:.0%}"


def _alone(told: dict[str, Any]) -> str:
    rate, cpu = told["passages"] / told["seconds"], told["cpu_s"] / told["passages"] * 1000
    return f"{told['passages']} | | {rate:.1f} | {cpu:.0f} | | |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--alone", action="store_true", help="without the peers")
    given = parser.parse_args()
    main(given.data, given.articles, given.peers, given.alone)
