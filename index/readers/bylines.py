"""Who and when from the lines at the top of a story: "By Ann Berg, staff writer", "Published 8 June 2025 · 4 min read"."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from index.boilerplate import AGE, COUNTED
from index.dates import ago, is_past, parse_date

_LONGEST = 140
_CAPITAL = r"[^\W\d_a-zà-öø-ÿ][\w'’-]*\.?"
_NAME = rf"{_CAPITAL}(?:\s+(?:(?:de|del|da|di|van|von|der|den|la|le|bin|al|ten|af|zu)\s+)*{_CAPITAL}){{0,4}}"
_BY = re.compile(
    r"(?i:(?:(?:posted|published|written|reported|words|text|story|story and photos)\s+)?(?:by|von|por|par|di|door|av|af))\s+"
    rf"({_NAME}(?:(?:\s*,\s*|\s+(?:and|und|y|e|et|en|och|og|&)\s+){_NAME})*)"
)
_TITLED = re.compile(
    rf"({_NAME})(?=,\s+(?:[\w-]+ ){{0,4}}(?:writer|reporter|correspondent|editor|columnist|critic|journalist)s?$)"
)
_NAMED = re.compile(rf"(?i:author|autor|auteur|byline)\s*:\s*({_NAME}(?:(?:\s*,\s*|\s+(?:and|und|y|et|&)\s+){_NAME})*)")
_CREDIT = re.compile(rf"(?i:photographs?|photos?|pictures|illustrations?|edited|editing)\s+by\s+{_NAME}")
_ROLE = re.compile(
    r"(?:[a-z][\w-]* ){0,4}?(?:writer|reporter|correspondent|editor|columnist|critic|journalist|bureau|staff)s?\b(?: (?:in|at) [\w ]{2,30})?$",
    re.I,
)
_STAFF = re.compile(
    r"(?:[^\W\d_]+ )?(?:staff|senior|chief|special|guest|contributing)(?: (?:writer|reporter|correspondent|editor|columnist)s?)?$",
    re.I,
)
_FIRST = r"first published|originally published|published|posted|created|date|veröffentlicht|erstellt|publicado|publié|pubblicato"
_AGAIN = r"last updated|last modified|updated|modified|aktualisiert|stand|zuletzt aktualisiert|actualizado|mis à jour|aggiornato|atualizado"
_DAY = (
    r"(?:[^\W\d_]{2,10}\.?,?\s+)?(?:\d{1,2}(?:st|nd|rd|th|er|\.)?\s+(?:de\s+|of\s+)?[^\W\d_]{3,10}\.?,?\s+(?:de\s+)?(?:19|20)\d\d|"
    r"[^\W\d_]{3,10}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?|"
    r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d)"
)
_TIME = r"(?:,?\s+(?:at|a las|um|à|às|kl|–|-)?\s*\d{1,2}(?:[:.h]\d\d)?(?::\d\d)?(?:\s?[ap]\.?m\.?)?(?:\s+uhr)?(?:\s+\(?(?-i:[A-Z]{1,5}|local time)\b\)?)?)?"
_DATE = re.compile(
    rf"(?:({_FIRST})|({_AGAIN}))?\s*(?:on|at|am|el|le|il|em|den)?\s*:?\s*({_DAY}{_TIME})(?=$|[\s,.|·•–—-])", re.I
)
_TIME_FIRST = re.compile(
    rf"(?:({_FIRST})|({_AGAIN}))?\s*:?\s*(\d{{1,2}}[:.]\d\d(?:\s?[ap]\.?m\.?)?(?:\s+(?-i:[A-Z]{{1,5}}))?,?\s+{_DAY})(?=$|[\s,.|·•–—-])",
    re.I,
)
_SECTION = re.compile(r"in\s+[A-Z][\w &,-]{2,60}?(?=$|\s*[|·•])")
_BETWEEN = re.compile(r"[\s,|·•–—/-]+")
_NOT_NAMES = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:january|february|march|april|june|july|august|september|october|november|december)\b",
    re.I,
)

Scanner = tuple[re.Pattern[str], Callable[["re.Match[str]", "Top"], Mapping[str, Any] | None]]


@dataclass(frozen=True, slots=True)
class Top:
    """What is known where a line is read: the page's language, and when it was retrieved, where that is sure."""

    language: str | None = None
    retrieved_at: datetime | None = None


def read_line(line: str, top: Top = Top()) -> dict[str, Any] | None:
    """The fields that a line gives which is a byline, a date or both, and nothing else; None for any other line."""
    rest = line.strip().removeprefix("- ")
    if len(rest) > _LONGEST:
        return None
    fields: dict[str, Any] = {}
    told = False
    while rest:
        for pattern, read in _SCANNERS:
            found = pattern.match(rest)
            given = read(found, top) if found else None
            if found and given is not None and (told or pattern not in _AFTER):
                fields = {**given, **fields}
                between = _BETWEEN.match(rest, found.end())
                rest = rest[between.end() if between else found.end() :]
                told = True
                break
        else:
            return None
    return fields if told else None


def read_top(lines: Sequence[str], top: Top = Top()) -> tuple[dict[int, str], dict[str, Any], dict[str, str]]:
    """Which of the lines at the top of a story are its byline and dates, the fields they give, and how each was found."""
    dropped: dict[int, str] = {}
    fields: dict[str, Any] = {}
    found: dict[str, str] = {}
    for at, line in enumerate(lines):
        given = read_line(line, top)
        if given is None:
            continue
        dropped[at] = "the byline: " + (", ".join(sorted(given)) or "nothing that is asked for")
        for field, value in given.items():
            if field not in fields:
                fields[field], found[field] = value, "byline" if field == "author" else "line of its own"
    return dropped, fields, found


def _author(found: re.Match[str], top: Top) -> Mapping[str, Any] | None:
    name = " ".join(found[1].split()).strip(" ,")
    return None if _NOT_NAMES.match(name) or not name[0].isupper() else {"author": name}


def _date(found: re.Match[str], top: Top) -> Mapping[str, Any] | None:
    moment = parse_date(found[3], language=top.language)
    if moment is None:
        return {} if re.match(r"\d{1,2}[./-]\d{1,2}[./-]", found[3]) else None
    return {"updated_at" if found[2] else "published_at": moment} if is_past(moment, top.retrieved_at) else {}


def _age(found: re.Match[str], top: Top) -> Mapping[str, Any]:
    moment = ago(found[0], top.retrieved_at) if top.retrieved_at else None
    return {"updated_at" if "updated" in found[0].lower() else "published_at": moment} if moment else {}


def _nothing(found: re.Match[str], top: Top) -> Mapping[str, Any]:
    return {}


_SCANNERS: tuple[Scanner, ...] = (
    (_DATE, _date),
    (_TIME_FIRST, _date),
    (AGE, _age),
    (COUNTED, _nothing),
    (_CREDIT, _nothing),
    (_BY, _author),
    (_NAMED, _author),
    (_TITLED, _author),
    (_STAFF, _nothing),
    (_ROLE, _nothing),
    (_SECTION, _nothing),
)
# These say something of a byline only after its name or its date.
_AFTER = (_ROLE, _SECTION)


def moments_in(tree: Any) -> Iterator[tuple[str, str, str]]:
    """Field, what is written, and how it was found, of each `time` element in the order of the page."""
    for each in tree.iter("time"):
        written = each.get("datetime")
        if not written:
            continue
        around = " ".join(filter(None, (each.get("class"), each.get("itemprop"), each.text, each.getparent().text)))
        field = (
            "updated_at" if re.search(r"updated|modified|aktualisiert|actualizado", around, re.I) else "published_at"
        )
        yield field, written, "time element"
