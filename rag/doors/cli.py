"""The command `byline`: mounts the commands and turns errors into exit codes. Nothing heavy is imported for --help."""

import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from index.errors import BylineError, MissingError
from rag.doors.call import CHROMA_URL, HOME, SETS, TRACEBACK, Call, examples
from rag.doors.commands import (
    articles,
    ask,
    chat,
    chats,
    doctor,
    index,
    mcp,
    models,
    moving,
    refresh,
    search,
    serve,
    verify,
)

if TYPE_CHECKING:
    from rag.doors.parts import Parts

COMMANDS = "byline.commands"
ORDER = [
    "index",
    "refresh",
    "search",
    "ask",
    "chat",
    "chats",
    "serve",
    "mcp",
    "articles",
    "models",
    "eval",
    "export",
    "import",
    "verify",
    "doctor",
]


class LateGroup(TyperGroup):
    """Also finds the commands that other rooms register as entry points; each is loaded when it is named."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands of this room, then those of others that can be loaded."""
        late = {point.name for point in entry_points(group=COMMANDS) if find_spec(point.module)}
        known = late.union(super().list_commands(ctx))
        return sorted(known, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command of this room, or one registered under its name."""
        own = super().get_command(ctx, cmd_name)
        if own is not None or cmd_name.startswith("-"):
            return own
        found = entry_points(group=COMMANDS, name=cmd_name)
        return _loaded(next(iter(found))) if found else None


def _loaded(point: EntryPoint) -> Any:
    try:
        return typer.main.get_command(point.load())
    except (ImportError, AttributeError) as error:
        raise MissingError(f"The command {point.name} cannot be loaded: {error}.", "Run: pip install -e .") from error


app = typer.Typer(
    name="byline",
    cls=LateGroup,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "byline models pull                              once: fetch the default models",
        "byline index ~/clippings https://example.org/a  read articles",
        'byline ask "Who bought Wiz, and for how much?"  an answer with its sources',
        "byline chat                                     ask, and ask again",
        "byline doctor                                   what is missing, and what mends it",
    ),
)
for mount in (index, refresh, search, ask, chat, chats, serve, mcp, articles, models, moving, verify, doctor):
    mount.mount(app)


@app.callback()
def byline(
    ctx: typer.Context,
    home: HOME = None,
    sets: SETS = None,
    chroma_url: CHROMA_URL = None,
    traceback: TRACEBACK = False,
) -> None:
    """Answers from your news articles that can be proven, on your own machine."""
    ctx.obj = (ctx.obj or Call()).joined(home, sets, chroma_url, traceback)


def main(arguments: Sequence[str] | None = None, parts: "Parts | None" = None) -> int:
    """Run one command; returns its exit code: 0 done, 2 wrong use, 3 declined, 4 something missing, 1 a bug."""
    call = Call(parts=parts)
    _speak_utf8()
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="byline", obj=call)
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    except BylineError as error:
        if call.show:
            raise
        say(error.problem, error.remedy)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if call.show:
            raise
        say(f"A bug: {type(error).__name__}: {error}.", "Run the same command with --traceback to see where.")
        return 1
    return 0


def say(problem: str, remedy: str) -> None:
    """An error to stderr: the problem, and below it what mends it."""
    from rag.doors.terminal.safe import safe

    print(safe(f"byline: {problem}"), file=sys.stderr)
    if remedy:
        print(safe(f"  {remedy}"), file=sys.stderr)


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
