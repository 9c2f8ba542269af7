"""Earlier chats on the screen."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from rag.conversations import Chat, KeptTurn
from rag.doors.terminal.answers import show_answer
from rag.doors.terminal.bylines import day
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.screen import Screen
from rag.doors.terminal.shown import read_shown
from rag.doors.terminal.streaming import count


def show_chat_list(chats: Sequence[Chat], screen: Screen) -> None:
    """One line a chat: id, day, turns, first question."""
    if not chats:
        screen.line("No chat yet.")
        return
    rows = [(each.id, day(each.created_at), count(each.turns, "turn"), one_line(each.title)) for each in chats]
    screen.table(("id", "begun", "length", "first question"), rows)


def show_turns(turns: Sequence[KeptTurn], screen: Screen, *, addresses: bool = True) -> None:
    """Each question with its answer; of one that was stopped, what had passed."""
    for turn in turns:
        show_turn(turn.question, turn.answer, screen, said=turn.said, addresses=addresses)


def show_turn(
    question: str, answer: Mapping[str, Any] | None, screen: Screen, *, said: str = "", addresses: bool = True
) -> None:
    """One question with its answer, or with what had passed before it was stopped."""
    screen.line(Text.assemble(("> ", "bold cyan"), (one_line(question), "bold")))
    if answer:
        show_answer(read_shown(answer), screen, addresses=addresses)
    else:
        screen.line(f"{one_line(said)} (stopped)".strip(), "dim")
    screen.line()
