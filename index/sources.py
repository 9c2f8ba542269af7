"""Which files the catalogue has read, and what came of each, so that an unchanged one is not read again."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from index.catalogue import SqliteCatalogue
from index.rows import many


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was when it was read."""

    path: str
    size: int
    mtime_ns: int
    sha256: str


def look(catalogue: SqliteCatalogue, path: Path, told: str = "") -> tuple[Source, int | None]:
    """The file as it is now, and how many articles it gave if it has not changed since it was read; else None.

    The same size and time of change count as unchanged; with another time, the bytes decide. Raises OSError.
    What is `told` of how to read the file counts as a part of it.
    """
    now = path.stat()
    with catalogue.reading() as database:
        row = database.execute("SELECT size, mtime_ns, sha256 FROM sources WHERE path = ?", (str(path),)).fetchone()
        query = "SELECT count(*) FROM source_articles WHERE path = ?"
        articles = database.execute(query, (str(path),)).fetchone()[0]
    if row and not told and row[:2] == (now.st_size, now.st_mtime_ns) and articles:
        return Source(str(path), *row), articles
    with path.open("rb") as file:
        digest = file_digest(file, "sha256")
    digest.update(told.encode())
    source = Source(str(path), now.st_size, now.st_mtime_ns, digest.hexdigest())
    return source, articles if row and articles and row[2] == source.sha256 else None


def note(catalogue: SqliteCatalogue, source: Source, article_ids: Sequence[str]) -> list[str]:
    """Note that a file was read whole and gave these articles; returns those that only it gave before, and no longer does."""
    with catalogue.writing() as database:
        before = database.execute("SELECT article_id FROM source_articles WHERE path = ?", (source.path,)).fetchall()
        database.execute("DELETE FROM sources WHERE path = ?", (source.path,))
        row = (source.path, source.size, source.mtime_ns, source.sha256)
        database.execute("INSERT INTO sources VALUES (?, ?, ?, ?)", row)
        known = "INSERT OR IGNORE INTO source_articles SELECT ?, id FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        database.execute(known, (source.path, many(article_ids)))
        held = "SELECT article_id FROM source_articles WHERE article_id = ?"
        return [each for (each,) in before if not database.execute(held, (each,)).fetchone()]


def is_noted(catalogue: SqliteCatalogue, path: str) -> bool:
    """Whether a file was read whole."""
    with catalogue.reading() as database:
        return database.execute("SELECT 1 FROM sources WHERE path = ?", (path,)).fetchone() is not None


def files_held(catalogue: SqliteCatalogue) -> frozenset[str]:
    """The files that have an article in the index, also those whose article was taken over from an earlier index."""
    with catalogue.reading() as database:
        rows = database.execute("SELECT path FROM source_articles UNION SELECT path FROM articles")
        return frozenset(path for (path,) in rows if path)


def touch(catalogue: SqliteCatalogue, source: Source) -> None:
    """Note the new time of a file whose bytes are the same; one whose time is the same costs no transaction."""
    now = (source.size, source.mtime_ns, source.path)
    with catalogue.reading() as database:
        known = database.execute("SELECT 1 FROM sources WHERE size = ? AND mtime_ns = ? AND path = ?", now).fetchone()
    if known is None:
        with catalogue.writing() as database:
            database.execute("UPDATE sources SET size = ?, mtime_ns = ? WHERE path = ?", now)
