"""From a draft to what may be shown: each sentence cleaned, grounded, hedged as its sources are, and checked as shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.sentences import sentences
from rag.asked import Asked, without_markup
from rag.checking import Entailment, check, code_checks
from rag.citing import Proven
from rag.drafting import Draft
from rag.grounding import Quote, ground, with_hedges
from rag.types import EvidenceSentence, Support


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a draft: what passed, and what did not, with the reason."""

    passed: tuple[Proven, ...]
    failed: tuple[Proven, ...]


def prove(draft: Draft, evidence: Sequence[EvidenceSentence], entailment: Entailment) -> Trial:
    """Each sentence of a draft against the words it cites."""
    passed, failed = [], []
    for span in sentences(draft.text):
        proven = prove_sentence(draft.text[span.start : span.end], evidence, draft.numbers, entailment)
        (passed if proven.support.verdict == "supported" else failed).append(proven)
    return Trial(tuple(passed), tuple(failed))


def prove_sentence(
    text: str, evidence: Sequence[EvidenceSentence], hints: Sequence[int], entailment: Entailment
) -> Proven:
    """One sentence: its best grounding is tried, then the sentences that the model itself named."""
    text = without_markup(text)
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


def extract(asked: Asked, each: EvidenceSentence) -> Proven:
    """An evidence sentence as its own answer: supported by construction, whatever it is worth as an answer."""
    quote = Quote(each.article, each.start, each.end)
    text = without_markup(each.text)
    return Proven(text, (quote,), Support("supported", 1.0, {"verbatim": True}))


def _words(quotes: Sequence[Quote]) -> list[str]:
    return [each.text for each in quotes]
