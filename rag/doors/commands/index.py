"""`byline index`: articles in."""

from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import UsageError
from rag.doors import options
from rag.doors.call import Call, command, examples

if TYPE_CHECKING:
    from index.building import Summary
    from rag.settings import Settings

SOURCES = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH|URL|-...",
        help="Files, folders, addresses of pages and feeds, or - for what is piped in. Read are .txt .md .html .mhtml .pdf "
        ".docx .epub .eml, saved feeds (.rss .atom .xml), and records a line or a row (.jsonl .csv .tsv).",
    ),
]

REBUILD = Annotated[
    bool, typer.Option("--rebuild", help="Make the whole index again as set now; the old one answers meanwhile.")
]
FOLLOW = Annotated[
    bool, typer.Option("--follow", help="Keep watching what is named, and read what is new, until stopped with Ctrl-C.")
]
EVERY = Annotated[
    float, typer.Option("--every", metavar="MINUTES", min=0.01, help="How long --follow waits between two looks.")
]
COLUMN = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="FIELD=NAME",
        help="Which column of a .csv is which field, where its name does not say; may be repeated. Fields: text, title, "
        "publisher, author, published_at, updated_at, url, language.",
    ),
]
AS = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="KIND",
        help="What is piped in: text, html, jsonl, csv, eml, pdf …; else it is told by how it begins.",
    ),
]


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "index",
        help="Read articles into the index; what has not changed is not read twice.",
        epilog=examples(
            "byline index ~/clippings",
            "byline index https://example.org/news/story.html",
            "byline index https://example.org/feed.xml --follow --every 30",
            "byline index archive.jsonl --home /data/archive",
            "byline index clips.csv --column title=Kop --column text=Tekst",
            "pbpaste | byline index - --as text",
            "byline index --rebuild --set index.passage_tokens=300",
            "byline index ~/clippings --json 2>/dev/null",
        ),
    )(command(index))


def index(
    call: Call,
    sources: SOURCES = None,
    rebuild: REBUILD = False,
    follow: FOLLOW = False,
    every: EVERY = 15.0,
    column: COLUMN = None,
    kind: AS = None,
    json: options.JSON = False,
    plain: options.PLAIN = False,
) -> None:
    """Read what is named, and say what became of it; exits with 2 where all of it was rejected."""
    from rag.doors.indexing import build_index
    from rag.doors.standard_input import with_standard_input
    from rag.doors.terminal.progress import watching

    settings = call.settings(index__columns=", ".join(column) if column else None)
    named = with_standard_input(settings, sources or [], kind)
    if follow:
        _follow(settings, named, every * 60, rebuild=rebuild, json=json, plain=plain)
        return
    with watching(plain=plain, quiet=json) as watch:
        summary = build_index(settings, named, watch, anew=rebuild)
    show(summary, json=json, plain=plain)
    if summary.rejected and not (summary.read or summary.unchanged):
        raise typer.Exit(2)


def show(summary: "Summary", *, json: bool, plain: bool) -> None:
    """What became of it: one object, or lines."""
    from rag.doors.indexing import summary_lines, summary_to_dict
    from rag.doors.terminal.screen import open_screen, print_json

    if json:
        print_json(summary_to_dict(summary))
        return
    screen = open_screen(plain=plain)
    for line in summary_lines(summary):
        screen.line(line)


def _follow(
    settings: "Settings", sources: list[str], every_s: float, *, rebuild: bool, json: bool, plain: bool
) -> None:
    from rag.doors.indexing import follow
    from rag.doors.terminal.progress import watching
    from rag.doors.terminal.screen import telling

    if rebuild:
        raise UsageError("--follow and --rebuild do not go together.", "Rebuild first, then follow.")
    with watching(plain=True, quiet=json) as watch, telling("watching", quiet=json, plain=True) as tell:
        for summary in follow(settings, sources, watch, every_s, tell):
            show(summary, json=json, plain=plain)
