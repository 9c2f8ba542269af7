"""SQLite tables as lines of an archive, and back into another home's tables.

By their names, columns ending in `_json` hold JSON and those ending in `_at` a moment in ISO 8601.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from index.errors import BrokenError

Scalar = str | int | float | None


def tables_in(path: Path) -> set[str]:
    """The tables of a database; none where there is no file."""
    if not path.exists():
        return set()
    with closing(sqlite3.connect(path, timeout=30)) as store:
        rows = store.execute("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
        return {name for (name,) in rows}


def read_rows(path: Path, table: str) -> Iterator[bytes]:
    """The rows of a table in their order, each a line of JSON; a number that only counts them is left out."""
    if table not in tables_in(path):
        return
    with closing(sqlite3.connect(path, timeout=30)) as store:
        names = _columns(store, table)
        for row in store.execute(f"select {', '.join(names)} from {table} order by rowid"):
            yield json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False).encode() + b"\n"


def check_rows(lines: Iterable[bytes], table: str, made_by: str) -> int:
    """How many rows there are. `made_by` is what makes the table. Raises BrokenError for a row that is none of it."""
    with closing(sqlite3.connect(":memory:")) as store:
        store.executescript(made_by)
        return _insert(store, table, lines)


def keep_rows(path: Path, lines: Iterable[bytes], table: str, made_by: str) -> int:
    """Add rows of another home; one that is there already stays as it is. How many are new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=30)) as store, store:
        store.executescript(made_by)
        before = store.total_changes
        _insert(store, table, lines)
        return store.total_changes - before


def _insert(store: sqlite3.Connection, table: str, lines: Iterable[bytes]) -> int:
    names = _columns(store, table)
    slots = ", ".join("?" * len(names))
    insert = f"insert into {table} ({', '.join(names)}) values ({slots}) on conflict do nothing"
    number = 0
    for number, line in enumerate(lines, 1):
        try:
            store.execute(insert, _values(json.loads(line), names))
        except (ValueError, TypeError, AttributeError, RecursionError, OverflowError, sqlite3.Error) as error:
            where = f"Row {number} of {table} in the archive"
            raise BrokenError(f"{where} is not one: {error}.", "Export again.") from error
    return number


def _columns(store: sqlite3.Connection, table: str) -> list[str]:
    """The columns but for a single integer key, which only counts the rows."""
    about = store.execute(f"pragma table_info({table})").fetchall()
    keys = [name for _, name, kind, _, _, key in about if key]
    counts = {name for _, name, kind, _, _, key in about if key and keys == [name] and kind.lower() == "integer"}
    return [name for _, name, *_ in about if name not in counts]


def _values(row: dict[str, Scalar], names: list[str]) -> list[Scalar]:
    if row.keys() != set(names):
        raise ValueError("its columns are others")
    for name, value in row.items():
        if not isinstance(value, str | int | float | None):
            raise ValueError(f"{name} is no single value")
        if isinstance(value, str) and name.endswith("_json"):
            json.loads(value)
        if isinstance(value, str) and name.endswith("_at"):
            datetime.fromisoformat(value)
    return [row[name] for name in names]
