"""Keeps the clusters of the catalogue true while articles come and go, in the transaction that changes them."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from index.copies import alike, bands, group
from index.rows import many

_MOST_CANDIDATES = 30


def link_all(database: sqlite3.Connection) -> None:
    """Group all articles anew, as if they had just been put in, in the order of their ids."""
    for table in ("bands", "copies", "clusters"):
        database.execute(f"DELETE FROM {table}")
    for (article_id,) in database.execute("SELECT id FROM articles ORDER BY id").fetchall():
        (text,) = database.execute("SELECT text FROM articles WHERE id = ?", (article_id,)).fetchone()
        link(database, {article_id: bands(text)})


def link(database: sqlite3.Connection, keyed: Mapping[str, Sequence[int]]) -> None:
    """Note the bands of articles just put in, find what they are copies of, and group anew what that touches."""
    for article_id, keys in keyed.items():
        database.executemany(
            "INSERT INTO bands VALUES (?, ?, ?)", [(at, key, article_id) for at, key in enumerate(keys)]
        )
    for article_id in keyed:
        _pair(database, article_id)
    regroup(database, keyed)


def neighbours(database: sqlite3.Connection, article_id: str) -> list[str]:
    """Articles that are copies of this one."""
    query = "SELECT other FROM copies WHERE one = :id UNION SELECT one FROM copies WHERE other = :id ORDER BY 1"
    return [row[0] for row in database.execute(query, {"id": article_id})]


def regroup(database: sqlite3.Connection, article_ids: Iterable[str]) -> None:
    """Write the clusters of these articles and of all that hang together with them."""
    done: set[str] = set()
    for article_id in article_ids:
        if article_id in done:
            continue
        component = _component(database, article_id)
        done |= component
        everyone = many(sorted(component))
        inside = "(SELECT value FROM json_each(?))"
        database.execute(f"DELETE FROM clusters WHERE article_id IN {inside}", (everyone,))
        dates = dict(database.execute(f"SELECT id, published_at FROM articles WHERE id IN {inside}", (everyone,)))
        pairs = database.execute(f"SELECT one, other FROM copies WHERE one IN {inside}", (everyone,)).fetchall()
        for cluster in group(dates, pairs):
            rows = [(member, cluster.id, cluster.lead) for member in cluster.members]
            database.executemany("INSERT INTO clusters VALUES (?, ?, ?)", rows)


def _pair(database: sqlite3.Connection, article_id: str) -> None:
    # Those that share the most bands first: a pile of like articles must not hide the copies among them.
    candidates = (
        "SELECT b.article_id FROM bands AS a JOIN bands AS b ON a.band = b.band AND a.key = b.key"
        " WHERE a.article_id = ? AND b.article_id <> ? GROUP BY b.article_id ORDER BY count(*) DESC, b.article_id LIMIT ?"
    )
    ids = [row[0] for row in database.execute(candidates, (article_id, article_id, _MOST_CANDIDATES))]
    if not ids:
        return
    text = database.execute("SELECT text FROM articles WHERE id = ?", (article_id,)).fetchone()[0]
    others = "SELECT id, text FROM articles WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
    pairs = [
        tuple(sorted((article_id, each)))
        for each, words in database.execute(others, (many(ids),))
        if alike(text, words)
    ]
    database.executemany("INSERT OR IGNORE INTO copies VALUES (?, ?)", pairs)


def _component(database: sqlite3.Connection, article_id: str) -> set[str]:
    query = (
        "WITH RECURSIVE near (id) AS (SELECT ? UNION SELECT other FROM copies JOIN near ON one = near.id"
        " UNION SELECT one FROM copies JOIN near ON other = near.id) SELECT id FROM near"
    )
    return {row[0] for row in database.execute(query, (article_id,))}
