"""Commands about the chat itself: keep it, go back to it, begin anew, leave."""

import json
from pathlib import Path
from typing import Any

from index.errors import UsageError
from rag.doors.chat.export import chat_to_json, chat_to_markdown
from rag.doors.chat.talk import Talk
from rag.doors.terminal.chats import show_chat_list, show_turn, show_turns
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.shown import read_shown
from rag.doors.terminal.streaming import count

MOST_LISTED = 10
KEYS = {"question", "text", "passages", "timings", "usage", "receipt"}
"""What a later command reads of an answer, beside what is shown."""


def save_chat(talk: Talk, words: str) -> None:
    """The answers of this chat in a file."""
    if not talk.answers:
        raise UsageError("There is nothing to save yet.")
    path = Path(words).expanduser()
    if not words or path.suffix not in (".md", ".json"):
        raise UsageError("Name a file that ends in .md or .json.", "For example: /save chat.md")
    write = chat_to_json if path.suffix == ".json" else chat_to_markdown
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(write(talk.answers))
    except FileExistsError as error:
        raise UsageError(f"{words} is there already.", "Give another name.") from error
    except OSError as error:
        raise UsageError(f"{words} cannot be written: {error.strerror}.", "Give another name.") from error
    talk.screen.line(f"Saved in {one_line(str(path))}.", "green")


def load_chat(talk: Talk, words: str) -> None:
    """Go on with a chat of this home, or one saved as JSON; without a name, list the last ones."""
    if not words:
        show_chat_list(talk.chats.chats()[:MOST_LISTED], talk.screen)
        return
    if words.endswith(".json"):
        answers = _read(words)
        talk.forget()
        talk.answers, talk.last_question = answers, answers[-1]["question"]
        for each in answers:
            show_turn(each["question"], each, talk.screen, addresses=False)
        talk.screen.line(f"Going on after {count(len(answers), 'answer')} of {one_line(words)}.", "dim")
        return
    go_on_with(talk, talk.chats.find(words).id)


def go_on_with(talk: Talk, chat_id: str) -> None:
    """Show a kept chat, and go on with it."""
    turns = talk.chats.turns(chat_id)
    show_turns(turns, talk.screen, addresses=False)
    talk.chat_id = chat_id
    talk.answers = [turn.answer for turn in turns if turn.answer]
    talk.last_question = turns[-1].question if turns else ""


def begin_anew(talk: Talk, _: str) -> None:
    """Forget what was said."""
    talk.forget()
    talk.screen.line("A new chat. Nothing said before is looked back at.", "dim")


def leave(talk: Talk, _: str) -> None:
    """Leave."""
    talk.over = True


def _read(name: str) -> list[dict[str, Any]]:
    """The answers of a file that /save wrote, or `byline chats show --json`."""
    try:
        held = json.loads(Path(name).expanduser().read_text(encoding="utf-8"))
        turns = held["answers"] if "answers" in held else [each["answer"] for each in held["turns"]]
        answers = [dict(each) for each in turns if each]
        for each in answers:
            read_shown(each)
        whole = all(isinstance(each["question"], str) and each.keys() >= KEYS for each in answers)
        if not answers or not whole:
            raise ValueError("it holds no whole answer")
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}.", "Give another name.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{name} is not a saved chat.", "Save one with: /save chat.json") from error
    return answers
