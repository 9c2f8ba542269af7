"""`byline chats`: what was said in earlier chats."""

from typing import Annotated

import typer

from rag.doors import options
from rag.doors.call import Call, command, examples

ID = Annotated[str, typer.Argument(metavar="ID", help="The chat's id, or its beginning.")]

MARKDOWN = Annotated[bool, typer.Option("--markdown", help="Print the answers as Markdown.")]


def mount(app: typer.Typer) -> None:
    """Add the commands."""
    chats = typer.Typer(no_args_is_help=True, help="List, show and remove earlier chats.")
    chats.command("list", help="All chats, the last one first.", epilog=examples("byline chats list --json"))(
        command(list_chats)
    )
    chats.command(
        "show",
        help="One chat, with every answer and its sources.",
        epilog=examples(
            "byline chats show 3f2a",
            "byline chats show 3f2a --markdown > chat.md",
            "byline chats show 3f2a --json > chat.json   /load reads it",
        ),
    )(command(show_chat))
    chats.command("rm", help="Forget a chat.", epilog=examples("byline chats rm 3f2a"))(command(remove_chat))
    app.add_typer(chats, name="chats")


def list_chats(call: Call, json: options.JSON = False, plain: options.PLAIN = False) -> None:
    """Every chat of the home."""
    from rag.conversations import open_chats
    from rag.doors.terminal.chats import show_chat_list
    from rag.doors.terminal.screen import open_screen, print_json

    with open_chats(call.settings().home) as store:
        chats = store.chats()
    if json:
        print_json([chat.to_dict() for chat in chats])
    else:
        show_chat_list(chats, open_screen(plain=plain))


def show_chat(
    call: Call,
    chat_id: ID,
    json: options.JSON = False,
    markdown: MARKDOWN = False,
    plain: options.PLAIN = False,
) -> None:
    """One chat."""
    from rag.conversations import open_chats
    from rag.doors.chat.export import chat_to_markdown
    from rag.doors.terminal.chats import show_turns
    from rag.doors.terminal.screen import open_screen, print_json

    with open_chats(call.settings().home) as store:
        chat = store.find(chat_id)
        turns = store.turns(chat.id)
    if json:
        print_json({**chat.to_dict(), "turns": [turn.to_dict() for turn in turns]})
    elif markdown:
        print(chat_to_markdown([turn.answer for turn in turns if turn.answer]), end="")
    else:
        show_turns(turns, open_screen(plain=plain))


def remove_chat(call: Call, chat_id: ID, json: options.JSON = False) -> None:
    """Forget one chat."""
    from rag.conversations import open_chats
    from rag.doors.terminal.screen import print_json, tell

    with open_chats(call.settings().home) as store:
        chat = store.find(chat_id)
        store.remove(chat.id)
    if json:
        print_json({"removed": chat.id})
    else:
        tell(f"Removed chat {chat.id}: {chat.title}")
