"""Where sentences begin and end in news text, by rules: every character that is not white space is in exactly one."""

import re
from collections.abc import Iterator

from index.types import Span


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CLOSERS = "\"'”’»)\\]"
_END = re.compile(rf"(?:[.!?…]+[{_CLOSERS}]*(?=\s)|[。！？]+[」』”）]*)")
_GLUED = re.compile(
    r"(?<=[a-z]{3})[.!?][”\"]?(?=(?:The|This|That|It|In|But|And|He|She|They|We|As|At|On|For|With|If)\s)"
)
_TABLE_ROW = re.compile(r"\|.*\||\S \| \S")
_LAST_TOKEN = re.compile(r"(\S+)$")
_NEXT_WORD = re.compile(r"[^\w]*(\w+)(\.?)")
_SPOKE = re.compile(r"(?:[A-Z][\w.'’-]+\s+){1,3}(?:said|says|asked|asks|added|told|wrote|writes|tweeted|replied)\b")

# Followed by a name or a figure: never the end of a sentence.
_TITLES = _set(
    "mr mrs ms mx dr prof gen sen rep gov lt col sgt capt cmdr adm maj rev hon pres supt insp fr sr. st mt ft vs v cf al "
    "e.g i.e eg ie viz approx est dept univ assn bros messrs mme mlle m. ph bl"
)
# Ends only before a word that is not a figure.
_BEFORE_FIGURES = _set(
    "no nos art sec secs fig figs p pp vol ch par para eq jan feb mar apr jun jul aug sep sept oct nov dec"
)
# May end a sentence: what comes next decides.
_PERHAPS = re.compile(r"(?:inc|corp|co|cos|ltd|llc|plc|jr|sr|etc|bn|mn|tn|a\.m|p\.m|ave|blvd|rd|(?:\w\.)+\w)$", re.I)
_INITIAL = re.compile(r"(?:^|[^\w])[^\W\d_]$")
_STARTERS = _set(
    "a an the this that these those it its he she they we you i his her their our in on at by for from with but and or so "
    "as if when while after before since until although though because however meanwhile moreover also still yet now then "
    "there here what who how why where which some many most all both each every one two no not last next another other "
    "under over during despite among between according analysts shares officials critics investors"
)


def sentences(text: str) -> list[Span]:
    """The sentences of a text in order. A line break always ends one; a table row is one."""
    spans: list[Span] = []
    for line in re.finditer(r"[^\n]+", text):
        cuts = () if _TABLE_ROW.search(line.group()) else _cuts(line.group())
        start = line.start()
        for cut in (*(line.start() + each for each in cuts), line.end()):
            inside = text[start:cut]
            lead = len(inside) - len(inside.lstrip())
            if inside.strip():
                spans.append(Span(start + lead, start + len(inside.rstrip())))
            start = cut
    return spans


def _cuts(line: str) -> Iterator[int]:
    glued = {each.end() for each in _GLUED.finditer(line)}
    ends = {each.end(): each for each in _END.finditer(line)}
    for at in sorted(glued | ends.keys()):
        if at in glued or _ends(line, ends[at]):
            yield at


def _ends(line: str, end: re.Match[str]) -> bool:
    mark, rest = end.group(), line[end.end() :].lstrip()
    if not rest or mark[0] in "。！？":
        return bool(rest)
    first = next((each for each in rest if each.isalnum()), "")
    if first.islower():
        return False
    if mark[0] != ".":
        quoted = mark[-1] in "\"'”’»"
        return not (quoted and _SPOKE.match(rest))
    if len(mark.rstrip(_CLOSERS + "\\")) > 1:
        return True
    return _full_stop(line[: end.start()], rest)


def _full_stop(before: str, rest: str) -> bool:
    """Whether a single full stop between the two ends a sentence, or belongs to an abbreviation."""
    token = _LAST_TOKEN.search(before)
    if token is None:
        return False
    word = token.group(1).lstrip("\"'“‘«([").lower()
    following = _NEXT_WORD.match(rest)
    follower, dotted = following.groups() if following else ("", "")
    starts = follower.lower() in _STARTERS and not dotted
    if word in _TITLES:
        return False
    if word in _BEFORE_FIGURES:
        return not follower[:1].isdigit() and starts
    if word.isdigit() and before.strip() == word:
        return False
    if _INITIAL.search(word) or _PERHAPS.match(word):
        return starts or rest[0] in '“"-•—'
    return True
