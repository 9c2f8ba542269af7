"""The line that is typed into: several lines, history, completion. Without a clever terminal, a plain line."""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

MARK = "> "
MORE = ". "
MOST_OFFERED = 50

Offer = tuple[str, str]
"""A text that completes, and what it means."""
Suggest = Callable[[str], tuple[int, Sequence[Offer]]]
"""The text before the cursor to how many of its characters are replaced, and by what."""
Shown = Callable[[], None]
"""Called whenever the prompt is on the screen: what is slow begins then, and not before."""


class Prompt(Protocol):
    """Reads what is typed."""

    def read(self) -> str:
        """One entry. Raises EOFError to leave and KeyboardInterrupt to drop the entry."""
        ...


class PlainPrompt:
    """A line at a time, for screen readers and terminals that cannot move their cursor."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown

    def read(self) -> str:
        """One entry; a line that ends in a backslash goes on in the next."""
        print(MARK, end="", flush=True)
        self._shown()
        lines = [input()]
        while lines[-1].endswith("\\"):
            lines[-1] = lines[-1][:-1]
            lines.append(input(MORE))
        return "\n".join(lines)


class RichPrompt:
    """An editor of a few lines: Enter sends, Alt-Enter or a backslash at the end begins another line."""

    def __init__(self, history: Path, suggest: Suggest, status: Callable[[], str], shown: Shown) -> None:
        self._status = status
        self._shown = shown
        self._session: PromptSession[str] = PromptSession(
            message=self._message,
            history=_history(history),
            completer=_Suggesting(suggest),
            complete_while_typing=Condition(lambda: get_app().current_buffer.text.startswith("/")),
            multiline=True,
            prompt_continuation=lambda width, line, wrapped: " " * width if wrapped else MORE,
            key_bindings=_keys(),
            reserve_space_for_menu=4,
            enable_open_in_editor=False,
        )
        self._session.app.after_render += self._rendered

    def read(self) -> str:
        """One entry."""
        return self._session.prompt()

    def _rendered(self, _: object) -> None:
        self._shown()

    def _message(self) -> FormattedText:
        said = self._status()
        above = [("ansibrightblack", f"({said})\n")] if said else []
        return FormattedText([*above, ("bold ansicyan", MARK)])


class _Suggesting(Completer):
    def __init__(self, suggest: Suggest) -> None:
        self._suggest = suggest

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        replaced, offers = self._suggest(document.text_before_cursor)
        for text, meaning in offers[:MOST_OFFERED]:
            yield Completion(text, start_position=-replaced, display_meta=meaning)


def _history(path: Path) -> FileHistory:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with contextlib.suppress(OSError):
        path.chmod(0o600)
    return FileHistory(path)


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def send(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.document.text_before_cursor.endswith("\\") and buffer.document.is_cursor_at_the_end:
            buffer.delete_before_cursor()
            buffer.insert_text("\n")
        else:
            buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def break_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @keys.add("tab")
    def complete(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state:
            buffer.complete_next()
            return
        offers = list(buffer.completer.get_completions(buffer.document, CompleteEvent(completion_requested=True)))
        if len(offers) == 1:
            buffer.apply_completion(offers[0])
        elif offers:
            buffer.start_completion(select_first=True)

    return keys
