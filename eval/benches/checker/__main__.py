"""How well the checker tells what quotes state from what they do not, per kind of edit; docs/decisions/checking.md says how.

    python -m eval.benches.checker [--data ../shared] [--samples articles]                      the code checks, all pairs
    python -m eval.benches.checker --model [--each 40] [--gaps var/checker-gaps.jsonl]           the whole, on a sample
    python -m eval.benches.checker --gaps var/checker-gaps.jsonl                                 the same without a model

Gaps of the model are kept in `--gaps`, under its digest and its prompt's, so that thresholds can be fitted again.
Documents are in two halves: rules, scaling and threshold are made on one, and what is printed is the other.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from eval.benches.checker.making import make_pairs
from eval.benches.checker.pairs import Pair
from eval.benches.checker.scoring import Calibration, Values, balanced, fit, interval, roc_auc, share
from prompts.loader import load_prompt
from rag.checking import code_checks, is_verbatim
from rag.evidence import as_data
from rag.judging import Judge, Logistic
from rag.runtimes.choosing import open_model
from rag.settings import read_settings


def main() -> None:
    """Read the options, and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m eval.benches.checker", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--samples", type=Path, default=Path("articles"))
    parser.add_argument("--gaps", type=Path, default=Path("var/checker-gaps.jsonl"))
    parser.add_argument("--each", type=int, default=40, help="pairs of a kind that the model is asked about")
    parser.add_argument("--model", action="store_true", help="ask the model about those that are not kept yet")
    parser.add_argument("--fit-half", action="store_true", help="print the half that things are fitted on")
    chosen = parser.parse_args()
    if not (chosen.data / "benchmarks").is_dir():
        parser.error(f"{chosen.data}/benchmarks is not there: name the folder above it with --data")
    pairs = make_pairs(chosen.data / "benchmarks", chosen.samples)
    half = [each for each in pairs if each.held_out != chosen.fit_half]
    print("\n".join(code_table(half)), flush=True)
    if chosen.model:
        ask(sampled(pairs, chosen.each), chosen.gaps)
    if chosen.gaps.exists():
        gaps = kept(chosen.gaps)
        known = [each for each in pairs if each.id in gaps]
        print("\n".join(model_table(known, gaps, chosen.fit_half)))


def code_table(pairs: Sequence[Pair]) -> Iterator[str]:
    """What the code checks do, by kind of edit and by source of true claims."""
    caught = {each.id: not all(code_checks(each.claim, each.quotes).values()) for each in pairs}
    yield from _rows("code checks alone", pairs, caught)


def _rows(title: str, pairs: Sequence[Pair], refused: dict[str, bool]) -> Iterator[str]:
    yield f"\n{title:<38} {'n':>5}  {'refused':>7}  95 %"
    groups: dict[str, list[Pair]] = defaultdict(list)
    for each in pairs:
        groups[f"true, {each.source}" if each.true else each.kind].append(each)
    alike: dict[str, list[Pair]] = {"ALL TRUE": [each for each in pairs if each.true]}
    alike["ALL EDITED"] = [each for each in pairs if not each.true]
    for name, mine in (*sorted(groups.items()), *alike.items()):
        mean, low, high = share([refused[each.id] for each in mine], [each.document for each in mine])
        yield f"{name:<38} {len(mine):>5}  {mean:>7.3f}  {low:.3f}–{high:.3f}"


def sampled(pairs: Sequence[Pair], each_kind: int) -> list[Pair]:
    """So many of each kind, and of each source of true claims, half of them held out, in turn: whenever it is cut short, each has its share."""
    groups: dict[tuple[str, str, bool], list[Pair]] = defaultdict(list)
    for each in pairs:
        groups[each.kind, each.source if each.true else "", each.held_out].append(each)
    mixed = [sorted(mine, key=lambda each: each.id)[: each_kind // 2] for _, mine in sorted(groups.items())]
    return [mine[rank] for rank in range(each_kind // 2) for mine in mixed if rank < len(mine)]


def ask(pairs: Sequence[Pair], file: Path) -> None:
    """Ask the model of the settings about each that is not kept yet, and keep its gap at once."""
    settings = read_settings()
    there = kept(file) if file.exists() else {}
    file.parent.mkdir(parents=True, exist_ok=True)
    model = open_model(settings, lambda line: print(line, file=sys.stderr))
    judge = Judge(model)
    wanted = [each for each in pairs if each.id not in there]
    with file.open("a", encoding="utf-8") as out:
        for number, each in enumerate(wanted, 1):
            joint = " ".join(quote.text for quote in each.quotes)
            gap = judge.gap("support", text=as_data(joint), claim=as_data(each.claim))
            made = {"model": model.digest, "prompt": load_prompt("support").digest}
            out.write(json.dumps({"id": each.id, "gap": gap, **made}) + "\n")
            out.flush()
            if number % 20 == 0:
                print(f"{number} of {len(wanted)} asked", file=sys.stderr, flush=True)
    model.close()


def kept(file: Path) -> dict[str, float]:
    """The gaps of a file that this prompt got, by id of their pair; what the model could not tell is left out."""
    prompt = load_prompt("support").digest
    read = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    return {each["id"]: each["gap"] for each in read if each["prompt"] == prompt and each["gap"] is not None}


def model_table(pairs: Sequence[Pair], gaps: dict[str, float], fit_half: bool) -> Iterator[str]:
    """The entailment alone, then all checks together, with what the fit half gave."""
    train, test = ([each for each in pairs if each.held_out is held] for held in (False, True))
    if not train or not test:
        yield "\nNo gaps are kept for these pairs: ask for them with --model."
        return
    fitted = fit(*_arrays(train, gaps), [each.kind for each in train])
    yield f"\nfitted on {len(train)} pairs: {json.dumps(asdict(fitted))}"
    yield from _of_half(train if fit_half else test, gaps, fitted)


def _of_half(pairs: Sequence[Pair], gaps: dict[str, float], fitted: Calibration) -> Iterator[str]:
    values, true = _arrays(pairs, gaps)
    documents, kinds = [each.document for each in pairs], [each.kind for each in pairs]
    yield f"entailment alone, n {len(pairs)}: ROC AUC {_cell(*roc_auc(values, true, documents))}"
    for kind in sorted({*kinds} - {"true"}):
        rows = np.asarray([each in ("true", kind) for each in kinds])
        mine = [document for document, row in zip(documents, rows, strict=True) if row]
        yield f"  against {kind:<22} n {int((1 - true[rows]).sum()):>4}  {_cell(*roc_auc(values[rows], true[rows], mine))}"
    stated = Logistic(fitted.slope, fitted.offset)
    refused = {each.id: stated(gaps[each.id]) < fitted.threshold for each in pairs}
    yield from _rows("entailment alone at the threshold", pairs, refused)
    whole = {
        each.id: not all(code_checks(each.claim, each.quotes).values())
        or (refused[each.id] and not is_verbatim(each.claim, each.quotes))
        for each in pairs
    }
    yield from _rows("the whole checker", pairs, whole)
    wrong = np.asarray([float(whole[each.id] is each.true) for each in pairs])
    yield f"error, true and edited weighing the same, each kind alike: {_cell(*interval(wrong, balanced(true, kinds), documents))}"


def _arrays(pairs: Sequence[Pair], gaps: dict[str, float]) -> tuple[Values, Values]:
    return np.asarray([gaps[each.id] for each in pairs]), np.asarray([float(each.true) for each in pairs])


def _cell(mean: float, low: float, high: float) -> str:
    return f"{mean:.3f} ({low:.3f}–{high:.3f})"


if __name__ == "__main__":
    main()
