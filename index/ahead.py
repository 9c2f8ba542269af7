"""Work done ahead of its use, in a thread, a bounded number of items at a time."""

from collections.abc import Generator, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

Item = TypeVar("Item")


def ahead(items: Generator[Item], most: int) -> Iterator[Item]:
    """The items in order, made in a thread that is at most `most` of them ahead; its error is raised here."""
    worker = _Worker(items, most)
    worker.start()
    try:
        yield from worker.items()
    finally:
        worker.stop.set()
        worker.join()
        items.close()


class _Worker(Thread, Generic[Item]):
    def __init__(self, source: Generator[Item], most: int) -> None:
        super().__init__(name="reading ahead", daemon=True)
        self.stop = Event()
        self._source = source
        self._queue: Queue[list[Item]] = Queue(most)
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            for item in self._source:
                if not self._put([item]):
                    return
        except BaseException as error:  # noqa: BLE001 - it is raised again where the items are used
            self._error = error
        self._put([])

    def items(self) -> Iterator[Item]:
        while box := self._queue.get():
            yield box[0]
        if self._error is not None:
            raise self._error

    def _put(self, box: list[Item]) -> bool:
        while not self.stop.is_set():
            try:
                self._queue.put(box, timeout=0.1)
            except Full:
                continue
            return True
        return False
