"""The reviewer's desk: one piece of feedback at a time, in the terminal."""

from collections.abc import Callable
from dataclasses import replace

from eval.cases import CaseFault
from eval.review import ReviewQueue, suggest, with_accept
from eval.types import Case
from rag.feedback import Feedback

Ask = Callable[[str, str], str]
Say = Callable[[str], None]

CHOICES = "accept, mend, reject, skip, undo, quit"


def sit_down(queue: ReviewQueue, ask: Ask, say: Say) -> int:
    """Go through what is pending until it is done or the reviewer quits; how many were decided.

    `ask` takes a question and a default and gives the reply, `say` shows a line.
    """
    decided = 0
    skipped: set[str] = set()
    while waiting := [each for each in queue.pending() if each.id not in skipped]:
        feedback = waiting[0]
        _show(feedback, len(waiting), say)
        match ask(CHOICES, "skip").strip().lower()[:1]:
            case "a":
                decided += _accept(queue, feedback, suggest(feedback), ask, say)
            case "m":
                decided += _accept(queue, feedback, _mend(suggest(feedback), ask), ask, say)
            case "r":
                queue.reject(feedback)
                decided += 1
            case "u":
                taken_back = queue.undo()
                decided -= taken_back is not None
                skipped.discard(taken_back or "")
                say("Taken back." if taken_back else "There is nothing to take back.")
            case "q":
                break
            case _:
                skipped.add(feedback.id)
    return decided


def _accept(queue: ReviewQueue, feedback: Feedback, case: Case, ask: Ask, say: Say) -> int:
    if case.kind != "unanswerable" and not case.accept:
        case = with_accept(case, ask('A right answer holds ("a + b | c"; empty: must be declined)', ""))
    try:
        queue.accept(feedback, case)
    except CaseFault as fault:
        say(f"Not accepted: {fault}.")
        return 0
    return 1


def _mend(case: Case, ask: Ask) -> Case:
    question = ask("Question", case.question)
    mended = with_accept(replace(case, question=question), ask('A right answer holds ("a + b | c")', ""))
    return replace(mended, kind=ask("Kind", mended.kind), note=ask("Note", mended.note))


def _show(feedback: Feedback, waiting: int, say: Say) -> None:
    say(f"\n{waiting} waiting. {feedback.created_at:%Y-%m-%d}, by {feedback.door}: {feedback.verdict}")
    say(f"Q {_printable(feedback.question)}")
    say(f"A {_printable(str(feedback.answer['status']))}: {_printable(str(feedback.answer['text']))}")
    for citation in feedback.answer["citations"]:
        say(f"  [{citation['number']}] {_printable(citation['publisher'] or '')}: {_printable(citation['quote'])}")
    if feedback.comment:
        say(f"C {_printable(feedback.comment)}")


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
