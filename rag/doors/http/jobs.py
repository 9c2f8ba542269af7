"""Indexing in the background: one job after another, each of them to be polled."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from index.errors import BylineError
from rag.answer_json import timestamp
from rag.doors.http.library import Added, Library
from rag.doors.http.problems import Problem, problem_of

log = logging.getLogger("byline.http")

State = Literal["waiting", "running", "done", "failed"]
Source = Path | str


@dataclass(frozen=True, slots=True)
class Job:
    """One indexing job as it stands."""

    id: str
    created_at: datetime
    names: tuple[str, ...]
    state: State = "waiting"
    done: int = 0
    total: int = 0
    current: str = ""
    added: Added | None = None
    problem: dict[str, Any] | None = None


class Jobs:
    """Runs jobs one at a time in a thread of their own; the last ones are remembered."""

    def __init__(
        self, library: Library, after: Callable[[], None], *, waiting: int = 100, remembered: int = 200
    ) -> None:
        self._library = library
        self._after = after
        self._most = waiting
        self._remembered = remembered
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="byline-index")

    def start(self, sources: Sequence[Source], names: Sequence[str]) -> Job:
        """Queue a job. Raises a 429 problem when too many wait."""
        job = Job(f"job_{uuid4().hex[:16]}", datetime.now(UTC), tuple(names), total=len(sources))
        with self._lock:
            if sum(each.state == "waiting" for each in self._jobs.values()) >= self._most:
                raise Problem("queue-full", "Too many uploads wait to be indexed.", "Try later.", {"Retry-After": "30"})
            self._jobs[job.id] = job
            while len(self._jobs) > self._remembered:
                self._jobs.popitem(last=False)
        self._thread.submit(self._run, job, tuple(sources)).add_done_callback(lambda work: self._ended(job.id, work))
        return job

    def exclusively(self, change: Callable[[], object]) -> None:
        """Make a small change of the index now. Raises a 409 problem while a job runs."""
        with self._lock:
            if any(each.state in ("waiting", "running") for each in self._jobs.values()):
                raise Problem("busy", "Articles are being indexed.", "Try again when the job is done.")
        self._thread.submit(change).result()
        self._after()

    def job(self, job_id: str) -> Job | None:
        """A job as it stands now."""
        return self._jobs.get(job_id)

    def jobs(self) -> list[Job]:
        """The jobs that are remembered, newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def close(self) -> None:
        """Drop the jobs that wait, and let the running one come to its end: an article is never half indexed."""
        self._thread.shutdown(cancel_futures=True)

    def _run(self, job: Job, sources: Sequence[Source]) -> Added:
        self._change(job.id, state="running")

        def tell(done: int, total: int, current: str) -> None:
            self._change(job.id, done=done, total=total, current=current)

        added = self._library.add(sources, tell)
        self._after()
        return added

    def _ended(self, job_id: str, work: "Future[Added]") -> None:
        if work.cancelled():
            self._change(job_id, state="failed", problem=problem_of(Problem("stopping", "The service stopped.")))
            return
        error = work.exception()
        if error is None:
            added = work.result()
            job = self._jobs.get(job_id)
            self._change(job_id, state="done", done=job.total if job else 0, current="", added=added)
            return
        if not isinstance(error, BylineError):
            log.error("indexing failed", exc_info=error)
        self._change(job_id, state="failed", problem=problem_of(error))

    def _change(self, job_id: str, **fields: Any) -> None:
        with self._lock:
            if job_id in self._jobs:
                self._jobs[job_id] = replace(self._jobs[job_id], **fields)


def job_to_dict(job: Job) -> dict[str, Any]:
    """A job as it is sent."""
    return {
        "id": job.id,
        "status": job.state,
        "created_at": timestamp(job.created_at),
        "files": list(job.names),
        "done": job.done,
        "total": job.total,
        "current": job.current or None,
        "articles": job.added.articles if job.added else None,
        "rejected": [{"path": each.path, "reason": each.reason} for each in job.added.rejected] if job.added else [],
        "problem": job.problem,
    }
