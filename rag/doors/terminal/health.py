"""The doctor's findings on the screen."""

from collections.abc import Sequence

from rich.text import Text

from rag.doctor import Finding
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.screen import Screen

SIGNS = {"well": ("ok", "green"), "info": ("info", "dim"), "missing": ("missing", "bold red")}


def show_findings(findings: Sequence[Finding], screen: Screen) -> None:
    """One line a part, its remedy below it."""
    for finding in findings:
        word, style = SIGNS[finding.state]
        screen.line(Text.assemble((f"{word:<9}", style), (finding.part, "bold"), f": {one_line(finding.says)}"))
        if finding.remedy:
            screen.line(one_line(finding.remedy), "cyan", indent=9)
