"""One writer at a time: a lock that the system frees when its holder dies, and a note of who holds it."""

import json
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import BusyError


@contextmanager
def sole_writer(home: Path) -> Iterator[None]:
    """Hold the index of a home for writing. Raises BusyError naming the process that already does."""
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(str(home / "index.lock"), timeout=0, thread_local=False)
    note = home / "index.holder"
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(
            f"The index in {home} is being written by {_holder(note)}.", "Wait for it, or stop it."
        ) from None
    try:
        about = {"pid": os.getpid(), "host": platform.node(), "command": " ".join(sys.argv)[:200]}
        note.write_text(json.dumps(about), encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _holder(note: Path) -> str:
    try:
        about = json.loads(note.read_text(encoding="utf-8"))
        return f"process {about['pid']} on {about['host']} ({about['command']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
