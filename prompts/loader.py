"""Prompts are Markdown files beside this one: `## system` and `## user`, what stands above is for people."""

import re
from functools import cache
from hashlib import sha256
from importlib.resources import files

from prompts.types import Prompt, PromptError

_PARTS = re.compile(r"^## (system|user)[ \t]*\n", re.MULTILINE)


@cache
def load_prompt(name: str) -> Prompt:
    """The prompt of a name. PromptError when there is none, or when it lacks one of its two parts."""
    path = files("prompts") / f"{name}.md"
    if not path.is_file():
        raise PromptError(f"there is no prompt {name!r}")
    return read_prompt(name, path.read_text(encoding="utf-8"))


def read_prompt(name: str, text: str) -> Prompt:
    """A prompt from its file's text. The digest covers the words that a model sees, not the notes above them."""
    _, *rest = _PARTS.split(text)
    titles, bodies = rest[::2], [each.strip("\n") for each in rest[1::2]]
    if titles != ["system", "user"]:
        raise PromptError(f"prompt {name!r} must have `## system`, then `## user`; it has {titles}")
    digest = sha256("\x00".join(bodies).encode()).hexdigest()
    return Prompt(name, bodies[0], bodies[1], digest)
