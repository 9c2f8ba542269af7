"""Questions whether something is so: yes or no by the model's log-probabilities, with the words that it goes by."""

from collections.abc import Sequence

from rag.asked import Asked, without_markup
from rag.citing import Proven
from rag.evidence import under_byline
from rag.grounding import Quote
from rag.judging import Judge, Logistic
from rag.types import EvidenceSentence, Support

SURE = Logistic(1.0, 0.0)
"""From the gap's size to how sure the answer is."""
LEAST = 0.6
"""Less sure than this it is neither."""


def yes_or_no(judge: Judge, asked: Asked, sentences: Sequence[EvidenceSentence]) -> Proven | None:
    """ "Yes – “…”" with the sentences whole, or None where the model is not sure of either."""
    text = " ".join(under_byline(each.article, each.text) for each in sentences)
    gap = judge.gap("yes_no", text=text, question=asked.question)
    if gap is None or SURE(abs(gap)) < LEAST:
        return None
    quotes = tuple(Quote(each.article, each.start, each.end) for each in sentences)
    words = " ".join(f"“{without_markup(each.text).rstrip('.')}”" for each in sentences)
    support = Support("supported", SURE(abs(gap)), {"yes_no": SURE(abs(gap))})
    return Proven(f"{'Yes' if gap > 0 else 'No'} – {words}", quotes, support)
