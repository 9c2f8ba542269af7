"""Bytes of tokens to whole characters, cut at a stop string."""

import codecs
from collections.abc import Sequence


class TextStream:
    """Joins pieces so that no character is split, and holds back what may yet become a stop string."""

    def __init__(self, stops: Sequence[str] = ()) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.stopped = False

    def add(self, data: bytes) -> str:
        """What may be shown now."""
        return self._show(self._decoder.decode(data))

    def add_text(self, text: str) -> str:
        """The same for what comes as text."""
        return self._show(text)

    def finish(self) -> str:
        """What is still held back, when nothing more comes."""
        shown = self._show(self._decoder.decode(b"", final=True))
        rest, self._held = self._held, ""
        return shown + rest

    def _show(self, text: str) -> str:
        if self.stopped:
            return ""
        self._held += text
        cuts = [self._held.index(stop) for stop in self._stops if stop in self._held]
        if cuts:
            self.stopped = True
            shown, self._held = self._held[: min(cuts)], ""
            return shown
        keep = max((_overlap(self._held, stop) for stop in self._stops), default=0)
        shown, self._held = self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        return shown


def _overlap(text: str, stop: str) -> int:
    """How many characters at the end of `text` begin `stop`."""
    return next((size for size in range(min(len(stop) - 1, len(text)), 0, -1) if text.endswith(stop[:size])), 0)
