"""Stopping work that nobody waits for any more, also within a step that says nothing while it runs.

A stream of events is stopped by closing it, but only where it yields. A long step asks here now and then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Stopped(Exception):
    """Nobody wants the result; whoever set `stoppable` catches it."""


def _never() -> bool:
    return False


_unwanted: ContextVar[Callable[[], bool]] = ContextVar("unwanted", default=_never)


@contextmanager
def stoppable(unwanted: Callable[[], bool]) -> Iterator[None]:
    """Within this block and thread, `stop_if_unwanted` raises as soon as `unwanted` says so."""
    token = _unwanted.set(unwanted)
    try:
        yield
    finally:
        _unwanted.reset(token)


def stop_if_unwanted() -> None:
    """Raises Stopped when nobody wants the work that is going on."""
    if _unwanted.get()():
        raise Stopped
