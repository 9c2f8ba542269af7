"""Reading articles into the index for a door, and saying what became of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from index.errors import UsageError
from rag.doors.fetching import on_disk
from rag.doors.parts import Tell
from rag.doors.terminal.safe import one_line

if TYPE_CHECKING:
    from index.building import Summary
    from rag.doors.terminal.progress import Watch
    from rag.settings import Settings


def build_index(settings: "Settings", sources: Sequence[str], watch: "Watch", *, anew: bool = False) -> "Summary":
    """Read what is named into the home's index; `anew` makes the whole index again beside the one in use."""
    from index.building import build
    from index.opening import open_index
    from index.rebuilding import rebuild

    if not sources and not anew:
        raise UsageError("What is to be indexed?", "Name files, folders or addresses: byline index PATH|URL")
    here = on_disk(settings, sources)
    if anew:
        summary = rebuild(settings.home, settings.index, settings.search, settings.models, here.paths, watch)
    else:
        with open_index(settings.home, settings.index, settings.search, settings.models, write=True) as index:
            summary = build(index, here.paths, watch)
    return replace(summary, rejected=here.rejected(summary.rejected))


def add_sources(settings: "Settings", sources: Sequence[str], tell: Tell) -> list[str]:
    """The same for the chat: steps are told in words, and the summary comes in lines."""
    from rag.doors.terminal.progress import described

    return summary_lines(build_index(settings, sources, lambda step: tell(described(step))))


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
