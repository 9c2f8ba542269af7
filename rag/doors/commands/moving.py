"""`byline export` and `byline import`: a home as one file, for backups and for moving."""

from pathlib import Path
from typing import Annotated

import typer

from rag.doors import options
from rag.doors.call import Call, command, examples

TO = Annotated[str, typer.Argument(metavar="FILE|DIR/", help="The archive to make; a folder where it ends in a slash.")]
FROM = Annotated[Path, typer.Argument(metavar="FILE|DIR", help="An archive that export made.")]
AGAIN = Annotated[
    bool, typer.Option("--again", help="Split and embed its articles as set here, instead of taking its vectors over.")
]


def mount(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "export",
        help="Write the articles with their vectors, the review queue and the chats of a home into one archive.",
        epilog=examples("byline export backup.zip", "byline export backup/ --home /data/archive"),
    )(command(export_))
    app.command(
        "import",
        help="Add what export wrote to a home, which then finds and answers the same.",
        epilog=examples(
            "byline import backup.zip --home /data/archive",
            "byline import backup.zip --again    into a home with another embedding model",
        ),
    )(command(import_))


def export_(call: Call, to: TO, json: options.JSON = False, plain: options.PLAIN = False) -> None:
    """Write an archive."""
    from rag.doors.terminal.progress import moving
    from rag.doors.terminal.screen import print_json, tell
    from rag.moving import export_home

    folder = to.endswith(("/", "\\")) or Path(to).is_dir()
    with moving(plain=plain, quiet=json) as watch:
        moved = export_home(call.settings(), Path(to), folder=folder, watch=watch)
    if json:
        print_json({"archive": to, **moved.to_dict()})
    else:
        tell(f"{to} holds {moved.articles} articles in {moved.passages} passages{_rows(moved.rows)}.")


def import_(
    call: Call, path: FROM, again: AGAIN = False, json: options.JSON = False, plain: options.PLAIN = False
) -> None:
    """Add an archive to the home."""
    from rag.doors.terminal.progress import moving
    from rag.doors.terminal.screen import print_json, tell
    from rag.moving import import_home

    with moving(plain=plain, quiet=json) as watch:
        moved = import_home(call.settings(), path, again=again, watch=watch)
    if json:
        print_json({"archive": str(path), **moved.to_dict()})
    else:
        new = dict(moved.new)
        tell(f"{new.pop('articles')} of {moved.articles} articles are new{_rows(new)}.")


def _rows(rows: dict[str, int]) -> str:
    said = [f"{count} of {name}" for name, count in rows.items() if count]
    return f"; rows: {', '.join(said)}" if said else ""
