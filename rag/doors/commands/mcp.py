"""`byline mcp`: the articles as tools for other programs' models."""

from typing import Annotated

import typer

from index.errors import UsageError
from rag.doors.call import Call, command, examples

HTTP = Annotated[
    str | None,
    typer.Option("--http", metavar="HOST:PORT", help="Serve over HTTP at /mcp instead of stdin and stdout."),
]


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "mcp",
        help="Serve the tools ask, search and read_article over the Model Context Protocol.",
        epilog=examples(
            "byline mcp                          a program starts it and speaks with it over stdin and stdout",
            "byline mcp --home /data/archive",
            "byline mcp --http 127.0.0.1:8018    for programs that take an address: http://127.0.0.1:8018/mcp",
        ),
    )(command(mcp))


def mcp(call: Call, http: HTTP = None) -> None:
    """Serve until the program that started it leaves, or until stopped."""
    if http is None:
        _over_stdio(call)
        return
    from rag.doors.mcp.http import serve_http

    host, port = _address(http)
    serve_http(call.settings(serve__host=host, serve__port=port), call.doors(), lambda line: typer.echo(line, err=True))


def _over_stdio(call: Call) -> None:
    from rag.doors.http.serving import log_to_stderr
    from rag.doors.mcp.house import House
    from rag.doors.mcp.server import serve_stdio

    log_to_stderr()
    serve_stdio(House(call.settings(), call.doors()))


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal():
        raise UsageError(f"--http {text} is not an address.", "Write it as HOST:PORT, e.g. 127.0.0.1:8018.")
    return host.strip("[]"), int(port)
