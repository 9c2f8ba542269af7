"""Sentences shown as supported that their quotes do not support."""

from eval.checks.citation import cited_sentences
from eval.checks.right import is_declined
from eval.types import Asked, Check, Verdict


def unsupported(asked: Asked) -> Verdict | None:
    """Of the sentences marked supported, the share that the run's judge does not find in their quotes."""
    if is_declined(asked.answer):
        return None
    marks = [each["support"]["verdict"] == "supported" for each in asked.answer["sentences"]]
    shown = [pair for pair, marked in zip(cited_sentences(asked), marks, strict=True) if marked]
    if not shown:
        return None
    told = [asked.judge("\n".join(quotes), text) if quotes else False for text, quotes in shown]
    if None in told:
        return Verdict(None, "the judge cannot tell whether a quote supports its sentence")
    return Verdict(sum(not each for each in told) / len(told))


UNSUPPORTED = Check(
    "unsupported sentences",
    "score",
    False,
    "sentences shown as supported that their quotes do not support, by the run's judge",
    lambda case: True,
    unsupported,
)
