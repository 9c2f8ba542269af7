"""Commands about the last answer: its sources, its articles, its checks, and whether it is right."""

from typing import Any

from index.errors import MissingError, UsageError
from index.types import Span
from rag.doors.chat.talk import Talk
from rag.doors.terminal.answers import show_quotes
from rag.doors.terminal.articles import show_article
from rag.doors.terminal.bylines import spell
from rag.doors.terminal.paging import page
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.shown import Footnote, read_shown
from rag.feedback import write_feedback


def show_sources_again(talk: Talk, _: str) -> None:
    """The sources of the last answer, with their addresses."""
    quotes = read_shown(_last(talk)).quotes()
    if not quotes:
        raise UsageError("The last answer has no sources.")
    show_quotes(quotes, talk.screen, addresses=True)


def open_source(talk: Talk, words: str) -> None:
    """The article of a source, at its quote."""
    quotes = read_shown(_last(talk)).quotes()
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


def show_why(talk: Talk, _: str) -> None:
    """How each sentence was checked, and what the answer was made with."""
    answer, screen = _last(talk), talk.screen
    if answer["declined"]:
        screen.line(f"Declined: {answer['declined']['reason'].replace('_', ' ')}.")
    for number, sentence in enumerate(answer["sentences"], 1):
        support = sentence["support"]
        screen.item(f"{number}.", one_line(sentence["text"]))
        checks = ", ".join(f"{one_line(name)} {_checked(value)}" for name, value in support["checks"].items())
        screen.line(
            f"{support['verdict']}, score {support['score']:.2f}: {checks or 'no check applied'}", "dim", indent=3
        )
    timings, usage, receipt = answer["timings"], answer["usage"], answer["receipt"]
    times = ", ".join(f"{name.removesuffix('_ms').replace('_', ' ')} {spell(ms)}" for name, ms in timings.items())
    screen.line(f"Times: {times}.", "dim")
    tokens = f"{usage['prompt_tokens']} read, {usage['completion_tokens']} written, of {usage['context_limit']}"
    screen.line(f"Passages found: {len(answer['passages'])}. Tokens: {tokens}.", "dim")
    model = f"{one_line(receipt['model'])} ({receipt['model_digest'][:12] or 'no digest'})"
    rest = f"index {receipt['index'][:12]}, settings {receipt['settings'][:12]}, seed {receipt['seed']}"
    screen.line(f"Made with {model}, {rest}.", "dim")


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
    write_feedback(talk.settings.home, _last(talk), "good", words)
    talk.screen.line("Noted as good.", "green")


def call_wrong(talk: Talk, words: str) -> None:
    """The last answer is wrong; the words say what is right."""
    write_feedback(talk.settings.home, _last(talk), "wrong", words)
    talk.screen.line(
        "Noted as wrong" + (", with what is right." if words else ". /wrong WORDS also keeps what is right."), "green"
    )


def _last(talk: Talk) -> dict[str, Any]:
    if not talk.answers:
        raise UsageError("Nothing has been answered yet.")
    return talk.answers[-1]


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


def _checked(value: bool | float) -> str:
    if isinstance(value, bool):
        return "passed" if value else "failed"
    return f"{value:.2f}"
