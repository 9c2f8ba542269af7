"""What the doors open, behind one border: the engine, the index and its builder. Tests put a scripted engine here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.protocols import Asking

if TYPE_CHECKING:
    from rag.settings import Settings

Tell = Callable[[str], None]


def _engine(settings: "Settings", tell: Tell) -> Asking:
    from rag.wiring import open_engine

    return open_engine(settings.home, settings, tell=tell)


@dataclass(frozen=True, slots=True)
class Parts:
    """How a door gets its engine; opening is slow, so nothing is opened before it is asked for."""

    engine: "Callable[[Settings, Tell], Asking]" = _engine
