"""Chat messages to a prompt by a model's own Jinja template, with what users and articles wrote kept apart.

A template names control tokens such as `<|im_end|>` in plain text. Were a message put into it and the whole made
tokens, words in an article could end the message that holds them. So the template is rendered with a stand-in for each
message, and only what the template itself says is read with control tokens.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from index.errors import BrokenError
from rag.runtimes.types import Message

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{{ '<|im_start|>assistant\n' }}"
)
"""The form that most models without a template of their own were taught."""

STAND_IN = re.compile("\ue000(\\d+)\ue001")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a prompt; `control` when it is the template's own and may name control tokens."""

    text: str
    control: bool


def render(template: str, messages: Sequence[Message], start: str = "", end: str = "") -> tuple[Part, ...]:
    """The prompt for a reply to `messages`. `start` and `end` name the model's beginning and end of text."""
    try:
        text = _fill(template, [message.role for message in messages], start, end)
        contents = [message.content for message in messages]
    except TemplateError:
        # Some templates know no system message; its words then open the first message of the user.
        merged = _without_system(messages)
        contents = [message.content for message in merged]
        try:
            text = _fill(template, [message.role for message in merged], start, end)
        except TemplateError as error:
            raise BrokenError(f"The model's chat template cannot be filled: {error}.", "Use another model.") from error
    parts = STAND_IN.split(text)
    if [int(number) for number in parts[1::2]] != list(range(len(contents))):
        raise BrokenError("The model's chat template leaves out a message.", "Use another model.")
    mixed = [Part(contents[int(part)], False) if place % 2 else Part(part, True) for place, part in enumerate(parts)]
    return tuple(part for part in mixed if part.text)


def _fill(template: str, roles: Sequence[str], start: str, end: str) -> str:
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.globals["raise_exception"] = _refuse
    filled = environment.from_string(template or CHATML).render(
        messages=[{"role": role, "content": f"\ue000{place}\ue001"} for place, role in enumerate(roles)],
        add_generation_prompt=True,
        bos_token=start,
        eos_token=end,
        enable_thinking=False,
    )
    # The beginning of the text is a token of its own that the caller puts there once.
    return filled.removeprefix(start) if start else filled


def _refuse(message: str) -> None:
    raise TemplateError(message)


def _without_system(messages: Sequence[Message]) -> list[Message]:
    merged: list[Message] = []
    waiting = ""
    for message in messages:
        if message.role == "system":
            waiting += message.content + "\n\n"
        else:
            merged.append(Message(message.role, waiting + message.content))
            waiting = ""
    return [*merged, Message("user", waiting.strip())] if waiting else merged
