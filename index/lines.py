"""Lines of a page with the verdict on each: kept as the story, or dropped with the reason."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

# A stage of cleaning: the texts of the lines that are still kept, in; which of them to drop and why, out.
Stage = Callable[[Sequence[str]], Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the page has it; `why` says why it was dropped, and is empty where it was kept.

    `apart` is True where a paragraph ends before it.
    """

    text: str
    why: str = ""
    apart: bool = False


def pass_through(lines: Iterable[Line], stages: Iterable[Stage]) -> list[Line]:
    """The same lines after every stage; what one has dropped the next does not see."""
    judged = list(lines)
    for stage in stages:
        alive = [at for at, line in enumerate(judged) if not line.why]
        for number, why in stage([judged[at].text for at in alive]).items():
            judged[alive[number]] = replace(judged[alive[number]], why=why)
    return judged


def text_of(lines: Iterable[Line]) -> str:
    """What was kept, a line a line, with an empty line where a paragraph ends."""
    written: list[str] = []
    apart = False
    for line in lines:
        apart = apart or line.apart
        if line.why:
            continue
        written += ["", line.text] if apart and written else [line.text]
        apart = False
    return re.sub(r"\n{3,}", "\n\n", "\n".join(written)).strip("\n")
