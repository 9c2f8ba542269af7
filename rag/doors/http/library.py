"""What the service asks of the articles: to list, read, add and remove them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.types import Article, Filters


@dataclass(frozen=True, slots=True)
class Rejected:
    """One file that did not become an article, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Added:
    """What indexing did: how many articles are new or changed, and what could not be read."""

    articles: int
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class Size:
    """How much the index holds; `digest` changes with any change of it."""

    articles: int
    passages: int
    digest: str


Tell = Callable[[int, int, str], None]
"""Progress of indexing: how many of how many are done, and the one in hand."""


class Library(Protocol):
    """Articles of one home. Reading is safe from several threads, also while one adds or removes."""

    suffixes: frozenset[str]
    """Endings of the files that can be read, with the dot, in lower case."""

    fetches: bool
    """Whether `add` takes URLs."""

    def size(self) -> Size:
        """How much there is; all zero with an empty digest where nothing has been indexed."""
        ...

    def build_in_use(self) -> str:
        """Names the build of the index that is in use; an engine over another one must be opened anew."""
        ...

    def articles(self, filters: Filters = Filters()) -> list[Article]:
        """All articles that pass, newest first, unknown dates last, ties by id."""
        ...

    def article(self, article_id: str) -> Article | None:
        """One article, or None."""
        ...

    def copies(self, article_id: str) -> tuple[str, ...]:
        """Ids of the near-copies of an article, itself included; empty where it stands alone."""
        ...

    def add(self, sources: Sequence[Path | str], tell: Tell) -> Added:
        """Read and index files and URLs. Raises BusyError while another process writes."""
        ...

    def remove(self, article_id: str) -> bool:
        """Forget an article; False where there was none."""
        ...

    def close(self) -> None:
        """Close the stores."""
        ...
