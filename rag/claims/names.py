"""The names in a text: runs of capitalised words, and which words of a text may stand for them."""

import re
from dataclasses import dataclass

from index.terms import QUIET, stem, words


@dataclass(frozen=True, slots=True)
class Name:
    """One name at `text[start:end]`; `words` are its folded words without titles such as "Mr"."""

    words: tuple[str, ...]
    start: int
    end: int


_TOKEN = re.compile(r"[\w’'&-]+(?:\.[\w&-]+)*\.?")
# "Just 2 days later": a number before a plural counts it, and is no part of the name before it ("Llama 4").
_COUNTS = re.compile(r"[\s-][a-z]+s\b")
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sir",
        "president",
        "chief",
        "executive",
        "ceo",
        "officer",
        "senator",
        "judge",
        "mayor",
        "minister",
    ]
)
_CALENDAR = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ]
)
_COMPANY_FORMS = frozenset(["inc", "corp", "co", "ltd", "llc", "plc", "ag", "sa", "nv", "gmbh", "group"])
# Begin a sentence with a capital without being a name.
_OPENERS = frozenset(
    [
        "who",
        "what",
        "when",
        "where",
        "which",
        "why",
        "how",
        "whose",
        "whom",
        "is",
        "are",
        "was",
        "were",
        "did",
        "does",
        "do",
        "has",
        "have",
        "had",
        "can",
        "could",
        "will",
        "would",
        "should",
        "may",
        "might",
        "according",
        "reportedly",
        "however",
        "meanwhile",
        "yes",
        "no",
        "not",
        "both",
        "neither",
        "either",
        "it",
        "its",
        "he",
        "she",
        "they",
        "this",
        "that",
        "these",
        "those",
        "the",
        "a",
        "an",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "as",
        "after",
        "before",
        "since",
        "while",
        "when",
        "if",
        "but",
        "and",
        "or",
        "so",
        "there",
        "here",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "some",
        "many",
        "most",
        "all",
        "each",
        "every",
        "several",
        "between",
        "among",
        "during",
        "under",
        "over",
        "about",
        "around",
        "sources",
        "source",
        "another",
        "other",
        "later",
        "earlier",
        "today",
        "yesterday",
        "such",
        "only",
        "name",
        "list",
        "tell",
        "give",
        "describe",
        "explain",
        "say",
    ]
)


def names(text: str) -> list[Name]:
    """Names in order. A capital at the start of a sentence counts only where the word is not an ordinary opener."""
    found: list[Name] = []
    run: list[re.Match[str]] = []
    previous = 0
    for token in _TOKEN.finditer(text):
        gap = text[previous : token.start()]
        previous = token.end()
        if gap[-1:] in "$€£" and gap:
            found += _close(run)
            run = []
            continue
        if run and (gap.strip() or "\n" in gap):
            found += _close(run)
            run = []
        if _is_capital(token.group()) and not (_opens(text, token) and token.group().lower() in _OPENERS):
            run.append(token)
            if token.group().endswith(".") and len(token.group()) > 4:
                found += _close(run)
                run = []
        elif not (run and token.group().isdigit() and len(token.group()) <= 2) or _COUNTS.match(text, token.end()):
            found += _close(run)
            run = []
        else:
            run.append(token)
    return found + _close(run)


def _is_capital(token: str) -> bool:
    return any(each.isupper() for each in token[:2]) and any(each.isalpha() for each in token)


def _opens(text: str, token: re.Match[str]) -> bool:
    before = text[: token.start()].rstrip(" \"'“‘(*-")
    return not before or before[-1] in ".!?\n:|"


def _close(run: list[re.Match[str]]) -> list[Name]:
    while run and run[-1].group().isdigit() and len(run) == 1:
        run.pop()
    parts = [word for each in run for word in words(without_possessive(each.group()))]
    kept = tuple(each for each in parts if each not in _TITLES and each not in _CALENDAR and each not in _OPENERS)
    return [Name(kept, run[0].start(), run[-1].end())] if kept else []


def without_possessive(word: str) -> str:
    """ "Meta's" and "Meta’s" are Meta."""
    return re.sub(r"['’]s$", "", word)


def vocabulary(text: str) -> frozenset[str]:
    """The folded words of a text, possessives opened, dotted initials joined ("U.S." is also "us")."""
    joined = {each.replace(".", "").lower() for each in re.findall(r"\b(?:[A-Za-z]\.){2,}", text)}
    return frozenset(words(re.sub(r"['’]s\b", " ", text))) | joined


def is_named(name: Name, known: frozenset[str]) -> bool:
    """Whether every word of a name is among the words of a text; an acronym may stand for its words."""
    telling = [each for each in name.words if each not in _COMPANY_FORMS] or list(name.words)
    return all(each in known or f"{each}s" in known or each.rstrip("s") in known for each in telling)


def content(text: str) -> list[str]:
    """The stems of a text that carry meaning, each once: neither grammar nor figures."""
    opened = re.sub(r"['’]s\b", " ", text)
    found = dict.fromkeys(stem(each) for each in words(opened) if each not in QUIET and not each.isdigit())
    return [each for each in found if each not in QUIET]


def akin(one: str, other: str) -> bool:
    """Whether two stems may be forms of one word: "back" and "backer", "valu" and "valuat"."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 4 and longer.startswith(shorter) and len(longer) - len(shorter) <= 4
