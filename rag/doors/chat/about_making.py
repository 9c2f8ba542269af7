"""The command that tells how the last answer was made: what was searched for, what found what, how each sentence was checked."""

from collections.abc import Mapping, Sequence
from typing import Any

from index.errors import MissingError
from index.questions import take_apart
from rag.doors.chat.talk import Talk
from rag.doors.terminal.bylines import heading, spell
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.screen import Screen

MOST_FOUND = 8


def show_why(talk: Talk, _: str) -> None:
    """What was searched for and found, how each sentence was checked, and what the answer was made with."""
    answer, screen = talk.last(), talk.screen
    if answer["declined"]:
        screen.line(f"Declined: {answer['declined']['reason'].replace('_', ' ')}.")
    for number, sentence in enumerate(answer["sentences"], 1):
        _show_checks(number, sentence, screen)
    _show_search(talk, answer["standalone_question"] or answer["question"], answer["passages"])
    _show_receipt(answer, screen)


def _show_checks(number: int, sentence: Mapping[str, Any], screen: Screen) -> None:
    support = sentence["support"]
    screen.item(f"{number}.", one_line(sentence["text"]))
    checks = ", ".join(f"{one_line(name)} {_checked(value)}" for name, value in support["checks"].items())
    screen.line(f"{support['verdict']}, score {support['score']:.2f}: {checks or 'no check applied'}", "dim", indent=3)


def _show_search(talk: Talk, question: str, passages: Sequence[Mapping[str, Any]]) -> None:
    """The parts of the question that were searched for, and the best passages with what found each."""
    screen = talk.screen
    parts = [part.text for part in take_apart(question).parts] or [question]
    screen.line(one_line("Searched for: " + " · ".join(parts)), "dim")
    headings = _headings(talk, {each["article_id"] for each in passages})
    for rank, each in enumerate(passages[:MOST_FOUND], 1):
        named = headings.get(each["article_id"], one_line(each["article_id"]))
        screen.item(f"{rank}.", f"{named} · by {one_line(', '.join(each['found_by']))}", "dim")
    if len(passages) > MOST_FOUND:
        screen.line(f"and {len(passages) - MOST_FOUND} more passages", "dim", indent=3)


def _headings(talk: Talk, article_ids: set[str]) -> dict[str, str]:
    try:
        with talk.parts.catalogue(talk.settings) as catalogue:
            found = [catalogue.article(each) for each in sorted(article_ids)]
    except MissingError:
        return {}
    return {article.id: heading(article) for article in found if article}


def _show_receipt(answer: Mapping[str, Any], screen: Screen) -> None:
    timings, usage, receipt = answer["timings"], answer["usage"], answer["receipt"]
    times = ", ".join(f"{name.removesuffix('_ms').replace('_', ' ')} {spell(ms)}" for name, ms in timings.items())
    screen.line(f"Times: {times}.", "dim")
    tokens = f"{usage['prompt_tokens']} read, {usage['completion_tokens']} written, of {usage['context_limit']}"
    screen.line(f"Tokens: {tokens}.", "dim")
    model = f"{one_line(receipt['model'])} ({receipt['model_digest'][:12] or 'no digest'})"
    rest = f"index {receipt['index'][:12]}, settings {receipt['settings'][:12]}, seed {receipt['seed']}"
    screen.line(f"Made with {model}, {rest}.", "dim")


def _checked(value: bool | float) -> str:
    if isinstance(value, bool):
        return "passed" if value else "failed"
    return f"{value:.2f}"
