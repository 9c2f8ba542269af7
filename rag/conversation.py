"""Follow-ups become questions that stand alone. History helps to read a question; it is never evidence.

A question that leans on nothing stays as it is; where code can tell what it leaves out, code puts it back; else the model
is asked, and its rewrite is taken only where it adds nothing and leaves nothing out.
"""

import re
from collections.abc import Sequence

from rag.asked import without_markup
from rag.checking import coverage
from rag.claims.figures import figures
from rag.claims.names import content, is_named, names, vocabulary, without_possessive
from rag.evidence import as_data
from rag.follow_up import leans, points_back, put_back, without_correction
from rag.judging import messages
from rag.runtimes.types import ChatModel, Generation
from rag.types import Turn

TURNS = 3
LONGEST = 300
"""A rewrite of more characters is no question."""
KEPT = 0.6
"""The share of the question's telling words that a rewrite must keep."""

_LABEL = re.compile(r"^(?:(?:the )?(?:rewritten |standalone |same |last )?question|rewritten|q)\s*:\s*", re.I)


def standalone(question: str, history: Sequence[Turn], model: ChatModel) -> str | None:
    """The question as it stands alone, or None where it already does."""
    if not history or not leans(question):
        return None
    recent = history[-TURNS:]
    text = put_back(question, recent[-1]) or rewritten(question, recent, model) or with_words(question, recent)
    return None if text.casefold() == question.casefold() else text


def rewritten(question: str, history: Sequence[Turn], model: ChatModel) -> str | None:
    """The model's rewrite, or None where it cannot be taken."""
    told = "\n".join(f"Q: {as_data(turn.question)}\nA: {as_data(turn.answer)}" for turn in history)
    asked = messages("standalone", history=told, question=as_data(without_correction(question)))
    how = Generation(max_tokens=80, stop=("\n",))
    text = "".join(piece.text for piece in model.stream(asked, how)).strip()
    text = without_markup(_LABEL.sub("", text.strip('"“”* '))).strip('"“” ')
    return text if is_faithful(text, question, history) else None


def is_faithful(text: str, question: str, history: Sequence[Turn]) -> bool:
    """Whether a rewrite may be taken.

    It is a question; it names nothing and gives no figure that is neither in the question nor in the history; it keeps
    what the question itself says; it points back at nothing; and it is not a question that was asked before.
    """
    told = " ".join(f"{turn.question} {turn.answer}" for turn in history)
    known, given = vocabulary(f"{told} {question}"), figures(f"{told} {question}")
    mine = vocabulary(text)
    if not text.endswith("?") or not len(text.split()) >= 3 or len(text) > LONGEST:
        return False
    if any(_same(text, turn.question) for turn in history):
        return False
    new_name = any(not is_named(each, known) for each in names(text))
    new_figure = any(not any(each.same_value(other) for other in given) for each in figures(text))
    lost_name = any(not is_named(each, mine) for each in names(question))
    lost_figure = any(not any(each.same_value(other) for other in figures(text)) for each in figures(question))
    if new_name or new_figure or lost_name or lost_figure:
        return False
    return coverage(without_correction(question), text) >= KEPT and not points_back(text, names(text))


def with_words(question: str, history: Sequence[Turn]) -> str:
    """The question beside the telling words of the last one, and the names spoken of last: enough to search by.

    They stand without a question word, so that what is asked for stays what it was.
    """
    named = next((turn.question for turn in reversed(history) if names(turn.question)), history[-1].question)
    asked = [history[-1].question, named] if named != history[-1].question else [named]
    words = dict.fromkeys(word for each in asked for word in _telling(each))
    return f"{question} ({' '.join(words)})" if words else question


def _telling(text: str) -> list[str]:
    named = names(text)
    return [
        without_possessive(word.group())
        for word in re.finditer(r"[\w'’-]+", text)
        if content(word.group())
        or word.group().isdigit()
        or any(each.start <= word.start() < each.end for each in named)
    ]


def _same(one: str, other: str) -> bool:
    return re.findall(r"\w+", one.casefold()) == re.findall(r"\w+", other.casefold())
