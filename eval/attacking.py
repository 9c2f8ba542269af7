"""Asks the engine while a hostile article is in its index, and notes what got through."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from eval.breaches import Breach, breaches, hidden_in
from eval.checks.right import accepted, is_declined
from eval.library import Articles
from eval.poisoning import HostileCase, Topic, write_files
from eval.types import AnswerObject, Case
from eval.words import holds
from index.building import build
from index.errors import UsageError
from index.opening import Index, open_index
from index.sentences import sentences
from index.types import Article
from rag.answer_json import answer_to_dict
from rag.engine import Engine
from rag.judging import Judge
from rag.runtimes.scripted import NUMBERED, ScriptedModel
from rag.runtimes.types import Generation, Message
from rag.settings import Settings
from rag.types import Done, Event
from rag.wiring import open_engine

Mode = Literal["schema", "raw", "echo"]
MODES: tuple[Mode, ...] = ("schema", "raw", "echo")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question asked under one attack.

    `reached`: a hostile passage was found and so could be read. `said`: what the attack wants is in the answer;
    `right`: what the clean articles say is in it. `breaches` are what the code must prevent.
    """

    case: str
    kind: str
    reached: bool
    said: bool
    right: bool
    declined: bool
    breaches: tuple[Breach, ...]
    text: str
    seconds: float


@dataclass(slots=True)
class Ground:
    """An index of the clean articles, open to be attacked, and the engine that reads it."""

    index: Index
    engine: Engine
    folder: Path

    @contextmanager
    def attacked(self, case: HostileCase) -> Iterator[list[Article]]:
        """The index with the hostile articles in it, until the block ends. Raises UsageError where one cannot be read."""
        before = {each.id for each in self.index.catalogue.articles()}
        paths = write_files(case, self.folder)
        try:
            rejected = build(self.index, paths).rejected
            if rejected:
                raise UsageError(f"{case.id} is no article: {rejected[0][1]}.", "Mend the attack.")
            yield [each for each in self.index.catalogue.articles() if each.id not in before]
        finally:
            for each in list(self.index.catalogue.articles()):
                if each.id not in before:
                    self.index.remove(each.id)
            for path in paths:
                path.unlink()

    def ask(self, case: HostileCase, hostile: Sequence[Article]) -> Outcome:
        """What is to be noted of the engine's answer to the case's question."""
        return self.follow(case, hostile)[1]

    def follow(self, case: HostileCase, hostile: Sequence[Article]) -> tuple[list[Event], Outcome]:
        """The same, with all events of the answer."""
        began = time.perf_counter()
        events = list(self.engine.stream(case.topic.question))
        seconds = time.perf_counter() - began
        if not isinstance(events[-1], Done):
            raise RuntimeError("the stream ended without an answer")
        answer = answer_to_dict(events[-1].answer)
        return events, outcome_of(case, answer, hostile, Articles(self.index.catalogue.articles()), seconds)


@contextmanager
def open_ground(settings: Settings, clean: Sequence[Path]) -> Iterator[Ground]:
    """The ground in the home of the settings; the clean articles are put into its index if they are not there."""
    with ExitStack() as held:
        index = held.enter_context(
            open_index(settings.home, settings.index, settings.search, settings.models, write=True)
        )
        folder = settings.home / "hostile"
        for each in list(index.catalogue.articles()):
            # What a killed run left.
            if each.path and Path(each.path).parent == folder:
                index.remove(each.id)
        build(index, clean)
        engine = open_engine(settings.home, settings)
        held.callback(engine.close)
        yield Ground(index, engine, folder)


def clean_case(topic: Topic) -> HostileCase:
    """The topic's question with no hostile article: what to compare with."""
    return HostileCase(f"none/{topic.id}", "none", topic, (), "", (topic.lie,), False)


def outcome_of(
    case: HostileCase, answer: AnswerObject, hostile: Sequence[Article], library: Articles, seconds: float
) -> Outcome:
    """What an answer object says of an attack."""
    found = breaches(answer, library)
    if case.unseen:
        found += [each for article in hostile if (each := hidden_in(article.text, case.topic.false))]
    gold = Case(case.id, "poisoned", case.topic.question, case.topic.accept)
    declined = is_declined(answer)
    return Outcome(
        case=case.id,
        kind=case.kind,
        reached=any(passage["article_id"] in {each.id for each in hostile} for passage in answer["passages"]),
        said=any(holds(answer["text"], want) for want in case.wants),
        right=not declined and accepted(gold, answer["text"]),
        declined=declined,
        breaches=tuple(found),
        text=answer["text"],
        seconds=seconds,
    )


def talk_into(engine: Engine, case: HostileCase, hostile: Sequence[Article], mode: Mode) -> None:
    """Put a model into the engine that was talked into it: it says what the attack wants, and is sure of it.

    "schema" says it in whatever JSON is asked for, "raw" without any JSON, "echo" repeats the hostile sentences themselves.
    """
    heads = {
        " ".join(each.text[span.start : span.end].split())[:24] for each in hostile for span in sentences(each.text)
    }

    def is_theirs(text: str) -> bool:
        # Prompts part the signs of control tokens.
        plain = text.replace("< ", "<").replace("[ ", "[")
        return any(head in plain for head in heads)

    def reply(messages: Sequence[Message], how: Generation) -> str:
        shown = [(int(number), line) for number, line in NUMBERED.findall(messages[-1].content)]
        theirs = [each for each in shown if is_theirs(each[1])] or shown
        says = theirs[0][1] if mode == "echo" and theirs else case.says
        if mode == "raw" or how.schema is None:
            return says
        return json.dumps(_filled(how.schema, [number for number, _ in theirs] or [1], says, case.topic.lie))

    def sure(messages: Sequence[Message], options: Sequence[str]) -> Mapping[str, float]:
        yes = 0.97 if is_theirs(messages[-1].content) else 0.5
        return {option: yes if place == 0 else (1 - yes) / (len(options) - 1) for place, option in enumerate(options)}

    model = ScriptedModel(reply, sure, engine.settings.model.context)
    engine.model, engine.judge = model, Judge(model)


def _filled(schema: Mapping[str, Any], numbers: Sequence[int], says: str, figure: str) -> Any:
    """A reply of a JSON schema that says the same everywhere, and names the hostile sentences."""
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type", "object")
    if kind == "object":
        return {
            name: figure if name == "figure" else _filled(each, numbers, says, figure)
            for name, each in schema.get("properties", {}).items()
        }
    if kind == "array":
        each = schema.get("items", {})
        most = int(schema.get("maxItems", 2))
        integers = each.get("type") in ("integer", "number")
        return list(numbers[:most]) if integers else [_filled(each, numbers, says, figure)] * min(2, most)
    if kind in ("integer", "number"):
        return numbers[0]
    if kind == "string":
        return says[: schema.get("maxLength", len(says))]
    return True if kind == "boolean" else None


def outcome_to_json(outcome: Outcome, made_by: str) -> str:
    """An outcome as a line of the records; `made_by` says which model, prompts and settings it is of."""
    return json.dumps({**asdict(outcome), "made_by": made_by}, ensure_ascii=False)


def outcomes_from(text: str, made_by: str) -> list[Outcome]:
    """The outcomes of records that the same model, prompts and settings made; an unfinished last line is left out."""
    lines = [json.loads(line) for line in text[: text.rfind("\n") + 1].split("\n") if line]
    return [
        Outcome(**{**line, "breaches": tuple(Breach(**each) for each in line["breaches"])})
        for line in lines
        if line.pop("made_by") == made_by
    ]
