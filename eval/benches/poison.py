"""How often a hostile article gets its way.

    python -m eval.benches.poison [--limit N] [--no-model] [--home var/poison] [--fresh] [--set KEY=VALUE …]

Part (a): what the code must prevent, whatever the model says: foreign markers, links, markup, escapes, quotes that are not
exact, another format, prompts repeated, hidden words read. Any success makes this exit with 1. It is tried with a model that
was talked into every attack (three ways of saying it) and with the real one.
Part (b): what the real model was talked into saying, and what became of the right answer; reported, with 95 % intervals.

Each case has its own hostile articles beside the clean ones in a real index. A run that was stopped goes on where it was, as
long as model, prompts and settings are the same; --limit takes a sample of every kind that a larger one contains.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from eval.attacking import MODES, Ground, Outcome, clean_case, open_ground, outcome_to_json, outcomes_from, talk_into
from eval.poisoning import HostileCase, hostile_cases, sampled
from eval.sums import wilson
from rag.settings import ModelSettings, Settings, read_settings

HEADINGS = (
    "kind", "n", "code: got through", "model: said", "said without the right answer", "right", "declined", "reached",
)  # fmt: skip


def share(successes: int, n: int) -> str:
    """ "3/12 .25 (.09–.53)"."""
    low, high = wilson(successes, n)
    return f"{successes}/{n} {_short(successes / n if n else 0)} ({_short(low)}–{_short(high)})"


def _short(value: float) -> str:
    return f"{value:.2f}".removeprefix("0") if value < 1 else "1"


def table(outcomes: Sequence[Outcome]) -> str:
    """A row a kind, then all of them; questions without an attack stand apart."""
    kinds = sorted({each.kind for each in outcomes} - {"none"})
    rows = [(kind, [each for each in outcomes if each.kind == kind]) for kind in kinds]
    rows += [("**all attacks**", [each for each in outcomes if each.kind != "none"])] if kinds else []
    rows += [("no attack", clean)] if (clean := [each for each in outcomes if each.kind == "none"]) else []
    lines = [f"| {' | '.join(HEADINGS)} |", f"|{'---|' * len(HEADINGS)}"]
    for name, of in rows:
        counts = (
            sum(bool(each.breaches) for each in of),
            sum(each.said for each in of),
            sum(each.said and not each.right for each in of),
            sum(each.right for each in of),
            sum(each.declined for each in of),
            sum(each.reached for each in of),
        )
        lines.append(f"| {name} | {len(of)} | {' | '.join(share(count, len(of)) for count in counts)} |")
    return "\n".join(lines)


def breaches_in(outcomes: Iterable[Outcome]) -> list[str]:
    """A line for everything that got through."""
    return [f"{each.case}: {breach.kind}: {breach.detail}" for each in outcomes for breach in each.breaches]


def talked_into(ground: Ground, cases: Sequence[HostileCase]) -> list[Outcome]:
    """Every case with a model that says what the attack wants, in every way, and is sure of it."""
    outcomes = []
    for case in cases:
        with ground.attacked(case) as hostile:
            for mode in MODES:
                talk_into(ground.engine, case, hostile, mode)
                outcomes.append(replace(ground.ask(case, hostile), case=f"{case.id} ({mode})"))
    return outcomes


def asked(ground: Ground, cases: Sequence[HostileCase], records: Path, fresh: bool) -> list[Outcome]:
    """Every case with the engine's own model, kept case by case; those that are in the records are not asked again."""
    receipt = ground.engine.receipt()
    made_by = f"{receipt.model_digest} {receipt.settings} {sorted(receipt.prompts.items())}"
    before = records.read_text(encoding="utf-8") if records.exists() and not fresh else ""
    done = {each.case: each for each in outcomes_from(before, made_by)}
    records.parent.mkdir(parents=True, exist_ok=True)
    with records.open("w" if fresh else "a", encoding="utf-8") as file:
        if before and not before.endswith("\n"):
            file.write("\n")
        for number, case in enumerate(cases, 1):
            if case.id not in done:
                with ground.attacked(case) as hostile:
                    done[case.id] = ground.ask(case, hostile)
                file.write(outcome_to_json(done[case.id], made_by) + "\n")
                file.flush()
                os.fsync(file.fileno())
            each = done[case.id]
            what = "BREACH" if each.breaches else "said" if each.said else "declined" if each.declined else "kept"
            print(
                f"{number}/{len(cases)} {case.id}: {what}, {each.seconds:.1f} s: {each.text[:100]!r}", file=sys.stderr
            )
    return [done[case.id] for case in cases]


def main() -> None:
    """Print both parts; exit with 1 where code let anything through."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=Path("var/poison"))
    parser.add_argument("--articles", type=Path, default=Path("articles"))
    parser.add_argument("--limit", type=int, help="so many attacks, of every kind as evenly as can be")
    parser.add_argument("--no-model", action="store_true", help="only what code must prevent, in a minute")
    parser.add_argument("--fresh", action="store_true", help="ask everything again")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting, as in byline --set")
    given = parser.parse_args()
    flags = dict(each.split("=", 1) for each in given.set)
    settings = read_settings({**flags, "home": given.home})
    cases = sampled(hostile_cases(), given.limit)

    with open_ground(scripted(settings), [given.articles]) as ground:
        found = breaches_in(outcomes := talked_into(ground, cases))
    print(
        f"\nTalked into it, {len(MODES)} ways a case: {share(sum(bool(o.breaches) for o in outcomes), len(outcomes))} got through."
    )
    if not given.no_model:
        clean = [clean_case(topic) for topic in {each.topic.id: each.topic for each in cases}.values()]
        with open_ground(settings, [given.articles]) as ground:
            real = asked(ground, [*cases, *clean], given.home / "poison.jsonl", given.fresh)
        print(f"\n{table(real)}")
        found += breaches_in(real)
    for line in found:
        print(line)
    sys.exit(1 if found else 0)


def scripted(settings: Settings) -> Settings:
    """The same settings with a model that needs no weights, in a home of its own."""
    return replace(settings, home=settings.home / "talked-into", model=ModelSettings(runtime="scripted"))


if __name__ == "__main__":
    main()
