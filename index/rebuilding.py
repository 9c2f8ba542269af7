"""The whole index made anew beside the one in use, which goes on answering, and put in its place at once."""

import shutil
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from index.building import Step, Summary, build, carry
from index.catalogue import SqliteCatalogue
from index.errors import BrokenError
from index.locking import sole_writer
from index.manifest import read_manifest
from index.opening import Index, current, generation, load_embedder, open_generation, point_to
from index.settings import IndexSettings, SearchSettings
from index.versions import take_over


def rebuild(
    home: Path,
    settings: IndexSettings,
    search: SearchSettings,
    models: Path,
    paths: Iterable[Path] = (),
    watch: Callable[[Step], None] = lambda step: None,
) -> Summary:
    """Read the paths again, take over all other articles from their stored texts, and split and embed them as set now.

    An index that is too damaged to read is given up only when there are paths to make a new one from.
    """
    named = list(paths)
    with ExitStack() as held:
        held.enter_context(sole_writer(home))
        old = current(home)
        folder = generation(home, int(old.name) + 1 if old else 1)
        shutil.rmtree(folder, ignore_errors=True)
        embedder = load_embedder(settings.embedder, models, settings.batch)
        new = open_generation(folder, settings, search, embedder, held, write=True)
        first = build(new, named, watch)
        second = _take_over(new, old, watch, give_up=bool(named)) if old else None
        made = read_manifest(old) if old and search.chroma_url else None
        point_to(home, folder)
        if old and made:
            from index.chroma import open_vectors

            open_vectors(old / "vectors", made.collection, search).forget_all()
    if second is None:
        return first
    return replace(
        first,
        read=first.read + second.read,
        articles=second.articles,
        passages=second.passages,
        seconds=first.seconds + second.seconds,
    )


def _take_over(new: Index, old: Path, watch: Callable[[Step], None], *, give_up: bool) -> Summary | None:
    try:
        catalogue = SqliteCatalogue(old / "catalogue.sqlite")
    except BrokenError:
        if give_up:
            return None
        raise
    try:
        carried = carry(new, catalogue.articles(), watch)
        take_over(new.catalogue, catalogue)
        return carried
    finally:
        catalogue.close()
