"""How far an indexing is: a bar with rate and time left on a terminal, a line now and then through a pipe."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Column

from index.building import Step
from rag.doors.terminal.bylines import size
from rag.doors.terminal.screen import console_on, is_plain
from rag.weights.landing import Fetched

EVERY_S = 10.0
Watch = Callable[[Step], None]


@contextmanager
def watching(*, plain: bool, quiet: bool) -> Iterator[Watch]:
    """What a build tells its steps to; all of it goes to stderr."""
    if quiet:
        yield lambda step: None
    elif plain or is_plain(sys.stderr):
        yield _lines()
    else:
        with _bar() as (progress, task):
            yield lambda step: progress.update(
                task, completed=step.files_done, total=step.files_total or None, described=described(step)
            )


@contextmanager
def fetching(*, plain: bool, quiet: bool) -> Iterator[Callable[[Fetched], None]]:
    """What a pull tells how far it is."""
    if quiet:
        yield lambda fetched: None
    elif plain or is_plain(sys.stderr):
        say = _now_and_then()
        yield lambda fetched: say(f"{fetched.model}: {size(fetched.done)} of {size(fetched.total)}")
    else:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=None, table_column=Column(ratio=1, max_width=40)),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(compact=True),
        )
        with Progress(*columns, console=console_on(sys.stderr, plain=False), transient=True, expand=True) as progress:
            tasks: dict[str, TaskID] = {}

            def show(fetched: Fetched) -> None:
                if fetched.model not in tasks:
                    tasks[fetched.model] = progress.add_task(fetched.model, total=fetched.total)
                progress.update(tasks[fetched.model], completed=fetched.done)

            yield show


@contextmanager
def moving(*, plain: bool, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """What an export or an import tells what it does, and how many articles of how many are done."""
    if quiet:
        yield lambda doing, done, total: None
    elif plain or is_plain(sys.stderr):
        say = _now_and_then()
        yield lambda doing, done, total: say(f"{doing}: {done} of {total} articles")
    else:
        with _bar() as (progress, task):
            yield lambda doing, done, total: progress.update(task, completed=done, total=total, described=doing)


def described(step: Step) -> str:
    """Passages, rate and time left in words."""
    if not step.passages:
        return "reading"
    left = f", {clock(step.remaining_s)} left" if step.remaining_s and step.files_done < step.files_total else ""
    return f"{step.passages} passages, {step.passages_per_s:.0f}/s{left}"


def clock(seconds: float) -> str:
    """0:42, or 1:02:03."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def _bar() -> Iterator[tuple[Progress, TaskID]]:
    columns = (
        BarColumn(bar_width=None, table_column=Column(ratio=1, max_width=40)),
        MofNCompleteColumn(),
        TextColumn("{task.fields[described]}", style="dim", markup=False),
    )
    with Progress(*columns, console=console_on(sys.stderr, plain=False), transient=True, expand=True) as progress:
        yield progress, progress.add_task("", total=None, described="opening")


def _lines() -> Watch:
    say = _now_and_then()
    return lambda step: say(f"{step.files_done} of {step.files_total} files, {described(step)}")


def _now_and_then() -> Callable[[str], None]:
    console = console_on(sys.stderr, plain=True)
    said = time.monotonic()

    def say(line: str) -> None:
        nonlocal said
        if time.monotonic() - said >= EVERY_S:
            said = time.monotonic()
            console.print(line, soft_wrap=True)

    return say
