"""Questions that set two figures or two dates against each other: the model finds them, the code compares."""

import json
import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from rag.asked import Asked, without_markup
from rag.checking import coverage, numbers_agree
from rag.citing import Proven
from rag.claims.figures import Figure, figures
from rag.claims.names import is_named, names, vocabulary
from rag.drafting import written
from rag.evidence import as_data, numbered
from rag.grounding import Quote, stretched
from rag.judging import messages
from rag.runtimes.types import ChatModel, Generation
from rag.types import EvidenceSentence, Progress, Support

_MORE = re.compile(
    r"\b(?:larger|bigger|higher|more|greater|longer|older|pricier|exceeds?|above|most|largest|highest)\b", re.I
)
_LESS = re.compile(r"\b(?:smaller|lower|less|fewer|shorter|younger|cheaper|below|least|smallest|lowest)\b", re.I)
_EQUAL = re.compile(r"\b(?:same|equal|as (?:much|many|large|high|big) as)\b", re.I)
_SIDES = re.compile(
    r"\bthan\b|\bor\b|\bversus\b|\bvs\.?\b|\bcompared (?:with|to)\b|\bas (?:much|many|large|high|big) as\b", re.I
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two things compared, with its figure in the words of its quote."""

    what: str
    figure: Figure
    words: str
    quote: Quote


def schema(highest: int) -> dict[str, Any]:
    """The JSON schema of what the model finds."""
    side = {
        "type": "object",
        "properties": {
            "what": {"type": "string", "maxLength": 80},
            "sentence": {"type": "integer", "minimum": 1, "maximum": highest},
            "figure": {"type": "string", "maxLength": 40},
        },
        "required": ["what", "sentence", "figure"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"first": side, "second": side},
        "required": ["first", "second"],
        "additionalProperties": False,
    }


def compare(
    model: ChatModel,
    asked: Asked,
    evidence: Sequence[EvidenceSentence],
    how: Generation,
    spent: Callable[[int, int], None],
    on_first: Callable[[], object],
) -> Generator[Progress, None, Proven | None]:
    """The proven comparison, or None where two figures that can be compared were not found."""
    yield Progress(f"reading {len(evidence)} sentences")
    how = Generation(how.max_tokens, how.temperature, how.seed, how.stop, schema(len(evidence)))
    prompt = messages("compare", evidence=numbered(evidence), question=as_data(asked.question))
    text, last = yield from written(model.stream(prompt, how), on_first)
    spent(last.prompt_tokens, last.completion_tokens)
    try:
        reply = json.loads(text)
        sides = [found(reply[key], part, evidence) for key, part in zip(("first", "second"), parts(asked), strict=True)]
    except (ValueError, KeyError, TypeError):
        return None
    first, second = sides
    if first is None or second is None or not comparable(first.figure, second.figure):
        return None
    return stated(asked, first, second)


def parts(asked: Asked) -> tuple[str, str]:
    """The question cut between the two things that it compares; both are the whole of it where it cannot be cut."""
    cut = _SIDES.split(asked.question, maxsplit=1)
    return (cut[0], cut[1]) if len(cut) == 2 else (asked.question, asked.question)


def found(reply: Any, part: str, evidence: Sequence[EvidenceSentence]) -> Side | None:
    """The figure that the model names, if it stands in the sentence that it names, and that speaks of this part.

    Where that sentence does not give it, the best sentence that does is taken.
    """
    wanted = figures(str(reply["figure"]))
    chosen = next((each for each in evidence if each.number == int(reply["sentence"])), None)
    if len(wanted) != 1 or chosen is None:
        return None
    for each in (chosen, *(other for other in evidence if other is not chosen)):
        quote = stretched(part, each)
        known = vocabulary(quote.text)
        if not all(is_named(name, known) for name in names(part)):
            continue
        for figure in figures(each.text):
            if figure.same_value(wanted[0]):
                what = as_told(str(reply["what"]), f"{part} {quote.text}")
                return Side(what, figure, each.text[figure.start : figure.end].strip(), quote)
    return None


def as_told(what: str, words: str) -> str:
    """What the model calls a thing, where all of that stands in the question or the quote; else nothing."""
    plain = without_markup(what).strip(" .")
    return plain if coverage(plain, words) == 1 and numbers_agree(plain, words) else ""


def comparable(one: Figure, other: Figure) -> bool:
    """Whether two figures are of one kind, and which is the larger can be told."""
    return one.unit == other.unit and one.low == one.high and other.low == other.high


def stated(asked: Asked, first: Side, second: Side) -> Proven | None:
    """The comparison as a sentence that gives both figures in the words of their sources."""
    more, less, equal = (bool(each.search(asked.question)) for each in (_MORE, _LESS, _EQUAL))
    order = (first.figure.low > second.figure.low) - (first.figure.low < second.figure.low)
    relation = {1: "more", -1: "less", 0: "the same"}[order]
    against = f"“{first.words}” against “{second.words}”"
    if re.match(r"(?:is|are|was|were|did|does|do|has|have|will|would|could)\b", asked.question, re.I):
        yes = order == 1 if more else order == -1 if less else order == 0 if equal else None
        if yes is None:
            return None
        text = f"{'Yes' if yes else 'No'}: it is {relation}, {against}."
    elif (more or less) and order:
        what = (first if order == (1 if more else -1) else second).what
        if not what:
            return None
        text = f"{what[:1].upper()}{what[1:]}: {against}."
    else:
        return None
    checks: dict[str, bool | float] = {"numbers": True, "names": True, "arithmetic": True}
    return Proven(text, (first.quote, second.quote), Support("supported", 1.0, checks))
