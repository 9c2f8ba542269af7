"""The options that several commands share, each with one name and one help text."""

from typing import Annotated

import typer

JSON = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
BATCH = Annotated[
    str | None,
    typer.Option(
        "--batch", metavar="FILE.jsonl", help='One {"id", "question"} a line, one result a line; - reads stdin.'
    ),
]
PASSAGES = Annotated[int | None, typer.Option("-k", min=1, metavar="N", help="How many passages to look at.")]
PUBLISHER = Annotated[
    list[str] | None,
    typer.Option(
        "--publisher", metavar="NAME", help="Only this publisher; may be repeated.", rich_help_panel="Which articles"
    ),
]
SINCE = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="DATE", help="Published on this day or later (2025-06-08).", rich_help_panel="Which articles"
    ),
]
UNTIL = Annotated[
    str | None,
    typer.Option("--until", metavar="DATE", help="Published on this day or earlier.", rich_help_panel="Which articles"),
]
AS_OF = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="As if asked on this day: later articles are hidden.",
        rich_help_panel="Which articles",
    ),
]
STRICTNESS = Annotated[
    float | None,
    typer.Option(
        "--strictness",
        min=0,
        max=1,
        metavar="0..1",
        help="0 says most, 1 declines most.",
        rich_help_panel="How to answer",
    ),
]
MODEL = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help="A name of `byline models list`, a GGUF file, or a server's model.",
        rich_help_panel="How to answer",
    ),
]
RUNTIME = Annotated[
    str | None,
    typer.Option(
        "--runtime", metavar="NAME", help="auto, ollama, llama-cpp or openai.", rich_help_panel="How to answer"
    ),
]
PLAIN = Annotated[
    bool, typer.Option("--plain", help="Plain lines for screen readers: no colour, no boxes, no spinner.")
]
