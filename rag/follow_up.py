"""What a follow-up leaves out, and how code puts it back where there is only one way to read it."""

import re
from collections.abc import Sequence

from rag.claims.names import Name, names, without_possessive
from rag.types import Turn

_CONNECTIVE = re.compile(r"^(?:and|but|so|or|also|then|ok(?:ay)?|right|well)\b[\s,]*", re.IGNORECASE)
_CORRECTS = re.compile(
    r"^(?:no|sorry|oh|actually|wait)\b[\s,.:;–-]*(?:(?:but\s+)?(?:i|we)\s+(?:meant|mean|was asking about|asked about)\b\s*)?|"
    r"^i (?:meant|mean)\b\s*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^(?:(?:by|with|from|to|for|in|on|at|of|under|against|since|until)\s+)?(?:who|whom|whose|what|when|where|which|why|how|is|are|"
    r"was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)\b",
    re.IGNORECASE,
)
# Points at something said before, wherever it stands.
_POINTS = re.compile(
    r"\b(?:the (?:same|former|latter|others?|second|first)(?: one)?|(?:that|this|these|those|the|another|which) ones?|so\?|"
    r"the (?:year|month|week|day) (?:before|after)|(?:before|after) (?:that|this|then)|(?:what|how) about)\b|"
    r"\bsaid so\b|\bthe (?:company|firm|deal|article|man|woman|talks|plan|investment|start-?up)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs)\b", re.IGNORECASE)
# "the year that records began" and "said that" point at nothing.
_DEMONSTRATIVE = re.compile(
    r"(?:^|\b(?:is|are|was|were|do|does|did|has|have|had|will|would|could|about|after|before|on|of|than|to|with|for|by|why|like|from|"
    r"how|and|in|at)\s)(?:this|that|these|those)\b",
    re.IGNORECASE,
)
_THERE = re.compile(
    r"\bthere\b(?!\s+(?:is|are|was|were|be|been|any|a|an|no|has|have|had|will|would|could|remain)\b)", re.IGNORECASE
)
_THERE_IS = re.compile(r"\b(?:is|are|was|were|will|would|could|has|have|had)\s+there\b", re.IGNORECASE)

_HE_OR_SHE = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_OF_ONE = re.compile(r"\b(?:his|its|their)\b|\bher\b(?=\s+[a-z])", re.IGNORECASE)
_WHO_IS = re.compile(r"^who (?:is|was|are|were)\b", re.IGNORECASE)
_WHAT_IS = re.compile(r"^[Ww]hat (?:is|was)\s+(?:the\s+)?(?=[A-Z])")
_AND_ONE = re.compile(
    r"^(?:(?:what|how) about|of|in|at|for|by|from)?\s*(?:the one (?:at|in|of|from|near)\s+)?(?:in\s+|of\s+)?(.{2,60}?)\s*\??$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_YEAR_BESIDE = re.compile(
    r"^the (?:(year) (before|after)|(?:previous|preceding|(next|following)) year)$", re.IGNORECASE
)
_SAID_SO = re.compile(
    r"^(?:who|which [a-z]+) (?:said|says|told|reported|reports|claims|claimed) (?:so|that|this|it)\s*\??$",
    re.IGNORECASE,
)
_MARKERS = re.compile(r"\s*\[\d+\]")


def leans(question: str) -> bool:
    """Whether a question may need what was said before it: it points back, is cut short, or has no name of its own."""
    bare = _CONNECTIVE.sub("", question)
    if _CORRECTS.match(question) or not _ASKS.match(bare) or len(bare.split()) < 3:
        return True
    named = names(bare)
    return not named or points_back(bare, named)


def points_back(question: str, named: Sequence[Name]) -> bool:
    """Whether a word points at something said before; a pronoun behind a name of the question itself does not."""
    first = min((each.start for each in named), default=len(question))
    if any(each.start() < first for each in _PRONOUN.finditer(question)):
        return True
    there = _THERE.search(question) and not _THERE_IS.search(question)
    return bool(_POINTS.search(question) or _DEMONSTRATIVE.search(question) or there)


def without_correction(question: str) -> str:
    """ "No, I meant the one at Dunmere" is about the one at Dunmere."""
    return _CORRECTS.sub("", question).strip() or question


def put_back(question: str, last: Turn) -> str | None:
    """The question as it stands alone where code can tell; None where it takes a reader."""
    bare = _CONNECTIVE.sub("", without_correction(question)).strip()
    before = names(last.question)
    return _who_said_so(bare, last) or _in_place_of(bare, last.question, before) or _for_pronoun(bare, last, before)


def _who_said_so(bare: str, last: Turn) -> str | None:
    """ "Who said so?" asks who said the last answer."""
    said = _MARKERS.sub("", last.answer).strip()
    first = re.split(r"(?<=[.!?])\s", said)[0].rstrip(".!?")
    if not _SAID_SO.match(bare) or not 3 <= len(first.split()) <= 40:
        return None
    opens_with_name = any(each.start == 0 for each in names(first))
    return f"Who said that {first if opens_with_name else first[:1].lower() + first[1:]}?"


def _in_place_of(bare: str, before: str, named: Sequence[Name]) -> str | None:
    """ "And OpenAI's?", "And in 2023?", "And the year before?": the last question with that in the place of its like."""
    one = _AND_ONE.match(bare)
    if one is None or (_ASKS.match(bare) and not re.match(r"(?:what|how) about\b", bare, re.IGNORECASE)):
        return None
    what = one[1].strip()
    years = list(_YEAR.finditer(before))
    beside = _YEAR_BESIDE.match(what)
    if len(years) == 1 and (beside or _YEAR.fullmatch(what)):
        asked = int(years[0][0])
        if beside:
            later = (beside[2] or "").lower() == "after" or bool(beside[3])
            what = str(asked + (1 if later else -1))
        return before[: years[0].start()] + what + before[years[0].end() :]
    mine = names(what)
    whole = len(mine) == 1 and mine[0].start == 0 and mine[0].end >= len(without_possessive(what))
    if not whole or len(named) != 1:
        return None
    start, end = named[0].start, named[0].start + len(without_possessive(before[named[0].start : named[0].end]))
    return before[:start] + without_possessive(what) + before[end:]


def _for_pronoun(bare: str, last: Turn, before: Sequence[Name]) -> str | None:
    """The name in the place of the only thing pointed at: "Who is Ines Falk?", then "What does she think?"."""
    pronouns = list(_PRONOUN.finditer(bare))
    if not pronouns or _POINTS.search(bare) or _DEMONSTRATIVE.search(bare) or names(bare):
        return None
    person = bool(_HE_OR_SHE.search(bare))
    # Two pronouns of two kinds ("Where did she buy it?") have two meanings.
    if len({bool(_HE_OR_SHE.match(each[0])) for each in pronouns}) > 1:
        return None
    name = _person(last, before) if person else _thing(last, before)
    if name is None:
        return None

    def put(pronoun: re.Match[str]) -> str:
        return f"{name}’s" if _OF_ONE.match(bare, pronoun.start()) else name

    text = _PRONOUN.sub(put, bare)
    return text[:1].upper() + text[1:]


def _person(last: Turn, before: Sequence[Name]) -> str | None:
    """Whom the last turn was about: the one name of "Who is …?", or what answered a "Who …?" first."""
    if _WHO_IS.match(last.question) and len(before) == 1 and not re.search(r"\b(?:of|at|in|to)\b", last.question):
        return _words(last.question, before[0])
    if re.match(r"who\b", last.question, re.IGNORECASE):
        answered = names(last.answer)
        if answered and answered[0].start <= len("The "):
            return _words(last.answer, answered[0])
    return None


def _thing(last: Turn, before: Sequence[Name]) -> str | None:
    """What the last turn was about, where it was asked for by name alone: "What is Heliotrop?"."""
    bare = last.question.rstrip(" ?")
    if _WHAT_IS.match(last.question) and len(before) == 1 and before[0].end >= len(bare):
        return _words(last.question, before[0])
    return None


def _words(text: str, name: Name) -> str:
    return without_possessive(text[name.start : name.end]).rstrip(".")
