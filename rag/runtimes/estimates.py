"""How many tokens a text may have, and what a server's log-probabilities mean, where its tokenizer is not at hand."""

import math
import re
from collections.abc import Mapping, Sequence

from index.errors import UsageError
from rag.runtimes.types import Message

PER_MESSAGE = 8
"""More than a chat template writes around one message."""
PER_PROMPT = 64
"""More than a template writes around all, a default system message included."""

LETTERS = re.compile(r"[A-Za-z]+")
PARTS = re.compile(r"[A-Za-z]+|[^\S\n]+|[^A-Za-z]")


def at_most(messages: Sequence[Message]) -> int:
    """Tokens that a prompt hardly exceeds in any tokenizer in use: news text has about two thirds of it.

    A run of letters counts one and one more for every four; every digit and sign one; what is not ASCII two.
    """
    return PER_PROMPT + sum(PER_MESSAGE + _at_most(message.content) for message in messages)


def at_least(messages: Sequence[Message]) -> int:
    """Tokens that a prompt has in any tokenizer in use: none joins two runs of Latin letters."""
    return sum(len(LETTERS.findall(message.content)) for message in messages)


def refuse_too_long(prompt_tokens: int, max_tokens: int, limit: int) -> None:
    """Raise UsageError where a prompt and its reply do not fit the context."""
    if prompt_tokens + max_tokens > limit:
        raise UsageError(
            f"The prompt has {prompt_tokens} tokens and the reply may take {max_tokens};"
            f" the model's context holds {limit}.",
            "Ask with less evidence, or raise model.context.",
        )


def first_tokens(options: Sequence[str], likely: Mapping[str, float]) -> dict[str, float]:
    """Each option's log-probability among the likeliest first tokens: that of the longest token that begins it."""
    found = {}
    for option in options:
        begins = [token for token in likely if token and option.startswith(token)]
        found[option] = likely[max(begins, key=len)] if begins else -math.inf
    return found


def _at_most(text: str) -> int:
    return sum(
        1 + len(part) // 4 if part[0].isascii() and part[0].isalpha() else 1 if part.isascii() else 2 * len(part)
        for part in PARTS.findall(text)
        if part != " "
    )
