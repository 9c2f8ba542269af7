"""The addresses that the index knows, in `<home>/addresses.sqlite`: what their servers last said of them, and whether it was read."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.doors.fetching import Stamp

_TABLES = """
CREATE TABLE IF NOT EXISTS addresses (
    url TEXT PRIMARY KEY, path TEXT NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL, held INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS entries (
    feed TEXT NOT NULL REFERENCES addresses (url) ON DELETE CASCADE, key TEXT NOT NULL, digest TEXT NOT NULL,
    path TEXT NOT NULL, held INTEGER NOT NULL, PRIMARY KEY (feed, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unread (path TEXT PRIMARY KEY, url TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Address:
    """A page or feed that somebody named; `held` says that its file gave an article when it was last read."""

    url: str
    path: Path
    stamp: Stamp
    held: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry of a feed as it was when it was last taken; its path is None where it could not be, for good."""

    digest: str
    path: Path | None
    held: bool


class Known:
    """The store of one home. What was fetched counts as unread until it has been through the index, so a kill loses nothing."""

    def __init__(self, store: sqlite3.Connection) -> None:
        self._store = store

    def addresses(self) -> list[Address]:
        """All of them, in order of address."""
        rows = self._store.execute("SELECT url, path, etag, modified, held FROM addresses ORDER BY url")
        return [Address(url, Path(path), Stamp(etag, modified), bool(held)) for url, path, etag, modified, held in rows]

    def address(self, url: str) -> Address | None:
        """One of them, or None."""
        return next((each for each in self.addresses() if each.url == url), None)

    def note(self, url: str, path: Path, stamp: Stamp) -> None:
        """A page or feed was fetched."""
        query = (
            "INSERT INTO addresses VALUES (?, ?, ?, ?, 0) ON CONFLICT (url) DO UPDATE SET"
            " path = excluded.path, etag = excluded.etag, modified = excluded.modified"
        )
        self._store.execute(query, (url, str(path), stamp.etag, stamp.modified))

    def forget(self, url: str) -> None:
        """Ask for this address no more."""
        self._store.execute("DELETE FROM addresses WHERE url = ?", (url,))

    def entry(self, feed: str, key: str) -> Taken | None:
        """A feed's entry, or None where it is new."""
        query = "SELECT digest, path, held FROM entries WHERE feed = ? AND key = ?"
        row = self._store.execute(query, (feed, key)).fetchone()
        return Taken(row[0], Path(row[1]) if row[1] else None, bool(row[2])) if row else None

    def note_entry(self, feed: str, key: str, digest: str, path: Path | None) -> None:
        """An entry was taken, or cannot be, for good."""
        row = (feed, key, digest, str(path or ""))
        self._store.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, 0)", row)

    def unread(self) -> dict[Path, str]:
        """Files that were fetched and have not been through the index, with their addresses."""
        return {Path(path): url for path, url in self._store.execute("SELECT path, url FROM unread ORDER BY path")}

    def note_unread(self, path: Path, url: str) -> None:
        """A file is about to be read."""
        self._store.execute("INSERT OR REPLACE INTO unread VALUES (?, ?)", (str(path), url))

    def note_read(self, path: Path, *, held: bool) -> None:
        """A file has been through the index, and gave an article or did not."""
        self._store.execute("DELETE FROM unread WHERE path = ?", (str(path),))
        for table in ("addresses", "entries"):
            self._store.execute(f"UPDATE {table} SET held = ? WHERE path = ?", (held, str(path)))


@contextmanager
def open_known(home: Path) -> Iterator[Known]:
    """The addresses of a home; every change is durable at once."""
    home.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(home / "addresses.sqlite", timeout=60, isolation_level=None)) as store:
        store.executescript(f"PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; {_TABLES}")
        yield Known(store)
