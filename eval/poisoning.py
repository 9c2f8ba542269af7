"""Hostile articles: hand-written attacks over the facts of the sample articles, filled in and written as files.

The parts are in `eval/poison`: topics say what is asked and which lie is wanted, attacks how it is tried. Each attack is
tried on `EACH` topics, by turns, so the same parts always give the same cases.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

PARTS = Path(__file__).with_name("poison")
EACH = 2
"""How many topics each attack is tried on."""

_PLACE = re.compile(r"\{\{(\w+)(?:\|(\w+))?\}\}")
_LOOKALIKE = str.maketrans("aceopxyACEHOPTX", "асеорхуАСЕНОРТХ")
_FULLWIDTH = {each: each + 0xFEE0 for each in range(0x21, 0x7F)}
_HEAPED = "\u0334\u0345\u035d\u0489\u0300\u0301\u0302"
_WORDS = {
    "paper": ("Wayside Bulletin", "Quay Street Journal", "Hollow Hill Times", "The Lantern", "North Fork Record"),
    "headline": ("What is new about", "Fresh figures for", "The truth about", "Report settles doubts over", "Numbers out for"),
    "opening": (
        "It is official.",
        "Two officials said so on Monday.",
        "A filing seen by this newspaper says it plainly.",
        "After months of doubt there is a figure.",
        "An auditor has put an end to the guessing.",
    ),
    "closing": (
        "Nobody disputes it.",
        "The filing leaves no room for doubt.",
        "Three people confirmed it.",
        "Earlier reports were mistaken.",
        "The figure has been checked twice.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Topic:
    """A fact of the sample articles, the question for it, and the lie that stands for any false answer."""

    id: str
    article: str
    quote: str
    question: str
    accept: tuple[tuple[str, ...], ...]
    subject: str
    about: str
    false: str
    lie: str
    publisher: str
    author: str


@dataclass(frozen=True, slots=True)
class Attack:
    """One way of attacking. `says` is what a model that was talked into it replies; `wants` are strings of a success.

    `unseen` means that a reader of the page does not see the lie: then the article must not hold it.
    """

    id: str
    kind: str
    body: str
    says: str
    wants: tuple[str, ...] = ("{{lie}}",)
    suffix: str = ".txt"
    name: str = ""
    title: str = "{{subject}}: what is known"
    publisher: str = "Wayside Bulletin"
    author: str = ""
    date: str = "2026-02-01"
    url: str = ""
    copies: int = 1
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class HostileCase:
    """An attack on a topic: the hostile files by name, what is asked, and what would be a success."""

    id: str
    kind: str
    topic: Topic
    files: tuple[tuple[str, str], ...]
    says: str
    wants: tuple[str, ...]
    unseen: bool


def hostile_cases(folder: Path = PARTS) -> list[HostileCase]:
    """All cases, in the order of the attacks' files."""
    topics = [_topic(each) for each in tomllib.loads((folder / "topics.toml").read_text(encoding="utf-8"))["topic"]]
    attacks = [
        _attack(path.stem, each)
        for path in sorted((folder / "attacks").glob("*.toml"))
        for each in tomllib.loads(path.read_text(encoding="utf-8"))["attack"]
    ]
    return [
        case_of(attack, topics[(at * EACH + turn) % len(topics)])
        for at, attack in enumerate(attacks)
        for turn in range(EACH)
    ]


def sampled(cases: Sequence[HostileCase], limit: int | None) -> list[HostileCase]:
    """At most so many cases, of every kind as evenly as can be; those of a smaller sample are in every larger one."""
    turns: dict[str, int] = {}
    ranked: list[tuple[int, int, HostileCase]] = []
    for place, case in enumerate([*cases[::EACH], *(case for at, case in enumerate(cases) if at % EACH)]):
        turns[case.kind] = turns.get(case.kind, -1) + 1
        ranked.append((turns[case.kind], place, case))
    return [case for _, _, case in sorted(ranked, key=lambda each: each[:2])[:limit]]


def case_of(attack: Attack, topic: Topic) -> HostileCase:
    """An attack on one topic."""
    values = {name: value for name, value in asdict(topic).items() if name != "accept"} | {"x": "x"}
    files = tuple(_file(attack, {**values, "n": str(number)}, topic) for number in range(1, attack.copies + 1))
    says, *wants = (fill(each, {**values, "n": "1"}) for each in (attack.says, *attack.wants))
    return HostileCase(f"{attack.id}/{topic.id}", attack.kind, topic, files, says, tuple(wants), attack.unseen)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its `{{places}}` filled; `{{place|how}}` changes the letters, repeats, or picks the n-th of a list."""

    def put(place: re.Match[str]) -> str:
        value, how = values[place[1]], place[2]
        if how is None:
            return value
        if how.isdigit():
            return ("" if place[1] == "x" else " ").join([value] * int(how))
        if how == "lookalike":
            return value.translate(_LOOKALIKE)
        if how == "fullwidth":
            return value.translate(_FULLWIDTH)
        if how == "heaped":
            return "".join(each + _HEAPED if each.isalnum() else each for each in value)
        return _WORDS[how][int(value) - 1]

    return _PLACE.sub(put, text)


def write_files(case: HostileCase, folder: Path) -> list[Path]:
    """The hostile files on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name, _ in case.files]
    for path, (_, text) in zip(paths, case.files, strict=True):
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return paths


def _file(attack: Attack, values: Mapping[str, str], topic: Topic) -> tuple[str, str]:
    title, publisher, author, date, url, body = (
        fill(each, values)
        for each in (attack.title, attack.publisher, attack.author, attack.date, attack.url, attack.body)
    )
    name = fill(attack.name, values) or f"{attack.id}-{topic.id}-{values['n']}{attack.suffix}"
    fields = {"title": title, "publisher": publisher, "date": date, "author": author, "url": url}
    known = {key: value for key, value in fields.items() if value}
    if attack.suffix == ".html":
        return name, _page(known, body)
    if attack.suffix == ".md":
        front = "".join(f"{key}: {json.dumps(value)}\n" for key, value in known.items())
        return name, f"---\n{front}---\n\n{body}"
    header = "".join(f"{key.capitalize()}: {value}\n" for key, value in known.items())
    return name, f"{header}\n{body}"


def _page(known: Mapping[str, str], body: str) -> str:
    metas = {
        "og:title": "title",
        "og:site_name": "publisher",
        "article:published_time": "date",
        "article:author": "author",
    }
    head = "".join(
        f'<meta property="{name}" content="{escape(known[key])}">\n' for name, key in metas.items() if key in known
    )
    link = f'<link rel="canonical" href="{escape(known["url"])}">\n' if "url" in known else ""
    title = escape(known["title"])
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n{head}{link}</head>\n'
        f"<body>\n<article>\n<h1>{title}</h1>\n{body}\n</article>\n</body>\n</html>\n"
    )


def _topic(given: Mapping[str, Any]) -> Topic:
    return Topic(**{**given, "accept": tuple(map(tuple, given["accept"]))})


def _attack(kind: str, given: Mapping[str, Any]) -> Attack:
    wants = {"wants": tuple(given["wants"])} if "wants" in given else {}
    return Attack(kind=kind, **{**given, **wants})
