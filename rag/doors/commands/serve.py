"""`byline serve`: the HTTP service and the web page, and the keys that open it."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from index.errors import UsageError
from rag.doors.call import Call, command, examples

Scope = Literal["read", "write"]

HOST = Annotated[
    str | None, typer.Option("--host", metavar="ADDRESS", help="Where to listen; this machine only by default.")
]
PORT = Annotated[int | None, typer.Option("--port", metavar="N", help="The port; 0 takes a free one.")]
WORKERS = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        min=1,
        help="Answers written at once, all by this one process; more than 1 gains where a model server answers. Default: 1.",
    ),
]
NEW_KEY = Annotated[
    str | None, typer.Option("--new-key", metavar="NAME", help="Make an API key, print it once, and serve nothing.")
]
SCOPE = Annotated[
    Scope | None, typer.Option("--scope", help="What the new key may do; write includes read. Default: read.")
]
PER_MINUTE = Annotated[
    int | None,
    typer.Option(
        "--per-minute", metavar="N", min=1, help="Requests a minute the new key may make. Default: serve.per_minute."
    ),
]
ROTATE_KEY = Annotated[
    str | None,
    typer.Option(
        "--rotate-key", metavar="NAME", help="Print a new key in place of NAME's; the old one opens for a day more."
    ),
]
REMOVE_KEY = Annotated[str | None, typer.Option("--remove-key", metavar="NAME", help="Take NAME's keys away at once.")]


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "serve",
        help="Serve the web page, the HTTP API and the OpenAI-compatible API.",
        epilog=examples(
            "byline serve",
            "byline serve --port 9000 --home /data/archive",
            "byline serve --new-key desk --scope write --per-minute 30",
            "byline serve --rotate-key desk",
        ),
    )(command(serve))


def serve(
    call: Call,
    host: HOST = None,
    port: PORT = None,
    workers: WORKERS = None,
    new_key: NEW_KEY = None,
    scope: SCOPE = None,
    per_minute: PER_MINUTE = None,
    rotate_key: ROTATE_KEY = None,
    remove_key: REMOVE_KEY = None,
) -> None:
    """Serve until stopped; or make, rotate or remove a key."""
    if new_key is None and (scope is not None or per_minute is not None):
        raise UsageError("--scope and --per-minute are of a new key.", "Name it: byline serve --new-key NAME.")
    if sum(each is not None for each in (new_key, rotate_key, remove_key)) > 1:
        raise UsageError("One key at a time.", "Give one of --new-key, --rotate-key and --remove-key.")
    if new_key is not None or rotate_key is not None or remove_key is not None:
        _tend_keys(call.settings().home, new_key, scope or "read", per_minute or 0, rotate_key, remove_key)
        return
    from rag.doors.http.serving import serve as serve_http

    serve_http(call.settings(serve__host=host, serve__port=port, serve__answering=workers))


def _tend_keys(
    home: Path, new: str | None, scope: Scope, per_minute: int, rotated: str | None, removed: str | None
) -> None:
    """A key alone on stdout, so that it can be piped; the words about it on stderr."""
    from rag.doors.http import keys

    if removed is not None:
        keys.remove_key(home, removed)
        typer.echo(f"The keys of {removed!r} open nothing any more.", err=True)
        return
    if rotated is not None:
        typer.echo(keys.rotate_key(home, rotated))
        typer.echo(f"It is shown this once. The key of {rotated!r} before it opens for 24 hours more.", err=True)
        return
    typer.echo(keys.new_key(home, new or "", scope, per_minute))
    typer.echo(f"It is shown this once; {keys.keys_path(home)} keeps only its digest. It may {scope}.", err=True)
