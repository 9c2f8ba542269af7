"""Articles on the screen: a list, and one whole."""

from collections.abc import Sequence

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


def marked(text: str, quote: Span | None) -> Text:
    """The safe text with the quote in reverse; in plain text between » and «."""
    if quote is None:
        return Text(safe(text))
    before, words, after = text[: quote.start], text[quote.start : quote.end], text[quote.end :]
    return Text.assemble(safe(before), (f"»{safe(words)}«", QUOTE_STYLE), safe(after))
