"""One conversation in the terminal: what has been asked, under which filters, and how a question is answered."""

from dataclasses import dataclass, field
from typing import Any

from index.errors import BylineError, UsageError
from index.types import Filters
from rag.answer_json import answer_to_dict
from rag.conversations import Chats
from rag.doors.chat.late import LateEngine
from rag.doors.chat.names import Names
from rag.doors.parts import Parts
from rag.doors.terminal.bylines import day
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.screen import Screen, Spinner
from rag.doors.terminal.streaming import show_stream
from rag.noticing import notice
from rag.settings import Settings
from rag.types import Turn


@dataclass(slots=True)
class Talk:
    """The state of the chat. `answers` are the answer objects of this conversation, oldest first."""

    screen: Screen
    parts: Parts
    settings: Settings
    engine: LateEngine
    chats: Chats
    names: Names
    filters: Filters = field(default_factory=Filters)
    strictness: float | None = None
    chat_id: str = ""
    answers: list[dict[str, Any]] = field(default_factory=list)
    last_question: str = ""
    exit_code: int = 0
    over: bool = False

    def ask(self, question: str) -> None:
        """Answer one question; what goes wrong is said, and the chat goes on."""
        self.chat_id = self.chat_id or self.chats.begin()
        self.last_question = question
        ordinal = self.chats.ask(self.chat_id, question)
        history = tuple(Turn(question=each["question"], answer=each["text"]) for each in self.answers)
        try:
            spinner = Spinner(self.screen)
            with spinner.saying("waiting for the models"):
                engine = self.engine.get(spinner.say)
            answer = show_stream(
                engine.stream(question, history=history, filters=self.filters, strictness=self.strictness),
                self.screen,
                addresses=False,
                passed=lambda sentence: self.chats.say(self.chat_id, ordinal, sentence.text),
            )
        except KeyboardInterrupt:
            self.screen.line("Stopped.", "yellow")
            return
        except BylineError as error:
            self.fail(error)
            return
        except Exception as error:  # noqa: BLE001 - one answer's bug must not end the chat; it is said, and counted
            self.fail(
                BylineError(f"A bug: {type(error).__name__}: {error}.", "Ask in another way, or see byline doctor.")
            )
            return
        whole = answer_to_dict(answer)
        self.chats.finish(self.chat_id, ordinal, whole)
        self.answers.append(whole)
        notice(self.settings.home, whole, "terminal", self.settings.review.keep)

    def last(self) -> dict[str, Any]:
        """The last answer. Raises UsageError where there is none."""
        if not self.answers:
            raise UsageError("Nothing has been answered yet.")
        return self.answers[-1]

    def fail(self, error: BylineError) -> None:
        """Say what went wrong, and what mends it."""
        self.exit_code = error.exit_code
        self.screen.line(one_line(error.problem), "red")
        if error.remedy:
            self.screen.line(one_line(error.remedy), "dim")

    def forget(self) -> None:
        """Begin anew: what was said is kept in the chats, but no longer looked back at."""
        self.chat_id, self.answers, self.last_question = "", [], ""

    def status(self) -> str:
        """The filters that are on, in words; empty for none."""
        on = self.filters
        parts = [*on.publishers]
        parts += [f"since {day(on.since)}"] if on.since else []
        parts += [f"until {day(on.until)}"] if on.until else []
        parts += [f"as of {day(on.as_of)}"] if on.as_of else []
        parts += [f"strictness {self.strictness:g}"] if self.strictness is not None else []
        return one_line(" · ".join(parts))
