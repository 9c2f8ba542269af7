"""Checked quotes on the screen."""

from collections.abc import Sequence

from rich.text import Text

from rag.doors.terminal.bylines import quoted
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.screen import Screen
from rag.verifying import CheckedQuote

STYLES = {"exact": "green", "changed": "yellow", "gone": "red"}
WORDS = {"exact": "exact", "changed": "changed since", "gone": "gone"}


def show_checked(checked: Sequence[CheckedQuote], screen: Screen) -> None:
    """Each quote with what became of it, and the count."""
    for each in checked:
        name = f"[{each.number}] {one_line(each.publisher or each.title or each.article_id)}: "
        screen.line(Text.assemble(name, (WORDS[each.state], STYLES[each.state]), f". {each.detail}"))
        screen.line(quoted(each.quote), "dim", indent=4)
    exact = sum(each.state == "exact" for each in checked)
    screen.line(f"{exact} of {len(checked)} quotes exact.")
