"""The screen that results are printed on: styled on a terminal, plain lines through a pipe, on a dumb terminal and for screen readers."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.status import Status
from rich.table import Table
from rich.text import Text

from rag.doors.terminal.safe import one_line, to_json

Tell = Callable[[str], None]
NARROW = 60
WIDEST = 110
"""The longest line of prose, in columns; longer ones are hard to read on."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Where results and asides go. `plain` means whole lines without style, wrapped by nobody."""

    out: Console
    aside: Console
    plain: bool

    def line(self, text: Text | str = "", style: str = "", *, indent: int = 0, aside: bool = False) -> None:
        """One paragraph; the text must be safe already."""
        console = self.aside if aside else self.out
        content = Text(text, style) if isinstance(text, str) else text
        if self.plain:
            console.print(Text(" " * indent + content.plain), soft_wrap=True)
        else:
            console.print(Padding(content, (0, 0, 0, indent)) if indent else content, width=_measure(console))

    def item(self, marker: str, text: Text | str, style: str = "") -> None:
        """A paragraph that hangs from its marker."""
        content = Text(text, style) if isinstance(text, str) else text
        if self.plain:
            self.line(f"{marker} {content.plain}")
            return
        hanging = Table.grid(padding=(0, 1, 0, 0))
        hanging.add_column(no_wrap=True, style="cyan")
        hanging.add_column(overflow="fold")
        hanging.add_row(Text(marker), content)
        self.out.print(hanging, width=_measure(self.out))

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[Text | str]], between: str = "\t") -> None:
        """A small table; where there is no room, a paragraph a row; in plain lines, cells with `between` in between."""
        if self.plain:
            for row in rows:
                self.line(between.join(cell.plain if isinstance(cell, Text) else cell for cell in row))
            return
        if self.out.width < NARROW and len(headings) > 2:
            for row in rows:
                cells = [Text(cell) if isinstance(cell, str) else cell for cell in row]
                self.item(cells[0].plain, Text(" · ").join(cells[1:]))
            return
        table = Table(box=SIMPLE_HEAD, show_header=any(headings), pad_edge=False, show_edge=False, header_style="dim")
        for at, heading in enumerate(headings):
            table.add_column(heading, overflow="fold", ratio=None, no_wrap=False, min_width=4 if at else None)
        for row in rows:
            table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
        self.out.print(table, width=_measure(self.out))


def _measure(console: Console) -> int:
    return min(console.width, WIDEST)


def open_screen(*, plain: bool = False, together: bool = False) -> Screen:
    """The screen of this process. With `together`, asides go where the results go."""
    plain = plain or is_plain(sys.stdout)
    out = console_on(sys.stdout, plain)
    return Screen(out=out, aside=out if together else console_on(sys.stderr, plain), plain=plain)


def is_plain(stream: TextIO) -> bool:
    """True where a stream is no terminal, or one that cannot move its cursor."""
    return not stream.isatty() or os.environ.get("TERM", "dumb") in ("dumb", "unknown")


def console_on(stream: TextIO, plain: bool) -> Console:
    """A console that takes text as it is: no markup, no emoji codes, no guessing at numbers."""
    return Console(
        file=stream,
        markup=False,
        emoji=False,
        highlight=False,
        force_terminal=False if plain else None,
        no_color=plain or None,
    )


def print_json(value: Any) -> None:
    """One JSON object on stdout: on one line through a pipe, indented on a terminal."""
    sys.stdout.write(to_json(value, indent=2 if sys.stdout.isatty() else None) + "\n")
    sys.stdout.flush()


def tell(text: str) -> None:
    """A result in one line."""
    open_screen().line(one_line(text))


class Spinner:
    """A line that says what is going on and leaves nothing behind; silent where the screen is plain."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._status: Status | None = None
        self._doing = ""

    def say(self, doing: str) -> None:
        """Show what is going on."""
        self._doing = one_line(doing)
        if self._screen.plain or not self._screen.aside.is_terminal:
            return
        if self._status is None:
            self._status = Status(
                Text(self._doing, "dim"), console=self._screen.aside, spinner="dots", spinner_style="dim"
            )
            self._status.start()
        else:
            self._status.update(Text(self._doing, "dim"))

    def hide(self) -> None:
        """Clear the line."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    @contextmanager
    def away(self) -> Iterator[None]:
        """Clear the line while something is printed, then show it again."""
        spinning = self._status is not None
        self.hide()
        yield
        if spinning:
            self.say(self._doing)

    @contextmanager
    def saying(self, doing: str) -> Iterator["Spinner"]:
        """Show what is going on for as long as the block runs."""
        self.say(doing)
        try:
            yield self
        finally:
            self.hide()


@contextmanager
def telling(doing: str, *, quiet: bool, plain: bool) -> Iterator[Tell]:
    """A way to say on stderr what is going on: a spinner and the last word on a terminal, lines through a pipe."""
    if quiet:
        yield lambda _: None
        return
    screen = Screen(
        out=console_on(sys.stderr, plain := plain or is_plain(sys.stderr)),
        aside=console_on(sys.stderr, plain),
        plain=plain,
    )
    said = ""
    with Spinner(screen).saying(doing) as spinner:

        def say(text: str) -> None:
            nonlocal said
            said = one_line(text)
            if plain:
                screen.line(said)
            spinner.say(said)

        yield say
    if said and not plain:
        screen.line(said, "dim")
