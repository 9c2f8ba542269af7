"""Opens what cases are asked of: the engine and the articles of one home."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from eval.library import Articles
from eval.types import Asks
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


@contextmanager
def opened(settings: Settings) -> Iterator[Asks]:
    """The engine of the home. Raises MissingError without an index or a model."""
    from rag.wiring import open_engine

    with closing(open_engine(settings.home, settings)) as engine:
        yield engine
