"""A terminal that does not itself repeat what is typed: what is typed while an answer is written waits for the prompt."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

try:
    import termios
except ImportError:  # Windows has none, and its console repeats nothing while nobody reads.
    termios = None  # type: ignore[assignment]

LOCAL = 3
"""Where the flags of the line discipline stand among the attributes of a terminal."""


@contextmanager
def unechoed() -> Iterator[None]:
    """Nothing typed is repeated within the block; Ctrl-C still interrupts. Does nothing without a terminal."""
    if termios is None or not sys.stdin.isatty():
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    quiet = [*before]
    quiet[LOCAL] &= ~termios.ECHO
    termios.tcsetattr(sys.stdin, termios.TCSANOW, quiet)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSANOW, before)
