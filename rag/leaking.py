"""Whether a text repeats what a model is told in its prompts: no article says that, whatever a model may be sure of."""

import re
from functools import cache
from importlib.resources import files

from prompts.loader import load_prompt

RUN = 8
"""So many words in a row, in the same order, are no accident."""


def repeats_a_prompt(text: str) -> bool:
    """Whether so many words in a row stand in one of the prompts."""
    return not _prompt_runs().isdisjoint(_runs(text))


@cache
def _prompt_runs() -> frozenset[tuple[str, ...]]:
    names = sorted(each.name.removesuffix(".md") for each in files("prompts").iterdir() if each.name.endswith(".md"))
    prompts = [load_prompt(name) for name in names]
    return frozenset(run for each in prompts for part in (each.system, each.user) for run in _runs(part))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
