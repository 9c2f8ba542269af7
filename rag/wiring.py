"""Builds the concrete parts. The only file that knows them all; heavy libraries load here, when they are needed."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from rag.settings import Settings, read_settings

if TYPE_CHECKING:
    from rag.engine import Engine


def open_engine(
    home: Path | str | None = None,
    settings: Settings | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> "Engine":
    """The engine over the index of a home. `tell` is told which model answers.

    Raises MissingError, with the command that mends it, when the index or a model is not there.
    """
    from index.opening import open_index
    from index.retrieval import retriever_over
    from rag.deciding import fitted
    from rag.engine import Engine
    from rag.judging import Judge
    from rag.runtimes.choosing import open_model

    settings = settings or read_settings({"home": home})
    with ExitStack() as held:
        index = open_index(settings.home, settings.index, settings.search, settings.models)
        held.callback(index.close)
        retriever = retriever_over(index, settings.search, settings.models)
        model = open_model(settings, tell)
        held.pop_all()
    return Engine(index, retriever, model, Judge(model), fitted(), settings)
