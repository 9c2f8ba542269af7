"""GET /v1/evaluation…: runs, their scorecards and what changed between two; told by the room that evaluates.

That room knows this one and never the other way, so it registers itself, as its commands do.
"""

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any, Protocol

from fastapi import APIRouter
from fastapi import Path as InPath

from rag.doors.http.problems import Problem

ENTRY = "byline.evaluation"
RunName = Annotated[str, InPath(max_length=200)]


class Evaluation(Protocol):
    """What the page shows of the runs under `<home>/runs`; each raises UsageError for a name that is none of them."""

    def runs(self, home: Path) -> list[Mapping[str, Any]]:
        """The runs, newest first, each with its name, its counts and its headline."""
        ...

    def scorecard(self, home: Path, name: str) -> Mapping[str, Any]:
        """One run's scorecard and its cases."""
        ...

    def comparison(self, home: Path, a: str, b: str) -> Mapping[str, Any]:
        """Run b against run a."""
        ...


def registered() -> Evaluation | None:
    """The evaluation room's own, where that room is installed."""
    found = next(iter(entry_points(group=ENTRY)), None)
    return found.load() if found else None


def evaluation_router(home: Path, find: Callable[[], Evaluation | None] = registered) -> APIRouter:
    """The routes; they read files, so they run in threads."""
    router = APIRouter(prefix="/v1/evaluation", tags=["evaluation"])

    @router.get("/runs")
    def list_runs() -> dict[str, Any]:
        """The evaluation runs of this home, newest first."""
        evaluation = find()
        return {"runs": evaluation.runs(home) if evaluation else []}

    @router.get("/runs/{name}")
    def read_run(name: RunName) -> Mapping[str, Any]:
        """One run: its scorecard with intervals, what made it, and each of its cases."""
        return there(home, find, name).scorecard(home, name)

    @router.get("/runs/{a}/compared-with/{b}")
    def compare_runs(a: RunName, b: RunName) -> Mapping[str, Any]:
        """Run b against run a, case by case: better, worse or inconclusive, and every case that changed."""
        there(home, find, a)
        return there(home, find, b).comparison(home, a, b)

    return router


def there(home: Path, find: Callable[[], Evaluation | None], name: str) -> Evaluation:
    """The evaluation, if the name is that of a run here: one that is sent never becomes a path."""
    evaluation = find()
    if evaluation is None or name not in {each.parent.name for each in (home / "runs").glob("*/run.json")}:
        raise Problem("not-found", f"There is no run {name!r}.", "GET /v1/evaluation/runs lists them.")
    return evaluation
