"""`byline chat`: ask, and ask again."""

from typing import Annotated

import typer

from rag.doors import options
from rag.doors.call import Call, command, examples

CONTINUE = Annotated[bool, typer.Option("--continue", "-c", help="Go on with the last chat.")]


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "chat",
        help="Talk with your articles; /help inside lists what can be said.",
        epilog=examples(
            "byline chat",
            "byline chat --continue",
            "byline chat --as-of 2025-03-01 --publisher Reuters",
            'echo "Who bought Wiz?" | byline chat',
        ),
    )(command(chat))


def chat(
    call: Call,
    go_on: CONTINUE = False,
    publisher: options.PUBLISHER = None,
    since: options.SINCE = None,
    until: options.UNTIL = None,
    as_of: options.AS_OF = None,
    strictness: options.STRICTNESS = None,
    model: options.MODEL = None,
    runtime: options.RUNTIME = None,
    plain: options.PLAIN = False,
) -> None:
    """Open the chat, or answer what comes through a pipe."""
    from rag.doors.chat.room import run_chat
    from rag.doors.filters import make_filters

    filters = make_filters(publisher, since, until, as_of)
    settings = call.settings(answer__strictness=strictness, model__name=model, model__runtime=runtime)
    raise typer.Exit(run_chat(call.doors(), settings, filters, go_on=go_on, plain=plain))
