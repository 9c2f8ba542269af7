"""The chat: opens what it needs behind the prompt, then reads and answers until it is left."""

import sys
from collections.abc import Iterator
from contextlib import nullcontext

from index.types import Filters
from rag.conversations import Chats, open_chats
from rag.doors.chat.about_chats import go_on_with
from rag.doors.chat.commands import obey
from rag.doors.chat.completing import suggest
from rag.doors.chat.late import LateEngine
from rag.doors.chat.names import Names
from rag.doors.chat.prompt import PlainPrompt, Prompt, RichPrompt
from rag.doors.chat.talk import Talk
from rag.doors.parts import Parts
from rag.doors.terminal.echo import unechoed
from rag.doors.terminal.screen import Screen, open_screen
from rag.settings import Settings

WELCOME = "Ask your articles. /help lists what can be said; Ctrl-D leaves."


def run_chat(parts: Parts, settings: Settings, filters: Filters, *, go_on: bool = False, plain: bool = False) -> int:
    """Talk until the user leaves, or until the pipe ends; returns the exit code."""
    screen = open_screen(plain=plain, together=True)
    with open_chats(settings.home) as chats:
        talk = _begin(parts, settings, filters, chats, screen)
        try:
            kept = chats.chats()[:1] if go_on else []
            for last in kept:
                go_on_with(talk, last.id)
            if go_on and not kept:
                screen.line("There is no chat yet to go on with; this is the first.", "dim")
            if sys.stdin.isatty():
                _converse(talk)
                return 0
            _answer_pipe(talk)
            return talk.exit_code
        finally:
            talk.engine.leave()


def _begin(parts: Parts, settings: Settings, filters: Filters, chats: Chats, screen: Screen) -> Talk:
    return Talk(
        screen=screen,
        parts=parts,
        settings=settings,
        engine=LateEngine(parts.engine, settings),
        chats=chats,
        names=Names(lambda: parts.catalogue(settings)),
        filters=filters,
    )


def _converse(talk: Talk) -> None:
    prompt = _prompt(talk)
    talk.screen.line(WELCOME, "dim")
    # An editor shows what is typed itself, and what was typed ahead when its turn comes; a plain line needs the echo.
    with nullcontext() if talk.screen.plain else unechoed():
        while not talk.over:
            try:
                entry = prompt.read()
            except KeyboardInterrupt:
                talk.screen.line("Ctrl-D leaves.", "dim")
                continue
            except EOFError:
                return
            _take(talk, entry)


def _prompt(talk: Talk) -> Prompt:
    opened = iter((talk.names.start, talk.engine.start))

    def shown() -> None:
        # The imports of the models hold the interpreter for long stretches; begun earlier, they hold up the prompt.
        for start in opened:
            start()

    if talk.screen.plain:
        return PlainPrompt(shown)
    history = talk.settings.home / "chat_history"
    return RichPrompt(history, lambda before: suggest(talk, before), talk.status, shown)


def _answer_pipe(talk: Talk) -> None:
    for entry in _entries(sys.stdin):
        _take(talk, entry)
        if talk.over:
            return


def _entries(lines: Iterator[str]) -> Iterator[str]:
    """Lines of a pipe, those that end in a backslash joined with the next."""
    held = ""
    for line in lines:
        held += line.rstrip("\r\n")
        if held.endswith("\\"):
            held = held[:-1] + "\n"
            continue
        yield held
        held = ""
    if held:
        yield held


def _take(talk: Talk, entry: str) -> None:
    entry = entry.replace("\r\n", "\n").replace("\r", "\n").strip()
    if entry.startswith("/"):
        obey(talk, entry)
    elif entry:
        talk.ask(entry)
    if entry:
        talk.screen.line()
