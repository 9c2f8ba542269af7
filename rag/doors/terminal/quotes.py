"""Checked quotes on the screen."""

from collections.abc import Sequence

from rich.text import Text

from rag.doors.terminal.bylines import quoted
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.screen import Screen
from rag.replaying import Difference, Replay
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


def show_replay(done: Replay, screen: Screen) -> None:
    """Whether the answer came out the same; else what differs, and what may have made it so."""
    verdict, style = ("the same answer", "green") if done.same else ("another answer", "yellow")
    screen.line(Text.assemble("Asked again: ", (verdict, style), "."))
    for each in done.differences:
        screen.line(f"{_CHANGES[each.what]}: {_change(each)}", indent=4)
    if not done.same and not done.explained:
        screen.line(
            "The receipt is the same: give the filters that were in force, for it does not tell them.", indent=4
        )


_CHANGES = {
    "status": "status",
    "sentence": "sentence",
    "citation": "quote",
    "index": "the index has changed",
    "model": "the model has changed",
    "prompt": "a prompt has changed",
    "settings": "the settings have changed",
    "seed": "the seed has changed",
}


def _change(each: Difference) -> str:
    then, now = (one_line(words) for words in (each.then, each.now))
    if then and now:
        return f"then {then}, now {now}"
    return f"no longer: {then}" if then else f"new: {now}"
