"""Guesses at what a reply copies: prompt lookup decoding (github.com/apoorvumang/prompt-lookup-decoding)."""

from collections.abc import Sequence

LENGTH = 3
"""Guessed tokens: with the last written one they make a batch of four, for which llama.cpp has a kernel."""


def draft(written: Sequence[int], length: int = LENGTH) -> list[int]:
    """What followed the latest earlier place where the last three, or else two, tokens stand; empty where none."""
    for size in (3, 2):
        tail = list(written[-size:])
        for at in range(len(written) - size - 1, -1, -1):
            if written[at + size - 1] == tail[-1] and list(written[at : at + size]) == tail:
                return list(written[at + size : at + size + length])
    return []
