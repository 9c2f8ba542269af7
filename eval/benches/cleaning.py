"""What is kept of pages, beside trafilatura and no cleaning; and what is known of who and when.

    python -m eval.benches.cleaning [--articles DIR] [--pages DIR]

`--articles` are the seed articles; without them only the pages of `eval/pages` are measured. Sentences are counted by
`eval.benches.pages`; a text file is shown to trafilatura as a page of paragraphs.
"""

import argparse
import html
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import trafilatura
from trafilatura.metadata import extract_metadata

from eval.benches.pages import PAGES, Counts, GoldPage, own_pages, score, seed_pages
from index.drafts import Draft
from index.readers import reader_for

FIELDS = ("title", "publisher", "author", "published_at", "updated_at", "url", "language")
_MOST = 20_000_000


def draft_of(path: Path) -> Draft:
    """What Byline makes of a page."""
    reader = reader_for(path)
    assert reader is not None
    return next(each for each in reader(path, _MOST) if isinstance(each, Draft))


def by_byline(path: Path) -> str:
    """The text that Byline keeps."""
    return draft_of(path).text


def by_trafilatura(path: Path) -> str:
    """The text that trafilatura keeps, with tables, without comments."""
    return trafilatura.extract(_page(path), include_comments=False, include_tables=True) or ""


def by_nobody(path: Path) -> str:
    """Every line of a page."""
    return "\n".join(line.text for line in draft_of(path).lines)


WAYS: dict[str, Callable[[Path], str]] = {"Byline": by_byline, "trafilatura": by_trafilatura, "no cleaning": by_nobody}


def measure(pages: Sequence[GoldPage]) -> None:
    """Print precision and recall of each way, a page a line, and over all."""
    print(f"\n{'page':28} {'n':>4} " + "".join(f"{way:>18}" for way in WAYS))
    print(f"{'':28} {'':>4} " + "".join(f"{'precision':>11}{'recall':>7}" for _ in WAYS))
    whole = {way: Counts() for way in WAYS}
    for page in pages:
        counts = {way: score(page, cleaned(page.path)) for way, cleaned in WAYS.items()}
        whole = {way: whole[way] + counts[way] for way in WAYS}
        _print(page.path.name[:28], counts)
    _print("all", whole)


def _print(name: str, counts: dict[str, Counts]) -> None:
    first = next(iter(counts.values()))
    cells = "".join(f"{_share(each.precision):>11}{_share(each.recall):>7}" for each in counts.values())
    print(f"{name:28} {first.gold:>4} {cells}")


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def facts_of_byline(path: Path) -> dict[str, Any]:
    """Who and when as Byline reads it."""
    draft = draft_of(path)
    return {field: getattr(draft, field) for field in FIELDS}


def facts_of_trafilatura(path: Path) -> dict[str, Any]:
    """Who and when as trafilatura reads it, which asks htmldate for the day; it reads no moment of an update."""
    told = extract_metadata(_page(path))
    names = {"title": "title", "publisher": "sitename", "author": "author", "url": "url", "language": "language"}
    facts: dict[str, Any] = {field: getattr(told, name, None) for field, name in names.items()}
    day = getattr(told, "date", None)
    return facts | {
        "published_at": datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None,
        "updated_at": None,
    }


def measure_facts(pages: Sequence[GoldPage], gold: dict[str, dict[str, str | None]]) -> None:
    """Print for each field how many pages tell it, and how many are right, wrong, missing, or invented."""
    for way, facts_of in (("Byline", facts_of_byline), ("trafilatura", facts_of_trafilatura)):
        facts = {page.path.name: facts_of(page.path) for page in pages}
        print(f"\n{way:14} {'told':>5} {'right':>6} {'day only':>9} {'wrong':>6} {'missing':>8} {'invented':>9}")
        for field in FIELDS:
            pairs = [(gold[name].get(field), each[field], name) for name, each in facts.items()]
            verdicts = [(verdict(field, want, got), name, want, got) for want, got, name in pairs]
            counts = {
                kind: sum(each[0] == kind for each in verdicts)
                for kind in ("right", "day", "wrong", "missing", "invented")
            }
            told = sum(want is not None for want, _, _ in pairs)
            print(
                f"{field:14} {told:>5} {counts['right']:>6} {counts['day']:>9} {counts['wrong']:>6} {counts['missing']:>8} {counts['invented']:>9}"
            )
            if way == "Byline":
                for kind, name, want, got in verdicts:
                    if kind in ("wrong", "missing", "invented"):
                        print(f"    {kind}: {name}: {want!r}, got {got!r}")


def verdict(field: str, want: str | None, got: Any) -> str:
    """right, day (the day is right, the hour is not), wrong, missing, invented, or unknown to both."""
    if want is None:
        return "unknown" if got is None else "invented"
    if got is None:
        return "missing"
    if not field.endswith("_at"):
        said = str(got).partition("-")[0] if field == "language" else str(got)
        return "right" if _folded(said) == _folded(want) else "wrong"
    written = got.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if written == want or (len(want) == 10 and written.startswith(want)):
        return "right"
    return "day" if written.startswith(want[:10]) else "wrong"


def _folded(text: str) -> str:
    return " ".join(text.replace(";", ",").casefold().split())


def _page(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".txt":
        return text
    paragraphs = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.split("\n") if line.strip())
    return f"<html><body><article>{paragraphs}</article></body></html>"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path, help="the folder of the seed articles")
    parser.add_argument("--pages", type=Path, default=PAGES)
    asked = parser.parse_args()
    if asked.articles:
        measure(seed_pages(asked.articles))
    written = own_pages(asked.pages)
    measure(written)
    measure_facts(written, json.loads((asked.pages / "gold" / "who.json").read_text(encoding="utf-8")))
