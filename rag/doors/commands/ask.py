"""`byline ask`: one question, or a file of them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.errors import UsageError
from rag.doors import options
from rag.doors.call import Call, command, examples

if TYPE_CHECKING:
    from index.types import Filters
    from rag.protocols import Asking
    from rag.types import Answer

DECLINED = 3

WORDS = Annotated[list[str] | None, typer.Argument(metavar="QUESTION", help="The question; - reads it from stdin.")]
STRICT = Annotated[bool, typer.Option("--strict", help="Exit with 3 when the question is declined.")]


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "ask",
        help="Answer a question from the indexed articles, each sentence with its sources.",
        epilog=examples(
            'byline ask "How much did Google pay for Wiz?"',
            'byline ask "How many staff has Scale AI?" --as-of 2025-03-01 --publisher Reuters',
            'byline ask "Who leads Anthropic?" --json --strict',
            "byline ask --batch questions.jsonl > answers.jsonl",
        ),
    )(command(ask))


def ask(
    call: Call,
    question: WORDS = None,
    json: options.JSON = False,
    batch: options.BATCH = None,
    strict: STRICT = False,
    k: options.PASSAGES = None,
    publisher: options.PUBLISHER = None,
    since: options.SINCE = None,
    until: options.UNTIL = None,
    as_of: options.AS_OF = None,
    strictness: options.STRICTNESS = None,
    model: options.MODEL = None,
    runtime: options.RUNTIME = None,
    plain: options.PLAIN = False,
) -> None:
    """Answer one question, or those of a file."""
    from contextlib import closing

    from rag.answer_json import answer_to_dict
    from rag.doors.batch import one_question, run_batch
    from rag.doors.filters import make_filters
    from rag.noticing import notice

    words = one_question(question, batch)
    filters = make_filters(publisher, since, until, as_of)
    settings = call.settings(search__hits=k, answer__strictness=strictness, model__name=model, model__runtime=runtime)
    with closing(call.open_engine(settings, quiet=json or bool(batch), plain=plain)) as engine:
        if batch:
            raise typer.Exit(run_batch(batch, lambda case: answer_case(engine, case, filters)))
        answer = _as_json(engine, words, filters) if json else _on_screen(engine, words, filters, plain)
    notice(settings.home, answer_to_dict(answer), "terminal", settings.review.keep)
    if strict and answer.status == "declined":
        raise typer.Exit(DECLINED)


def answer_case(engine: "Asking", case: dict[str, Any], filters: "Filters") -> dict[str, Any]:
    """One line of a batch as the answer object; its own filters and strictness win over the command's."""
    from rag.answer_json import answer_to_dict
    from rag.doors.filters import filters_of
    from rag.types import Turn

    strictness = case.get("strictness")
    if strictness is not None and not (isinstance(strictness, int | float) and 0 <= strictness <= 1):
        raise UsageError("strictness must be a number from 0 to 1.")
    try:
        history = tuple(Turn(question=turn["question"], answer=turn["answer"]) for turn in case.get("history") or ())
    except (TypeError, KeyError) as error:
        raise UsageError('history must be a list of {"question", "answer"}.') from error
    answer = engine.ask(case["question"], history=history, filters=filters_of(case) or filters, strictness=strictness)
    return answer_to_dict(answer)


def _as_json(engine: "Asking", words: str, filters: "Filters") -> "Answer":
    from rag.answer_json import answer_to_dict
    from rag.doors.terminal.screen import print_json

    answer = engine.ask(words, filters=filters)
    print_json(answer_to_dict(answer))
    return answer


def _on_screen(engine: "Asking", words: str, filters: "Filters", plain: bool) -> "Answer":
    from rag.doors.terminal.screen import open_screen
    from rag.doors.terminal.streaming import show_stream

    return show_stream(engine.stream(words, filters=filters), open_screen(plain=plain))
