"""What the terminal shows: progress, scorecards and comparisons."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from eval.checks.registry import BY_NAME, CHECKS, HEADLINE
from eval.types import Mean, Record, Scorecard

RISK = "risk–coverage area"


@contextmanager
def progress(total: int, had: int, quiet: bool) -> Iterator[Callable[[Record], None]]:
    """A bar with the time left, on standard error; gives the function to call after each record."""
    columns = (
        TextColumn("asking"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[last]}"),
    )
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as bar:
        task = bar.add_task("", total=total, completed=had, last="")

        def step(record: Record) -> None:
            right = record.verdicts.get("right")
            mark = "error" if record.answer is None else "right" if right and right.value else "wrong"
            bar.update(task, advance=1, last=f"{mark}: {escape(record.case.id)}")

        yield step


def print_scorecard(card: Scorecard, seconds: float | None, name: str, every: bool = False) -> None:
    """The table of a run on standard output: the headline, or every check."""
    console = Console()
    shown = [check.name for check in CHECKS if check.name in card.means and (every or check.name in HEADLINE)]
    table = Table("check", "mean", "95 %", "n", "unscored", title=escape(name), title_justify="left")
    for check in shown:
        table.add_row(check, *cells(check, card.means[check]))
    if every and card.risk_coverage:
        table.add_row(RISK, *cells(RISK, card.risk_coverage))
    console.print(table)
    for line in notes(card, seconds):
        console.print(escape(line), soft_wrap=True)


def notes(card: Scorecard, seconds: float | None) -> list[str]:
    """What stands under the table."""
    lines = [f"{card.cases} cases" + (f", {seconds:.2f} seconds a question" if seconds is not None else "")]
    if card.errors:
        lines.append(f"{card.errors} cases failed when asked and count as wrong")
    if card.missing:
        lines.append(f"UNFINISHED: {card.missing} records are missing; the same command goes on with them")
    if card.changed:
        lines.append(f"answers changed between repeats: {', '.join(card.changed)}")
    if any(mean.clusters == 0 and mean.n > 1 for mean in card.means.values()):
        lines.append(
            "intervals draw single cases: cases share too few articles to draw groups, so they speak for these articles only"
        )
    if card.broken:
        lines.append(f"FAILED: quotes are not exact in {', '.join(card.broken)}")
    return lines


def cells(check: str, mean: Mean) -> tuple[str, str, str, str]:
    """Mean, interval, n and unscored, as shown."""
    return number(check, mean.value), between(check, mean.low, mean.high), share(check, mean), str(mean.unscored or "")


def share(check: str, mean: Mean) -> str:
    """n, with the count of yes where the check is yes or no."""
    if kind_of(check) != "yes/no":
        return str(mean.n)
    count = mean.value * mean.n
    return f"{count:.0f} of {mean.n}" if abs(count - round(count)) < 1e-9 else f"{count:.2f} of {mean.n}"


def number(check: str, value: float) -> str:
    """A value in the unit of its check."""
    if kind_of(check) == "cost":
        return f"{value:,.0f}"
    return f"{100 * value:.1f} %" if kind_of(check) == "yes/no" else f"{value:.3f}"


def between(check: str, low: float | None, high: float | None) -> str:
    """An interval, or a dash where there is none."""
    return "–" if low is None or high is None else f"{number(check, low)} to {number(check, high)}"


def kind_of(check: str) -> str:
    """The kind of a check; a name from an older run counts as a score."""
    return BY_NAME[check].kind if check in BY_NAME else "score"
