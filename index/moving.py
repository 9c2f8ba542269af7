"""The articles of a home into an archive, and out of one into another home, with their vectors: nothing is read again.

Passages are taken over as they were made, so both homes find the same. What an archive holds is looked at before
the first of it is put anywhere, and put as a build puts it: vectors first, then articles in one transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.archive import ArchiveReader, ArchiveWriter
from index.building import carry, reconcile
from index.catalogue import SqliteCatalogue
from index.errors import BrokenError, MissingError, UsageError
from index.locking import sole_writer
from index.manifest import Manifest, manifest_for, read_manifest
from index.moving_lines import LONGEST_LINE, Carried, Noted, article_line, carried_of, noted_line, noted_of
from index.opening import Index, current, load_embedder
from index.protocols import Vectors
from index.rows import mark
from index.settings import IndexSettings, SearchSettings
from index.sources import Source, note
from index.types import Article
from index.versions import earlier_versions, keep, led

if TYPE_CHECKING:
    from index.chroma import ChromaVectors

ARTICLES, VECTORS, SOURCES = "articles.jsonl", "vectors.f32", "sources.jsonl"
MEMBERS = (ARTICLES, VECTORS, SOURCES)
MADE_WITH = ("embedder", "embedder_digest", "dimension", "splitter", "passage_tokens")

Tell = Callable[[int, int], None]
"""How many articles of how many are done."""

_BATCH = 64
_UNIT = 1e-3
_WIDEST = 1 << 16


@dataclass(frozen=True, slots=True)
class Moved:
    """Articles and passages that an archive holds, and how many of the articles were not there already."""

    articles: int
    passages: int
    new: int


def export_articles(home: Path, search: SearchSettings, writer: ArchiveWriter, tell: Tell) -> dict[str, Any]:
    """Write all articles of a home; returns what the archive must say of them. Nobody may write the index meanwhile.

    Raises MissingError where there is no index, BusyError where it is being written.
    """
    with ExitStack() as held:
        if current(home) is None:
            raise MissingError(f"There is no index in {home}.", "Make one: byline index PATH.")
        held.enter_context(sole_writer(home))
        folder = current(home)
        manifest = read_manifest(folder) if folder else None
        if folder is None or manifest is None:
            raise MissingError(f"The index in {home} was never finished.", "Make it: byline index PATH.")
        from index.chroma import open_vectors

        catalogue = SqliteCatalogue(folder / "catalogue.sqlite")
        held.callback(catalogue.close)
        vectors = open_vectors(folder / "vectors", manifest.collection, search)
        held.callback(vectors.close)
        articles, passages = catalogue.count()
        with writer.member(ARTICLES) as file:
            for number, article in enumerate(catalogue.articles(), 1):
                passages_of, versions = catalogue.passages_of(article.id), earlier_versions(catalogue, article)
                file.write(article_line(Carried(article, tuple(passages_of), tuple(versions))))
                tell(number, articles)
        # The vectors of two in one file would have to wait for each other in a zip; so they come after.
        with writer.member(VECTORS, packed=False) as file:
            for article_id in catalogue.article_ids():
                ids = [each.id for each in catalogue.passages_of(article_id)]
                if ids:
                    file.write(_bytes(vectors, ids))
        with writer.member(SOURCES) as file:
            for noted in _noted(catalogue):
                file.write(noted_line(noted))
        made = {name: value for name, value in asdict(manifest).items() if name in MADE_WITH}
        return {"index": made, "articles": articles, "passages": passages, "content": catalogue.content()}


def check_articles(reader: ArchiveReader, embedder: Manifest | None, tell: Tell) -> None:
    """Look at every article, vector and source of an archive before any is put anywhere.

    `embedder` is what the home makes passages with; None where they are made anew. Raises UsageError where the archive
    was made otherwise, BrokenError where it does not hold together.
    """
    about = _about(reader)
    if embedder is not None:
        for field in MADE_WITH[1:]:
            made, asked = about["index"][field], getattr(embedder, field)
            if made != asked:
                raise UsageError(
                    f"The archive was made with {field} {made}; this home has {asked}.",
                    f"Import into a new --home with --set index.embedder={about['index']['embedder']} "
                    f"--set index.passage_tokens={about['index']['passage_tokens']}; or add --again, "
                    "which splits and embeds its articles as this home does.",
                )
    seen: set[str] = set()
    passages: set[str] = set()
    for carried, vectors in _carried(reader, about):
        names = [each.id for each in carried.passages]
        if carried.article.id in seen or len(set(names)) != len(names) or not passages.isdisjoint(names):
            raise BrokenError(f"The archive holds {carried.article.id} or a passage of it twice.", "Export again.")
        if not np.isfinite(vectors).all() or np.abs(np.linalg.norm(vectors, axis=1) - 1).max(initial=0) > _UNIT:
            raise BrokenError(f"A vector of {carried.article.id} is not one of length 1.", "Export again.")
        seen.add(carried.article.id)
        passages.update(names)
        tell(len(seen), about["articles"])
    if (len(seen), len(passages)) != (about["articles"], about["passages"]):
        raise BrokenError("The archive does not hold as many articles as it says.", "Export again.")
    with reader.member(SOURCES) as file:
        for each in file.lines(LONGEST_LINE):
            noted_of(each)


def import_articles(index: Index, reader: ArchiveReader, tell: Tell, *, again: bool = False) -> Moved:
    """Put the articles of a checked archive into an index opened for writing; of two states of one, the later leads.

    `again` splits and embeds them as the index does; then those that are there already are left as they are.
    """
    about = _about(reader)
    before = index.catalogue.count()[0]
    reconcile(index)
    if again:
        carry(index, _told(reader, about, tell))
        for carried, _ in _carried(reader, about):
            _keep(index.catalogue, carried.versions)
    else:
        done = 0
        pairs = _carried(reader, about)
        while batch := list(islice(pairs, _BATCH)):
            _put(index, batch)
            done += len(batch)
            tell(done, about["articles"])
        with reader.member(SOURCES) as file, index.catalogue.writing():
            for each in map(noted_of, file.lines(LONGEST_LINE)):
                note(index.catalogue, each.source, each.article_ids)
        index.keep_words()
    return Moved(about["articles"], about["passages"], index.catalogue.count()[0] - before)


def manifest_asked(home: Path, settings: IndexSettings, models: Path) -> Manifest:
    """What a home makes passages with: as its index was made, else as the settings say."""
    folder = current(home)
    made = read_manifest(folder) if folder else None
    return made or manifest_for(load_embedder(settings.embedder, models, settings.batch), settings.passage_tokens, "")


def _put(index: Index, batch: Sequence[tuple[Carried, Vectors]]) -> None:
    held = index.catalogue.articles_by_id([each.article.id for each, _ in batch])
    leading, earlier = led(index.catalogue, [each.article for each, _ in batch])
    new = [
        (each, vectors)
        for each, vectors in batch
        if leading.get(each.article.id) is each.article
        and (each.article.id not in held or mark(held[each.article.id]) != mark(each.article))
    ]
    passages = [passage for each, _ in new for passage in each.passages]
    if passages:
        index.vectors.put(passages, np.concatenate([vectors for _, vectors in new]))
    old: set[str] = set()
    with index.catalogue.writing():
        for each, _ in new:
            old |= {passage.id for passage in index.catalogue.passages_of(each.article.id)}
            index.catalogue.replace(each.article, each.passages)
        _keep(index.catalogue, [*earlier, *(version for each, _ in batch for version in each.versions)])
    index.vectors.delete(sorted(old - {each.id for each in passages}))


def _keep(catalogue: SqliteCatalogue, versions: Sequence[Article]) -> None:
    for each in versions:
        keep(catalogue, each)


def _carried(reader: ArchiveReader, about: dict[str, Any]) -> Iterator[tuple[Carried, Vectors]]:
    dimension = about["index"]["dimension"]
    with reader.member(ARTICLES) as lines, reader.member(VECTORS) as numbers:
        for each in lines.lines(LONGEST_LINE):
            carried = carried_of(each)
            size = 4 * dimension * len(carried.passages)
            data = numbers.read(size)
            if len(data) != size:
                raise BrokenError(f"The archive lacks vectors of {carried.article.id}.", "Export again.")
            yield carried, np.frombuffer(data, "<f4").reshape(-1, dimension).astype(np.float32)
        if numbers.read(1):
            raise BrokenError("The archive holds vectors of no passage.", "Export again.")


def _told(reader: ArchiveReader, about: dict[str, Any], tell: Tell) -> Iterator[Article]:
    for number, (carried, _) in enumerate(_carried(reader, about), 1):
        yield carried.article
        tell(number, about["articles"])


def _about(reader: ArchiveReader) -> dict[str, Any]:
    """What the archive says of its articles, each where it belongs and of its kind."""
    about = reader.about
    kinds = {"embedder": str, "embedder_digest": str, "dimension": int, "splitter": str, "passage_tokens": int}
    index = about.get("index")
    if (
        not isinstance(index, dict)
        or index.keys() != kinds.keys()
        or not all(type(index[name]) is kind for name, kind in kinds.items())
        or not all(type(about.get(name)) is int for name in ("articles", "passages"))
        or not 1 <= index["dimension"] <= _WIDEST
    ):
        raise BrokenError("The archive does not say what it was made with.", "Export again.")
    return about


def _bytes(vectors: "ChromaVectors", ids: Sequence[str]) -> bytes:
    try:
        return vectors.of(ids).astype("<f4").tobytes()
    except KeyError as error:
        raise BrokenError(
            f"The index lacks the vector of {error.args[0]}: a build was stopped.",
            "Run byline index once; it mends it.",
        ) from error


def _noted(catalogue: SqliteCatalogue) -> Iterator[Noted]:
    with catalogue.reading() as database:
        rows = database.execute("SELECT path, size, mtime_ns, sha256 FROM sources ORDER BY path").fetchall()
        query = "SELECT article_id FROM source_articles WHERE path = ? ORDER BY article_id"
        for row in rows:
            yield Noted(Source(*row), tuple(each for (each,) in database.execute(query, row[:1])))
