"""An answer on the screen: sentences with footnotes, disagreements, sources, or that it was declined."""

import re
from collections.abc import Sequence

from rich.text import Text

from rag.doors.terminal.bylines import byline, copies, heading, quoted, where
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.screen import Screen
from rag.doors.terminal.shown import Footnote, Shown
from rag.types import AnswerSentence, Disagreement

MARKER = re.compile(r"\[(\d+)\]")
WHY = {
    "nothing_found": "Nothing in the articles bears on the question.",
    "not_supported": "What was found does not support an answer.",
    "disputed": "The sources disagree, and none of them settles it.",
}


def show_answer(answer: Shown, screen: Screen, *, addresses: bool = True) -> None:
    """A whole answer."""
    if answer.reason is None:
        screen.line()
        for sentence in answer.sentences:
            show_sentence(sentence, screen)
        for disagreement in answer.disagreements:
            show_disagreement(disagreement, answer.footnotes, screen)
    show_end(answer, screen, addresses=addresses)


def show_end(answer: Shown, screen: Screen, *, addresses: bool = True) -> None:
    """What follows the sentences: the sources, or that the question is declined."""
    if answer.reason is not None:
        show_declined(answer, screen)
        return
    if answer.status == "partial":
        screen.line("Only a part of the question could be answered.", "yellow")
    show_sources(answer.footnotes, screen, addresses=addresses)


def show_sentence(sentence: AnswerSentence, screen: Screen) -> None:
    """One sentence with its markers; one that did not pass is plainly marked."""
    text = Text(one_line(sentence.text))
    for marker in MARKER.finditer(text.plain):
        if int(marker[1]) in sentence.citations:
            text.stylize("cyan", marker.start(), marker.end())
    if sentence.support.verdict == "unsupported":
        text = Text.assemble(("Unproven: ", "bold yellow"), text)
    screen.line(text)


def show_disagreement(disagreement: Disagreement, footnotes: Sequence[Footnote], screen: Screen) -> None:
    """The sides, each with who says so and when, and which is later."""
    by_number = {each.number: each for each in footnotes}
    rows = []
    for at, side in enumerate(disagreement.sides):
        who = "; ".join(f"[{n}] {byline(by_number[n])}" if n in by_number else f"[{n}]" for n in side.citations)
        rows.append((one_line(side.value), who + (" (later)" if at == disagreement.later else "")))
    screen.line()
    title = f"Sources disagree: {one_line(disagreement.about)}"
    screen.line(title, "bold magenta")
    if screen.plain:
        for value, who in rows:
            screen.line(f"{value}: {who}", indent=2)
    else:
        screen.table(("they say", "who, and when"), [(Text(value, "bold"), who) for value, who in rows])


def show_declined(answer: Shown, screen: Screen) -> None:
    """A declined question: why, and the closest words."""
    screen.line()
    screen.line(Text.assemble(("Declined. ", "bold yellow"), one_line(answer.text)))
    screen.line(WHY.get(answer.reason or "", ""), "yellow")
    if answer.closest:
        screen.line()
        screen.line("The closest words", "bold")
        show_quotes(answer.closest, screen, addresses=False)


def show_sources(footnotes: Sequence[Footnote], screen: Screen, *, addresses: bool = True) -> None:
    """The footnotes under their heading; nothing for none."""
    if footnotes:
        screen.line()
        screen.line("Sources", "bold")
        show_quotes(footnotes, screen, addresses=addresses)


def show_quotes(footnotes: Sequence[Footnote], screen: Screen, *, addresses: bool) -> None:
    """Each citation: number, publisher, date, title, and the exact words."""
    for each in footnotes:
        marker, more = f"[{each.number}]", copies(each.copies)
        screen.item(marker, Text.assemble(heading(each), (f" · {more}" if more else "", "dim")))
        screen.line(quoted(each.quote), "italic", indent=len(marker) + 1)
        if addresses and where(each):
            screen.line(where(each), "dim", indent=len(marker) + 1)
