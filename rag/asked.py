"""What a question asks for, read off its words: it decides the way it is answered and what an answer must hold."""

import re
from dataclasses import dataclass
from typing import Literal

from index.characters import normalise
from rag.claims.figures import figures
from rag.claims.moments import moments
from rag.claims.names import Name, akin, content, is_named, names, vocabulary

Kind = Literal["number", "money", "percentage", "date", "person", "name", "yes_no", "comparison", "why", "what"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's kind, and the names it gives."""

    question: str
    kind: Kind
    names: tuple[Name, ...]


# "who" and "which" after a comma mostly go on with what was said before: they ask only after "and", and not twice.
_PART = re.compile(
    r"(?:[,;]\s+(?:and\s+)?|\s+and\s+)(?=(?:what|how|why|by how (?:much|many))\b)|[,;]?\s+and\s+(?=(?:when|where|who|which|in which)\b)",
    re.I,
)
_WORD = re.compile(
    r"(?:(?:by|in|at|on|of|for|from|to|with|about)\s+)?(?:what|who|whom|whose|when|where|how|why|which)\b", re.I
)
_LEAD = re.compile(r",\s+(?=(?:how|what|who|when|where|which|why|is|are|did|does|was)\b)", re.I)
_GOES_ON = re.compile(r"(?:who|which)\b", re.I)
_OWN_WORDS = 3


def parts(asked: Asked) -> list[Asked]:
    """A question that asks several things ("who …, and when …?") one by one; else the question itself."""
    cut = [each.strip(" ,;?") for each in _PART.split(asked.question)]
    if len(cut) < 2 or any(len(each.split()) < _OWN_WORDS or not _ASKS.match(each) for each in cut):
        return [asked]
    if _GOES_ON.match(cut[0]) and any(_GOES_ON.match(each) for each in cut[1:]):
        return [asked]
    return [read_question(f"{each}?") for each in cut]


_ASKS = re.compile(
    r"(?:(?:and|by|in|at|on|of|for|from|to|with|about)\s+)?(?:what|who|whom|whose|when|where|how|why|which|is|are|was|were|do|does|"
    r"did|has|have|had|can|could|will|would)\b",
    re.I,
)
_MONEY = re.compile(
    r"\bhow much\b|\b(?:revenues?|sales|valuations?|valued|worth|price|cost|profit|loss|fine|budget|salary)\b", re.I
)
_COMPARES = re.compile(
    r"\b(?:larger|bigger|smaller|higher|lower|more|less|fewer|greater|longer|shorter|earlier|later|older|younger|cheaper|"
    r"faster|slower|sooner)\b.*\bthan\b|\b(?:or|versus|vs)\b.*\b(?:more|less|larger|bigger|first|higher|lower)\b"
    r"|^(?:which|who|what)\b.*\b(?:larger|bigger|smaller|higher|lower|greater|fewer|earlier|later|first)\b.*\bor\b",
    re.I,
)
_YES_NO = re.compile(
    r"^(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|may|might|must)(?:n['’]t)?\b", re.I
)


def read_question(question: str) -> Asked:
    """The shape of a question; in doubt it is "what", which asks nothing special of an answer."""
    plain = " ".join(question.split())
    return Asked(plain, _kind(plain), tuple(names(plain)))


def _kind(question: str) -> Kind:
    lead = question if _WORD.match(question) else _LEAD.split(question)[-1]
    rules: tuple[tuple[Kind, bool], ...] = (
        ("comparison", bool(_COMPARES.search(lead))),
        ("yes_no", bool(_YES_NO.match(lead))),
        ("percentage", _has(lead, r"\b(?:what|which|how many) (?:percentage|per\s?cent|percent|share|proportion)\b")),
        ("number", _has(lead, r"\bhow (?:many|old|tall|high|long|far|fast|often)\b|\bwhat (?:number|population)\b")),
        ("date", _has(lead, r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|decade|century)\b|\bhow recently\b")),
        ("money", _has(lead, r"\bhow (?:much|large|big)\b") or (_has(lead, r"\bwhat\b") and bool(_MONEY.search(lead)))),
        ("why", _has(lead, r"\bwhy\b|\bwhat (?:caused|reason)\b")),
        ("person", _has(lead, r"\bwho(?:se|m)?\b")),
        ("name", _has(lead, r"\bwhere\b|\b(?:which|what) (?:company|firm|city|country|state|town|person|agency|bank|publisher)\b")),
    )  # fmt: skip
    return next((kind for kind, fits in rules if fits), "what")


def _has(text: str, pattern: str) -> bool:
    return bool(re.search(pattern, text, re.I))


def says_something(asked: Asked, sentence: str) -> bool:
    """Whether a sentence has a figure or a telling word that the question does not give itself; a plain yes or no has."""
    if asked.kind == "yes_no":
        return True
    known = content(asked.question)
    given = figures(asked.question)
    return any(not any(akin(word, each) for each in known) for word in content(sentence)) or any(
        not any(each.same_value(other) for other in given) for each in figures(sentence)
    )


def gives_what_is_asked(asked: Asked, sentence: str) -> bool | None:
    """Whether an answer holds the sort of thing asked for, beyond what the question says itself; None where any may do."""
    new_figures = [
        each
        for each in figures(sentence)
        if not any(each.same_value(other) and each.unit == other.unit for other in figures(asked.question))
    ]
    if asked.kind == "percentage":
        return any(each.unit == "%" for each in new_figures) or "half" in sentence.lower()
    if asked.kind == "number":
        return any(each.unit not in ("year", "ordinal") and len(each.unit) != 3 for each in new_figures)
    if asked.kind == "money":
        return any(each.unit not in ("year", "ordinal") for each in new_figures)
    if asked.kind == "date":
        mine = {(each.year, each.month, each.day) for each in moments(asked.question)}
        relative = re.search(r"\b(?:last|this|next) (?:year|month|week)|\b(?:yesterday|today|\w+day)\b", sentence, re.I)
        return bool(relative) or any((each.year, each.month, each.day) not in mine for each in moments(sentence))
    if asked.kind in ("person", "name"):
        known = vocabulary(asked.question)
        return any(not is_named(each, known) for each in names(sentence))
    return None


# A bracket that holds a number, or hardly anything: "[1]", "[s99]", "[1, 2]", "[^1]", "【1†source】", "[source 12]", "[ ]".
_MARKER = re.compile(
    r"[\[［【⟦〔〖]\s*(?:\w{0,4}|\^?(?:(?:sources?|refs?|references?|notes?|cite|citation)\b\.?\s*)?\w?\d{1,4}"
    r"(?:\s*[,;–-]\s*\w?\d{1,4})*(?:\s*†[^\]］】⟧〕〗]{0,40})?)\s*[\]］】⟧〕〗]",
    re.I,
)
_TARGET = re.compile(r"(?<=\])\((?:[^()]|\([^()]*\))*\)?")
_LINK = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{0,20}:)?//\S+|\bwww\.\S+|\b(?:javascript|vbscript|data|mailto|file|tel|blob):\S+|"
    r"\b(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?/\S*|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/\S*",
    re.I,
)
_TAG = re.compile(r"<(?:[/!?]?[a-z]|[|｜])[^<>]*>|<\s*>|```|~~~|\|>", re.I)
_OPENING = re.compile(r"!(?=\[)|<(?![\s\d=])")
_BRACKETS = str.maketrans("[［【⟦〔〖]］】⟧〕〗", "(" * 6 + ")" * 6)


def without_markup(text: str) -> str:
    """A sentence fit to be shown: no citation markers but ours, no links, no tags, no characters that steer or hide.

    What one taking-out puts together the next takes out again; brackets that stay become round ones.
    """
    plain, before = " ".join(normalise(text).split()), ""
    while plain != before:
        before = plain
        for unwanted in (_TARGET, _MARKER, _LINK, _TAG):
            plain = unwanted.sub(" ", plain)
        plain = " ".join(normalise(_OPENING.sub("", plain)).split())
    return plain.translate(_BRACKETS).replace(" .", ".").replace(" ,", ",").replace(" ?", "?")
