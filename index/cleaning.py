"""Plain text of a page without what is not the story: advertisements, menus, related headlines, comment boxes.

Rules look at the shape of lines, never at one site. When in doubt a line stays: a lost sentence cannot be cited.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from index.boilerplate import (
    ADVERTS,
    AGE,
    CALL,
    COPYRIGHT,
    COUNTED,
    LABELS,
    LETTER,
    OTHERS,
    PHRASE,
    PREFIX,
    SUBSCRIBE,
    plain,
)
from index.characters import normalise
from index.lines import Line, pass_through, text_of

_ROW = re.compile(r"\|")
_RULE = re.compile(r"[\s|:=_*~+.·•-]+")
_BULLET = re.compile(r"[-•*–]\s|\d+[.)]\s")
_STOPPED = re.compile(r"[.!?…:;][\"'”’)\]]*$")
_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_SMALL = re.compile(r"[a-z]")
AGED = "an age, a time or a reading time"
_PLACEHOLDER = re.compile(r"\[(?:image|photo|video|audio|advertisement|embed)s?\]", re.I)
_CRUMB = re.compile(r"\s*[›»·•|←→∙>]\s*")


def judged(text: str) -> list[Line]:
    """The lines of a plain-text page with the verdict on each."""
    return judge(lines_of(text))


def clean(text: str) -> str:
    """The story of a plain-text page: its title, headings, paragraphs, list items and table rows, in their order."""
    return text_of(judged(text))


def lines_of(text: str) -> list[Line]:
    """The lines of a plain text that have words, broken paragraphs joined; nothing is judged yet."""
    lines: list[Line] = []
    apart = False
    for each in _unwrapped(normalise(text).split("\n")):
        if each:
            lines.append(Line(each, apart=apart))
        apart = not each
    return lines


def judge(lines: Iterable[Line]) -> list[Line]:
    """The lines with the verdict on each; those that were dropped already stay so."""
    return pass_through(lines, (_rules, _tail, _boxes, _labels, _headlines, _menu, _repeats))


def tidy(text: str) -> str:
    """A text that somebody has already taken out of its page: only advertisements and rules are left to take out."""
    lines = normalise(text).split("\n")
    kept = [line for line in lines if not (_RULE.fullmatch(line) or plain(line) in ADVERTS or CALL.match(line))]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")


def title_of(text: str) -> str | None:
    """The first line of a cleaned text where it is a title: short, of some words, and not a sentence."""
    first, _, rest = text.partition("\n")
    short = len(first) <= 160 and len(first.split()) >= 2 and rest.strip()
    return (
        first if short and not re.search(r"[.:;|,]$", first) and not _BULLET.match(first) and "|" not in first else None
    )


def is_prose(line: str) -> bool:
    """Whether a line is a sentence or more of running text."""
    return len(line) >= 60 and bool(_STOPPED.search(line)) and not _ROW.search(line)


def _is_told(line: str) -> bool:
    """Whether a line tells something: a sentence, however short, or a row of a table."""
    return bool(_ROW.search(line)) or (len(line.split()) >= 4 and bool(_SENTENCE.search(line)))


def _rules(lines: Sequence[str]) -> Mapping[int, str]:
    return {at: "a rule between parts" for at, line in enumerate(lines) if _RULE.fullmatch(line)}


def _labels(lines: Sequence[str]) -> Mapping[int, str]:
    """Lines that belong to the page and not to the story, each by its own words."""
    return {at: why for at, line in enumerate(lines) if (why := _label(line))}


def _label(line: str) -> str:
    if len(line) > 200 or _ROW.search(line):
        return ""
    words = plain(line)
    if words in LABELS or re.sub(r"[\d ]+", " ", words).strip() in LABELS or _PLACEHOLDER.fullmatch(line):
        return "a label or a button"
    if PHRASE.match(line) or CALL.match(line):
        return "speaks for the page: cookies, subscriptions, credits"
    if PREFIX.match(line):
        return "points to something else"
    if COPYRIGHT.match(line):
        return "copyright"
    if AGE.fullmatch(line):
        return AGED
    parts = [each for each in _CRUMB.split(line) if each]
    if len(parts) >= 3 and all(len(each.split()) <= 3 for each in parts) and not re.search(r"\d", line):
        return "a menu in one line"
    if re.match(r"[←→«»‹›]", line) and not _SENTENCE.search(line):
        return "leads to another page"
    return ""


def _boxes(lines: Sequence[str]) -> Mapping[int, str]:
    """An invitation to a newsletter up to its button."""
    dropped: dict[int, str] = {}
    for at, line in enumerate(lines):
        if len(line) > 120 or not LETTER.search(line) or (_SENTENCE.search(line) and len(line) > 100):
            continue
        for end in range(at + 1, min(at + 6, len(lines))):
            if len(lines[end]) > 160:
                break
            if plain(lines[end]) in SUBSCRIBE:
                dropped |= dict.fromkeys(range(at, end + 1), "an invitation to a newsletter")
                break
        else:
            continue
    return dropped


def _tail(lines: Sequence[str]) -> Mapping[int, str]:
    """Where the story is over: at the heading of comments or of other stories, with most of the text above it."""
    told = 0
    left = sum(len(line) for line in lines if _is_told(line))
    for at, line in enumerate(lines):
        heads = (len(line) < 60 and plain(line) in OTHERS) or (len(line) < 120 and bool(COUNTED.match(line)))
        if told > 250 and heads and (left <= told / 2 or _are_cards(lines[at + 1 :])):
            return dict.fromkeys(range(at, len(lines)), f"after “{line}”, where the story is over")
        if _is_told(line):
            told, left = told + len(line), left - len(line)
    return {}


def _are_cards(rest: Sequence[str]) -> bool:
    """Whether lines are other stories in brief, each with its age."""
    ages = sum(bool(AGE.fullmatch(line)) for line in rest)
    return ages >= 2 and ages >= len(rest) / 6


def _is_headline(line: str) -> bool:
    """Many Capitals, No Full Stop at the End; a sentence of the story is not like that."""
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", line) if len(word) > 3]
    if not words or not 3 <= len(line.split()) <= 25 or len(line) > 160:
        return False
    if _ROW.search(line) or _BULLET.match(line) or line.endswith((":", ",", ";", "”", '"')):
        return False
    return sum(not _SMALL.match(word) for word in words) >= 0.8 * len(words)


def _headlines(lines: Sequence[str]) -> Mapping[int, str]:
    """Runs of three and more headlines of other stories; a lone one may be a heading of this one."""
    dropped: dict[int, str] = {}
    run: list[int] = []
    seen_prose = False
    for at, line in enumerate([*lines, ""]):
        if line and seen_prose and _is_headline(line):
            run.append(at)
            continue
        if _are_headlines([lines[each] for each in run]):
            dropped |= dict.fromkeys(run, "one of several headlines of other stories")
        run = []
        seen_prose = seen_prose or is_prose(line)
    return dropped


def _are_headlines(run: Sequence[str]) -> bool:
    words = sum(len(line.split()) for line in run)
    facts = sum(": " in line or any(each.isdigit() for each in line) for line in run)
    return len(run) >= 3 and words >= 5 * len(run) and facts <= len(run) / 2


def _menu(lines: Sequence[str]) -> Mapping[int, str]:
    """The words of a menu or a section above the title, which is repeated or at least longer than they are."""
    top = next((at for at, line in enumerate(lines) if is_prose(line)), 0)
    head = lines[:top]
    titles = [at for at, line in enumerate(head) if len(line.split()) >= 4 and not _BULLET.match(line)]
    repeated = [at for at in titles if head[at] in head[at + 1 :]]
    for title in (repeated or titles)[:1]:
        if all(len(line.split()) <= 4 and not _STOPPED.search(line) for line in head[:title]):
            return dict.fromkeys(range(title), "a menu or a section above the headline")
    return {}


def _repeats(lines: Sequence[str]) -> Mapping[int, str]:
    """The title where a page says it again."""
    title = next(iter(lines), "")
    if len(title.split()) < 4 or _STOPPED.search(title):
        return {}
    return {at: "the headline again" for at, line in enumerate(lines) if at and line == title}


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines that were broken at a fixed width, joined again into paragraphs."""
    full = [len(line) for line in lines if line]
    if len(full) < 6 or max(full) > 100:
        return lines
    width = max(full)
    broken = [a for a, b in pairwise(lines) if a and b and not _STOPPED.search(a)]
    if len(broken) < len(full) / 2 or sum(len(line) > 0.75 * width for line in broken) < 0.8 * len(broken):
        return lines
    joined: list[str] = []
    for before, line in zip(["", *lines], lines, strict=False):
        carries_on = before and line and len(before) > 0.7 * width and not _BULLET.match(line)
        if joined and carries_on:
            joined[-1] += " " + line
        else:
            joined.append(line)
    return joined
