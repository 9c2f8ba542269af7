"""A process of its own that reads one PDF file and prints what is in it as JSON: a file that breaks it breaks nothing else.

`python -m index.readers.pdf_child FILE`
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from index.readers.pdf_characters import Broken, Locked, Page, open_pages
from index.readers.pdf_text import printed

MOST_PAGES = 5_000
MOST_LETTERS = 10_000_000
# Seconds of the processor and bytes of memory that one file may take.
_SECONDS = 120
_MEMORY = 4 * 1024**3


def main(arguments: Sequence[str]) -> None:
    """Print {"text", "headline", "pages", "pictures", "told"}, or {"problem", "remedy"}."""
    _limit()
    print(json.dumps(told_of(Path(arguments[0]))))


def told_of(path: Path) -> dict[str, object]:
    """What is in a file, or the problem with it."""
    try:
        told, count, pages = open_pages(path)
    except Locked:
        return {"problem": "it is locked with a password", "remedy": "Save it without one."}
    except Broken as error:
        return {"problem": f"it is not a PDF file that can be read: {error}", "remedy": ""}
    if count > MOST_PAGES:
        return {"problem": f"it has {count} pages, more than {MOST_PAGES}", "remedy": "Split it."}
    read: list[Page] = []
    letters = 0
    for page in pages:
        read.append(page)
        letters += sum(len(each.text) for each in page.pieces)
        if letters > MOST_LETTERS:
            return {"problem": f"it has more than {MOST_LETTERS} letters", "remedy": "Split it."}
    found = printed(read)
    return {
        "text": found.text,
        "headline": found.headline,
        "pages": count,
        "pictures": list(found.pictures),
        "told": told,
    }


def _limit() -> None:
    """Where the system can, take no more than one file may."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_CPU, _SECONDS), (resource.RLIMIT_AS, _MEMORY)):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


if __name__ == "__main__":
    main(sys.argv[1:])
