"""Single edits that make a claim say what its quotes do not: one function a kind, each None where it has no hold.

They are read off spelling alone, and share no code with the checks that they are meant to test.
"""

import re
from collections.abc import Callable, Mapping

from eval.benches.checker.edits_of_values import date, hedge, number, unit
from eval.benches.checker.pairs import Sentence, all_names, certain_names
from eval.benches.checker.putting import put, shuffled
from eval.benches.checker.verbs import base_of_ing, participle, past

Edit = Callable[[Sentence, str], str | None]


def name(sentence: Sentence, text: str) -> str | None:
    """A name of the sentence spelled into another: one of its words is another's."""
    found = [each for each in certain_names(sentence) if each in text]
    elsewhere = sorted(each for each in sentence.names if not _shares_word(each, sentence.text))
    if not found or not elsewhere:
        return None
    old = sentence.random.choice(found)
    words = old.split()
    donor = sentence.random.choice(elsewhere).split()
    if len(words) > 1 and words[-1][0].isupper():
        words[-1] = donor[-1]
    else:
        words = donor
    return _replaced(text, old, " ".join(words))


def negation(sentence: Sentence, text: str) -> str | None:
    """A denial put in, or taken out."""
    for pattern, made in _DENIALS:
        found = re.search(pattern, text)
        if found:
            new = made(found)
            return put(text, *found.span(), new) if new else None
    found = re.search(
        r"\b(?:is|are|was|were|has|have|had|will|can|could|would|should|may)\b(?! (?:not|never|no)\b)(?= [a-z])", text
    )
    if found and not re.search(r"\b(?:which|who|that|where|when|if|as)\b[^,]*$", text[: found.start()]):
        return put(text, found.end(), found.end(), " not")
    return None


def _did(found: re.Match[str]) -> str | None:
    return past(found[1])


_DENIALS: list[tuple[str, Callable[[re.Match[str]], str | None]]] = [
    (r"\bdid(?: not|n[’']t) (\w+)", _did),
    (r"\b(?:failed|declined|refused) to (?:immediately )?(\w+)", _did),
    (
        r"\b(?:does|do)(?: not|n[’']t) (\w+)",
        lambda found: f"does {found[1]}" if found.group().startswith("does") else found[1],
    ),
    (r"\b(is|are|was|were|has|have|had|can|could|would|should) not\b", lambda found: found[1]),
    (r"\b(is|are|was|were|has|have|had|could|would|should)n[’']t\b", lambda found: found[1]),
    (r"\bcan(?:not|[’']t)\b", lambda found: "can"),
    (r"\bwon[’']t\b", lambda found: "will"),
    (r"\bno longer\b", lambda found: "still"),
    (r"\bunable to\b", lambda found: "able to"),
    (r"\bnever\b", lambda found: "always"),
    (r"\bdenied\b(?= (?:that|the|any))", lambda found: "confirmed"),
    (r"\bwithout\b", lambda found: "with"),
    (r"\b(?:rejected|turned down)\b", lambda found: "accepted"),
]


def modality(sentence: Sentence, text: str) -> str | None:
    """What may be, is planned or awaited, told as done."""
    for pattern, made in _POSSIBLE:
        found = re.search(pattern, text)
        if found:
            new = made(found)
            return put(text, *found.span(), new) if new else None
    return None


def _has_done(found: re.Match[str]) -> str | None:
    base = found[found.lastindex or 1]
    return (
        None if base in ("be", "not", "also", "have", "never", "only", "still", "just") else f"has {participle(base)}"
    )


def _was(found: re.Match[str]) -> str | None:
    return f"was {found[1]}"


_POSSIBLE: list[tuple[str, Callable[[re.Match[str]], str | None]]] = [
    (r"\b(?:is|are|was|were) in talks to (\w+)\b", _has_done),
    (r"\b(?:is|are) (?:considering|weighing|exploring|discussing) (\w+ing)\b", lambda found: f"has {participle(base_of_ing(found[1]))}"),
    (r"\b(?:plans?|hopes?|wants?|intends?|aims?|seeks?|proposes?|expects?) to be (\w+ed)\b", _was),
    (r"\b(?:plans?|hopes?|wants?|intends?|aims?|seeks?|proposes?|expects?) to (\w+)\b", _has_done),
    (r"\b(?:is|are) (?:expected|set|due|likely|planning|hoping|looking|about|scheduled|slated) to be (\w+ed)\b", _was),
    (r"\b(?:is|are) (?:expected|set|due|likely|planning|hoping|looking|about|scheduled|slated) to (\w+)\b", _has_done),
    (r"\b(?:may|might|could|will|would) be (\w+ed)\b", _was),
    (r"\b(?:may|might|could|will|would) (?:soon |eventually |also )?(\w+)\b(?! been)", _has_done),
]  # fmt: skip


def swap(sentence: Sentence, text: str) -> str | None:
    """Who did it and whom it was done to, turned round: two names with a verb of doing between them."""
    for one in all_names(text):
        for other in all_names(text):
            between = _between(text, one, other)
            if (
                between is not None
                and _DOING.fullmatch(between)
                and not re.search(r"\b(?:need|seed|feed|speed|hundred|based|limited)\b", between)
            ):
                turned = re.sub(re.escape(one), "\0", text, count=1)
                return turned.replace(other, one, 1).replace("\0", other)
    return None


_DOING = re.compile(
    r"\s(?:\w+ly\s)?(?:has\s|had\s|have\s|was\s|were\s|is\s|will\s)?(?:\w{3,}ed|bought|won|beat|sold|led|built|told|gave|"
    r"took|found|fought|wrote|overtook|sent|left|held|sues|owns|buys|beats|leads|backs|blames|accuses|joins|paid|became|calls)\s"
    r"(?:(?:by|off|over|to|out|from|the|into|for|of|its|at)\s){0,3}"
)


def attribution(sentence: Sentence, text: str) -> str | None:
    """What somebody claims, believes or has heard, told as a fact."""
    for pattern in _WEAK:
        found = re.match(pattern, text)
        if found and len(found["said"].split()) > 4:
            return found["said"][:1].upper() + found["said"][1:].rstrip(" ,.") + "."
    for pattern in _INSIDE:
        changed = re.sub(pattern, lambda found: "is" if found.lastindex and found[1] == "is" else "", text, count=1)
        if changed != text:
            changed = " ".join(changed.replace(" ,", ",").split()).lstrip(", ")
            return changed[:1].upper() + changed[1:]
    return None


_WEAK = [
    r"[^,]{3,60}? (?:claim(?:s|ed)?|alleg(?:es?|ed)|believ(?:es?|ed)|argu(?:es?|ed)|suggest(?:s|ed)?|speculat(?:es?|ed)|thinks?|"
    r"thought|contend(?:s|ed)?|insist(?:s|ed)?|theori[sz]ed) that (?P<said>[^,].+)",
    r"According to (?:people|sources|a person|one person|rumou?rs|reports|some|critics|prosecutors|the (?:complaint|lawsuit|suit))[^,]*, (?P<said>.+)",
    r"(?P<said>.+?),? according to (?:people|sources|a person|one person|rumou?rs|reports|some|critics|prosecutors|the (?:complaint|lawsuit|suit))\b.*",
    r"(?P<said>[^,]+(?:, [^,]+)?), (?:critics|sources|people|prosecutors|some)[\w ]* (?:said|say|claim|believe|argue|allege)\.",
    r"(?:Critics|Prosecutors|Some|Opponents|Supporters|Sources)[^,]{0,40}? (?:say|said|think|believe) (?:that )?(?P<said>[^,].+)",
    r"It (?:is|was) (?:believed|thought|alleged|claimed|rumou?red|speculated|suggested|said) that (?P<said>.+)",
]
_INSIDE = [
    r"\b(?:reportedly|allegedly|purportedly|supposedly)\s",
    r"\b(is) (?:believed|thought|alleged|rumou?red|said) to be\b",
]


def opposite(sentence: Sentence, text: str) -> str | None:
    """A word that means the contrary."""
    pairs = shuffled([*_OPPOSITES, *((new, old) for old, new in _OPPOSITES)], sentence.random)
    for old, new in pairs:
        found = re.search(rf"\b{old}\b", text)
        if found:
            return put(text, *found.span(), new)
    return None


_OPPOSITES = [
    ("rose", "fell"), ("increased", "decreased"), ("increase", "decrease"), ("before", "after"), ("largest", "smallest"),
    ("first", "last"), ("northern", "southern"), ("north", "south"), ("eastern", "western"), ("east", "west"), ("above", "below"),
    ("won", "lost"), ("opened", "closed"), ("higher", "lower"), ("began", "ended"), ("gained", "lost"), ("bought", "sold"),
    ("highest", "lowest"), ("growth", "decline"), ("support", "oppose"), ("supported", "opposed"), ("hired", "fired"),
    ("best", "worst"), ("most", "least"), ("young", "old"), ("more", "fewer"), ("success", "failure"), ("win", "loss"), ("strong", "weak"),
    ("allowed", "forbade"), ("majority", "minority"), ("public", "private"), ("always", "never"), ("earlier", "later"), ("joined", "left"),
]  # fmt: skip

EVERY: Mapping[str, Edit] = {
    "number": number, "unit": unit, "hedge": hedge, "date": date, "name": name, "negation": negation, "modality": modality,
    "swap": swap, "attribution": attribution, "opposite": opposite,
}  # fmt: skip


def with_name_from(sentence: Sentence, text: str, other: str) -> str | None:
    """The claim with one of its names replaced by one that only the other sentence gives."""
    there = [each for each in all_names(other) if each in sentence.names and not _shares_word(each, sentence.text)]
    mine = [each for each in certain_names(sentence) if each in text]
    if not there or not mine:
        return None
    alike = [(old, new) for old in mine for new in there if len(old.split()) == len(new.split())]
    return _replaced(text, *sentence.random.choice(alike)) if alike else None


def _between(text: str, one: str, other: str) -> str | None:
    start, end = text.find(one) + len(one), text.find(other)
    return text[start:end] if one != other and one not in other and other not in one and 0 < start <= end else None


def _shares_word(name: str, text: str) -> bool:
    there = set(re.findall(r"\w+", text.lower()))
    return any(word in there for word in re.findall(r"\w+", name.lower()) if len(word) > 2)


def _replaced(text: str, old: str, new: str) -> str:
    return re.sub(rf"\b{re.escape(old)}\b", lambda found: new, text, count=1)
