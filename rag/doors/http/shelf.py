"""The articles of a home, over its index: the one file of the service that knows how an index is opened."""

import threading
from collections.abc import Sequence
from pathlib import Path

from index.building import Step, build
from index.catalogue import SqliteCatalogue
from index.manifest import read_manifest
from index.opening import current, open_index
from index.readers import FORMATS
from index.types import Article, Filters
from rag.doors.gathering import on_disk
from rag.doors.http.library import Added, Rejected, Size, Tell
from rag.settings import Settings


class Shelf:
    """A `Library` over `<home>/index`. It reads the catalogue alone: no embedder and no vectors are loaded for a list."""

    suffixes = frozenset(FORMATS)
    fetches = True

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._open: tuple[Path, SqliteCatalogue] | None = None

    def size(self) -> Size:
        """How much there is; all zero with an empty digest where nothing has been indexed."""
        found = self._catalogue()
        manifest = read_manifest(found[0]) if found else None
        if found is None or manifest is None:
            return Size(0, 0, "")
        articles, passages = found[1].count()
        return Size(articles, passages, manifest.digest(found[1].content()))

    def build_in_use(self) -> str:
        """Names the build of the index that is in use; an engine over another one must be opened anew."""
        return str(current(self._settings.home) or "")

    def articles(self, filters: Filters = Filters()) -> list[Article]:
        """All articles that pass, newest first, unknown dates last, ties by id."""
        found = self._catalogue()
        return list(found[1].articles(filters)) if found else []

    def article(self, article_id: str) -> Article | None:
        """One article, or None."""
        found = self._catalogue()
        return found[1].article(article_id) if found else None

    def copies(self, article_id: str) -> tuple[str, ...]:
        """Ids of the near-copies of an article, itself included; empty where it stands alone."""
        found = self._catalogue()
        cluster = found[1].cluster_of(article_id) if found else None
        return cluster.members if cluster else ()

    def add(self, sources: Sequence[Path | str], tell: Tell) -> Added:
        """Fetch, read and index. Raises BusyError while another process writes."""
        settings = self._settings
        here = on_disk(settings, sources, tell)
        names = {str(path): here.addresses.get(str(path), path.name) for path in here.paths}

        def watch(step: Step) -> None:
            at = min(step.files_done, len(here.paths) - 1)
            total = max(len(sources), len(here.unfetched) + len(here.paths))
            tell(len(here.unfetched) + step.files_done, total, names[str(here.paths[at])])

        if not here.paths:
            return Added(0, tuple(Rejected(*each) for each in here.unfetched))
        with open_index(settings.home, settings.index, settings.search, settings.models, write=True) as index:
            summary = build(index, here.paths, watch)
        here.note_read(settings.home)
        rejected = (*here.unfetched, *((names.get(path, Path(path).name), reason) for path, reason in summary.rejected))
        return Added(summary.read + summary.unchanged, tuple(Rejected(*each) for each in rejected))

    def remove(self, article_id: str) -> bool:
        """Forget an article; False where there was none. Raises BusyError while another process writes."""
        settings = self._settings
        with open_index(settings.home, settings.index, settings.search, settings.models, write=True) as index:
            return index.remove(article_id)

    def close(self) -> None:
        """Close the catalogue."""
        with self._lock:
            if self._open:
                self._open[1].close()
            self._open = None

    def _catalogue(self) -> tuple[Path, SqliteCatalogue] | None:
        """The catalogue of the build in use; a build that took another's place is noticed here."""
        folder = current(self._settings.home)
        with self._lock:
            if folder is not None and (self._open is None or self._open[0] != folder):
                if self._open:
                    self._open[1].close()
                self._open = (folder, SqliteCatalogue(folder / "catalogue.sqlite"))
            return self._open if folder is not None else None
