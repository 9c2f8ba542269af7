"""`byline articles`: what the index holds, and what it would make of a file."""

from pathlib import Path
from typing import Annotated

import typer

from rag.doors import options
from rag.doors.call import Call, command, examples

ID = Annotated[str, typer.Argument(metavar="ID", help="The article's id, or its beginning.")]
IDS = Annotated[list[str] | None, typer.Argument(metavar="ID...", help="Ids of articles, or their beginnings.")]
FILE = Annotated[Path, typer.Argument(metavar="FILE", help="Any file that can be indexed.")]
VERSION = Annotated[
    int | None,
    typer.Option(
        "--version", min=1, metavar="N", help="Its text as it was: 1 is the one that leads, 2 the one before."
    ),
]
YES = Annotated[bool, typer.Option("--yes", help="Remove all that pass the filters without asking.")]


def mount(app: typer.Typer) -> None:
    """Add the commands."""
    articles = typer.Typer(
        no_args_is_help=True, help="List, show and remove indexed articles; see what is kept of a file."
    )
    articles.command(
        "list",
        help="All articles, the newest first.",
        epilog=examples("byline articles list", "byline articles list --since 2025-06 --json"),
    )(command(list_articles))
    articles.command(
        "show",
        help="One whole article, with what changed since its earlier versions.",
        epilog=examples(
            "byline articles show 7c01d9",
            "byline articles show 7c01d9 --version 2",
            "byline articles show 7c01d9 --json",
        ),
    )(command(show_article))
    articles.command(
        "remove",
        help="Forget articles, by id or by filters.",
        epilog=examples(
            "byline articles remove 7c01d9", 'byline articles remove --publisher "Old Post" --until 2019 --yes'
        ),
    )(command(remove_articles))
    articles.command(
        "why",
        help="What is kept of a file, what is dropped and why, and who and when, each with how it was found. Nothing is indexed.",
        epilog=examples("byline articles why saved-page.html", "byline articles why saved-page.html --json"),
    )(command(explain_file))
    app.add_typer(articles, name="articles")


def list_articles(
    call: Call,
    json: options.JSON = False,
    publisher: options.PUBLISHER = None,
    since: options.SINCE = None,
    until: options.UNTIL = None,
    as_of: options.AS_OF = None,
    plain: options.PLAIN = False,
) -> None:
    """Every article that passes the filters."""
    from rag.answer_json import article_to_dict
    from rag.doors.filters import make_filters
    from rag.doors.reading import read_catalogue
    from rag.doors.terminal.articles import show_article_list
    from rag.doors.terminal.screen import open_screen, print_json

    with read_catalogue(call.settings()) as catalogue:
        found = list(catalogue.articles(make_filters(publisher, since, until, as_of)))
    if json:
        print_json([article_to_dict(article, text=False) for article in found])
    else:
        show_article_list(found, open_screen(plain=plain))


def show_article(
    call: Call, article_id: ID, version: VERSION = None, json: options.JSON = False, plain: options.PLAIN = False
) -> None:
    """One article with its text, and its versions."""
    from rag.answer_json import article_to_dict
    from rag.doors.reading import find_article, read_catalogue, version_of, versions_to_list
    from rag.doors.terminal.articles import show_article as show
    from rag.doors.terminal.articles import show_versions
    from rag.doors.terminal.screen import open_screen, print_json

    with read_catalogue(call.settings()) as catalogue:
        leading = find_article(catalogue, article_id)
        versions = versions_to_list(catalogue, leading)
        article = version_of(catalogue, leading, version)
    if json:
        print_json({**article_to_dict(article, text=True), "versions": versions})
        return
    screen = open_screen(plain=plain)
    show(article, screen)
    show_versions(versions, screen)


def remove_articles(
    call: Call,
    article_ids: IDS = None,
    publisher: options.PUBLISHER = None,
    since: options.SINCE = None,
    until: options.UNTIL = None,
    yes: YES = False,
    json: options.JSON = False,
) -> None:
    """Forget articles, their passages, their vectors and their earlier versions."""
    from rag.doors.filters import make_filters
    from rag.doors.reading import ids_to_remove, remove_from_index
    from rag.doors.terminal.screen import print_json, tell

    settings = call.settings()
    named = ids_to_remove(settings, article_ids or [], make_filters(publisher, since, until), sure=yes)
    removed = remove_from_index(settings, named) if named else []
    if json:
        print_json({"removed": [article.id for article in removed]})
        return
    for article in removed:
        tell(f"Removed {article.id}: {article.title or article.path or article.url}")
    if not removed:
        tell("No article passes the filters.")


def explain_file(call: Call, file: FILE, json: options.JSON = False, plain: options.PLAIN = False) -> None:
    """The articles of a file, line by line."""
    from rag.doors.explaining import explained, read_file
    from rag.doors.terminal.explained import show_explained
    from rag.doors.terminal.screen import open_screen, print_json

    read = read_file(call.settings(), file)
    if json:
        print_json(explained(file, read))
    else:
        show_explained(read, open_screen(plain=plain))
