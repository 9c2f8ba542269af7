"""Opens an index: its catalogue, its vectors, the embedder that made them. The libraries load here, not before."""

import re
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from index.catalogue import SqliteCatalogue
from index.errors import BrokenError, MissingError, UsageError
from index.locking import sole_writer
from index.manifest import Manifest, manifest_for, read_manifest, write_manifest, write_whole
from index.protocols import Embedder, VectorStore
from index.settings import IndexSettings, SearchSettings
from index.versions import forget

if TYPE_CHECKING:
    from index.retrieval import Reranker

_CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Index:
    """An open index. One opened for writing is held until it is closed; all others find it busy."""

    folder: Path
    catalogue: SqliteCatalogue
    vectors: VectorStore
    embedder: Embedder
    manifest: Manifest
    settings: IndexSettings
    writing: bool
    _held: ExitStack = field(repr=False)

    @property
    def words_copy(self) -> Path:
        """Where the words index is kept between processes."""
        return self.folder / "words.npz"

    def digest(self) -> str:
        """What is in the index and how it was made, in 64 characters; changes when an answer could."""
        return self.manifest.digest(self.catalogue.content())

    def is_current(self) -> bool:
        """False once a rebuilt index has taken this one's place: then open it anew."""
        return current(self.folder.parent.parent) == self.folder

    def remove(self, article_id: str) -> bool:
        """Forget an article and all traces of it; False where there was none. Only when opened for writing."""
        if not self.writing:
            raise UsageError("The index is open for reading.", "Open it for writing to remove an article.")
        if self.catalogue.article(article_id) is None:
            return False
        self.vectors.delete(self.catalogue.remove(article_id))
        forget(self.catalogue, article_id)
        self.catalogue.scrub()
        self.keep_words()
        return True

    def keep_words(self) -> None:
        """Write the words index as the catalogue is now, so that the first search does not pay for it."""
        from index.words import Words

        Words(self.catalogue, self.words_copy).keep()

    def close(self) -> None:
        """Let go of the files and of the lock; calling it again does nothing."""
        self._held.close()

    def __enter__(self) -> "Index":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_index(
    home: Path, settings: IndexSettings, search: SearchSettings, models: Path, *, write: bool = False
) -> Index:
    """The index of a home. Opened for writing it is made if need be; for reading it must be there.

    Raises MissingError where the index or the embedding model is not there, BusyError where another writer is,
    BrokenError where it was made otherwise than the settings say.
    """
    with ExitStack() as held:
        if write:
            held.enter_context(sole_writer(home))
        folder = current(home)
        if folder is None and not write:
            raise MissingError(f"There is no index in {home}.", "Make one: byline index PATH.")
        embedder = load_embedder(settings.embedder, models, settings.batch)
        opened = open_generation(folder or generation(home, 1), settings, search, embedder, held, write=write)
        if write:
            point_to(home, opened.folder)
        opened_held = held.pop_all()
    return _with(opened, opened_held)


def load_embedder(name: str, models: Path, batch: int = 32) -> Embedder:
    """The embedder of this name: "hashing", a folder of the models directory, or a path to any such folder."""
    if name == "hashing":
        from index.hashing import HashingEmbedder

        return HashingEmbedder()
    folder = _model_folder(name, models)
    if folder is None:
        raise MissingError(f"The embedding model {name} is not in {models}.", f"Fetch it: byline models pull {name}.")
    from index.embedding import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(folder, name, batch)


def load_reranker(name: str, models: Path) -> "Reranker":
    """The reranker of this name: a folder of the models directory, or a path to any such folder."""
    folder = _model_folder(name, models)
    if folder is None:
        raise MissingError(
            f"The reranker {name} is not in {models}.",
            "Put the folder of a cross-encoder there, or search without one: --set search.reranker=",
        )
    from index.embedding import CrossEncoderReranker

    return CrossEncoderReranker(folder, name)


def _model_folder(name: str, models: Path) -> Path | None:
    return next((each for each in (models / name, Path(name).expanduser()) if (each / "config.json").is_file()), None)


def open_generation(
    folder: Path, settings: IndexSettings, search: SearchSettings, embedder: Embedder, held: ExitStack, *, write: bool
) -> Index:
    """One build of an index, in its own folder; made there if it is opened for writing and not there yet."""
    manifest = read_manifest(folder)
    # A server may hold the vectors of several homes of one name.
    home = re.sub(r"[^a-zA-Z0-9]", "-", folder.parent.parent.name)[:40] or "home"
    collection = f"byline-{home}-{folder.name}-{uuid4().hex[:8]}"
    asked = manifest_for(embedder, settings.passage_tokens, collection)
    if manifest is not None:
        manifest.check(asked, writing=write)
    elif not write:
        raise MissingError(f"The index in {folder} was never finished.", "Make it: byline index PATH.")
    folder.mkdir(parents=True, exist_ok=True)
    from index.chroma import open_vectors

    catalogue = SqliteCatalogue(folder / "catalogue.sqlite")
    held.callback(catalogue.close)
    vectors = open_vectors(folder / "vectors", (manifest or asked).collection, search)
    held.callback(vectors.close)
    if not write and catalogue.count()[1] and not vectors.count():
        where = search.chroma_url or folder
        raise BrokenError(f"The vectors of this index are not at {where}.", "Put them there: byline index --rebuild.")
    if manifest is None:
        write_manifest(folder, asked)
    return Index(folder, catalogue, vectors, embedder, manifest or asked, settings, write, held)


def current(home: Path) -> Path | None:
    """The folder of the build in use."""
    try:
        name = (home / "index" / _CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    folder = home / "index" / name
    return folder if name.isdigit() and folder.is_dir() else None


def generation(home: Path, number: int) -> Path:
    """The folder of a build by number."""
    return home / "index" / str(number)


def point_to(home: Path, folder: Path) -> None:
    """Put a build into use, at once, and clear the others away."""
    write_whole(home / "index" / _CURRENT, folder.name + "\n")
    for other in (home / "index").iterdir():
        if other.is_dir() and other.name.isdigit() and other != folder:
            shutil.rmtree(other, ignore_errors=True)


def _with(opened: Index, held: ExitStack) -> Index:
    parts = (opened.folder, opened.catalogue, opened.vectors, opened.embedder, opened.manifest, opened.settings)
    return Index(*parts, opened.writing, held)
