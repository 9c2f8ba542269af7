"""Question in, proven answer out."""

from rag.wiring import open_engine

__all__ = ["open_engine"]
