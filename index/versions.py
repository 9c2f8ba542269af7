"""Earlier texts of an article that was changed or corrected: kept beside the one that leads, never searched or cited.

An article is known by its address, else by its file, so a page that is read again with other words is a version of it
and no copy. The later one leads: by its own dates, where both have one, else the one read last.
"""

import sqlite3
from collections.abc import Sequence
from difflib import unified_diff
from typing import Any

from index.catalogue import SqliteCatalogue
from index.rows import ARTICLE, article_of, article_row
from index.sentences import sentences
from index.types import Article

_COLUMNS = [each.strip() for each in ARTICLE.split(",")]
_TABLE = (
    f"CREATE TABLE IF NOT EXISTS versions ({', '.join(f'{each} TEXT' for each in _COLUMNS)}, PRIMARY KEY (id, sha256))"
    " STRICT, WITHOUT ROWID"
)


def is_later(one: Article, other: Article) -> bool:
    """Whether the first leads over the second when it is read after it."""
    mine, theirs = one.updated_at or one.published_at, other.updated_at or other.published_at
    return mine is None or theirs is None or mine >= theirs


def keep(catalogue: SqliteCatalogue, earlier: Article) -> None:
    """Keep an earlier version, in the transaction of the article that leads; the same words are kept once."""
    with catalogue.writing() as database:
        database.execute(_TABLE)
        row = article_row(earlier)[: len(_COLUMNS)]
        database.execute(f"INSERT OR REPLACE INTO versions ({ARTICLE}) VALUES ({', '.join('?' * len(row))})", row)


def forget(catalogue: SqliteCatalogue, article_id: str) -> None:
    """Forget the earlier versions of an article."""
    with catalogue.writing() as database:
        if _is_there(database):
            database.execute("DELETE FROM versions WHERE id = ?", (article_id,))


def earlier_versions(catalogue: SqliteCatalogue, article: Article) -> list[Article]:
    """The versions that an article leads, the latest first; not those with its own words."""
    with catalogue.reading() as database:
        if not _is_there(database):
            return []
        query = f"SELECT {ARTICLE} FROM versions WHERE id = ? AND sha256 <> ?"
        found = [article_of(row) for row in database.execute(query, (article.id, article.sha256))]
    return sorted(found, key=_age, reverse=True)


def led(catalogue: SqliteCatalogue, read: Sequence[Article]) -> tuple[dict[str, Article], list[Article]]:
    """Of articles just read, those that lead, by id; and the earlier versions, of these and of what the catalogue holds."""
    leading: dict[str, Article] = {}
    earlier: list[Article] = []
    for each in read:
        before = leading.get(each.id) or catalogue.article(each.id)
        if before is None or before.sha256 == each.sha256:
            leading[each.id] = each
        elif is_later(each, before):
            leading[each.id] = each
            earlier.append(before)
        else:
            earlier.append(each)
    return leading, earlier


def is_kept(catalogue: SqliteCatalogue, held: Article, article: Article) -> bool:
    """Whether an article is an earlier version of the one held, and kept as such already."""
    if is_later(article, held):
        return False
    return any(each.sha256 == article.sha256 for each in earlier_versions(catalogue, held))


def take_over(catalogue: SqliteCatalogue, other: SqliteCatalogue) -> None:
    """Keep another index's earlier versions of the articles that this one has too."""
    with other.reading() as database:
        if not _is_there(database):
            return
        rows = database.execute(f"SELECT {ARTICLE} FROM versions ORDER BY id, sha256").fetchall()
    with catalogue.writing():
        for version in map(article_of, rows):
            held = catalogue.article(version.id)
            if held is not None and held.sha256 != version.sha256:
                keep(catalogue, version)


def change(earlier: Article, later: Article) -> list[str]:
    """What differs, a sentence a line: "- " before what was taken out, "+ " before what was put in."""
    lines = unified_diff(_sentences(earlier.text), _sentences(later.text), n=0, lineterm="")
    return [f"{line[0]} {line[1:]}" for line in lines if line[:1] in "+-" and not line.startswith(("+++", "---"))]


def _sentences(text: str) -> Sequence[str]:
    return [text[each.start : each.end] for each in sentences(text)]


def _age(article: Article) -> tuple[Any, ...]:
    dated = article.updated_at or article.published_at or article.retrieved_at
    return dated, article.retrieved_at, article.sha256


def _is_there(database: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'versions'"
    return database.execute(query).fetchone() is not None
