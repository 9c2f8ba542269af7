"""A question and its answer as one statement, for the shapes of question that can be turned by rule."""

import re
from collections.abc import Callable

from eval.benches.checker.verbs import past

_NOUN = r"(?:the |a |an )?[\w’'\"“”.,& -]+?"
_BE = r"(?:is|are|was|were)"


def stated(question: str, answer: str) -> str | None:
    """ "Who killed Harold II?" with "William II" is "William II killed Harold II."; None where no rule fits."""
    asked = " ".join(question.split()).rstrip("?. ")
    answer = answer.strip().rstrip(".,;")
    if not asked or not answer or len(answer.split()) > 12:
        return None
    for pattern, made in _RULES:
        found = re.fullmatch(pattern, asked, re.IGNORECASE)
        if found:
            text = re.sub(r"\s+", " ", made(found, answer)).strip()
            return f"{text[:1].upper()}{text[1:]}." if text else None
    return None


def _when(answer: str) -> str:
    if re.match(r"(?:in|on|by|about|around|since|from|during|until|after|before|at|between)\b", answer, re.I):
        return answer
    if re.fullmatch(r"\d{3,4}s?|[A-Z]\w+,? \d{4}", answer):
        return f"in {answer}"
    return f"on {answer}" if re.search(r"\d{1,2}\b.*\d{4}|[A-Z]\w+ \d{1,2}$", answer) else f"in {answer}"


def _count(answer: str, noun: str) -> str:
    return answer if noun.split()[-1].rstrip("s").lower() in answer.lower() else f"{answer} {noun}"


def _place(answer: str) -> str:
    return answer if re.match(r"(?:in|on|at|near|by|from|to|along|between)\b", answer, re.I) else f"in {answer}"


_DONE = r"\w+ed|born|built|held|made|written|founded|found|begun|sold|won|taken|given|known|shot|chosen|sent|set|spoken|lost|led"
_NOT_VERBS = frozenset(
    [
        "areas",
        "books",
        "cells",
        "classes",
        "colors",
        "countries",
        "factors",
        "forces",
        "games",
        "groups",
        "items",
        "kinds",
        "laws",
        "types",
        "years",
    ]
)
_RULES: tuple[tuple[str, Callable[[re.Match[str], str], str]], ...] = (
    (rf"(?:when|(?:in )?(?:what|which) year) (was|were) ({_NOUN}) ({_DONE})( .+)?", lambda m, a: f"{m[2]} {m[1]} {m[3]}{m[4] or ''} {_when(a)}"),
    (r"(?:when|(?:in )?(?:what|which) year) did (.+?) (begin|end|start|die|become|win|lose|leave|move|open|close|take|arrive|join|play|make|come|go|build|found|establish|happen|occur|appear|publish|issue|write|enter|become)( .+)?",
     lambda m, a: f"{m[1]} {past(m[2].lower())}{m[3] or ''} {_when(a)}"),
    (rf"how many ([\w -]+?) ({_BE}) there( .+)?", lambda m, a: f"there {m[2]} {_count(a, m[1])}{m[3] or ''}"),
    (rf"how many ([\w-]+(?: [\w-]+)?) ((?:{_BE}|have|has|had|can|live|lived|died|attended|served)\b .+)", lambda m, a: f"{_count(a, m[1])} {m[2]}"),
    (rf"where ({_BE}) ({_NOUN}) ({_DONE})( .+)?", lambda m, a: f"{m[2]} {m[1]} {m[3]}{m[4] or ''} {_place(a)}"),
    (rf"where ({_BE}) ({_NOUN})", lambda m, a: f"{m[2]} {m[1]} {_place(a)}"),
    (rf"(?:what|who|which) ({_BE}) (another name for|the \w[\w -]* (?:of|for|in|to|at|on) .+|the \w+ \w+|[A-Z]\w+[’']s? .+|[A-Z]\w+)", lambda m, a: f"{m[2]} {m[1]} {a}"),
    (r"what (\w+) is ([A-Z].+?) associated with", lambda m, a: f"{m[2]} is associated with {a}"),
    (r"(?:who|what) (?!do\b|does\b|did\b|is\b|are\b|was\b|were\b|has\b|have\b|had\b|can\b|could\b|would\b|should\b|will\b|might\b|must\b|kind\b|type\b)(\w+(?:ed|s)|wrote|won|led|built|founded|made|gave|took|held|ran|sold|bought|fought|sang|told|became|began|came|killed) (.+)",
     lambda m, a: f"{a} {m[1]} {m[2]}" if m[1].lower() not in _NOT_VERBS else ""),
    (rf"who ({_BE}|has|had|can|could|would|should|will|may|must) ({_DONE}|not|able|responsible|in|on|considered|one)( .+)?", lambda m, a: f"{a} {m[1]} {m[2]}{m[3] or ''}"),
    (r"what (?:sport|instrument) did (.+?) play", lambda m, a: f"{m[1]} played {a}"),
)  # fmt: skip
