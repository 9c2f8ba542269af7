"""What completes what is typed: commands, numbers of sources, publishers, titles, files."""

from collections.abc import Iterable
from pathlib import Path

from rag.doors.chat.commands import BY_NAME, COMMANDS
from rag.doors.chat.prompt import Offer
from rag.doors.chat.talk import Talk
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.shown import read_shown

SHORTEST = 3


def suggest(talk: Talk, before: str) -> tuple[int, list[Offer]]:
    """How many characters before the cursor are replaced, and by what."""
    name, space, words = before.partition(" ")
    if before.startswith("/") and not space:
        return len(before), [(each.name, each.does) for each in COMMANDS if each.name.startswith(before.lower())]
    if name in BY_NAME:
        return _after_command(talk, name, words)
    return _in_question(talk, before)


def _after_command(talk: Talk, name: str, words: str) -> tuple[int, list[Offer]]:
    if name == "/publisher":
        return len(words), _beginning(words, talk.names.publishers())
    if name == "/articles":
        return len(words), _beginning(words, talk.names.titles())
    chats = talk.chats.chats() if name == "/load" else []
    if kept := [(each.id, one_line(each.title)) for each in chats if each.id.startswith(words)]:
        return len(words), kept
    if name in ("/add", "/save", "/load") and words:
        return len(words), _files(words)
    if name == "/open" and talk.answers:
        quotes = read_shown(talk.answers[-1]).quotes()
        return len(words), [(str(each.number), each.title or "") for each in quotes]
    return 0, []


def _in_question(talk: Talk, before: str) -> tuple[int, list[Offer]]:
    """Publishers and titles that begin with the last words typed, the longest run of words first."""
    line = before.rpartition("\n")[2]
    starts = [0, *(at + 1 for at, character in enumerate(line) if character == " ")]
    for start in starts:
        words = line[start:]
        if len(words.strip()) >= SHORTEST:
            offers = _beginning(words, (*talk.names.publishers(), *talk.names.titles()))
            if offers:
                return len(words), offers
    return 0, []


def _files(words: str) -> list[Offer]:
    """Files and folders whose path begins so, hidden ones only where they are asked for."""
    folder, slash, name = words.rpartition("/")
    try:
        found = sorted(Path(folder + slash or ".").expanduser().iterdir())
    except OSError:
        return []
    return [
        (f"{folder}{slash}{each.name}{'/' if each.is_dir() else ''}", "")
        for each in found
        if each.name.startswith(name) and each.name.isprintable() and (name or not each.name.startswith("."))
    ]


def _beginning(words: str, names: Iterable[str]) -> list[Offer]:
    return [(name, "") for name in names if name.casefold().startswith(words.casefold())]
