"""Commands about the last answer: its sources, its articles, and whether it is right."""

from index.errors import MissingError, UsageError
from index.types import Span
from rag.doors.chat.talk import Talk
from rag.doors.terminal.answers import show_quotes
from rag.doors.terminal.articles import show_article
from rag.doors.terminal.paging import page
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.shown import Footnote, read_shown
from rag.feedback import write_feedback


def show_sources_again(talk: Talk, _: str) -> None:
    """The sources of the last answer, with their addresses."""
    quotes = read_shown(talk.last()).quotes()
    if not quotes:
        raise UsageError("The last answer has no sources.")
    show_quotes(quotes, talk.screen, addresses=True)


def open_source(talk: Talk, words: str) -> None:
    """The article of a source, at its quote."""
    quotes = read_shown(talk.last()).quotes()
    chosen = _numbered(quotes, words)
    with talk.parts.catalogue(talk.settings) as catalogue:
        article = catalogue.article(chosen.article_id)
    if article is None:
        raise MissingError("This article is no longer in the index.", "Read it again: /add PATH|URL")
    exact = article.text[chosen.start : chosen.end] == chosen.quote
    if not exact:
        talk.screen.line("The article was changed since; the quote no longer stands where it stood.", "yellow")
    quote = Span(chosen.start, chosen.end) if exact else None
    page(lambda screen: show_article(article, screen, quote), talk.screen, at="»")


def ask_again(talk: Talk, _: str) -> None:
    """Ask the last question again, under the filters of now."""
    if not talk.last_question:
        raise UsageError("Nothing has been asked yet.")
    question = talk.last_question
    if talk.answers and talk.answers[-1]["question"] == question:
        talk.answers.pop()
    talk.screen.line(f"Again: {one_line(question)}", "dim")
    talk.ask(question)


def call_good(talk: Talk, words: str) -> None:
    """The last answer is right."""
    write_feedback(talk.settings.home, talk.last(), "good", words)
    talk.screen.line("Noted as good.", "green")


def call_wrong(talk: Talk, words: str) -> None:
    """The last answer is wrong; the words say what is right."""
    write_feedback(talk.settings.home, talk.last(), "wrong", words)
    talk.screen.line(
        "Noted as wrong" + (", with what is right." if words else ". /wrong WORDS also keeps what is right."), "green"
    )


def _numbered(quotes: tuple[Footnote, ...], words: str) -> Footnote:
    known = {each.number: each for each in quotes}
    if not known:
        raise UsageError("The last answer has no sources.")
    wanted = words.strip("[] ")
    if not wanted and len(known) == 1:
        return quotes[0]
    if not wanted.isdecimal() or int(wanted) not in known:
        raise UsageError(
            f"There is no source {words or 'without a number'}.", f"Known are: {', '.join(map(str, known))}."
        )
    return known[int(wanted)]
