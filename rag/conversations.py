"""Chats kept in SQLite: a question is written when it is asked and each sentence as it passes, so a kill loses nothing said."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from index.errors import BrokenError, UsageError
from rag.types import Turn

TABLES = """
create table if not exists chats (
  id text primary key, created_at text not null, title text not null);
create table if not exists turns (
  chat_id text not null references chats(id) on delete cascade,
  ordinal integer not null,
  asked_at text not null,
  question text not null,
  said text not null default '',
  answer_json text,
  primary key (chat_id, ordinal));
"""


@dataclass(frozen=True, slots=True)
class Chat:
    """One chat; its title is its first question."""

    id: str
    created_at: datetime
    title: str
    turns: int

    def to_dict(self) -> dict[str, Any]:
        """The chat as plain JSON values, without what was said."""
        return {"id": self.id, "created_at": self.created_at.isoformat(), "title": self.title, "turns": self.turns}


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One question; `answer` is the answer object, None where the answer was stopped, and then `said` is what had passed."""

    ordinal: int
    asked_at: datetime
    question: str
    said: str
    answer: dict[str, Any] | None

    def to_dict(self) -> dict[str, Any]:
        """The turn as plain JSON values."""
        return {
            "asked_at": self.asked_at.isoformat(),
            "question": self.question,
            "said": self.said,
            "answer": self.answer,
        }

    def as_history(self) -> Turn | None:
        """What a follow-up may look back at; None for a turn that was never answered."""
        return Turn(question=self.question, answer=str(self.answer["text"])) if self.answer else None


class Chats:
    """The chats of one home."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._store = connection

    def begin(self) -> str:
        """The id of a new chat; it is kept from its first question on."""
        return uuid4().hex[:12]

    def ask(self, chat_id: str, question: str) -> int:
        """Keep a question; returns its ordinal. Durable on return."""
        now = datetime.now(UTC).isoformat()
        with self._store:
            self._store.execute("insert or ignore into chats values (?, ?, ?)", (chat_id, now, question))
            (ordinal,) = self._store.execute(
                "select coalesce(max(ordinal), 0) + 1 from turns where chat_id = ?", (chat_id,)
            ).fetchone()
            self._store.execute(
                "insert into turns (chat_id, ordinal, asked_at, question) values (?, ?, ?, ?)",
                (chat_id, ordinal, now, question),
            )
        return int(ordinal)

    def say(self, chat_id: str, ordinal: int, sentence: str) -> None:
        """Keep a sentence that has passed."""
        with self._store:
            self._store.execute(
                "update turns set said = ltrim(said || ' ' || ?) where chat_id = ? and ordinal = ?",
                (sentence, chat_id, ordinal),
            )

    def finish(self, chat_id: str, ordinal: int, answer: dict[str, Any]) -> None:
        """Keep the whole answer object."""
        with self._store:
            self._store.execute(
                "update turns set said = ?, answer_json = ? where chat_id = ? and ordinal = ?",
                (answer["text"], json.dumps(answer), chat_id, ordinal),
            )

    def chats(self) -> list[Chat]:
        """All chats, the one spoken in last first, ties by id."""
        rows = self._store.execute(
            "select c.id, c.created_at, c.title, count(*), max(t.asked_at) as last from chats c join turns t"
            " on t.chat_id = c.id group by c.id order by last desc, c.id"
        )
        return [Chat(id_, datetime.fromisoformat(created), title, turns) for id_, created, title, turns, _ in rows]

    def find(self, beginning: str) -> Chat:
        """The chat whose id begins so; raises UsageError for none, and for more than one."""
        found = [chat for chat in self.chats() if chat.id.startswith(beginning)]
        if len(found) == 1:
            return found[0]
        problem = f"No chat's id begins with {beginning!r}." if not found else f"{len(found)} chats begin so."
        raise UsageError(problem, "See: byline chats list")

    def turns(self, chat_id: str) -> list[KeptTurn]:
        """What was said in a chat, in order."""
        rows = self._store.execute(
            "select ordinal, asked_at, question, said, answer_json from turns where chat_id = ? order by ordinal",
            (chat_id,),
        )
        return [
            KeptTurn(ordinal, datetime.fromisoformat(asked), question, said, json.loads(answer) if answer else None)
            for ordinal, asked, question, said, answer in rows
        ]

    def remove(self, chat_id: str) -> None:
        """Forget a chat."""
        with self._store:
            self._store.execute("delete from chats where id = ?", (chat_id,))


@contextmanager
def open_chats(home: Path) -> Iterator[Chats]:
    """The chats of a home, in `<home>/chats.sqlite`."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "chats.sqlite"
    try:
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            connection.execute("pragma journal_mode=wal")
            connection.execute("pragma foreign_keys=on")
            connection.executescript(TABLES)
            yield Chats(connection)
    except sqlite3.DatabaseError as error:
        raise BrokenError(f"{path} cannot be used: {error}.", "Move it away; a new one is made.") from error
