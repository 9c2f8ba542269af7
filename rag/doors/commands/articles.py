"""`byline articles`: what the index holds."""

from typing import Annotated

import typer

from rag.doors import options
from rag.doors.call import Call, command, examples

ID = Annotated[str, typer.Argument(metavar="ID", help="The article's id, or its beginning.")]
IDS = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of articles, or their beginnings.")]


def mount(app: typer.Typer) -> None:
    """Add the commands."""
    articles = typer.Typer(no_args_is_help=True, help="List, show and remove indexed articles.")
    articles.command(
        "list",
        help="All articles, the newest first.",
        epilog=examples("byline articles list", "byline articles list --since 2025-06 --json"),
    )(command(list_articles))
    articles.command(
        "show",
        help="One whole article.",
        epilog=examples("byline articles show 7c01d9", "byline articles show 7c01d9 --json"),
    )(command(show_article))
    articles.command("remove", help="Forget articles.", epilog=examples("byline articles remove 7c01d9"))(
        command(remove_articles)
    )
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


def show_article(call: Call, article_id: ID, json: options.JSON = False, plain: options.PLAIN = False) -> None:
    """One article with its text."""
    from rag.answer_json import article_to_dict
    from rag.doors.reading import find_article, read_catalogue
    from rag.doors.terminal.articles import show_article as show
    from rag.doors.terminal.screen import open_screen, print_json

    with read_catalogue(call.settings()) as catalogue:
        article = find_article(catalogue, article_id)
    if json:
        print_json(article_to_dict(article, text=True))
    else:
        show(article, open_screen(plain=plain))


def remove_articles(call: Call, article_ids: IDS, json: options.JSON = False) -> None:
    """Forget articles, their passages and their vectors."""
    from rag.doors.reading import remove_from_index
    from rag.doors.terminal.screen import print_json, tell

    removed = remove_from_index(call.settings(), article_ids)
    if json:
        print_json({"removed": [article.id for article in removed]})
        return
    for article in removed:
        tell(f"Removed {article.id}: {article.title or article.path or article.url}")
