"""`byline search`: the passages alone, without a model."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.errors import UsageError
from rag.doors import options
from rag.doors.call import Call, command, examples

if TYPE_CHECKING:
    from index.types import Filters
    from rag.doors.parts import Explaining

WORDS = Annotated[list[str] | None, typer.Argument(metavar="QUESTION", help="What to look for; - reads it from stdin.")]
EXPLAIN = Annotated[bool, typer.Option("--explain", help="Say how each passage was found, and its scores.")]


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "search",
        help="Find the passages that bear on a question; no model writes.",
        epilog=examples(
            'byline search "Scale AI valuation"',
            'byline search "layoffs" --since 2025-01 --publisher "The Verge" -k 5',
            'byline search "Wiz" --json',
            "byline search --batch questions.jsonl > hits.jsonl",
        ),
    )(command(search))


def search(
    call: Call,
    question: WORDS = None,
    json: options.JSON = False,
    batch: options.BATCH = None,
    k: options.PASSAGES = None,
    publisher: options.PUBLISHER = None,
    since: options.SINCE = None,
    until: options.UNTIL = None,
    as_of: options.AS_OF = None,
    explain: EXPLAIN = False,
    plain: options.PLAIN = False,
) -> None:
    """Print the hits of one question, or those of a file."""

    from rag.doors.batch import one_question, run_batch
    from rag.doors.filters import make_filters
    from rag.doors.terminal.hits import show_found
    from rag.doors.terminal.screen import open_screen, print_json

    words = one_question(question, batch)
    filters = make_filters(publisher, since, until, as_of)
    settings = call.settings(search__hits=k)
    with call.open_retriever(settings, quiet=json or bool(batch), plain=plain) as retriever:
        if batch:
            raise typer.Exit(
                run_batch(batch, lambda case: search_case(retriever, case, settings.search.hits, filters, explain))
            )
        if json:
            print_json(search_case(retriever, {"question": words}, settings.search.hits, filters, explain))
        else:
            found = retriever.explain(words, settings.search.hits, filters)
            show_found(found, open_screen(plain=plain), explain=explain)


def search_case(
    retriever: "Explaining", case: dict[str, Any], k: int, filters: "Filters", explain: bool = False
) -> dict[str, Any]:
    """One line of a batch as the search object; its own `k` and filters win over the command's.

    Explained, it also has the question's parts, notes, and for each hit the votes that its score is the sum of.
    """
    from rag.answer_json import hit_to_dict
    from rag.doors.filters import filters_of

    wanted = case.get("k", k)
    if not isinstance(wanted, int) or isinstance(wanted, bool):
        raise UsageError("k must be a whole number.")
    found = retriever.explain(case["question"], wanted, filters_of(case) or filters)
    hits = [hit_to_dict(hit) for hit in found.hits]
    if not explain:
        return {"question": case["question"], "hits": hits}
    voted = [{**hit, "votes": [asdict(vote) for vote in votes]} for hit, votes in zip(hits, found.votes, strict=True)]
    return {"question": case["question"], "parts": list(found.parts), "notes": list(found.notes), "hits": voted}
