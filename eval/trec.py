"""Runs and gold evidence in the TREC formats, for the tools that read them (trec_eval, ir-measures, ranx)."""

from collections.abc import Iterator

from eval.records import Run
from eval.types import Library


def run_lines(run: Run) -> Iterator[str]:
    """One line a passage found: case, Q0, article, rank, score, run. An article counts once, at its first passage."""
    for record in run.records:
        if record.answer is not None and record.repeat == 0:
            first: dict[str, float] = {}
            for passage in record.answer["passages"]:
                first.setdefault(passage["article_id"], passage["score"])
            for rank, (article_id, score) in enumerate(first.items(), 1):
                yield f"{_word(record.case.id)} Q0 {_word(article_id)} {rank} {score:.6f} {_word(run.name)}\n"


def qrels_lines(run: Run, library: Library) -> Iterator[str]:
    """One line a gold article: case, 0, article, 1; to judge `run_lines` by."""
    for record in run.records:
        if record.repeat == 0:
            gold = {
                place.article_id for group in record.case.evidence for quote in group for place in library.places(quote)
            }
            yield from (f"{_word(record.case.id)} 0 {_word(each)} 1\n" for each in sorted(gold))


def _word(text: str) -> str:
    return "_".join(text.split())
