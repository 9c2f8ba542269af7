"""One run from its arguments to its scorecard."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.benchmarks import find_cases, write_ramdocs
from eval.cases import KINDS, check_evidence
from eval.checks.support_words import supported_by_words
from eval.opening import index_articles, opened, read_library
from eval.records import Run, read_run
from eval.run import Bench, Pace, choose_folder, run_cases
from eval.scorecard import score, seconds_each
from eval.stamp import stamp_of
from eval.table import progress
from eval.types import Case, Scorecard
from index.errors import UsageError
from rag.settings import Settings

JUDGE = "words"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which cases of which files are run; `each` takes so many of every kind, spread over the files."""

    paths: tuple[Path, ...]
    limit: int | None = None
    kinds: tuple[str, ...] = ()
    split: str | None = None
    each: int | None = None


def chosen(choice: Choice) -> list[Case]:
    """The cases that are run, in the order of their files, or kind by kind in turn. Raises UsageError where there are none."""
    every = find_cases(choice.paths)
    cases = [
        case for case in every if (not choice.kinds or case.kind in choice.kinds) and choice.split in (None, case.split)
    ]
    if not cases:
        kinds, splits = ({case.kind for case in every}, {case.split for case in every})
        known = f"There are kinds {', '.join(sorted(kinds))} and splits {', '.join(sorted(splits))}."
        raise UsageError(f"None of {len(every)} cases is of that kind and split.", known)
    return (in_turn(cases, choice.each) if choice.each else cases)[: choice.limit]


def in_turn(cases: Sequence[Case], each: int) -> list[Case]:
    """At most `each` cases of every kind, evenly spaced: the first of every kind, then the second of every kind, and so on."""
    by_kind = [[case for case in cases if case.kind == kind] for kind in KINDS]
    spaced = [
        [every[at * len(every) // each] for at in range(each)] if len(every) > each else every for every in by_kind
    ]
    return [every[at] for at in range(each) for every in spaced if at < len(every)]


def run_and_score(
    settings: Settings,
    choice: Choice,
    repeats: int,
    articles: Sequence[Path],
    fresh: bool,
    quiet: bool,
    pace: Pace,
) -> tuple[Run, Scorecard, float | None]:
    """Check the cases, ask them, and score what was recorded; (run, scorecard, seconds of a question)."""
    cases = chosen(choice)
    if articles:
        index_articles(settings, articles)
    library = read_library(settings)
    check_evidence(cases, library, how_to_index(choice.paths, settings.home))
    arguments = {
        "cases": [str(path) for path in choice.paths],
        "limit": choice.limit,
        "kinds": choice.kinds,
        "split": choice.split,
        "each": choice.each,
        "parallel": pace.parallel,
    }
    stamp = stamp_of(cases, repeats, settings.digest(), JUDGE, arguments)
    with opened(settings) as asks:
        folder = choose_folder(settings.home / "runs", stamp, fresh)
        bench = Bench(asks, library, supported_by_words)
        with progress(len(cases) * repeats, len(read_run(folder).records), quiet) as done:
            run_cases(folder, cases, repeats, bench, done, pace)
    run = read_run(folder)
    return run, score(run), seconds_each(run)


def how_to_index(paths: Sequence[Path], home: Path) -> str:
    """The command that brings the articles of these cases into the index, as far as it can be told from their place."""
    wanted: list[str] = []
    for path in paths:
        folder = path if path.is_dir() else path.parent
        if folder.resolve().name == "ramdocs":
            wanted.append(str(write_ramdocs(folder / "dev.jsonl", home)))
        beside = (folder / "articles.jsonl", folder.parent / "articles", folder.parent.parent / "articles")
        wanted += [str(each) for each in beside if each.exists()][:1]
    return f"Index them with: byline --home {home} index {' '.join(dict.fromkeys(wanted)) or 'ARTICLES'}"
