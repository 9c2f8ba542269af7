"""A saved answer's question asked again, and what came out otherwise: the answer, and what it was made of."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from index.errors import UsageError
from index.types import Filters
from rag.answer_json import answer_to_dict
from rag.protocols import Asking
from rag.settings import Settings

Change = Literal["status", "sentence", "citation", "index", "model", "prompt", "settings", "seed"]
RECEIPT: tuple[Change, ...] = ("index", "model", "prompt", "settings", "seed")
"""The changes that a receipt tells: they are causes, the others are effects."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was so then and is so now; empty where it was not there."""

    what: Change
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Replay:
    """The answer of now as its JSON object, and what differs from the saved one."""

    answer: Mapping[str, Any]
    differences: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """Whether status, sentences and citations are the same."""
        return all(each.what in RECEIPT for each in self.differences)

    @property
    def explained(self) -> bool:
        """Whether the receipt tells of anything that could make an answer another."""
        return any(each.what in RECEIPT for each in self.differences)


def settings_then(saved: Mapping[str, Any], settings: Settings) -> Settings:
    """The settings that the receipt was made with, as far as they can be told from it; else these with its seed.

    A receipt holds the digest of its settings, so what it names (model and seed) is tried until the digest is met.
    """
    receipt = _receipt(saved)
    seeded = replace(settings, model=replace(settings.model, seed=int(receipt["seed"])))
    for name in (seeded.model.name, str(receipt["model"]), ""):
        tried = replace(seeded, model=replace(seeded.model, name=name))
        if tried.digest() == receipt["settings"]:
            return tried
    return seeded


def replay(saved: Mapping[str, Any], engine: Asking, filters: Filters = Filters()) -> Replay:
    """Ask again and compare. A follow-up is asked as the standalone question that it was read as."""
    question = saved.get("standalone_question") or saved.get("question")
    if not isinstance(question, str):
        raise UsageError("This answer holds no question.", "Save one with: byline ask … --json > answer.json")
    now = answer_to_dict(engine.ask(question, filters=filters))
    return Replay(now, tuple(compared(saved, now)))


def compared(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """What differs between two answer objects, effects first."""
    if then.get("status") != now["status"]:
        yield Difference("status", str(then.get("status", "")), str(now["status"]))
    said, says = ([str(each.get("text", "")) for each in one.get("sentences", [])] for one in (then, now))
    yield from (Difference("sentence", each, "") for each in said if each not in says)
    yield from (Difference("sentence", "", each) for each in says if each not in said)
    cited, cites = ({_place(each): _words(each) for each in one["citations"]} for one in (then, now))
    yield from (Difference("citation", words, "") for place, words in cited.items() if place not in cites)
    yield from (Difference("citation", "", words) for place, words in cites.items() if place not in cited)
    yield from _made_of(_receipt(then), _receipt(now))


def replay_to_dict(done: Replay) -> dict[str, Any]:
    """The comparison as plain JSON values, with the answer of now."""
    return {
        "same": done.same,
        "explained": done.explained,
        "differences": [asdict(each) for each in done.differences],
        "answer": dict(done.answer),
    }


def _made_of(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    if then["index"] != now["index"]:
        yield Difference("index", str(then["index"]), str(now["index"]))
    models = [f"{one['model']} ({str(one['model_digest'])[:12]})" for one in (then, now)]
    if (then["model"], then["model_digest"]) != (now["model"], now["model_digest"]):
        yield Difference("model", *models)
    for name in sorted({*then["prompts"], *now["prompts"]}):
        one, other = then["prompts"].get(name), now["prompts"].get(name)
        if one != other:
            yield Difference("prompt", *(f"{name} ({str(each)[:12]})" if each else "" for each in (one, other)))
    if then["settings"] != now["settings"]:
        yield Difference("settings", str(then["settings"]), str(now["settings"]))
    if then["seed"] != now["seed"]:
        yield Difference("seed", str(then["seed"]), str(now["seed"]))


def _receipt(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    receipt = answer.get("receipt")
    wanted = {"index", "model", "model_digest", "prompts", "settings", "seed"}
    if not isinstance(receipt, dict) or not wanted <= receipt.keys() or not isinstance(receipt["prompts"], dict):
        raise UsageError("This answer holds no whole receipt.", "Save one with: byline ask … --json > answer.json")
    if not isinstance(receipt["seed"], int):
        raise UsageError("The seed of this answer's receipt is not a number.", "Save the answer again.")
    return receipt


def _place(citation: Mapping[str, Any]) -> tuple[Any, ...]:
    return citation.get("article_id"), citation.get("quote")


def _words(citation: Mapping[str, Any]) -> str:
    return (
        f"{citation.get('publisher') or citation.get('title') or citation.get('article_id')}: {citation.get('quote')}"
    )
