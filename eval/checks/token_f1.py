"""Token F1 as the SQuAD script counts it (Rajpurkar et al. 2016), over answerable questions."""

import re
import string
from collections import Counter

from eval.checks.right import is_declined
from eval.types import Asked, Check, Verdict

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = set(string.punctuation)


def tokens(text: str) -> list[str]:
    """Lower case, without punctuation, without a, an and the, split at white space."""
    bare = "".join(letter for letter in text.lower() if letter not in _PUNCTUATION)
    return _ARTICLES.sub(" ", bare).split()


def f1(said: str, gold: str) -> float:
    """Harmonic mean of token precision and recall; two texts without tokens agree."""
    left, right = tokens(said), tokens(gold)
    if not left or not right:
        return float(left == right)
    common = sum((Counter(left) & Counter(right)).values())
    return 2 * common / (len(left) + len(right))


def token_f1(asked: Asked) -> Verdict:
    """The best F1 over the alternatives; a declined answer has 0."""
    if is_declined(asked.answer):
        return Verdict(0.0)
    text = re.sub(r"\[\d+\]", " ", asked.answer["text"])
    return Verdict(max(f1(text, " ".join(alternative)) for alternative in asked.case.accept))


TOKEN_F1 = Check(
    "token F1",
    "score",
    True,
    "tokens in common with the best alternative (SQuAD normalisation; whole sentences score low against short gold)",
    lambda case: case.answerable,
    token_f1,
    when_failed=0.0,
)
