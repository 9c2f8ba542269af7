"""Articles on the screen: a list, and one whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from index.types import Article, Span
from rag.doors.terminal.bylines import day, heading, publisher, where
from rag.doors.terminal.safe import one_line, safe
from rag.doors.terminal.screen import Screen

QUOTE_STYLE = "bold reverse"


def show_article_list(articles: Sequence[Article], screen: Screen) -> None:
    """One line an article: id, date, publisher, title."""
    if not articles:
        screen.line("No article.")
        return
    rows = [
        (one_line(each.id), day(each.published_at), publisher(each), one_line(each.title or "") or where(each))
        for each in articles
    ]
    screen.table(("id", "published", "publisher", "title"), rows)


def show_article(article: Article, screen: Screen, quote: Span | None = None) -> None:
    """A whole article; the quote stands out."""
    screen.line(heading(article), "bold")
    screen.line(f"{where(article)} · {one_line(article.id)}", "dim")
    screen.line()
    for paragraph in marked(article.text, quote).split("\n", allow_blank=True):
        screen.line(paragraph)


def show_versions(versions: Sequence[Mapping[str, Any]], screen: Screen) -> None:
    """The versions of an article with what changed from one to the next; nothing where there is only one."""
    if len(versions) < 2:
        return
    screen.line()
    screen.line(f"{len(versions)} versions; the first leads.", "bold")
    for each in versions:
        said = each["updated_at"] or each["published_at"]
        dated = f"of {said}" if said else "undated"
        screen.line(f"{each['version']}. {dated}, read {each['retrieved_at']}, {each['characters']} characters")
        for line in each["changed"]:
            screen.line(one_line(line), "green" if line.startswith("+") else "red", indent=3)


def marked(text: str, quote: Span | None) -> Text:
    """The safe text with the quote in reverse; in plain text between » and «."""
    if quote is None:
        return Text(safe(text))
    before, words, after = text[: quote.start], text[quote.start : quote.end], text[quote.end :]
    return Text.assemble(safe(before), (f"»{safe(words)}«", QUOTE_STYLE), safe(after))
