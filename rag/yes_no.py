"""Questions whether something is so: yes or no by the model's log-probabilities, with the words that it goes by."""

from collections.abc import Sequence

from index.questions import clauses
from rag.asked import Asked, without_markup
from rag.checking import coverage
from rag.citing import Proven
from rag.evidence import as_data, under_byline
from rag.grounding import Quote, ground
from rag.judging import Judge, Logistic
from rag.types import EvidenceSentence, Support

SURE = Logistic(1.0, 0.0)
"""From the gap's size to how sure the answer is."""
LEAST = 0.55
"""Less sure than this it is neither."""
PROVEN = 0.75
"""Less sure than this it is no more than likely, and says so: the words alone do not prove it."""


COVERED = 0.5
"""The share of a compound question's telling words that its evidence must hold for it to be answered at all."""
SHOWN = 4


def is_compound(asked: Asked) -> bool:
    """Whether a question has several clauses ("… while …, did …"), so that no sentence answers it alone."""
    return len(clauses(asked.question)) > 1


def compound(judge: Judge, asked: Asked, evidence: Sequence[EvidenceSentence]) -> Proven | None:
    """The answer to a question of several clauses: all sentences are read together, and those shown that hold its words.

    None where they hold too few of its words, or the model is not sure.
    """
    if coverage(asked.question, " ".join(each.text for each in evidence)) < COVERED:
        return None
    gap = judge.gap("yes_no", text=_in_context(evidence), question=as_data(asked.question))
    quotes = ground(asked.question, evidence)[:SHOWN]
    return _said(gap, quotes) if quotes else None


def yes_or_no(judge: Judge, asked: Asked, sentences: Sequence[EvidenceSentence]) -> Proven | None:
    """ "Yes – “…”" with the sentences whole, or None where the model is not sure of either."""
    gap = judge.gap("yes_no", text=_in_context(sentences), question=as_data(asked.question))
    return _said(gap, [Quote(each.article, each.start, each.end) for each in sentences])


def _in_context(sentences: Sequence[EvidenceSentence]) -> str:
    return " ".join(under_byline(each.article, each.text) for each in sentences)


def _said(gap: float | None, quotes: Sequence[Quote]) -> Proven | None:
    if gap is None or SURE(abs(gap)) < LEAST:
        return None
    sure = SURE(abs(gap))
    proven = sure >= PROVEN
    word = "yes" if gap > 0 else "no"
    lead = word.capitalize() if proven else f"More likely {word} than not, though no sentence says so"
    words = " ".join(f"“{without_markup(each.text).rstrip('.')}”" for each in quotes)
    support = Support("supported" if proven else "unsupported", sure, {"yes_no": sure})
    return Proven(f"{lead} – {words}", tuple(quotes), support)
