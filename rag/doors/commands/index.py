"""`byline index`: articles in."""

from typing import Annotated

import typer

from rag.doors import options
from rag.doors.call import Call, command, examples

SOURCES = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH|URL...", help="Files, folders, web addresses, or .jsonl files of records."),
]


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "index",
        help="Read articles into the index; what has not changed is not read twice.",
        epilog=examples(
            "byline index ~/clippings",
            "byline index https://example.org/news/story.html",
            "byline index archive.jsonl --home /data/archive",
            "byline index ~/clippings --json 2>/dev/null",
        ),
    )(command(index))


def index(call: Call, sources: SOURCES = None, json: options.JSON = False, plain: options.PLAIN = False) -> None:
    """Read what is named, and say what became of it."""
    from rag.doors.indexing import run_index

    run_index(call.settings(), sources or [], json=json, plain=plain)
