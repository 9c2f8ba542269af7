"""A home becomes one archive, and another home answers as it did: the whole way through the command line's parts."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from index.errors import BrokenError, MissingError, UsageError
from index.settings import IndexSettings
from rag.answer_json import answer_to_dict
from rag.conversations import open_chats
from rag.doors.cli import main
from rag.feedback import read_feedback, review_path, write_feedback
from rag.moving import export_home, import_home
from rag.settings import ModelSettings, Settings
from rag.wiring import open_engine

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = ("What was Scale AI's revenue in 2024?", "How long did the port strike last?", "Who founded Atlantis?")


def of(home: Path) -> Settings:
    return Settings(home=home, index=IndexSettings(embedder="hashing"), model=ModelSettings(runtime="scripted"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    assert run(home, "index", str(ROOT / "articles")) == 0
    answers = answers_of(home)
    write_feedback(home, answers[0], "wrong", "It was more.", "http")
    write_feedback(home, answers[1], "good")
    with open_chats(home) as chats:
        chat = chats.begin()
        chats.finish(chat, chats.ask(chat, QUESTIONS[0]), answers[0])
        chats.say(chat, chats.ask(chat, "And \u2028 then? 🚢"), "Stopped in the")
    return home


def run(home: Path, *arguments: str) -> int:
    sets = ("--set", "index.embedder=hashing", "--set", "model.runtime=scripted")
    return main(["--home", str(home), *arguments, *sets])


def answers_of(home: Path) -> list[dict[str, Any]]:
    engine = open_engine(home, of(home))
    try:
        answers = [answer_to_dict(engine.ask(each)) for each in QUESTIONS]
    finally:
        engine.close()
    # An answer's name and times are its own; all else must be the same, the receipt too.
    for each in answers:
        del each["id"], each["timings"]
        for passage in each["passages"]:
            passage["score"] = round(passage["score"], 4)
    return [{"id": f"ans_{number}", **each} for number, each in enumerate(answers)]


def said_in(home: Path) -> list[Any]:
    with open_chats(home) as chats:
        return [(each, chats.turns(each.id)) for each in chats.chats()]


def test_another_home_answers_the_same_with_its_chats_and_its_queue(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, other = tmp_path / "backup.zip", tmp_path / "other"
    capsys.readouterr()
    assert run(home, "export", str(archive), "--json") == 0
    exported = json.loads(capsys.readouterr().out)
    assert exported["articles"] > 10
    assert (exported["rows"]["chats"], exported["rows"]["turns"], exported["rows"]["feedback"]) == (1, 2, 2)
    assert run(other, "import", str(archive), "--json") == 0
    imported = json.loads(capsys.readouterr().out)
    assert imported["new"] == {"articles": exported["articles"], **exported["rows"]}
    assert answers_of(other) == answers_of(home)
    assert any(each["citations"] or each["declined"]["closest"] for each in answers_of(other))
    assert said_in(other) == said_in(home)
    assert list(read_feedback(other)) == list(read_feedback(home))
    assert run(other, "import", str(archive)) == 0
    assert capsys.readouterr().out.startswith(f"0 of {exported['articles']} articles are new.")
    assert said_in(other) == said_in(home)


def test_nothing_of_a_bad_archive_arrives(home: Path, tmp_path: Path) -> None:
    archive, other = tmp_path / "backup", tmp_path / "other"
    export_home(of(home), archive, folder=True)
    spoilt = (archive / "turns.jsonl").read_bytes().replace(b"Stopped", b"Stepped")
    (archive / "turns.jsonl").write_bytes(spoilt)
    with pytest.raises(BrokenError, match=r"turns\.jsonl.*its digest differs"):
        import_home(of(other), archive)
    assert not other.exists()


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("feedback", lambda row: row.update(verdict="bribed")),
        ("feedback", lambda row: row.update(answer_json="{")),
        ("feedback", lambda row: row.update(created_at="yesterday")),
        ("feedback", lambda row: row.pop("comment")),
        ("feedback", lambda row: row.update({"comment, id) values (1); --": "x"})),
        ("turns", lambda row: row.update(question=["x"])),
        ("turns", lambda row: row.update(ordinal=1 << 80)),
    ],
)
def test_rows_that_are_none_are_refused(
    home: Path, tmp_path: Path, table: str, change: Callable[[dict[str, Any]], object]
) -> None:
    archive, other = tmp_path / "backup", tmp_path / "other"
    export_home(of(home), archive, folder=True)
    file = archive / f"{table}.jsonl"
    rows = [json.loads(each) for each in file.read_bytes().split(b"\n") if each]
    change(rows[0])
    data = "".join(json.dumps(each) + "\n" for each in rows).encode()
    file.write_bytes(data)
    about = json.loads((archive / "archive.json").read_text(encoding="utf-8"))
    about["members"][file.name] = {"bytes": len(data), "sha256": sha256(data).hexdigest()}
    (archive / "archive.json").write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(BrokenError, match=f"Row 1 of {table} in the archive is not one"):
        import_home(of(other), archive)
    assert not other.exists()


def test_every_table_of_the_review_queue_moves(home: Path, tmp_path: Path) -> None:
    known = {name.removesuffix(".jsonl") for name in names(home, tmp_path / "one.zip")}
    assert {"feedback", "labels", "noticed", "chats", "turns"} <= known
    with closing(sqlite3.connect(review_path(home))) as store, store:
        store.execute("create table later (id text primary key)")
    try:
        with pytest.raises(MissingError, match="has later, which this installation does not know"):
            export_home(of(home), tmp_path / "two.zip")
        assert not (tmp_path / "two.zip").exists()
    finally:
        with closing(sqlite3.connect(review_path(home))) as store, store:
            store.execute("drop table later")


def names(home: Path, archive: Path) -> list[str]:
    export_home(of(home), archive)
    with ZipFile(archive) as file:
        return file.namelist()


def test_a_home_that_is_made_otherwise_says_how(home: Path, tmp_path: Path) -> None:
    archive = tmp_path / "backup.zip"
    export_home(of(home), archive)
    settings = replace(of(tmp_path / "other"), index=IndexSettings(embedder="hashing", passage_tokens=64))
    with pytest.raises(UsageError, match=r"--set index\.passage_tokens=250; or add --again"):
        import_home(settings, archive)
    assert import_home(settings, archive, again=True).new["articles"] > 10


KILLED = """
import os, sys
from pathlib import Path
import index.moving as moving
from rag.moving import import_home
sys.path.insert(0, sys.argv[4])
moving._BATCH = 2
settings = __import__("test_moving_settings").of(Path(sys.argv[1]))
def watch(doing, done, total):
    if doing == "importing" and done >= int(sys.argv[3]):
        os._exit(9)
import_home(settings, Path(sys.argv[2]), watch=watch)
"""


@pytest.mark.parametrize("after", [2, 8])
def test_an_import_that_was_killed_is_completed_by_the_next(home: Path, tmp_path: Path, after: int) -> None:
    archive, other = tmp_path / "backup.zip", tmp_path / "other"
    export_home(of(home), archive)
    (tmp_path / "test_moving_settings.py").write_text(
        "from index.settings import IndexSettings\nfrom rag.settings import ModelSettings, Settings\n"
        "def of(home):\n    return Settings(home=home, index=IndexSettings(embedder='hashing'),"
        " model=ModelSettings(runtime='scripted'))\n"
    )
    arguments = [str(other), str(archive), str(after), str(tmp_path)]
    killed = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)
    assert killed.returncode == 9
    moved = import_home(of(other), archive)
    assert 0 < moved.new["articles"] < moved.articles
    assert answers_of(other) == answers_of(home)
