"""`byline serve`: the HTTP service and the web page, and the keys that open it."""

from typing import Annotated, Literal

import typer

from index.errors import UsageError
from rag.doors.call import Call, command, examples

Scope = Literal["read", "write"]

HOST = Annotated[
    str | None, typer.Option("--host", metavar="ADDRESS", help="Where to listen; this machine only by default.")
]
PORT = Annotated[int | None, typer.Option("--port", metavar="N", help="The port; 0 takes a free one.")]
NEW_KEY = Annotated[
    str | None, typer.Option("--new-key", metavar="NAME", help="Make an API key, print it once, and serve nothing.")
]
SCOPE = Annotated[
    Scope | None, typer.Option("--scope", help="What the new key may do; write includes read. Default: read.")
]


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "serve",
        help="Serve the web page, the HTTP API and the OpenAI-compatible API.",
        epilog=examples(
            "byline serve",
            "byline serve --port 9000 --home /data/archive",
            "byline serve --new-key desk --scope write",
        ),
    )(command(serve))


def serve(call: Call, host: HOST = None, port: PORT = None, new_key: NEW_KEY = None, scope: SCOPE = None) -> None:
    """Serve until stopped; or make a key."""
    if new_key is not None:
        _print_new_key(call, new_key, scope or "read")
        return
    if scope is not None:
        raise UsageError("--scope says what a new key may do.", "Name the key: byline serve --new-key NAME.")
    from rag.doors.http.serving import serve as serve_http

    serve_http(call.settings(serve__host=host, serve__port=port))


def _print_new_key(call: Call, name: str, scope: Scope) -> None:
    """The key alone on stdout, so that it can be piped; the words about it on stderr."""
    from rag.doors.http.keys import keys_path
    from rag.doors.http.keys import new_key as make_key

    home = call.settings().home
    secret = make_key(home, name, scope)
    typer.echo(secret)
    typer.echo(f"It is shown this once; {keys_path(home)} keeps only its digest. It may {scope}.", err=True)
