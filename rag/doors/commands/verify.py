"""`byline verify`: are the quotes of a saved answer still what the articles say?"""

from typing import Annotated

import typer

from rag.doors import options
from rag.doors.call import Call, command, examples

FILE = Annotated[str, typer.Argument(metavar="ANSWER.json", help="What `ask --json` printed; - reads stdin.")]


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "verify",
        help="Check every quote of a saved answer against the index; exits with 0 only when all are exact.",
        epilog=examples(
            'byline ask "Who bought Wiz?" --json > answer.json',
            "byline verify answer.json",
            "byline verify answer.json --json",
        ),
    )(command(verify))


def verify(call: Call, file: FILE, json: options.JSON = False, plain: options.PLAIN = False) -> None:
    """Say of each quote: exact, changed since, or gone."""
    from rag.doors.reading import read_catalogue
    from rag.doors.terminal.quotes import show_checked
    from rag.doors.terminal.screen import open_screen, print_json
    from rag.verifying import checked_to_dict, read_answer, verify_answer

    answer = read_answer(file)
    with read_catalogue(call.settings()) as catalogue:
        checked = verify_answer(answer, catalogue)
    if json:
        print_json(checked_to_dict(answer, checked))
    else:
        show_checked(checked, open_screen(plain=plain))
    raise typer.Exit(0 if all(each.state == "exact" for each in checked) else 1)
