"""Citation recall and precision by ALCE's rule (Gao et al. 2023, arXiv 2305.14627), given a support function."""

from collections.abc import Mapping, Sequence

from eval.checks.right import is_declined
from eval.types import Asked, Case, Check, Judge, Verdict


def alce(sentences: Sequence[tuple[str, Sequence[str]]], supports: Judge) -> tuple[float, float] | None:
    """(recall, precision) of sentences with the quotes they cite; None where a support cannot be told.

    Recall: sentences that their quotes together support. Precision: quotes of supported sentences that support alone,
    or without which the others do not; a quote of an unsupported sentence counts as imprecise; no quotes at all is 0.
    """
    supported = precise = cited = 0
    for text, quotes in sentences:
        cited += len(quotes)
        joint = supports("\n".join(quotes), text) if quotes else False
        if joint is None:
            return None
        supported += joint
        if not joint:
            continue
        for at, quote in enumerate(quotes):
            needed = _needed(text, quote, [*quotes[:at], *quotes[at + 1 :]], supports)
            if needed is None:
                return None
            precise += needed
    return supported / len(sentences), precise / cited if cited else 0.0


def _needed(text: str, quote: str, others: Sequence[str], supports: Judge) -> bool | None:
    if not others:
        return True
    alone = supports(quote, text)
    if alone is None or alone:
        return alone
    rest = supports("\n".join(others), text)
    return None if rest is None else not rest


def cited_sentences(asked: Asked) -> list[tuple[str, list[str]]]:
    """The answer's sentences with the words they cite."""
    quotes: Mapping[int, str] = {each["number"]: each["quote"] for each in asked.answer["citations"]}
    return [
        (each["text"], [quotes[number] for number in each["citations"] if number in quotes])
        for each in asked.answer["sentences"]
    ]


def _alce(asked: Asked, part: int) -> Verdict | None:
    sentences = cited_sentences(asked)
    if is_declined(asked.answer) or not sentences:
        return None
    both = alce(sentences, asked.judge)
    return Verdict(both[part]) if both else Verdict(None, "the judge cannot tell whether a quote supports its sentence")


def _every(case: Case) -> bool:
    return True


CITATION_RECALL = Check(
    "citation recall",
    "score",
    True,
    "sentences that their quotes support, by the run's judge (ALCE)",
    _every,
    lambda asked: _alce(asked, 0),
)
CITATION_PRECISION = Check(
    "citation precision",
    "score",
    True,
    "quotes that their sentence needs, by the run's judge (ALCE)",
    _every,
    lambda asked: _alce(asked, 1),
)
