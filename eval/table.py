"""What the terminal shows: progress, scorecards and comparisons."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from eval.checks.registry import CHECKS, HEADLINE
from eval.powered import Rate
from eval.rates import Rates
from eval.shown import RISK, between, notes, number, share
from eval.types import Mean, Record, Scorecard


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


@contextmanager
def steps(doing: str, total: int, quiet: bool) -> Iterator[Callable[[], None]]:
    """A bar with the time left, on standard error, for what is not asking; gives the function to call after each step."""
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.update(task, advance=1)


def print_scorecard(card: Scorecard, seconds: float | None, name: str, every: bool = False) -> None:
    """The table of a run on standard output: the headline, or every check."""
    console = wide_console()
    shown = [check.name for check in CHECKS if check.name in card.means and (every or check.name in HEADLINE)]
    table = Table(title=escape(name), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for head in ("check", "mean", "95 %", "n", "unscored"):
        table.add_column(head, no_wrap=True)
    for check in shown:
        table.add_row(check, *cells(check, card.means[check]))
    if every and card.risk_coverage:
        table.add_row(RISK, *cells(RISK, card.risk_coverage))
    console.print(table)
    if every:
        console.print(_kinds(card))
    for line in notes(card, seconds):
        console.print(escape(line), soft_wrap=True)


def _kinds(card: Scorecard) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for head in ("kind", *HEADLINE):
        table.add_column(head, no_wrap=True)
    for kind, means in card.by_kind.items():
        table.add_row(kind, *(_short(check, means.get(check)) for check in HEADLINE))
    return table


def _short(check: str, mean: Mean | None) -> str:
    return "" if mean is None else f"{number(check, mean.value)} ({share(check, mean)})"


def print_rates(found: Rates) -> None:
    """The rates over all traffic, with prediction and by labels alone."""
    console = wide_console()
    table = Table(title=f"{found.answers} answers kept", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for head in ("of all answers", "rate", "95 %", "labelled", "predictor's weight"):
        table.add_column(head, no_wrap=True)
    for name, rate in found.powered.items():
        table.add_row(name, *_rate(rate), f"{rate.weight:.2f}")
        table.add_row(f"{name}, by labels alone", *_rate(found.alone[name]), "")
    table.add_row("declined", f"{100 * found.declined:.1f} %", "exact", "", "")
    console.print(table)
    if found.left_out:
        console.print(f"{found.left_out} of the sample were rejected and are left out")


def _rate(rate: Rate) -> tuple[str, str, str]:
    return f"{100 * rate.value:.1f} %", between("right", rate.low, rate.high), str(rate.n)


def wide_console() -> Console:
    """Standard output; a file or a pipe has room for whole tables."""
    console = Console()
    return console if console.is_terminal else Console(width=max(console.width, 160))


def cells(check: str, mean: Mean) -> tuple[str, str, str, str]:
    """Mean, interval, n and unscored, as shown."""
    return number(check, mean.value), between(check, mean.low, mean.high), share(check, mean), str(mean.unscored or "")
