"""SQLite behind `Catalogue`: articles, passages, clusters and the words index in one transactional file."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.copies import BANDS, bands
from index.errors import BrokenError
from index.grouping import link, link_all, neighbours, regroup
from index.rows import ARTICLE, PASSAGE, article_of, article_row, condition, many, passage_of, passage_row
from index.schema import SCHEMA, VERSION
from index.types import Article, Cluster, Filters, Passage

Weights = tuple[float, float, float]

_PAGE = 200
_SPARE = 32
_RING = 1 << 256


class SqliteCatalogue:
    """One file; any number of threads and processes read while one writes, and none sees half an article."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._writing = threading.RLock()
        try:
            with self.reading() as database:
                _prepare(database, path)
        except sqlite3.DatabaseError as error:
            raise BrokenError(f"{path} is not a catalogue: {error}.", _REBUILD) from error

    def articles(self, filters: Filters = Filters()) -> Iterator[Article]:
        """All articles that pass the filters, newest first, unknown dates last, ties by id."""
        ids = self.article_ids(filters)
        for at in range(0, len(ids), _PAGE):
            page = ids[at : at + _PAGE]
            with self.reading() as database:
                query = f"SELECT {ARTICLE} FROM articles WHERE id IN (SELECT value FROM json_each(?))"
                found = {row[0]: article_of(row) for row in database.execute(query, (many(page),))}
            yield from (found[each] for each in page if each in found)

    def article_ids(self, filters: Filters = Filters()) -> list[str]:
        """Ids of all articles that pass the filters, in the order of `articles`."""
        where, values = condition(filters)
        query = f"SELECT id FROM articles WHERE {where} ORDER BY published_at IS NULL, published_at DESC, id"
        with self.reading() as database:
            return [row[0] for row in database.execute(query, values)]

    def article(self, article_id: str) -> Article | None:
        """One article, or None."""
        with self.reading() as database:
            row = database.execute(f"SELECT {ARTICLE} FROM articles WHERE id = ?", (article_id,)).fetchone()
        return article_of(row) if row else None

    def articles_by_id(self, article_ids: Iterable[str]) -> dict[str, Article]:
        """The articles that are there, by id, in one query."""
        query = f"SELECT {ARTICLE} FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        with self.reading() as database:
            return {row[0]: article_of(row) for row in database.execute(query, (many(article_ids),))}

    def passages(self, passage_ids: Sequence[str]) -> list[Passage]:
        """The passages that are there, in the order of the ids asked for."""
        query = f"SELECT {PASSAGE} FROM passages WHERE id IN (SELECT value FROM json_each(?))"
        with self.reading() as database:
            found = {row[0]: passage_of(row) for row in database.execute(query, (many(passage_ids),))}
        return [found[each] for each in passage_ids if each in found]

    def passages_of(self, article_id: str) -> list[Passage]:
        """All passages of one article in order."""
        query = f"SELECT {PASSAGE} FROM passages WHERE article_id = ? ORDER BY ordinal"
        with self.reading() as database:
            return [passage_of(row) for row in database.execute(query, (article_id,))]

    def passage_ids(self) -> set[str]:
        """Ids of all passages."""
        with self.reading() as database:
            return {row[0] for row in database.execute("SELECT id FROM passages")}

    def publishers(self) -> tuple[str, ...]:
        """The publishers there are, in order of name."""
        query = "SELECT DISTINCT publisher FROM articles WHERE publisher IS NOT NULL ORDER BY publisher"
        with self.reading() as database:
            return tuple(row[0] for row in database.execute(query))

    def cluster_of(self, article_id: str) -> Cluster | None:
        """The near-copies that an article belongs to; None where it stands alone."""
        query = (
            "SELECT article_id, cluster_id, lead FROM clusters WHERE cluster_id ="
            " (SELECT cluster_id FROM clusters WHERE article_id = ?) ORDER BY article_id"
        )
        with self.reading() as database:
            rows = database.execute(query, (article_id,)).fetchall()
        return Cluster(id=rows[0][1], members=tuple(row[0] for row in rows), lead=rows[0][2]) if rows else None

    def words(
        self,
        terms: Sequence[str],
        k: int,
        article_ids: Sequence[str] | None = None,
        *,
        weights: Weights = (1.0, 1.0, 1.0),
    ) -> list[tuple[str, float]]:
        """The k best (passage id, BM25 score, higher is better) for any of the terms, best first, ties by id.

        A term is words, never query syntax; one of several words is a phrase. `weights` are those of a match in the
        article's title, in its publisher and in the passage's text.
        """
        query = " OR ".join(_quoted(term) for term in terms if any(each.isalnum() for each in term))
        if k < 1 or not query:
            return []
        ask = k + _SPARE
        while True:
            found = self._best(query, ask, article_ids, weights)
            # Equal scores may run on past what was asked for; then the choice among them would not be by id.
            if len(found) < ask or found[k - 1][1] != found[-1][1]:
                return found[:k]
            ask *= 4

    def content(self) -> str:
        """A digest of all articles, kept up to date by every change, whatever the order of the changes."""
        with self.reading() as database:
            return str(database.execute("SELECT sum FROM content").fetchone()[0])

    def count(self) -> tuple[int, int]:
        """How many articles and passages there are."""
        query = "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)"
        with self.reading() as database:
            articles, passages = database.execute(query).fetchone()
        return articles, passages

    def replace(self, article: Article, passages: Iterable[Passage]) -> None:
        """Put an article with its passages in place of an earlier one, in one transaction."""
        with self.writing() as database:
            self.remove(article.id)
            row = article_row(article)
            slots = ", ".join("?" * len(row))
            database.execute(f"INSERT INTO articles ({ARTICLE}, publisher_key, mark) VALUES ({slots})", row)
            query = f"INSERT INTO passages ({PASSAGE}) VALUES (?, ?, ?, ?, ?, ?, ?)"
            database.executemany(query, map(passage_row, passages))
            _words_of(database, article.id, "INSERT INTO words (rowid, title, publisher, text) SELECT")
            _add(database, int(row[-1], 16))
            link(database, {article.id: bands(article.text)})

    def remove(self, article_id: str) -> list[str]:
        """Forget an article; returns the ids of its passages."""
        with self.writing() as database:
            copies = neighbours(database, article_id)
            ids = _forget(database, article_id)
            regroup(database, copies)
            return ids

    def scrub(self) -> None:
        """Leave no trace of what was removed in the file; takes time in proportion to the index."""
        with self.writing() as database:
            database.execute("INSERT INTO words (words) VALUES ('optimize')")
        with self._writing, self.reading() as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection."""
        database = getattr(self._own, "database", None)
        if database is None:
            database = _connect(self._path)
            self._own.database = database
            self._opened.append(database)
        yield database

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, committed at the end, undone by an error; inside another it is part of that one."""
        with self._writing, self.reading() as database:
            if database.in_transaction:
                yield database
                return
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    def close(self) -> None:
        """Close every connection."""
        for database in self._opened:
            database.close()
        self._opened.clear()
        self._own = threading.local()

    def _best(
        self, query: str, ask: int, article_ids: Sequence[str] | None, weights: Weights
    ) -> list[tuple[str, float]]:
        only = ""
        values: list[object] = [*weights, query]
        if article_ids is not None:
            only = "AND rowid IN (SELECT number FROM passages WHERE article_id IN (SELECT value FROM json_each(?)))"
            values.append(many(article_ids))
        best = (
            f"SELECT rowid, bm25(words, ?, ?, ?) AS score FROM words WHERE words MATCH ? {only} ORDER BY score LIMIT ?"
        )
        join = f"SELECT passages.id, best.score FROM ({best}) AS best JOIN passages ON passages.number = best.rowid"
        with self.reading() as database:
            rows = database.execute(f"{join} ORDER BY best.score, passages.id", [*values, ask])
            return [(row[0], -row[1]) for row in rows]


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
    for pragma in ("foreign_keys = ON", "busy_timeout = 60000", "synchronous = NORMAL", "secure_delete = ON"):
        database.execute(f"PRAGMA {pragma}")
    return database


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    if database.execute("PRAGMA user_version").fetchone()[0] == 0:
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION:
        raise BrokenError(f"{path} has schema {version}; this Byline reads {VERSION}.", _REBUILD)
    if _bands_version(database) != BANDS:
        _group_anew(database)


def _bands_version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA application_id").fetchone()[0])


def _group_anew(database: sqlite3.Connection) -> None:
    """Near-copies are told by other words than when this catalogue was made: once, and then it is as if made now."""
    database.execute("BEGIN IMMEDIATE")
    try:
        if _bands_version(database) != BANDS:
            link_all(database)
            database.execute(f"PRAGMA application_id = {BANDS}")
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _forget(database: sqlite3.Connection, article_id: str) -> list[str]:
    row = database.execute("SELECT mark FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        return []
    ids = [
        each[0]
        for each in database.execute("SELECT id FROM passages WHERE article_id = ? ORDER BY ordinal", (article_id,))
    ]
    _words_of(database, article_id, "INSERT INTO words (words, rowid, title, publisher, text) SELECT 'delete',")
    database.execute("DELETE FROM articles WHERE id = ?", (article_id,))
    _add(database, -int(row[0], 16))
    return ids


def _words_of(database: sqlite3.Connection, article_id: str, change: str) -> None:
    """Tell the words index of an article's passages, to add them or to take them out."""
    of = "WHERE number IN (SELECT number FROM passages WHERE article_id = ?)"
    database.execute(f"{change} number, title, publisher, text FROM passage_words {of}", (article_id,))


def _add(database: sqlite3.Connection, amount: int) -> None:
    held = int(database.execute("SELECT sum FROM content").fetchone()[0], 16)
    database.execute("UPDATE content SET sum = ?", (f"{(held + amount) % _RING:x}",))


def _quoted(term: str) -> str:
    return '"' + term.replace("\0", " ").replace('"', '""') + '"'


_REBUILD = "Build it again: byline index --rebuild PATH."
