"""What can be said after a slash. Each command is a function of the talk and the words that follow it."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass

from rich.text import Text

from index.errors import BylineError
from rag.doors.chat import about_answers, about_articles, about_chats, about_filters, about_making
from rag.doors.chat.talk import Talk

Run = Callable[[Talk, str], None]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, what follows it, what it does in words and in deed."""

    name: str
    takes: str
    does: str
    run: Run


def show_help(talk: Talk, _: str) -> None:
    """List the commands."""
    rows = [(Text(f"{each.name} {each.takes}".strip(), "cyan"), each.does) for each in COMMANDS]
    talk.screen.table(("", ""), rows, between=": ")
    talk.screen.line("Tab completes commands, files, and the names of publishers and articles.", "dim")
    talk.screen.line("Alt-Enter, or a backslash at the end, begins another line. Ctrl-C stops an answer.", "dim")


COMMANDS = (
    Command("/help", "", "this list", show_help),
    Command("/sources", "", "the sources of the last answer, with their addresses", about_answers.show_sources_again),
    Command("/open", "N", "the article of source N, at the quote", about_answers.open_source),
    Command("/why", "", "what was searched for and found, and how each sentence was checked", about_making.show_why),
    Command("/again", "", "ask the last question again", about_answers.ask_again),
    Command("/good", "", "the last answer is right", about_answers.call_good),
    Command("/wrong", "[WHAT IS RIGHT]", "the last answer is wrong", about_answers.call_wrong),
    Command("/since", "[DATE]", "only articles from this day on", about_filters.set_since),
    Command("/until", "[DATE]", "only articles up to this day", about_filters.set_until),
    Command("/as-of", "[DATE]", "as if asked on this day", about_filters.set_as_of),
    Command("/publisher", "[NAME]", "only this publisher, and those already named", about_filters.add_publisher),
    Command("/clear-filters", "", "all articles again", about_filters.clear_filters),
    Command("/strict", "[0..1]", "0 says most, 1 declines most", about_filters.set_strictness),
    Command("/model", "[NAME]", "the model that answers, or another one", about_articles.choose_model),
    Command(
        "/articles",
        "[WORDS]",
        "the articles with these words in title, publisher or address",
        about_articles.list_some,
    ),
    Command("/add", "PATH|URL", "read more articles", about_articles.add_articles),
    Command("/save", "FILE", "this chat as Markdown, or as JSON for a name in .json", about_chats.save_chat),
    Command("/load", "[ID|FILE]", "go on with an earlier chat", about_chats.load_chat),
    Command("/new", "", "forget what was said, and begin anew", about_chats.begin_anew),
    Command("/quit", "", "leave (Ctrl-D)", about_chats.leave),
)
BY_NAME = {each.name: each for each in COMMANDS}


def obey(talk: Talk, line: str) -> None:
    """Run the command of a line; an unknown one is answered with the nearest."""
    name, _, words = line.strip().partition(" ")
    command = BY_NAME.get(name.lower())
    if command is None:
        near = difflib.get_close_matches(name.lower(), list(BY_NAME), n=1, cutoff=0.4)
        hint = f"Did you mean {near[0]}?" if near else "/help lists what can be said."
        talk.screen.line(f"There is no {name}. {hint}" if name.isprintable() else f"No such command. {hint}", "yellow")
        return
    try:
        command.run(talk, words.strip())
    except KeyboardInterrupt:
        talk.screen.line("Stopped.", "yellow")
    except BylineError as error:
        talk.fail(error)
    except Exception as error:  # noqa: BLE001 - one command's bug must not end the chat; it is said, and counted
        talk.fail(BylineError(f"A bug: {type(error).__name__}: {error}.", "See: byline doctor"))
