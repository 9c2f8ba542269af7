"""Question in, proven answer out."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.wiring import open_engine

__all__ = ["open_engine"]


def __getattr__(name: str) -> Any:
    # `import rag` stays cheap for the doors' help: the wiring loads when it is asked for.
    if name == "open_engine":
        from rag.wiring import open_engine

        return open_engine
    raise AttributeError(name)
