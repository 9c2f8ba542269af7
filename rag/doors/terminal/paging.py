"""A long text in a pager, opened where it matters."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable

from rag.doors.terminal.screen import Screen


def page(show: Callable[[Screen], None], screen: Screen, at: str = "") -> None:
    """What `show` prints, in the pager of the system at the line that holds `at`; printed where there is no pager."""
    command = _pager() if not screen.plain and sys.stdin.isatty() else []
    if not command:
        show(screen)
        return
    with screen.out.capture() as captured:
        show(screen)
    text = captured.get()
    line = next((number for number, each in enumerate(text.splitlines(), 1) if at and at in each), 1)
    if command[0].endswith("less"):
        command += ["-R", "-F", f"+{max(1, line - 3)}"]
    # LESSSECURE keeps the pager from running commands or writing files.
    subprocess.run(command, input=text.encode(), env={**os.environ, "LESSSECURE": "1"}, check=False)


def _pager() -> list[str]:
    named = shlex.split(os.environ.get("PAGER", ""))
    command = named or ["less"]
    return command if shutil.which(command[0]) else []
