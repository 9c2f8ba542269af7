"""A chat as a file: Markdown for people, JSON for programs and for /load."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rag.doors.terminal.answers import WHY
from rag.doors.terminal.bylines import copies, heading, where
from rag.doors.terminal.safe import one_line, to_json
from rag.doors.terminal.shown import Footnote, Shown, read_shown

# Only what could make structure or load something is escaped, so that the words stay readable.
_MARKS = re.compile(r"([\\`*_<>\[\]|#!])")


def chat_to_json(answers: Sequence[Mapping[str, Any]]) -> str:
    """The answer objects, as `ask --json` prints them."""
    return to_json({"answers": list(answers)}, indent=2) + "\n"


def chat_to_markdown(answers: Sequence[Mapping[str, Any]]) -> str:
    """Each question as a heading, its answer, its sources with their quotes."""
    return "\n".join(_turn(each["question"], read_shown(each)) for each in answers)


def _turn(question: str, answer: Shown) -> str:
    lines = [f"## {_text(question)}", ""]
    if answer.reason is not None:
        lines += [f"**Declined.** {_text(answer.text)} {WHY.get(answer.reason, '')}", ""]
    for sentence in answer.sentences:
        mark = "**Unproven:** " if sentence.support.verdict == "unsupported" else ""
        lines += [mark + _text(sentence.text)]
    lines += [""] if answer.sentences else []
    for disagreement in answer.disagreements:
        lines += [f"**Sources disagree: {_text(disagreement.about)}**", ""]
        for at, side in enumerate(disagreement.sides):
            numbers = "".join(f"\\[{number}\\]" for number in side.citations)
            lines += [f"- {_text(side.value)} {numbers}" + (" (later)" if at == disagreement.later else "")]
        lines += [""]
    lines += ["**Sources**" if answer.footnotes else "**The closest words**", ""] if answer.quotes() else []
    for each in answer.quotes():
        lines += _footnote(each)
    return "\n".join(lines)


def _footnote(footnote: Footnote) -> list[str]:
    more = copies(footnote.copies)
    byline = _text(heading(footnote)) + (f" · {more}" if more else "")
    address = where(footnote)
    return [
        f"- \\[{footnote.number}\\] {byline}",
        f"  > {_text(footnote.quote)}",
        *([f"  {_text(address)}"] if address else []),
        "",
    ]


def _text(text: str) -> str:
    return _MARKS.sub(r"\\\1", one_line(text))
