import sqlite3
from contextlib import closing

import pytest

from index.errors import BrokenError, UsageError
from rag.conversations import open_chats
from rag.feedback import read_feedback, review_path, write_feedback

ANSWER = {"id": "ans_1", "question": "Why?", "text": "Because [1].", "odd": "\ud800"}


def test_what_was_said_is_there_when_the_chats_are_opened_again(tmp_path):
    with open_chats(tmp_path) as chats:
        chat = chats.begin()
        assert chats.chats() == []
        first = chats.ask(chat, "Why?")
        chats.say(chat, first, "Because [1].")
        chats.finish(chat, first, ANSWER)
        second = chats.ask(chat, "And then?")
        chats.say(chat, second, "One.")
        chats.say(chat, second, "Two.")
    with open_chats(tmp_path) as chats:
        (kept,) = chats.chats()
        assert (kept.id, kept.title, kept.turns) == (chat, "Why?", 2)
        one, two = chats.turns(chat)
        assert one.answer == ANSWER and one.as_history().answer == "Because [1]."
        assert (two.said, two.answer, two.as_history()) == ("One. Two.", None, None)


def test_chats_are_found_by_the_beginning_of_their_id_and_removed_whole(tmp_path):
    with open_chats(tmp_path) as chats:
        ids = [chats.begin() for _ in range(2)]
        for each in ids:
            chats.ask(each, "Why?")
        assert chats.find(ids[0]).id == ids[0]
        with pytest.raises(UsageError, match="2 chats"):
            chats.find("")
        with pytest.raises(UsageError, match="No chat"):
            chats.find("zz")
        chats.remove(ids[0])
        assert [each.id for each in chats.chats()] == [ids[1]]
        assert chats.turns(ids[0]) == []


def test_a_damaged_store_is_named(tmp_path):
    (tmp_path / "chats.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(BrokenError, match=r"chats\.sqlite"), open_chats(tmp_path):
        pass


def test_feedback_is_kept_with_the_whole_answer(tmp_path):
    assert list(read_feedback(tmp_path)) == []
    wrong = write_feedback(tmp_path, ANSWER, "wrong", "It was him.")
    good = write_feedback(tmp_path, ANSWER, "good", door="http")
    assert list(read_feedback(tmp_path)) == [wrong, good]
    assert (wrong.answer, wrong.comment, good.door) == (ANSWER, "It was him.", "http")
    with closing(sqlite3.connect(review_path(tmp_path))) as store:
        columns = [row[1] for row in store.execute("pragma table_info(feedback)")]
    assert columns == ["id", "created_at", "answer_id", "question", "answer_json", "verdict", "comment", "door"]
