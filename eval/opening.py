"""Opens what cases are asked of: the engine and the articles of one home."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from eval.library import Articles
from eval.types import Asks
from index.errors import UsageError
from rag.runtimes.types import ChatModel
from rag.settings import Settings


def read_library(settings: Settings) -> Articles:
    """All articles of the home's index; none where there is no index yet."""
    from index.catalogue import SqliteCatalogue
    from index.opening import current

    folder = current(settings.home)
    if folder is None:
        return Articles(())
    with closing(SqliteCatalogue(folder / "catalogue.sqlite")) as catalogue:
        return Articles(catalogue.articles())


def index_articles(settings: Settings, paths: Sequence[Path]) -> None:
    """Put articles into the home's index. Raises UsageError naming each that cannot be read: the cases may be about it."""
    from index.building import build
    from index.opening import open_index

    with open_index(settings.home, settings.index, settings.search, settings.models, write=True) as index:
        rejected = build(index, paths).rejected
    if rejected:
        named = "\n  ".join(f"{path}: {reason}" for path, reason in rejected)
        raise UsageError(f"Some articles cannot be read:\n  {named}\n", "Mend or remove them; nothing was run.")


@contextmanager
def opened_model(settings: Settings) -> Iterator[ChatModel]:
    """The model of the settings, alone. Raises MissingError without one."""
    from rag.runtimes.choosing import open_model

    with closing(open_model(settings)) as model:
        yield model


@contextmanager
def opened(settings: Settings) -> Iterator[Asks]:
    """The engine of the home. Raises MissingError without an index or a model."""
    from rag.wiring import open_engine

    with closing(open_engine(settings.home, settings)) as engine:
        yield engine
