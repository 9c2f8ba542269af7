"""Who waits, in turn between askers: one who sends a hundred questions does not keep another's single one waiting."""

from collections import OrderedDict, deque
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Waiting(Generic[T]):
    """A bounded line for each asker, served round robin.

    When it is full, the one with the most in it loses its last to one who has at least two fewer.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._lines: OrderedDict[str, deque[T]] = OrderedDict()

    def __len__(self) -> int:
        return sum(len(line) for line in self._lines.values())

    def __contains__(self, item: T) -> bool:
        return any(item in line for line in self._lines.values())

    def add(self, asker: str, item: T) -> T | None:
        """Put it at the end of its asker's line; returns what has to leave for it, which may be the item itself."""
        displaced = None
        if len(self) >= self._room:
            most = max(self._lines, key=lambda each: (len(self._lines[each]), each), default=asker)
            if len(self._lines.get(most, ())) < len(self._lines.get(asker, ())) + 2:
                return item
            displaced = self._lines[most].pop()
        self._lines.setdefault(asker, deque()).append(item)
        return displaced

    def next(self) -> T | None:
        """Take the first of the asker whose turn it is; None when nobody waits."""
        if not self._lines:
            return None
        asker, line = self._lines.popitem(last=False)
        item = line.popleft()
        if line:
            self._lines[asker] = line
        return item

    def remove(self, item: T) -> None:
        """Let one go that is no longer wanted."""
        for asker, line in list(self._lines.items()):
            if item in line:
                line.remove(item)
                if not line:
                    del self._lines[asker]

    def all(self) -> list[T]:
        """Everything that waits, in the order in which it would be taken if nothing came any more."""
        lines = [list(line) for line in self._lines.values()]
        longest = max(map(len, lines), default=0)
        return [line[turn] for turn in range(longest) for line in lines if turn < len(line)]
