"""Reading articles into the index for a door, once or again and again, and saying what became of them."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from index.errors import BusyError, UsageError
from rag.doors.fetching import is_address
from rag.doors.gathering import OnDisk, on_disk, what_is_new
from rag.doors.parts import Tell
from rag.doors.terminal.safe import one_line

if TYPE_CHECKING:
    from index.building import Summary
    from rag.doors.terminal.progress import Watch
    from rag.settings import Settings


def build_index(settings: "Settings", sources: Sequence[str], watch: "Watch", *, anew: bool = False) -> "Summary":
    """Read what is named into the home's index; `anew` makes the whole index again beside the one in use."""
    if not sources and not anew:
        raise UsageError("What is to be indexed?", "Name files, folders or addresses: byline index PATH|URL")
    return _read(settings, on_disk(settings, sources, _asking(watch)), watch, anew=anew)


def refresh_index(settings: "Settings", urls: Sequence[str], watch: "Watch", paths: Sequence[str] = ()) -> "Summary":
    """Read what is new at the addresses that the index knows, or at those of them that are named, and in the paths."""
    here = what_is_new(settings, urls, _asking(watch))
    return _read(settings, here.with_paths(paths), watch)


def follow(
    settings: "Settings",
    sources: Sequence[str],
    watch: "Watch",
    every_s: float,
    tell: Tell,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator["Summary"]:
    """Read what is named, then what is new there, for ever; a summary whenever something came of it.

    What cannot be read is told once, not every time.
    """
    yield build_index(settings, sources, watch)
    urls = [each for each in sources if is_address(each)]
    paths = [each for each in sources if not is_address(each)]
    told: set[tuple[str, str]] = set()
    while True:
        sleep(every_s)
        try:
            summary = refresh_index(settings, urls, watch, paths) if urls else build_index(settings, paths, watch)
        except BusyError as error:
            tell(f"{error} It is tried again.")
            continue
        rejected = tuple(each for each in summary.rejected if each not in told)
        told.update(rejected)
        if summary.read or summary.removed or rejected:
            yield replace(summary, rejected=rejected)


def add_sources(settings: "Settings", sources: Sequence[str], tell: Tell) -> list[str]:
    """The same for the chat: steps are told in words, and the summary comes in lines."""
    from rag.doors.terminal.progress import described

    return summary_lines(build_index(settings, sources, lambda step: tell(described(step))))


def _read(settings: "Settings", here: OnDisk, watch: "Watch", *, anew: bool = False) -> "Summary":
    from index.building import build
    from index.opening import open_index
    from index.rebuilding import rebuild

    if anew:
        summary = rebuild(settings.home, settings.index, settings.search, settings.models, here.paths, watch)
    else:
        with open_index(settings.home, settings.index, settings.search, settings.models, write=True) as index:
            summary = build(index, here.paths, watch)
    here.note_read(settings.home)
    unchanged = summary.unchanged + here.unchanged
    return replace(summary, unchanged=unchanged, rejected=here.rejected(summary.rejected))


def _asking(watch: "Watch") -> Callable[[int, int, str], None]:
    """Tells a bar of files how many addresses have been asked."""
    from index.building import Step

    return lambda done, total, url: watch(Step(done, total, 0, 0, 0.0, None))


def summary_lines(summary: "Summary") -> list[str]:
    """What a build did, in words; each rejected file by name with the reason."""
    counts = (
        (summary.read - summary.replaced, "new"),
        (summary.replaced, "replaced"),
        (summary.unchanged, "unchanged"),
        (summary.removed, "removed"),
    )
    done = ", ".join(f"{number} {word}" for number, word in counts if number) or "nothing read"
    skipped = f" {summary.skipped} files of other kinds were passed over." if summary.skipped else ""
    return [
        f"Articles: {done} ({summary.seconds:.1f} s).{skipped}",
        f"The index holds {summary.articles} articles in {summary.passages} passages.",
        *(f"Rejected: {one_line(path)}: {one_line(reason)}" for path, reason in summary.rejected),
    ]


def summary_to_dict(summary: "Summary") -> dict[str, Any]:
    """What a build did, as plain JSON values."""
    return {
        "read": summary.read,
        "replaced": summary.replaced,
        "unchanged": summary.unchanged,
        "removed": summary.removed,
        "skipped": summary.skipped,
        "rejected": [{"path": path, "reason": reason} for path, reason in summary.rejected],
        "articles": summary.articles,
        "passages": summary.passages,
        "seconds": round(summary.seconds, 3),
    }
