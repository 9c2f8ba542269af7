"""An answer on the screen as it is made: evidence at once, then each sentence as it passes."""

from collections.abc import Callable, Iterable

from index.errors import BrokenError
from rag.doors.terminal.answers import show_answer, show_disagreement, show_end, show_sentence
from rag.doors.terminal.bylines import publisher, spell
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.screen import Screen, Spinner
from rag.doors.terminal.shown import footnote, shown
from rag.types import Answer, AnswerSentence, DisagreementFound, Done, Event, PassagesFound, Progress, SentencePassed

NAMED = 4


def show_stream(
    events: Iterable[Event],
    screen: Screen,
    *,
    addresses: bool = True,
    passed: Callable[[AnswerSentence], None] = lambda _: None,
) -> Answer:
    """Print an answer as its events come, telling `passed` of each sentence; returns the whole."""
    spinner = Spinner(screen)
    said = 0
    with spinner.saying("searching"):
        for event in events:
            match event:
                case Progress(doing=doing):
                    spinner.say(doing)
                case PassagesFound():
                    with spinner.away():
                        show_found(event, screen)
                    spinner.say("choosing sentences")
                case SentencePassed(sentence=sentence):
                    with spinner.away():
                        if not said:
                            screen.line()
                        show_sentence(sentence, screen)
                    passed(sentence)
                    said += 1
                case DisagreementFound(disagreement=disagreement, citations=citations):
                    with spinner.away():
                        show_disagreement(disagreement, [footnote(each) for each in citations], screen)
                case Done(answer=answer):
                    spinner.hide()
                    show = show_end if said else show_answer
                    show(shown(answer), screen, addresses=addresses)
                    return answer
    raise BrokenError("The answer ended before it was whole.", "Ask again.")


def show_found(found: PassagesFound, screen: Screen) -> None:
    """What was found, before anything is written."""
    if found.standalone_question:
        screen.line(f"Read as: {one_line(found.standalone_question)}", "dim italic", aside=True)
    if found.hits:
        names = list(
            dict.fromkeys(publisher(hit.article) for hit in found.hits if hit.article.publisher or hit.article.url)
        )
        listed = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
        articles = len({hit.article.id for hit in found.hits})
        counted = f"{count(len(found.hits), 'passage')} from {count(articles, 'article')}"
        screen.line(f"{counted}{': ' if listed else ''}{listed} ({spell(found.elapsed_ms)})", "dim", aside=True)
    else:
        screen.line("No passage found.", "dim", aside=True)
    for note in found.notes:
        screen.line(one_line(note), "dim", aside=True)


def count(number: int, noun: str) -> str:
    """A number with its noun: 1 passage, 2 passages."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
