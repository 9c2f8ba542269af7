"""Putting words into the place of others."""

from random import Random

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def put(text: str, start: int, end: int, new: str) -> str:
    """The text with something new from start to end."""
    return text[:start] + new + text[end:]


def shuffled(pairs: list[tuple[str, str]], random: Random) -> list[tuple[str, str]]:
    """The pairs in another order."""
    return random.sample(pairs, len(pairs))
