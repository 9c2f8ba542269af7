"""A comparison in the terminal."""

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from eval.compare import Comparison
from eval.shown import between, number
from eval.table import wide_console
from eval.types import Record

STYLES = {"better": "green", "worse": "red", "inconclusive": ""}


def print_comparison(found: Comparison, shut: list[str]) -> None:
    """The table of checks, the cases that changed with both answers, and why the gate is shut."""
    console = wide_console()
    heads = ("check", "A", "B", "B - A, 95 %", "n", "won/lost", "p", "detectable", "verdict")
    table = Table(title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.title = escape(f"A {found.a}, B {found.b}: {found.pairs} cases in both, {found.left_out} left out")
    for head in heads:
        table.add_column(head, no_wrap=True)
    for each in found.differences:
        range_ = between(each.check, each.low, each.high)
        table.add_row(
            each.check,
            number(each.check, each.a),
            number(each.check, each.b),
            _signed(each.check, each.difference) + ("" if range_ == "–" else f" ({range_})"),
            str(each.n),
            f"{each.won}/{each.lost}",
            f"{each.p:.3f}",
            number(each.check, each.detectable) if each.detectable else "–",
            each.outcome,
            style=STYLES[each.outcome],
        )
    console.print(table)
    console.print(
        "p is adjusted over all checks that could show a difference (Holm); detectable: four times in five",
        soft_wrap=True,
    )
    for change in found.changes:
        moved = ", ".join(f"{name} {_shown(change.a, name)} → {_shown(change.b, name)}" for name in change.checks)
        console.print(escape(f"\n{change.case_id}: {change.a.case.question}\n  {moved}"), soft_wrap=True)
        for name, record in (("A", change.a), ("B", change.b)):
            console.print(escape(f"  {name}: {said(record)}"), soft_wrap=True)
    for note in found.notes:
        console.print(escape(f"note: {note}"), soft_wrap=True)
    for reason in shut:
        console.print(escape(f"GATE SHUT {reason}"), style="red", soft_wrap=True)


def said(record: Record) -> str:
    """What was answered, without control characters."""
    if record.answer is None:
        return f"failed: {_printable(record.error)}"
    return f"{record.answer['status']}: {_printable(record.answer['text'])}"


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _shown(record: Record, check: str) -> str:
    value = record.verdicts[check].value
    return "unscored" if value is None else "yes" if value == 1 else "no" if value == 0 else f"{value:.2f}"


def _signed(check: str, value: float) -> str:
    shown = number(check, value)
    return shown if value < 0 else f"+{shown}"
