"""A whole home into one archive, and out of it into another: articles with their vectors, the review queue, the chats.

What an archive brings is added to what a home has. Models, keys, settings and evaluation runs stay where they are.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Any, Literal

from index.archive import new_archive, open_archive
from index.errors import MissingError
from index.moving import MEMBERS, check_articles, export_articles, import_articles, manifest_asked
from index.moving_lines import LONGEST_LINE
from index.opening import open_index
from rag.conversations import TABLES as CHATS
from rag.feedback import review_path
from rag.settings import Settings
from rag.tables import check_rows, keep_rows, read_rows, tables_in

REVIEW = "byline.review"
"""The entry points of the review queue's tables: each table's name, and what makes it."""

Doing = Literal["exporting", "checking", "importing"]
Watch = Callable[[Doing, int, int], None]
"""What is being done, and how many articles of how many are."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How many articles, passages and rows of each table an archive holds; `new` are those an import added."""

    articles: int
    passages: int
    rows: dict[str, int]
    new: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    file: str
    made_by: str

    @property
    def member(self) -> str:
        """The name of its lines in an archive."""
        return f"{self.name}.jsonl"


def export_home(
    settings: Settings, to: Path, *, folder: bool = False, watch: Watch = lambda doing, done, total: None
) -> Moved:
    """Write everything of a home into a new archive, there only when it is whole.

    Raises MissingError where there is no index, BusyError while it is written, UsageError where the name is taken.
    """
    home, tables, rows = settings.home, _tables(), {}
    unknown = tables_in(review_path(home)) - {each.name for each in tables}
    if unknown:
        problem = f"The review queue in {home} has {sorted(unknown)[0]}, which this installation does not know."
        raise MissingError(problem, "Install Byline again: pip install -e .")
    with new_archive(to, folder=folder) as writer:
        about = export_articles(home, settings.search, writer, lambda done, total: watch("exporting", done, total))
        for each in tables:
            with writer.member(each.member) as file:
                rows[each.name] = sum(map(file.write, read_rows(home / each.file, each.name)))
        made = {"made_by": f"byline {version('byline')}", "made_at": datetime.now(UTC).isoformat(timespec="seconds")}
        writer.finish({**made, **about, "rows": rows})
    return Moved(about["articles"], about["passages"], rows, {})


def import_home(
    settings: Settings, path: Path, *, again: bool = False, watch: Watch = lambda doing, done, total: None
) -> Moved:
    """Add everything of an archive to a home; nothing is changed before all of it was looked at.

    Raises UsageError for what is no archive or was made otherwise, BrokenError for a damaged one.
    """
    home, tables = settings.home, _tables()
    with open_archive(path, MEMBERS, [each.member for each in tables]) as reader:
        reader.check()
        tables = [each for each in tables if each.member in reader]
        asked = None if again else manifest_asked(home, settings.index, settings.models)
        check_articles(reader, asked, lambda done, total: watch("checking", done, total))
        rows, new = {}, {}
        for each in tables:
            with reader.member(each.member) as file:
                rows[each.name] = check_rows(file.lines(LONGEST_LINE), each.name, each.made_by)
        with open_index(home, settings.index, settings.search, settings.models, write=True) as index:
            moved = import_articles(index, reader, lambda done, total: watch("importing", done, total), again=again)
        new["articles"] = moved.new
        for each in tables:
            with reader.member(each.member) as file:
                new[each.name] = keep_rows(home / each.file, file.lines(LONGEST_LINE), each.name, each.made_by)
    return Moved(moved.articles, moved.passages, rows, new)


def _tables() -> list[_Table]:
    """The tables of a home that move with it; those of the review queue belong to whoever declares them."""
    review = sorted(entry_points(group=REVIEW), key=lambda point: point.name)
    chats = [_Table(name, "chats.sqlite", CHATS) for name in ("chats", "turns")]
    return [*chats, *(_Table(each.name, review_path(Path()).name, each.load()) for each in review)]
