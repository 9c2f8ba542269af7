"""`byline verify`: are the quotes of a saved answer still what the articles say, and would it be given again?"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.doors import options
from rag.doors.call import Call, command, examples

if TYPE_CHECKING:
    from index.types import Filters
    from rag.replaying import Replay

FILE = Annotated[str, typer.Argument(metavar="ANSWER.json", help="What `ask --json` printed; - reads stdin.")]
REPLAY = Annotated[
    bool,
    typer.Option("--replay", help="Ask again as the receipt says, and compare; give the filters that were in force."),
]


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "verify",
        help="Check every quote of a saved answer against the index, and with --replay ask its question again; exits "
        "with 0 only when all quotes are exact and the answer is the same.",
        epilog=examples(
            'byline ask "Who bought Wiz?" --json > answer.json',
            "byline verify answer.json",
            "byline verify answer.json --replay",
            "byline verify answer.json --json",
        ),
    )(command(verify))


def verify(
    call: Call,
    file: FILE,
    replay: REPLAY = False,
    json: options.JSON = False,
    publisher: options.PUBLISHER = None,
    since: options.SINCE = None,
    until: options.UNTIL = None,
    as_of: options.AS_OF = None,
    strictness: options.STRICTNESS = None,
    model: options.MODEL = None,
    runtime: options.RUNTIME = None,
    plain: options.PLAIN = False,
) -> None:
    """Say of each quote: exact, changed since, or gone; and of the answer: the same, or what differs and why."""
    from rag.doors.filters import make_filters
    from rag.doors.terminal.quotes import show_checked, show_replay
    from rag.doors.terminal.screen import open_screen, print_json
    from rag.verifying import checked_to_dict, read_answer, verify_answer

    answer = read_answer(file)
    filters = make_filters(publisher, since, until, as_of)
    flags = {"answer__strictness": strictness, "model__name": model, "model__runtime": runtime}
    with call.doors().catalogue(call.settings(**flags)) as catalogue:
        checked = verify_answer(answer, catalogue)
    again = _again(call, answer, filters, flags, quiet=json, plain=plain) if replay else None
    if json:
        from rag.replaying import replay_to_dict

        print_json(checked_to_dict(answer, checked) | ({"replay": replay_to_dict(again)} if again else {}))
    else:
        screen = open_screen(plain=plain)
        show_checked(checked, screen)
        if again:
            show_replay(again, screen)
    exact = all(each.state == "exact" for each in checked)
    raise typer.Exit(0 if exact and (again is None or again.same) else 1)


def _again(
    call: Call, answer: dict[str, Any], filters: "Filters", flags: dict[str, Any], *, quiet: bool, plain: bool
) -> "Replay":
    from contextlib import closing

    from rag.doors.terminal.screen import telling
    from rag.replaying import replay, settings_then

    settings = settings_then(answer, call.settings(**flags))
    with (
        closing(call.open_engine(settings, quiet=quiet, plain=plain)) as engine,
        telling("asking again", quiet=quiet, plain=plain),
    ):
        return replay(answer, engine, filters)
