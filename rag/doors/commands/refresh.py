"""`byline refresh`: what is new at the addresses that the index knows."""

from typing import Annotated

import typer

from rag.doors import options
from rag.doors.call import Call, command, examples
from rag.doors.commands.index import show

URLS = Annotated[
    list[str] | None, typer.Argument(metavar="URL...", help="Pages and feeds that were indexed; none means all.")
]


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "refresh",
        help="Ask the pages and feeds that were indexed for what is new, and read only that.",
        epilog=examples("byline refresh", "byline refresh https://example.org/feed.xml", "byline refresh --json"),
    )(command(refresh))


def refresh(call: Call, urls: URLS = None, json: options.JSON = False, plain: options.PLAIN = False) -> None:
    """Read what is new, and say what became of it; exits with 2 where nothing but rejections came of it."""
    from rag.doors.indexing import refresh_index
    from rag.doors.terminal.progress import watching

    with watching(plain=plain, quiet=json) as watch:
        summary = refresh_index(call.settings(), urls or [], watch)
    show(summary, json=json, plain=plain)
    if summary.rejected and not (summary.read or summary.unchanged):
        raise typer.Exit(2)
