"""How follow-ups are read, and what history is worth.

    python -m eval.benches.follow_ups [--split test] [--limit N] [--rewrites-only] [--home DIR] [--fresh] [--set KEY=VALUE …]

Every follow-up of the gold cases is read (is its standalone question right: the needed words there, nothing added; or left
alone where it stands alone), asked with its history, and asked without it. History must never become evidence: no answer may
hold what only the history says, and every quote must be of the index. The home holds an index of the sample articles; what
was asked is kept in <home>/follow-ups.jsonl and not asked again while model, prompts and settings are the same.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from eval.benches.poison import share
from eval.cases import read_cases
from eval.following import Read, read_follow_up, record_of, wanted_of
from eval.library import Articles
from eval.types import Case
from rag.engine import Engine
from rag.settings import read_settings
from rag.wiring import open_engine

CASES = Path(__file__).parents[1] / "cases"


def main() -> None:
    """Print how follow-ups are read, then what is answered with and without history; exit with 1 if history became evidence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=Path("var"))
    parser.add_argument("--split", choices=("dev", "test"))
    parser.add_argument("--limit", type=int)
    parser.add_argument(
        "--rewrites-only", action="store_true", help="only the standalone questions, in a minute or two"
    )
    parser.add_argument("--fresh", action="store_true", help="ask everything again")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting, as in byline --set")
    given = parser.parse_args()
    every = [each for each in read_cases(sorted(CASES.glob("*.jsonl"))) if each.kind == "follow_up"]
    cases = [each for each in every if given.split in (None, each.split)][: given.limit]
    wanted = wanted_of()
    settings = read_settings({**dict(each.split("=", 1) for each in given.set), "home": given.home})
    with closing(open_engine(given.home, settings, lambda line: print(line, file=sys.stderr))) as engine:
        reads = {}
        for case in cases:
            reads[case.id] = read = read_follow_up(case, wanted[case.id], engine.model)
            note = "right" if read.right else f"missing {read.missing} added {read.added}"
            print(
                f"{case.id} {case.question!r} by {read.by}, {read.seconds:.1f} s: {read.text!r}: {note}",
                file=sys.stderr,
            )
        print(table_of_reads(cases, reads))
        if given.rewrites_only:
            return
        answers = asked(engine, cases, given.home / "follow-ups.jsonl", given.fresh)
    print(f"\n{table_of_answers(cases, answers)}")
    leaked = [f"{key}: {each}" for key, one in answers.items() for each in one["with"]["from_history"]]
    print("\n".join(["", f"From the history alone: {share(len(leaked), len(cases))}", *leaked]))
    sys.exit(1 if leaked else 0)


def asked(engine: Engine, cases: Sequence[Case], records: Path, fresh: bool) -> dict[str, dict[str, Any]]:
    """Every case both ways, kept case by case."""
    receipt = engine.receipt()
    made_by = f"{receipt.model_digest} {receipt.index} {receipt.settings} {sorted(receipt.prompts.items())}"
    text = records.read_text(encoding="utf-8") if records.exists() and not fresh else ""
    lines = [json.loads(line) for line in text[: text.rfind("\n") + 1].split("\n") if line]
    done = {each["id"]: each for each in lines if each["made_by"] == made_by}
    library = Articles(engine.index.catalogue.articles())
    with records.open("w" if fresh else "a", encoding="utf-8") as file:
        file.write("\n" if text and not text.endswith("\n") else "")
        for case in cases:
            if case.id not in done:
                done[case.id] = {**record_of(engine, case, library), "made_by": made_by}
                file.write(json.dumps(done[case.id], ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
            print(f"{case.id} {json.dumps(done[case.id]['with'])[:200]}", file=sys.stderr)
    return {case.id: done[case.id] for case in cases}


def table_of_reads(cases: Sequence[Case], reads: Mapping[str, Read]) -> str:
    """By split and by who rewrote."""
    lines = [
        "| standalone question | n | right | something missing | something added | median s |",
        "|---|---|---|---|---|---|",
    ]
    for split in sorted({each.split for each in cases}):
        of = [reads[each.id] for each in cases if each.split == split]
        for by in ("all", "nobody", "code", "the model", "its words"):
            if some := [each for each in of if by in ("all", each.by)]:
                shares = [
                    sum(each.right for each in some), sum(bool(each.missing) for each in some), sum(bool(each.added) for each in some),
                ]  # fmt: skip
                middle = sorted(each.seconds for each in some)[len(some) // 2]
                told = " | ".join(share(each, len(some)) for each in shares)
                lines.append(f"| {split}, by {by} | {len(some)} | {told} | {middle:.1f} |")
    return "\n".join(lines)


def table_of_answers(cases: Sequence[Case], answers: Mapping[str, Mapping[str, Any]]) -> str:
    """By split, with and without history."""
    lines = ["| answered | n | right | declined |", "|---|---|---|---|"]
    for split in sorted({each.split for each in cases}):
        of = [answers[each.id] for each in cases if each.split == split]
        for name in ("with", "without"):
            counts = [sum(each[name][key] for each in of) for key in ("right", "declined")]
            lines.append(f"| {split}, {name} history | {len(of)} | {' | '.join(share(n, len(of)) for n in counts)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
