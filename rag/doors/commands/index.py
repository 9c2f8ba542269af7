"""`byline index`: articles in."""

from typing import Annotated

import typer

from rag.doors import options
from rag.doors.call import Call, command, examples

SOURCES = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH|URL...", help="Files, folders, web addresses, or .jsonl files of records."),
]

REBUILD = Annotated[
    bool, typer.Option("--rebuild", help="Make the whole index again as set now; the old one answers meanwhile.")
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
            "byline index --rebuild --set index.passage_tokens=300",
            "byline index ~/clippings --json 2>/dev/null",
        ),
    )(command(index))


def index(
    call: Call,
    sources: SOURCES = None,
    rebuild: REBUILD = False,
    json: options.JSON = False,
    plain: options.PLAIN = False,
) -> None:
    """Read what is named, and say what became of it; exits with 2 where all of it was rejected."""
    from rag.doors.indexing import build_index, summary_lines, summary_to_dict
    from rag.doors.terminal.progress import watching
    from rag.doors.terminal.screen import open_screen, print_json

    settings = call.settings()
    with watching(plain=plain, quiet=json) as watch:
        summary = build_index(settings, sources or [], watch, anew=rebuild)
    if json:
        print_json(summary_to_dict(summary))
    else:
        screen = open_screen(plain=plain)
        for line in summary_lines(summary):
            screen.line(line)
    if summary.rejected and not (summary.read or summary.unchanged):
        raise typer.Exit(2)
