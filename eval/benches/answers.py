"""Answers on gold questions: Byline beside LlamaIndex's CitationQueryEngine, same passages, vectors and model, one run.

    python -m eval.benches.answers [--data ../shared/gold/seed-dev.jsonl] [--articles ../shared/articles] [--limit N] [--alone]

Prints what was right and declined, whether citations hold, tokens and seconds, and Byline's risk at each coverage: how many of
its answers are wrong when only the surest are given. `--home DIR` keeps the index; `--alone` leaves LlamaIndex out.
"""

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.benches.citing_engine import Cited, CitingEngine
from eval.benchmarks import find_cases
from eval.checks.right import accepted
from eval.opening import index_articles
from eval.risk import area, curve
from eval.sums import wilson
from eval.types import Case
from eval.words import holds
from rag.engine import Engine
from rag.settings import read_settings
from rag.types import Done
from rag.wiring import open_engine


@dataclass(frozen=True, slots=True)
class Row:
    """What one system made of one case; `sure` is the probability that decided, `valid` whether every citation holds."""

    answerable: bool
    declined: bool
    right: bool
    cited: bool
    valid: bool
    prompt_tokens: int
    evidence_s: float | None
    first_token_s: float
    seconds: float
    sure: float | None = None


def ours(engine: Engine, case: Case, strictness: float | None = None) -> Row:
    """A case asked of Byline."""
    for event in engine.stream(case.question, strictness=strictness):
        if isinstance(event, Done):
            answer, sure = event.answer, event.probability
    declined = answer.status == "declined"
    quotes = [each.article.text[each.start : each.end] == each.quote for each in answer.citations]
    spent, took = answer.usage, answer.timings
    return Row(
        case.answerable,
        declined,
        is_right(case, answer.text, declined),
        bool(quotes),
        all(quotes),
        spent.prompt_tokens,
        took.first_evidence_ms / 1000,
        took.first_token_ms / 1000,
        took.total_ms / 1000,
        sure,
    )


def theirs(engine: CitingEngine, case: Case) -> Row:
    """A case asked of CitationQueryEngine, which has no status for declining: what it says counts as an answer."""
    said: Cited = engine.ask(case.question)
    return Row(
        case.answerable,
        False,
        is_right(case, said.text, False),
        bool(said.markers),
        said.markers == said.valid_markers,
        said.prompt_tokens,
        None,
        said.first_token_s,
        said.seconds,
    )


def is_right(case: Case, text: str, declined: bool) -> bool:
    """The accept rule; what has no answer must be declined without a forbidden string."""
    if case.answerable:
        return not declined and accepted(case, text)
    return declined and not any(holds(text, each) for each in case.forbidden)


def share(values: Sequence[bool]) -> str:
    """ "20 of 22 (.72–.97)": a count with its 95 % interval."""
    low, high = wilson(sum(values), len(values))
    return f"{sum(values)} of {len(values)} ({low:.2f}–{high:.2f})" if values else "–"


def middle(seconds: Sequence[float]) -> str:
    """The median, to a hundredth."""
    return f"{statistics.median(seconds):.2f}"


def told(name: str, rows: Sequence[Row]) -> str:
    """A system's row of the table."""
    evidence = [each.evidence_s for each in rows if each.evidence_s is not None]
    cells = (
        name,
        share([each.right for each in rows]),
        share([each.declined for each in rows if not each.answerable]),
        share([each.declined for each in rows if each.answerable]),
        share([each.cited for each in rows if not each.declined]),
        share([each.valid for each in rows if each.cited]),
        f"{statistics.median(each.prompt_tokens for each in rows):.0f}",
        middle(evidence) if evidence else "–",
        middle([each.first_token_s for each in rows]),
        middle([each.seconds for each in rows]),
    )
    return f"| {' | '.join(cells)} |"


HEAD = (
    "| system | right | of unanswerable declined | of answerable declined | answers with citations | whose citations hold"
    " | prompt tokens | evidence s | first token s | whole s |\n|" + "---|" * 10
)


def risk_curve(rows: Sequence[Row]) -> str:
    """Wrong among the answered, the surest first, and its area; every way that was weighed counts, shown or not."""
    pairs = [(each.sure, float(not (each.right and each.answerable))) for each in rows if each.sure is not None]
    if not pairs:
        return "no answer was decided by probability"
    lines = [f"| {point.coverage:.2f} | {point.risk:.2f} |" for point in curve(pairs, len(rows))]
    kept = lines[:: max(1, len(lines) // 10)]
    return "\n".join(["| coverage | wrong |", "|---|---|", *kept, f"area under it: {area(pairs):.3f} (n {len(pairs)})"])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", default=[Path("../shared/gold/seed-dev.jsonl")])
    parser.add_argument("--articles", type=Path, nargs="*", default=[Path("../shared/articles")])
    parser.add_argument("--home", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--alone", action="store_true", help="leave LlamaIndex out")
    given = parser.parse_args()
    cases = [each for each in find_cases(given.data) if not each.history][: given.limit]
    with tempfile.TemporaryDirectory() as scratch:
        settings = read_settings({"home": given.home or Path(scratch)})
        index_articles(settings, given.articles)
        engine = open_engine(settings.home, settings)
        mine = [_said(case, ours(engine, case)) for case in cases]
        print(HEAD)
        print(told("Byline", mine), flush=True)
        if not given.alone:
            other = CitingEngine(engine.index, engine.model)
            print(
                told("LlamaIndex CitationQueryEngine", [_said(case, theirs(other, case)) for case in cases]), flush=True
            )
        weighed = [ours(engine, case, 0.0) for case in cases]
        print(risk_curve(weighed))
        engine.close()


def _said(case: Case, row: Row) -> Row:
    mark = "right" if row.right else "wrong"
    print(f"{mark:5} {'declined' if row.declined else 'answered'} {row.seconds:5.1f} s  {case.id}", flush=True)
    return row


if __name__ == "__main__":
    main()
