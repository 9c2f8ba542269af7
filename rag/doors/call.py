"""One call of a command: the options that every command takes, before or after its name, and how they become settings."""

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.errors import UsageError

if TYPE_CHECKING:
    from rag.doors.parts import Explaining, Parts
    from rag.protocols import Asking
    from rag.settings import Settings

HOME = Annotated[
    Path | None,
    typer.Option(
        "--home", metavar="DIR", help="Where indexes, chats and runs lie; or BYLINE_HOME.", rich_help_panel="Everywhere"
    ),
]
SETS = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Any setting, e.g. answer.max_tokens=300.", rich_help_panel="Everywhere"
    ),
]
CHROMA_URL = Annotated[
    str | None,
    typer.Option(
        "--chroma-url",
        metavar="URL",
        help="A Chroma server that holds the vectors, instead of the home.",
        rich_help_panel="Everywhere",
    ),
]
TRACEBACK = Annotated[
    bool,
    typer.Option("--traceback", help="Show where an error came from.", rich_help_panel="Everywhere"),
]
_EVERYWHERE: dict[str, tuple[Any, Any]] = {
    "home": (HOME, None),
    "sets": (SETS, None),
    "chroma_url": (CHROMA_URL, None),
    "traceback": (TRACEBACK, False),
}


@dataclass(frozen=True, slots=True)
class Call:
    """What was said before a command's name and after it; later words win."""

    home: Path | None = None
    sets: tuple[str, ...] = ()
    parts: "Parts | None" = None
    show: list[bool] = field(default_factory=list)

    def settings(self, **flags: Any) -> "Settings":
        """The settings of this call. Double underscores stand for dots: `model__name="x"` sets model.name."""
        from rag.settings import read_settings

        given: dict[str, Any] = {"home": self.home}
        for each in self.sets:
            key, equals, value = each.partition("=")
            if not equals:
                raise UsageError(f"--set {each} has no value.", "Write it as --set section.key=value.")
            given[key.strip()] = value.strip()
        given |= {key.replace("__", "."): value for key, value in flags.items() if value is not None}
        return read_settings(given)

    def doors(self) -> "Parts":
        """The parts that this call opens."""
        from rag.doors.parts import Parts

        return self.parts or Parts()

    def open_engine(self, settings: "Settings", *, quiet: bool, plain: bool) -> "Asking":
        """The engine, with what it says of its opening on stderr."""
        from rag.doors.terminal.screen import telling

        with telling("opening the index", quiet=quiet, plain=plain) as tell:
            return self.doors().engine(settings, tell)

    @contextmanager
    def open_retriever(self, settings: "Settings", *, quiet: bool, plain: bool) -> "Iterator[Explaining]":
        """The retriever alone, with a spinner while it opens."""
        from rag.doors.terminal.screen import telling

        with ExitStack() as held:
            with telling("opening the index", quiet=quiet, plain=plain):
                retriever = held.enter_context(self.doors().retriever(settings))
            yield retriever

    def joined(self, home: Path | None, sets: list[str] | None, chroma_url: str | None, traceback: bool) -> "Call":
        """This call with more options laid over it."""
        if traceback:
            self.show.append(True)
        more = [*(sets or ()), *([f"search.chroma_url={chroma_url}"] if chroma_url else ())]
        return replace(self, home=home or self.home, sets=(*self.sets, *more))


def command(function: Callable[..., None]) -> Callable[..., None]:
    """A command whose first parameter is its Call; adds the options that every command takes."""
    signature = inspect.signature(function)
    own = list(signature.parameters.values())[1:]

    @functools.wraps(function)
    def run(ctx: typer.Context, **given: Any) -> None:
        everywhere = {name: given.pop(name) for name in _EVERYWHERE}
        function(ctx.obj.joined(**everywhere), **given)

    common = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in _EVERYWHERE.items()
    ]
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    parameters = [context, *(each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own), *common]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters} | {"return": None}
    return run


def examples(*lines: str) -> str:
    """The end of a command's help: calls that work as they stand."""
    return "\n".join(["[bold]Examples[/bold]", *(f"  {line}".replace("[", r"\[") for line in lines)])
