"""What is kept of a file, side by side with what is dropped and why."""

from collections.abc import Sequence

from rich.text import Text

from index.drafts import Draft
from index.errors import RejectedFile
from rag.doors.explaining import FIELDS, lines_of
from rag.doors.terminal.bylines import day
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.screen import Screen

_LONGEST = 400


def show_explained(read: Sequence[Draft | RejectedFile], screen: Screen) -> None:
    """Each article: who and when with how it was found, then its lines."""
    for number, each in enumerate(read):
        if number:
            screen.line()
        if isinstance(each, RejectedFile):
            screen.line(f"Not read: {one_line(each.path)}: {one_line(str(each))}", "red")
        else:
            _show(each, screen)


def _show(draft: Draft, screen: Screen) -> None:
    screen.table(("", "", "found by"), [_fact(draft, field) for field in FIELDS])
    lines = lines_of(draft)
    kept = sum(not line.why for line in lines)
    screen.line()
    judged = "" if draft.lines else " This kind of file holds the story alone: nothing is judged."
    screen.line(f"{kept} lines kept, {len(lines) - kept} dropped.{judged}", "bold")
    if screen.plain:
        for line in lines:
            screen.line(f"- {_clipped(line.text)} ({one_line(line.why)})" if line.why else f"+ {_clipped(line.text)}")
        return
    rows = [
        ("", Text(_clipped(line.text), "dim"), Text(one_line(line.why), "yellow"))
        if line.why
        else (Text(_clipped(line.text)), "", "")
        for line in lines
    ]
    screen.table(("kept", "dropped", "why"), rows)


def _fact(draft: Draft, field: str) -> tuple[str, Text, str]:
    value = getattr(draft, field)
    name = field.replace("_at", "").replace("_", " ")
    if value is None:
        return name, Text("unknown", "dim"), ""
    said = f"{day(value)}, {value:%H:%M} UTC" if field.endswith("_at") else one_line(str(value))
    return name, Text(said), one_line(draft.found.get(field, ""))


def _clipped(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
