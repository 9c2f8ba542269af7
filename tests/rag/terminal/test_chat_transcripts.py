"""Whole conversations under a pseudo-terminal, as the screen shows them, compared with kept ones."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest

pytest.importorskip("pty", reason="there are no pseudo-terminals here")


@pytest.mark.parametrize("columns", [40, 100, 200])
def test_a_conversation_looks_as_kept(terminal, golden, wire, columns):
    chat = terminal("chat", columns=columns)
    for number, entry in enumerate(wire.CONVERSATION, 1):
        chat.prompted(number)
        chat.say(entry)
    chat.prompted(len(wire.CONVERSATION) + 1)
    chat.say("/quit")
    assert chat.end() == 0
    golden(f"chat-{columns}.txt", chat.shown())


@pytest.mark.parametrize("columns", [40, 100])
def test_wide_and_right_to_left_words_keep_their_columns(terminal, golden, columns):
    chat = terminal("chat", columns=columns)
    chat.prompted(1)
    chat.say("列車は何時に出ますか")
    chat.prompted(2)
    chat.say("/open 1")
    chat.prompted(3)
    chat.say("/articles")
    chat.prompted(4)
    chat.say("\x04", end="")
    assert chat.end() == 0
    golden(f"chat-wide-{columns}.txt", chat.shown())


def test_an_article_cannot_steer_the_terminal(terminal, golden):
    chat = terminal("chat", columns=100)
    for number, entry in enumerate(("What does the post say?", "/open 1", "/sources", "/articles evil"), 1):
        chat.prompted(number)
        chat.say(entry)
    chat.prompted(5)
    chat.say("\x04", end="")
    chat.end()
    said = chat.raw.decode()
    assert "Press here" in said
    for steering in ("\x1b[2J", "\x1b]8", "\x1b]0", "\x9b", "\u202e", "evil.example"):
        assert steering not in said
    golden("chat-hostile.txt", chat.shown())


def test_plain_lines_for_a_screen_reader(terminal, golden):
    chat = terminal("chat", "--plain", columns=100)
    for number, entry in enumerate(("How much is the heating fund?", "/help", "When does the\\"), 1):
        chat.prompted(number)
        chat.say(entry)
    chat.wait_for("\n.\n")
    chat.say("night train leave?")
    chat.wait_for("The night train leaves at nine [1]")
    chat.say("\x04", end="")
    assert chat.end() == 0
    assert b"\x1b[3" not in chat.raw
    golden("chat-plain.txt", chat.shown())


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"NO_COLOR": "1"}])
def test_a_dumb_or_colourless_terminal(terminal, environment):
    chat = terminal("chat", columns=80, **environment)
    chat.prompted(1)
    chat.say("When does the night train leave?")
    chat.wait_for("“The night train leaves at nine.”")
    chat.say("\x04", end="")
    assert chat.end() == 0
    coloured = [f"\x1b[3{colour}m".encode() for colour in range(1, 8)]
    assert not any(colour in chat.raw for colour in coloured)


def test_ctrl_c_stops_the_answer_and_the_chat_goes_on(terminal):
    chat = terminal("chat")
    chat.prompted(1)
    chat.say("slow")
    chat.wait_for("The night train leaves at nine [1].")
    chat.interrupt()
    chat.wait_for("Stopped.")
    chat.prompted(2)
    chat.say("/again")
    chat.wait_for("The night train leaves at nine [1].", 2)
    chat.interrupt()
    chat.wait_for("Stopped.", 2)
    chat.say("\x04", end="")
    assert chat.end() == 0


def test_several_lines_and_a_long_paste(terminal, tmp_path):
    chat = terminal("chat")
    chat.prompted(1)
    chat.say("When does the\\")
    chat.say("night train leave?")
    chat.wait_for("“The night train leaves at nine.”")
    chat.prompted(2)
    chat.say("\x1b[200~" + "word " * 2000 + "\x1b[201~")
    chat.wait_for("at most 4000 are read")
    chat.say("\x04", end="")
    assert chat.end() == 0


def test_what_was_said_survives_a_kill_and_can_be_gone_on_with(terminal, tmp_path):
    chat = terminal("chat")
    chat.prompted(1)
    chat.say("When does the night train leave?")
    chat.prompted(2)
    chat.say("slow")
    chat.wait_for("The night train leaves at nine [1].", 2)
    chat.kill()
    with closing(sqlite3.connect(tmp_path / "home" / "chats.sqlite")) as store:
        kept = store.execute("select question, said, answer_json from turns order by ordinal").fetchall()
    assert [(question, said) for question, said, _ in kept] == [
        ("When does the night train leave?", "The night train leaves at nine [1]."),
        ("slow", "The night train leaves at nine [1]."),
    ]
    assert json.loads(kept[0][2])["status"] == "answered" and kept[1][2] is None
    again = terminal("chat", "--continue")
    again.wait_for("(stopped)")
    again.say("/save " + str(tmp_path / "chat.md"))
    again.wait_for("Saved in")
    again.say("\x04", end="")
    assert again.end() == 0
    assert "The night train leaves at nine" in (tmp_path / "chat.md").read_text()


def test_history_and_completion(terminal):
    chat = terminal("chat")
    chat.prompted(1)
    chat.say("/pub\t", end="")
    chat.wait_for("> /publisher")
    chat.say(" har\t", end="")
    chat.wait_for("> /publisher Harbor Wire")
    chat.say("")
    chat.wait_for("Asking with: Harbor Wire.")
    chat.say("\x1b[A", end="")
    chat.wait_for("> /publisher Harbor Wire", 2)
    chat.say("\x03", end="")
    chat.wait_for("Ctrl-D leaves.", 2)
    chat.say("\x04", end="")
    assert chat.end() == 0


def test_a_question_typed_while_the_models_load_waits_its_turn(terminal, tmp_path):
    gate = tmp_path / "gate"
    chat = terminal("chat", WIRE_GATE=str(gate))
    chat.prompted(1)
    chat.say("When does the night train leave?")
    chat.wait_for("loading scripted")
    assert not chat.echoes()
    chat.say("Who is the mayor?")
    assert "night train leaves" not in chat.shown()
    gate.touch()
    chat.wait_for("Declined.")
    chat.prompted(3)
    shown = chat.shown()
    assert shown.index("The night train leaves at nine [1].") < shown.index("> Who is the mayor?")
    assert shown.count("Who is the mayor?") == 1
    chat.say("\x04", end="")
    assert chat.end() == 0


def test_what_was_typed_comes_back_in_the_next_session_and_titles_complete(terminal):
    first = terminal("chat")
    first.prompted(1)
    first.say("When does the night train leave?")
    first.prompted(2)
    first.say("/quit")
    assert first.end() == 0
    second = terminal("chat")
    second.prompted(1)
    second.say("\x1b[A\x1b[A", end="")
    second.wait_for("> When does the night train leave?")
    second.say("\x15What of vall\t", end="")
    second.wait_for("> What of Valley ")
    second.say("\x15/articles corr\t", end="")
    second.wait_for("> /articles Correction: the heating fund")
    second.say("")
    second.wait_for("art_0002")
    second.say("\x04", end="")
    assert second.end() == 0


@pytest.mark.skipif(shutil.which("less") is None, reason="less is not installed")
@pytest.mark.parametrize("columns", [40, 100])
def test_an_article_opens_in_the_pager_at_its_quote(terminal, columns):
    chat = terminal("chat", columns=columns, PAGER="less", LESS="", rows=24)
    chat.prompted(1)
    chat.say("What does the ledger say?")
    chat.prompted(2)
    chat.say("/open 1")
    chat.wait_for("»The ledger closed at nine.«")
    chat.wait_for(":")
    assert "Line 1 of the ledger." not in chat.shown() and "\x1b[1;7m»".encode() in chat.raw
    chat.say("q", end="")
    chat.wait_for("\n>")
    chat.say("/quit")
    assert chat.end() == 0


@pytest.mark.parametrize("columns", [40, 100, 200])
def test_help_long_lines_and_earlier_chats_look_as_kept(terminal, golden, columns):
    long = "When does the night train leave, " + "and tell me all of it, " * 4 + "please?"
    chat = terminal("chat", columns=columns)
    for number, entry in enumerate(("/help", "When does the night train leave?", "/again", long), 1):
        chat.prompted(number)
        chat.say(entry)
    chat.prompted(5)
    chat.say("/quit")
    assert chat.end() == 0
    golden(f"chat-help-{columns}.txt", chat.shown())
    listed = terminal("chats", "list", columns=columns)
    assert listed.end() == 0
    assert "3 turns" in listed.shown()
