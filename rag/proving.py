"""From a draft to what may be shown: each sentence cleaned, grounded, hedged as its sources are, and checked as shown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.sentences import sentences
from rag.asked import without_markup
from rag.checking import Entailment, check, code_checks
from rag.citing import Proven
from rag.drafting import Draft
from rag.grounding import Quote, ground, with_hedges
from rag.types import EvidenceSentence, Support

VALUE_WORDS = 8
"""A draft of at most so many words and without a verb is a value, not a sentence."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a draft: what passed, and what did not, with the reason."""

    passed: tuple[Proven, ...]
    failed: tuple[Proven, ...]


def prove(draft: Draft, evidence: Sequence[EvidenceSentence], entailment: Entailment) -> Trial:
    """Each sentence of a draft against the words it cites."""
    passed: list[Proven] = []
    failed: list[Proven] = []
    for span in sentences(draft.text):
        proven = prove_sentence(draft.text[span.start : span.end], evidence, draft.numbers, entailment)
        (passed if proven.support.verdict == "supported" else failed).append(proven)
    return Trial(tuple(passed), tuple(failed))


def prove_sentence(
    text: str, evidence: Sequence[EvidenceSentence], hints: Sequence[int], entailment: Entailment
) -> Proven:
    """One sentence: its best grounding is tried, then the sentences that the model itself named."""
    text = without_markup(text)
    value = as_value(text, evidence, hints)
    if value is not None:
        return value
    tries = [ground(text, evidence, hints)]
    named = [Quote(each.article, each.start, each.end) for each in evidence if each.number in hints]
    if named and named != tries[0]:
        tries.append(named)
    tries.sort(key=lambda quotes: not (quotes and all(code_checks(with_hedges(text, _words(quotes)), quotes).values())))
    best: Proven | None = None
    for quotes in tries:
        hedged = with_hedges(text, _words(quotes))
        proven = Proven(hedged, tuple(quotes), check(hedged, quotes, entailment))
        if proven.support.verdict == "supported":
            return proven
        if best is None or proven.support.score > best.support.score:
            best = proven
    return best or Proven(text, (), Support("unsupported", 0.0, {"cited": False}))


def as_value(text: str, evidence: Sequence[EvidenceSentence], hints: Sequence[int]) -> Proven | None:
    """A bare value ("Graz", "212,000 people") with the sentence that it stands in; None for anything else.

    Whether it is the value asked for is for the decision to say, not for the checks.
    """
    plain = text.strip(" .")
    if not 0 < len(plain.split()) <= VALUE_WORDS or is_sentence(plain):
        return None
    whole = re.compile(rf"(?<!\w){re.escape(plain)}(?!\w)", re.IGNORECASE)
    holders = [each for each in evidence if whole.search(each.text)]
    if not holders:
        return None
    chosen = max(holders, key=lambda each: (each.number in hints, each.score, -each.number))
    quote = Quote(chosen.article, chosen.start, chosen.end)
    shown = f"{plain[:1].upper()}{plain[1:]} – “{without_markup(chosen.text).rstrip('.')}”"
    return Proven(shown, (quote,), Support("supported", 1.0, {"verbatim": True}))


_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|will|would|can|could|may|might|should|must|\w{3,}ed|said|says|"
    r"made|makes|gave|gives|took|takes|got|gets|won|wins|lost|sold|bought|built|paid|pays|put|set|went|goes|came|comes|"
    r"rose|fell|grew|found|holds?|held|keeps?|kept|leads?|led|runs?|ran|uses?|works?|costs?|plans?|wants?)\b",
    re.IGNORECASE,
)


def is_sentence(text: str) -> bool:
    """Whether a text has what looks like a verb."""
    return bool(_VERB.search(text))


def extract(each: EvidenceSentence) -> Proven:
    """An evidence sentence as its own answer: supported by construction, whatever it is worth as an answer."""
    quote = Quote(each.article, each.start, each.end)
    text = without_markup(each.text)
    return Proven(text, (quote,), Support("supported", 1.0, {"verbatim": True}))


def _words(quotes: Sequence[Quote]) -> list[str]:
    return [each.text for each in quotes]
