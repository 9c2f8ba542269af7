"""How long one waits in the chat: for the first prompt, for the first evidence, for the whole answer.

    python -m eval.benches.chat_speed --home DIR [--prompts 12] [--questions 12] [--cases eval/cases]

Everything is timed from outside, under a pseudo-terminal: the first prompt from the start of the process, evidence and
answer from the key Enter. The questions are those of the gold cases that are one turn, asked in one process, in order of their ids;
the first of them is not counted, for it waits for the models. The home holds an index of the articles.
"""

import argparse
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pexpect

from rag.conversations import open_chats

PATIENCE_S = 300.0
EVIDENCE = re.compile(rb"\d passages? from|No passage found")
LEAVES = b"leaves."


class Chat:
    """`byline chat` under a pseudo-terminal; `took` are the seconds to its first prompt."""

    def __init__(self, home: Path) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"}
        words = ["-m", "rag.doors.cli", "--home", str(home), "chat"]
        started = time.perf_counter()
        self._child = pexpect.spawn(
            sys.executable, words, env=environment, dimensions=(40, 100), timeout=PATIENCE_S, maxread=65536
        )
        self._child.expect(LEAVES)
        self._child.expect(b"> ")
        self.took = time.perf_counter() - started

    def ask(self, question: str, home: Path, turns: int) -> tuple[float, float]:
        """The seconds to the evidence on the screen, and to the whole answer in the kept chat."""
        self._child.send(question)
        time.sleep(0.5)
        started = time.perf_counter()
        self._child.send("\r")
        self._child.expect(EVIDENCE)
        evidence = time.perf_counter() - started
        while not answered(home, turns):
            self._drain()
        return evidence, time.perf_counter() - started

    def _drain(self) -> None:
        try:
            self._child.read_nonblocking(65536, timeout=0.02)
        except pexpect.TIMEOUT:
            return

    def close(self) -> None:
        """End it."""
        self._child.close(force=True)


def answered(home: Path, turns: int) -> bool:
    """Whether the last chat of the home has that many whole answers."""
    with open_chats(home) as chats:
        known = chats.chats()
        return bool(known) and sum(turn.answer is not None for turn in chats.turns(known[0].id)) >= turns


def questions_of(folder: Path, most: int) -> list[str]:
    """The questions of the gold cases of one turn, in order of their ids, spread over all files."""
    lines = [line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()]
    cases = [case for case in map(json.loads, filter(str.strip, lines)) if not case.get("history")]
    step = max(1, len(cases) // most)
    return [str(case["question"]) for case in cases[::step][:most]]


def told(name: str, seconds: Sequence[float]) -> str:
    """One row of the table."""
    ordered = sorted(seconds)
    late = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return f"| {name} | {len(ordered)} | {statistics.median(ordered):.2f} | {late:.2f} | {ordered[0]:.2f}–{ordered[-1]:.2f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--prompts", type=int, default=12)
    parser.add_argument("--questions", type=int, default=12)
    parser.add_argument("--cases", type=Path, default=Path("eval/cases"))
    given = parser.parse_args()

    prompts = []
    for _ in range(given.prompts + 1):
        chat = Chat(given.home)
        prompts.append(chat.took)
        chat.close()
    chat = Chat(given.home)
    asked = [
        chat.ask(question, given.home, turns)
        for turns, question in enumerate(questions_of(given.cases, given.questions + 1), 1)
    ]
    chat.close()
    print("| seconds to | n | median | p95 | range |\n|---|---|---|---|---|")
    print(told("the first prompt, warm disk", prompts[1:]))
    print(told("the first evidence", [evidence for evidence, _ in asked[1:]]))
    print(told("the whole answer", [whole for _, whole in asked[1:]]))
    print(f"first answer, which waits for the models: evidence {asked[0][0]:.1f}, whole {asked[0][1]:.1f}")


if __name__ == "__main__":
    main()
