"""The service under load: searches and answers by 1, 8, 32 and 128 clients at once, over real HTTP.

Starts `byline serve` over a home of the sample articles, with the smallest model, and asks it gold questions. Every request
is one of its own: nothing is kept, and no two are equal. `make bench-serve`; `--seconds` says how long each row takes.
"""

import argparse
import asyncio
import itertools
import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event as Signal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import numpy as np
import psutil

MODEL = "smollm2-135m-instruct"
CLIENTS = (1, 8, 32, 128)
PATHS = {"search": "/v1/search", "answers": "/v1/answers"}


@dataclass(slots=True)
class Row:
    """What one number of clients got; `memory` are MiB of the service before and after."""

    what: str
    clients: int
    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    refused: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    memory: tuple[float, float] = (0.0, 0.0)
    health: list[float] = field(default_factory=list)

    def cells(self) -> list[str]:
        """The row of the table."""
        p50, p99 = np.percentile(self.took, [50, 99]) if self.took else (float("nan"),) * 2
        slow = sum(each > 50 for each in self.health)
        told = ", ".join(f"{n} × {name}" for name, n in sorted(self.errors.items())) or "0"
        worst = f"{np.percentile(self.health, 99):.0f} / {max(self.health):.0f}" if self.health else "–"
        return [
            self.what,
            str(self.clients),
            str(len(self.took)),
            f"{len(self.took) / self.seconds:.2f}",
            f"{p50:.0f}",
            f"{p99:.0f}",
            str(self.refused),
            told,
            f"{self.memory[0]:.0f} → {self.memory[1]:.0f}",
            worst,
            f"{slow} of {len(self.health)}",
        ]


HEADS = (
    "what", "clients", "done", "a second", "p50 ms", "p99 ms", "refused (429)", "errors", "MiB", "health p99 / max ms", "health over 50 ms",
)  # fmt: skip


def main() -> None:
    """Print the table of all rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600.0, help="how long each row takes (default: ten minutes)")
    parser.add_argument("--clients", type=int, nargs="+", default=list(CLIENTS))
    parser.add_argument("--what", nargs="+", choices=sorted(PATHS), default=["search", "answers"])
    parser.add_argument("--model", default=MODEL)
    parser.add_argument("--queue", type=int, default=256, help="how many questions may wait; 32 is the service's own")
    parser.add_argument("--hang-ups", type=int, default=10, help="how many clients hang up in the middle, at the end")
    arguments = parser.parse_args()
    questions = gold_questions(Path("eval/cases"))
    print("| " + " | ".join(HEADS) + " |\n|" + "---|" * len(HEADS), flush=True)
    with TemporaryDirectory() as home:
        byline(home, "index", "articles")
        with served(Path(home), arguments.model, arguments.queue) as (url, process):
            for what in arguments.what:
                for clients in arguments.clients:
                    row = measured(url, process, what, clients, arguments.seconds, questions)
                    print("| " + " | ".join(row.cells()) + " |", flush=True)
            took = [hang_up(url, question) for question in questions[: arguments.hang_ups]]
            print(
                f"Hung up while the model reads or writes, until it is free: median {np.median(took):.0f} ms, ", end=""
            )
            print(f"longest {max(took):.0f} ms (n = {len(took)})")


def gold_questions(folder: Path) -> list[str]:
    """The questions of the sample cases that need no history."""
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    return [case["question"] for case in map(json.loads, filter(str.strip, lines)) if not case.get("history")]


def byline(home: str, *arguments: str) -> None:
    """One command over the home."""
    command = [sys.executable, "-c", "import sys; from rag.doors.cli import main; sys.exit(main())", "--home", home]
    subprocess.run([*command, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def served(home: Path, model: str, queue: int) -> Iterator[tuple[str, psutil.Process]]:
    """The service in a process of its own, warm."""
    sets = ("model.runtime=llama-cpp", f"model.name={model}", f"serve.queue={queue}", "serve.per_minute=0")
    command = [
        sys.executable,
        "-c",
        "import sys; from rag.doors.cli import main; sys.exit(main())",
        "--home",
        str(home),
    ]
    for each in sets:
        command += ["--set", each]
    running = subprocess.Popen(
        [*command, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert running.stdout is not None
        url = next(word for line in running.stdout for word in line.split() if word.startswith("http://"))
        while httpx.get(f"{url}/readyz", timeout=60).status_code != 200:
            time.sleep(0.2)
        httpx.post(f"{url}/v1/answers", json={"question": "What happened?"}, timeout=600)
        yield url, psutil.Process(running.pid)
    finally:
        running.terminate()
        running.wait()


def measured(url: str, process: psutil.Process, what: str, clients: int, seconds: float, questions: list[str]) -> Row:
    """One row, while another process asks for /healthz ten times a second."""
    context = multiprocessing.get_context("spawn")
    stop, pulses = context.Event(), context.Queue()
    pinging = context.Process(target=ping, args=(url, stop, pulses), daemon=True)
    pinging.start()
    row = Row(what, clients)
    before = process.memory_info().rss / 2**20
    asyncio.run(load(url, row, seconds, questions))
    row.memory = (before, process.memory_info().rss / 2**20)
    stop.set()
    row.health = pulses.get()
    pinging.join()
    return row


def ping(url: str, stop: Signal, pulses: "multiprocessing.Queue[list[float]]") -> None:
    """Milliseconds of each GET /healthz."""
    took = []
    with httpx.Client(base_url=url, timeout=30) as client:
        client.get("/healthz")
        while not stop.wait(0.1):
            began = time.perf_counter()
            client.get("/healthz")
            took.append(1000 * (time.perf_counter() - began))
    pulses.put(took)


async def load(url: str, row: Row, seconds: float, questions: list[str]) -> None:
    """Clients that ask one after another until the time is over; what is under way then is waited for."""
    asked = itertools.count()
    began = time.perf_counter()
    limits = httpx.Limits(max_connections=row.clients, max_keepalive_connections=row.clients)
    async with httpx.AsyncClient(base_url=url, timeout=None, limits=limits) as client:

        async def one() -> None:
            while time.perf_counter() - began < seconds:
                await ask(client, row, body(row.what, next(asked), questions))

        await asyncio.gather(*(one() for _ in range(row.clients)))
    row.seconds = time.perf_counter() - began


def hang_up(url: str, question: str) -> float:
    """Milliseconds from a client's going until the model is free; it goes when it has the passages and a moment more."""
    json_body = {"question": question, "stream": True}
    with httpx.Client(base_url=url, timeout=600) as client:
        with client.stream("POST", "/v1/answers", json=json_body, headers={"Cache-Control": "no-store"}) as answer:
            next(line for line in answer.iter_lines() if line.startswith("data:"))
            time.sleep(0.3)
        began = time.perf_counter()
        while "byline_answering 0.0" not in client.get("/metrics").text:
            time.sleep(0.005)
    return 1000 * (time.perf_counter() - began)


def body(what: str, number: int, questions: list[str]) -> dict[str, Any]:
    """A request that equals no other: a strictness a hair off makes it another question to the service."""
    question = questions[number % len(questions)]
    return {"question": question} if what == "search" else {"question": question, "strictness": 0.5 + 1e-9 * number}


async def ask(client: httpx.AsyncClient, row: Row, json_body: dict[str, Any]) -> None:
    """One request; one that is refused waits as long as it is told, at most ten seconds."""
    began = time.perf_counter()
    try:
        sent = await client.post(PATHS[row.what], json=json_body, headers={"Cache-Control": "no-store"})
    except httpx.HTTPError as error:
        row.errors[type(error).__name__] += 1
        return
    if sent.status_code == 429:
        row.refused += 1
        await asyncio.sleep(min(10.0, float(sent.headers["retry-after"])))
    elif sent.status_code == 200:
        row.took.append(1000 * (time.perf_counter() - began))
    else:
        row.errors[str(sent.status_code)] += 1


if __name__ == "__main__":
    main()
