"""Commands about the chat itself: keep it, go back to it, begin anew, leave."""

import json
from pathlib import Path
from typing import Any

from index.errors import UsageError
from rag.doors.chat.export import chat_to_json, chat_to_markdown
from rag.doors.chat.talk import Talk
from rag.doors.terminal.chats import show_chat_list, show_turns
from rag.doors.terminal.safe import one_line

MOST_LISTED = 10


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
        talk.forget()
        talk.answers = _read(words)
        talk.screen.line(f"Going on after {len(talk.answers)} answers of {one_line(words)}.", "dim")
        return
    go_on_with(talk, talk.chats.find(words).id)


def go_on_with(talk: Talk, chat_id: str) -> None:
    """Show a kept chat, and go on with it."""
    turns = talk.chats.turns(chat_id)
    show_turns(turns, talk.screen)
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
    try:
        answers = json.loads(Path(name).expanduser().read_text(encoding="utf-8"))["answers"]
        if not all(isinstance(each["question"], str) and isinstance(each["text"], str) for each in answers):
            raise ValueError("it holds no answers")
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{name} is not a saved chat.", "Save one with: /save chat.json") from error
    return list(answers)
