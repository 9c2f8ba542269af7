"""Every error that Byline raises on purpose, named by what its reader should do.

BylineError
├── UsageError       the request is wrong: mend the words, the flags or the settings      (exit 2, HTTP 400)
├── MissingError     something that is needed is not there; `remedy` is what brings it    (exit 4, HTTP 503)
│   └── BusyError    somebody else holds it: wait, or stop the one who is named           (exit 4, HTTP 409)
├── RejectedFile     one file cannot be read; the others go on                            (reported by name)
└── BrokenError      something that was there is damaged; `remedy` says how to mend it    (exit 4, HTTP 500)
"""


class BylineError(Exception):
    """What went wrong, in one sentence, and the remedy, in one more."""

    exit_code = 1

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.problem = problem
        self.remedy = remedy


class UsageError(BylineError):
    """The request is wrong; nothing was done."""

    exit_code = 2


class MissingError(BylineError):
    """A model, an index or a server is not there; the remedy is the command that brings it."""

    exit_code = 4


class BusyError(MissingError):
    """Another process holds what is needed."""


class BrokenError(BylineError):
    """Something is damaged: a digest that differs, an index that does not match its manifest."""

    exit_code = 4


class RejectedFile(BylineError):
    """One input that cannot become an article; `path` names it."""

    def __init__(self, path: str, problem: str, remedy: str = "") -> None:
        super().__init__(problem, remedy)
        self.path = path
