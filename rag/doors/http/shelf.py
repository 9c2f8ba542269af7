"""The articles of a home, as the service asks for them."""

from rag.settings import Settings


class Shelf:
    """Placeholder until the index room opens."""

    def __init__(self, settings: Settings) -> None:
        raise NotImplementedError
