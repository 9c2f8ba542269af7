"""Articles in: files are read ahead in a thread, embedded in batches, and put into the stores batch by batch.

Vectors are put before their passages are committed. So whatever moment a build is killed at, no passage lacks its
vector, and a vector without a passage is swept away by the next writer.
"""

import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.ahead import ahead
from index.articles import article_from
from index.drafts import Draft
from index.errors import RejectedFile, UsageError
from index.files import Skipped, files_of
from index.opening import Index
from index.readers import is_table, reader_for
from index.rows import mark
from index.settings import named_columns
from index.sources import Source, is_noted, look, note, touch
from index.splitting import split
from index.types import Article, Passage
from index.versions import forget, is_kept, keep, led

# Enough for batches of like length, few enough that a kill loses seconds and memory stays small.
_BATCH = 512
_AHEAD = 64


@dataclass(frozen=True, slots=True)
class Step:
    """How far a build is. `remaining_s` is None until it can be told."""

    files_done: int
    files_total: int
    articles: int
    passages: int
    passages_per_s: float
    remaining_s: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build did, counted in articles, and what the index holds after it."""

    read: int
    replaced: int
    unchanged: int
    removed: int
    skipped: int
    rejected: tuple[tuple[str, str], ...]
    articles: int
    passages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Opened:
    files_before: int


@dataclass(frozen=True, slots=True)
class _Unchanged:
    source: Source
    articles: int


@dataclass(frozen=True, slots=True)
class _Read:
    article: Article
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class _Same:
    article_id: str


@dataclass(frozen=True, slots=True)
class _Whole:
    source: Source
    article_ids: tuple[str, ...]


_Event = _Opened | _Unchanged | _Read | _Same | _Whole | RejectedFile


@dataclass(slots=True)
class _Tally:
    files: int = 0
    read: int = 0
    replaced: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: int = 0
    passages: int = 0
    rejected: list[tuple[str, str]] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)


def build(index: Index, paths: Iterable[Path], watch: Callable[[Step], None] = lambda step: None) -> Summary:
    """Put the articles of files and folders into an index opened for writing; what is there already is not touched.

    A file that cannot be read is named in the summary with the reason, and the rest goes on.
    """
    if not index.writing:
        raise UsageError("The index is open for reading.", "Open it for writing to add articles.")
    reconcile(index)
    everything = list(files_of(paths))
    files = [each for each in everything if isinstance(each, Path)]
    tally = _Tally(
        rejected=[(each.path, str(each)) for each in everything if isinstance(each, RejectedFile)],
        skipped=sum(isinstance(each, Skipped) for each in everything),
    )
    return _run(index, _events(index, files), len(files), tally, watch)


def carry(index: Index, articles: Iterable[Article], watch: Callable[[Step], None] = lambda step: None) -> Summary:
    """Put articles of another index into this one from their texts, split and embedded as this one says.

    Those that are there already, and those whose file this one has read, are left out.
    """
    return _run(index, _carried(index, articles), 0, _Tally(), watch)


def _run(index: Index, events: Generator[_Event], files: int, tally: _Tally, watch: Callable[[Step], None]) -> Summary:
    waiting: list[_Read | _Whole] = []
    for event in ahead(events, _AHEAD):
        _take(index, event, tally, waiting)
        if sum(len(each.passages) for each in waiting if isinstance(each, _Read)) >= _BATCH:
            _store(index, waiting, tally)
            waiting.clear()
        watch(_step(tally, files))
    _store(index, waiting, tally)
    watch(_step(tally, files))
    index.keep_words()
    articles, passages = index.catalogue.count()
    return Summary(
        read=tally.read,
        replaced=tally.replaced,
        unchanged=tally.unchanged,
        removed=tally.removed,
        skipped=tally.skipped,
        rejected=tuple(tally.rejected),
        articles=articles,
        passages=passages,
        seconds=time.monotonic() - tally.begun,
    )


def reconcile(index: Index) -> None:
    """Make vectors and passages agree, whatever a killed writer left."""
    vectors, passages = index.vectors.ids(), index.catalogue.passage_ids()
    index.vectors.delete(sorted(vectors - passages))
    missing = sorted(passages - vectors)
    for at in range(0, len(missing), _BATCH):
        part = index.catalogue.passages(missing[at : at + _BATCH])
        titles = {
            each: article.title
            for each, article in index.catalogue.articles_by_id({one.article_id for one in part}).items()
        }
        index.vectors.put(part, index.embedder.embed([embedded_text(titles[each.article_id], each) for each in part]))


def embedded_text(title: str | None, passage: Passage) -> str:
    """What of a passage is embedded: its title says what it is about, which its words may not."""
    return passage.text if not title or passage.text.startswith(title) else f"{title}\n{passage.text}"


def passages_of(index: Index, article: Article) -> tuple[Passage, ...]:
    """An article's passages, short enough to be embedded with its title."""
    room = index.embedder.max_tokens - 2
    if article.title:
        room -= index.embedder.count_tokens(article.title)
    most = max(32, min(index.settings.passage_tokens, room))
    return tuple(split(article, most, index.embedder.count_tokens))


def _events(index: Index, files: Sequence[Path]) -> Generator[_Event]:
    for number, path in enumerate(files):
        yield _Opened(number)
        try:
            source, articles = look(index.catalogue, path, index.settings.columns if is_table(path) else "")
        except OSError as error:
            yield RejectedFile(str(path), f"it cannot be read: {error.strerror or error}")
            continue
        if articles is not None:
            yield _Unchanged(source, articles)
        else:
            yield from _read(index, path, source)
    yield _Opened(len(files))


def _carried(index: Index, articles: Iterable[Article]) -> Generator[_Event]:
    for article in articles:
        again = article.path is not None and is_noted(index.catalogue, article.path)
        if not again and index.catalogue.article(article.id) is None:
            yield _Read(article, passages_of(index, article))


def _read(index: Index, path: Path, source: Source) -> Generator[_Event]:
    reader = reader_for(path, named_columns(index.settings.columns))
    assert reader is not None
    ids: list[str] = []
    try:
        for draft in reader(path, int(index.settings.max_file_mb * 1_000_000)):
            event = _made(index, path, draft)
            if isinstance(event, _Read | _Same):
                ids.append(event.article.id if isinstance(event, _Read) else event.article_id)
            yield event
    except RejectedFile as rejected:
        yield rejected
        return
    if ids:
        yield _Whole(source, tuple(ids))


def _made(index: Index, path: Path, draft: Draft | RejectedFile) -> _Event:
    if isinstance(draft, RejectedFile):
        return draft
    if not draft.text.strip():
        return RejectedFile(str(path), "nothing of it is an article")
    article = article_from(draft, path)
    held = index.catalogue.article(article.id)
    if held is not None and (mark(held) == mark(article) or is_kept(index.catalogue, held, article)):
        return _Same(article.id)
    return _Read(article, passages_of(index, article))


def _take(index: Index, event: _Event, tally: _Tally, waiting: list[_Read | _Whole]) -> None:
    match event:
        case _Read() | _Whole():
            waiting.append(event)
        case _Opened():
            tally.files = event.files_before
        case _Same():
            tally.unchanged += 1
        case _Unchanged():
            touch(index.catalogue, event.source)
            tally.unchanged += event.articles
        case RejectedFile():
            tally.rejected.append((event.path, str(event)))


def _store(index: Index, waiting: Sequence[_Read | _Whole], tally: _Tally) -> None:
    """Put a batch: its vectors, then its articles and files in one transaction, then forget the vectors replaced."""
    read = [each for each in waiting if isinstance(each, _Read)]
    leading, earlier = led(index.catalogue, [each.article for each in read])
    latest = {each.article.id: each for each in read if leading.get(each.article.id) is each.article}
    passages = [passage for each in latest.values() for passage in each.passages]
    if passages:
        texts = [embedded_text(each.article.title, passage) for each in latest.values() for passage in each.passages]
        index.vectors.put(passages, index.embedder.embed(texts))
    old: set[str] = set()
    with index.catalogue.writing():
        for each in latest.values():
            before = {passage.id for passage in index.catalogue.passages_of(each.article.id)}
            tally.replaced += bool(before)
            old |= before
            index.catalogue.replace(each.article, each.passages)
        for version in earlier:
            keep(index.catalogue, version)
        for whole in waiting:
            if isinstance(whole, _Whole):
                for gone in note(index.catalogue, whole.source, whole.article_ids):
                    old |= set(index.catalogue.remove(gone))
                    forget(index.catalogue, gone)
                    tally.removed += 1
    index.vectors.delete(sorted(old - {each.id for each in passages}))
    tally.read += len(latest)
    tally.passages += len(passages)


def _step(tally: _Tally, files: int) -> Step:
    seconds = time.monotonic() - tally.begun
    rate = tally.passages / seconds if seconds else 0.0
    remaining = seconds / tally.files * (files - tally.files) if tally.files else None
    return Step(tally.files, files, tally.read + tally.unchanged, tally.passages, rate, remaining)
