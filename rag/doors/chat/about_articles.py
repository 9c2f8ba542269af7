"""Commands about the articles and the model."""

from dataclasses import replace

from index.errors import UsageError
from rag.doors.chat.talk import Talk
from rag.doors.terminal.articles import show_article_list
from rag.doors.terminal.bylines import heading, where
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.screen import Spinner

MOST_LISTED = 20


def list_some(talk: Talk, words: str) -> None:
    """The articles whose publisher, title or address holds all the words, under the filters of now."""
    wanted = words.casefold().split()
    with talk.parts.catalogue(talk.settings) as catalogue:
        found = [
            each
            for each in catalogue.articles(talk.filters)
            if all(word in f"{heading(each)} {where(each)}".casefold() for word in wanted)
        ]
    show_article_list(found[:MOST_LISTED], talk.screen)
    if len(found) > MOST_LISTED:
        talk.screen.line(f"and {len(found) - MOST_LISTED} more; /articles WORDS narrows the list.", "dim")


def add_articles(talk: Talk, words: str) -> None:
    """Read more articles; the engine opens anew to see them."""
    if not words:
        raise UsageError("What is to be read?", "Give a file, a folder or an address: /add PATH|URL")
    spinner = Spinner(talk.screen)
    with spinner.saying("closing the index"):
        talk.engine.close()
        try:
            lines = talk.parts.add(talk.settings, [words], spinner.say)
        finally:
            talk.engine.start()
            talk.names.start()
    for line in lines:
        talk.screen.line(one_line(line))


def choose_model(talk: Talk, words: str) -> None:
    """The model that answers; with a name, another one is loaded behind the prompt."""
    if words:
        talk.settings = replace(talk.settings, model=replace(talk.settings.model, name=words))
        talk.engine.reopen(talk.settings)
        talk.screen.line(f"Loading {one_line(words)}; a question waits for it.", "dim")
        return
    model = talk.settings.model
    made = f", last answer by {talk.answers[-1]['receipt']['model']}" if talk.answers else ""
    talk.screen.line(one_line(f"Model: {model.name or 'the default'}, runtime {model.runtime}{made}."))
