"""A small deterministic model without weights, for tests of everything around a model."""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from index.errors import UsageError
from rag.runtimes.types import Generation, Message, Piece

Reply = Callable[[Sequence[Message], Generation], str]
Choice = Callable[[Sequence[Message], Sequence[str]], Mapping[str, float]]

NUMBERED = re.compile(r"^\s*\[?(\d+)[\]).:]\s*(.+)$", re.MULTILINE)
TOKEN = re.compile(r"\w+|[^\w\s]")


class ScriptedModel:
    """A `ChatModel` that says what its script says.

    `replies` are given one after the other, the last one again and again, or are a rule of the messages and the
    wanted generation; the default rule is `extract`. `choices` maps each option to its probability; by default the
    first option is preferred. A token is a word or a sign.
    """

    name = "scripted"

    def __init__(
        self,
        replies: Sequence[str] | Reply | None = None,
        choices: Choice | None = None,
        context_limit: int = 4096,
    ) -> None:
        if replies is not None and not callable(replies) and not replies:
            raise ValueError("a script needs at least one reply")
        self._rule: Reply | None = extract if replies is None else replies if callable(replies) else None
        self._replies: Sequence[str] = () if replies is None or callable(replies) else tuple(replies)
        self._choices = choices or prefer_first
        self._said = 0
        script = "rule" if self._rule else json.dumps(self._replies)
        self.digest = sha256(script.encode()).hexdigest()
        self.context_limit = context_limit

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Words and signs of all messages, and one for each message."""
        return sum(len(TOKEN.findall(message.content)) + 1 for message in messages)

    def stream(self, messages: Sequence[Message], how: Generation) -> Iterator[Piece]:
        """Say the next reply word by word."""
        prompt_tokens = self.count_tokens(messages)
        if prompt_tokens + how.max_tokens > self.context_limit:
            raise UsageError(
                f"The prompt has {prompt_tokens} tokens and the reply may take {how.max_tokens};"
                f" the model's context holds {self.context_limit}.",
                "Ask with less evidence, or raise model.context.",
            )
        return self._say(_stopped(self._next(messages, how), how.stop), how.max_tokens, prompt_tokens)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> dict[str, float] | None:
        """The log of what `choices` gives each option; -inf for what it leaves out."""
        given = self._choices(messages, options)
        return {option: math.log(given[option]) if given.get(option, 0) > 0 else -math.inf for option in options}

    def choose_each(
        self, prompts: Sequence[Sequence[Message]], options: Sequence[str]
    ) -> list[dict[str, float] | None]:
        """One after the other."""
        return [self.choose(each, options) for each in prompts]

    def close(self) -> None:
        """Nothing to free."""

    def _next(self, messages: Sequence[Message], how: Generation) -> str:
        if self._rule:
            return self._rule(messages, how)
        reply = self._replies[min(self._said, len(self._replies) - 1)]
        self._said += 1
        return reply

    @staticmethod
    def _say(reply: str, max_tokens: int, prompt_tokens: int) -> Iterator[Piece]:
        tokens = re.findall(r"\s*(?:\w+|[^\w\s])|\s+$", reply)
        for token in tokens[:max_tokens]:
            yield Piece(token)
        length = len(tokens) > max_tokens
        yield Piece("", True, prompt_tokens, min(len(tokens), max_tokens), "length" if length else "stop")


def prefer_first(messages: Sequence[Message], options: Sequence[str]) -> dict[str, float]:
    """Nine tenths for the first option, the rest shared evenly."""
    if len(options) == 1:
        return {options[0]: 1.0}
    return {option: 0.9 if place == 0 else 0.1 / (len(options) - 1) for place, option in enumerate(options)}


def extract(messages: Sequence[Message], how: Generation) -> str:
    """The numbered line of the last message that shares most words with its last line; by schema where one is asked."""
    text = messages[-1].content if messages else ""
    lines = [(int(number), line.strip()) for number, line in NUMBERED.findall(text)]
    asked = set(re.findall(r"\w+", text.strip().rsplit("\n", 1)[-1].lower()))
    best: tuple[int, str] = max(
        lines or [(1, text.strip())],
        key=lambda each: (len(asked & set(re.findall(r"\w+", each[1].lower()))), -each[0]),
    )
    number, line = best
    if how.schema is None:
        return line
    return json.dumps(_fill(how.schema, number, line), ensure_ascii=False)


def _fill(schema: Mapping[str, Any], number: int, line: str) -> Any:
    """The plainest value that a JSON schema allows, made of one numbered line."""
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return number if number in schema["enum"] else schema["enum"][0]
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return _fill(schema[several][0], number, line)
    kind = schema.get("type", "object")
    if kind == "object":
        return {name: _fill(each, number, line) for name, each in schema.get("properties", {}).items()}
    if kind == "array":
        count = max(1, int(schema.get("minItems", 1)))
        return [_fill(schema.get("items", {"type": "string"}), number, line)] * count
    if kind in ("integer", "number"):
        return min(max(number, schema.get("minimum", number)), schema.get("maximum", number))
    if kind == "string":
        return line[: schema.get("maxLength", len(line))]
    return True if kind == "boolean" else None


def _stopped(text: str, stops: Sequence[str]) -> str:
    cuts = [text.index(stop) for stop in stops if stop in text]
    return text[: min(cuts)] if cuts else text
