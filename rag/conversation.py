"""Follow-ups become questions that stand alone. History helps to read a question; it is never evidence."""

import re
from collections.abc import Sequence

from rag.claims.figures import figures
from rag.claims.names import is_named, names, vocabulary
from rag.evidence import as_data
from rag.judging import messages
from rag.runtimes.types import ChatModel, Generation
from rag.types import Turn

TURNS = 3

_LEANS = re.compile(
    r"^(?:and|but|so|or|also|then)\b|\b(?:what|how) about\b|^why(?: not)?\??$|\b(?:it|its|he|him|his|she|her|they|them|their|"
    r"theirs|this|that|these|those|there|then|one|ones|the same|the (?:company|firm|deal|article|former|latter|other|second|"
    r"first|year before|year after|man|woman|talks|plan|investment|startup))\b",
    re.IGNORECASE,
)


def standalone(question: str, history: Sequence[Turn], model: ChatModel) -> str | None:
    """The question as it stands alone, or None where it already does.

    A rewrite that brings in a name or a figure from neither the question nor the conversation is not taken.
    """
    if not history or not leans(question):
        return None
    told = "\n".join(f"Q: {as_data(turn.question)}\nA: {as_data(turn.answer)}" for turn in history[-TURNS:])
    asked = messages("standalone", history=told, question=as_data(question))
    how = Generation(max_tokens=80, stop=("\n",))
    text = "".join(piece.text for piece in model.stream(asked, how)).strip().strip('"')
    known = vocabulary(f"{told} {question}")
    given = figures(f"{told} {question}")
    invented = any(not is_named(each, known) for each in names(text)) or any(
        not any(each.same_value(other) for other in given) for each in figures(text)
    )
    if not text or invented or len(text) > 400:
        text = f"{question} ({history[-1].question})"
    return None if text.casefold() == question.casefold() else text


def leans(question: str) -> bool:
    """Whether a question may need what was said before it: a pronoun, a connective, or no name of its own."""
    return bool(_LEANS.search(question)) or not names(question)
