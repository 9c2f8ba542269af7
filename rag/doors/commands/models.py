"""`byline models`: which models there are, and fetching them."""

from typing import Annotated

import typer

from rag.doors import options
from rag.doors.call import Call, command, examples

NAMES = Annotated[
    list[str] | None, typer.Argument(metavar="NAME...", help="Names of `byline models list`; none means the defaults.")
]


def mount(app: typer.Typer) -> None:
    """Add the commands."""
    models = typer.Typer(no_args_is_help=True, help="List, fetch and check models.")
    models.command("list", help="The known models, and which are here.", epilog=examples("byline models list --json"))(
        command(list_models)
    )
    models.command(
        "pull",
        help="Fetch models; one that is already here is not fetched again.",
        epilog=examples("byline models pull", "byline models pull qwen2.5-coder-0.5b-instruct"),
    )(command(pull_models))
    models.command("check", help="Hash the models that are here, and compare.", epilog=examples("byline models check"))(
        command(check_models)
    )
    app.add_typer(models, name="models")


def list_models(call: Call, json: options.JSON = False, plain: options.PLAIN = False) -> None:
    """Every model of the manifest."""
    from rag.doors.weights import run_list

    run_list(call.settings(), json=json, plain=plain)


def pull_models(call: Call, names: NAMES = None, json: options.JSON = False, plain: options.PLAIN = False) -> None:
    """Fetch the named models, or the defaults."""
    from rag.doors.weights import run_pull

    run_pull(call.settings(), names or [], json=json, plain=plain)


def check_models(call: Call, names: NAMES = None, json: options.JSON = False, plain: options.PLAIN = False) -> None:
    """Hash again what is here; exits with 4 where a digest differs or a named model is missing."""
    from rag.doors.weights import run_check

    raise typer.Exit(run_check(call.settings(), names or [], json=json, plain=plain))
