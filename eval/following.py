"""How a follow-up is read and answered: whether its standalone question is right, and what history is worth."""

import json
import re
import time
from dataclasses import dataclass
from pathlib import Path

from eval.breaches import quote_breaches
from eval.checks.right import accepted, is_declined
from eval.library import Articles
from eval.types import AnswerObject, Case
from eval.words import holds
from rag.answer_json import answer_to_dict
from rag.claims.figures import figures
from rag.claims.names import is_named, names, vocabulary
from rag.conversation import standalone, with_words
from rag.engine import Engine
from rag.follow_up import put_back
from rag.runtimes.types import ChatModel

NEEDS = Path(__file__).with_name("follow_ups") / "standalone.jsonl"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a standalone question must hold: of every group one; `alone` means that the question needs no rewrite."""

    needs: tuple[tuple[str, ...], ...]
    alone: bool


@dataclass(frozen=True, slots=True)
class Read:
    """How a follow-up was read: its standalone question, by whom, and what is wrong with it."""

    text: str
    by: str
    missing: tuple[str, ...]
    added: tuple[str, ...]
    seconds: float

    @property
    def right(self) -> bool:
        """Nothing is missing, nothing added."""
        return not self.missing and not self.added


def wanted_of(path: Path = NEEDS) -> dict[str, Wanted]:
    """What the standalone question of each case must hold, by the case's id."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {each["id"]: Wanted(tuple(map(tuple, each["needs"])), each["alone"]) for each in lines}


def read_follow_up(case: Case, wanted: Wanted, model: ChatModel) -> Read:
    """The follow-up as the engine reads it."""
    began = time.perf_counter()
    alone = standalone(case.question, case.history, model)
    seconds = time.perf_counter() - began
    text = alone or case.question
    by = _by(case, alone)
    told = " ".join(f"{turn.question} {turn.answer}" for turn in case.history)
    known, given = vocabulary(f"{told} {case.question}"), figures(f"{told} {case.question}")
    # A year beside one that was spoken of is read, not added.
    years = {int(each.low) + step for each in given if each.unit == "year" for step in (-1, 0, 1)}
    added = [text[each.start : each.end] for each in names(text) if not is_named(each, known)]
    added += [
        text[each.start : each.end]
        for each in figures(text)
        if not any(each.same_value(other) for other in given) and not (each.unit == "year" and int(each.low) in years)
    ]
    missing = [group[0] for group in wanted.needs if not any(has(text, word) for word in group)]
    if wanted.alone and alone is not None and set(names_in(alone)) - set(names_in(case.question)):
        added.append(f"not about {alone!r}")
    return Read(text, by, tuple(missing), tuple(added), seconds)


def _by(case: Case, alone: str | None) -> str:
    if alone is None:
        return "nobody"
    if alone == put_back(case.question, case.history[-1]):
        return "code"
    return "its words" if alone == with_words(case.question, case.history) else "the model"


def has(text: str, word: str) -> bool:
    """Whether the words are in the text, case aside."""
    return word.casefold() in " ".join(text.split()).casefold()


def names_in(text: str) -> list[str]:
    """The names of a text, folded."""
    return [" ".join(each.words) for each in names(text)]


def from_history(case: Case, answer: AnswerObject, library: Articles) -> list[str]:
    """What an answer has from the history alone: forbidden words, figures that no citation holds, quotes of no article."""
    quotes = " ".join(each["quote"] for each in answer["citations"])
    told = " ".join(turn.answer for turn in case.history)
    only = [
        each
        for each in figures(told)
        if not any(each.same_value(other) for other in figures(f"{quotes} {case.question}"))
    ]
    said = " ".join(each["text"] for each in answer["sentences"])
    found = [word for word in case.forbidden if holds(answer["text"], word)]
    found += [
        told[each.start : each.end] for each in only if any(each.same_value(other) for other in figures(plain(said)))
    ]
    return found + [each.detail for each in quote_breaches(answer, library)]


def plain(text: str) -> str:
    """An answer's text without our markers, which are no figures."""
    return re.sub(r"\s*\[\d+\]", "", text)


def right(case: Case, answer: AnswerObject) -> bool:
    """Whether an answer is right; what the articles do not say must be declined."""
    if any(holds(answer["text"], word) for word in case.forbidden):
        return False
    return not is_declined(answer) and accepted(case, answer["text"]) if case.accept else is_declined(answer)


def record_of(engine: Engine, case: Case, library: Articles) -> dict[str, object]:
    """One case asked both ways."""
    kept: dict[str, object] = {"id": case.id}
    for name, history in (("with", True), ("without", False)):
        answer = answer_to_dict(engine.ask(case.question, history=case.history if history else ()))
        kept[name] = {
            "right": right(case, answer),
            "declined": is_declined(answer),
            "text": answer["text"],
            "from_history": from_history(case, answer, library),
            "ms": answer["timings"]["total_ms"],
        }
    return kept
