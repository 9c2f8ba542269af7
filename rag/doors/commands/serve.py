"""`byline serve`: the HTTP service and the web page."""

from typing import Annotated

import typer

from rag.doors.call import Call, command, examples

HOST = Annotated[
    str | None, typer.Option("--host", metavar="ADDRESS", help="Where to listen; this machine only by default.")
]
PORT = Annotated[int | None, typer.Option("--port", metavar="N", help="The port; 0 takes a free one.")]


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "serve",
        help="Serve the web page, the HTTP API and the OpenAI-compatible API.",
        epilog=examples("byline serve", "byline serve --port 9000 --home /data/archive"),
    )(command(serve))


def serve(call: Call, host: HOST = None, port: PORT = None) -> None:
    """Serve until stopped."""
    from rag.doors.http.serving import serve as serve_http

    serve_http(call.settings(serve__host=host, serve__port=port))
