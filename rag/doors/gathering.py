"""Sources as files: what is named by an address is fetched, a feed is taken entry by entry, and what is known is asked for changes."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import RejectedFile, UsageError
from rag.doors.fetching import Fetched, NotNow, Stamp, fetch, is_address, place, write_if_new
from rag.doors.known import Address, Known, open_known
from rag.doors.manners import Manners

if TYPE_CHECKING:
    from index.feeds import Entry
    from rag.settings import Settings

# How many were asked so far, of how many that are known of, and which is asked next.
Watch = Callable[[int, int, str], None]


_NONE = Stamp()


@dataclass(frozen=True, slots=True)
class OnDisk:
    """Sources as paths; what could not be fetched, with the reason; and which address each fetched path is of.

    `unchanged` counts the addresses that had nothing new.
    """

    paths: tuple[Path, ...]
    unfetched: tuple[tuple[str, str], ...]
    addresses: Mapping[str, str]
    unchanged: int = 0

    def rejected(self, by_path: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """All that was rejected, pages by their addresses."""
        return (*self.unfetched, *((self.addresses.get(path, path), reason) for path, reason in by_path))

    def with_paths(self, paths: Iterable[str]) -> "OnDisk":
        """The same with further files or folders, which nothing is fetched for."""
        return replace(self, paths=(*map(Path, paths), *self.paths))

    def note_read(self, home: Path) -> None:
        """To be called when the paths have been through the index of the home: only then do they count as read."""
        if not self.addresses:
            return
        held = _files_held(home)
        with open_known(home) as known:
            for path in self.addresses:
                known.note_read(Path(path), held=path in held)


def on_disk(
    settings: "Settings", sources: Sequence[Path | str], watch: Watch = lambda done, total, url: None
) -> OnDisk:
    """Fetch those sources that are addresses into the home; a feed's entries come with it."""
    named = [Path(each) for each in sources if isinstance(each, Path) or not is_address(each)]
    urls = [each for each in sources if isinstance(each, str) and is_address(each)]
    if not urls:
        return OnDisk(tuple(named), (), {})
    with open_known(settings.home) as known:
        run = _Run(settings, known, _files_held(settings.home), watch, total=len(urls))
        for url in urls:
            run.take(url, known.address(url), anew=True)
        return run.found(named)


def what_is_new(settings: "Settings", urls: Sequence[str] = (), watch: Watch = lambda done, total, url: None) -> OnDisk:
    """Ask the known addresses, or those of them that are named, for what is new. Raises UsageError for one that is not known."""
    from index.opening import current

    lost = current(settings.home) is None
    with open_known(settings.home) as known:
        addresses = {each.url: each for each in known.addresses()}
        for url in urls:
            if url not in addresses:
                raise UsageError(f"{url} has not been indexed yet.", f"Index it first: byline index {url}")
        if not addresses:
            raise UsageError("No address has been indexed yet.", "Index a page or a feed first: byline index URL")
        run = _Run(settings, known, _files_held(settings.home), watch, total=len(urls or addresses))
        for url in urls or addresses:
            run.take(url, addresses[url], anew=lost)
        run.add_unread()
        return run.found(())


@dataclass(slots=True)
class _Run:
    settings: "Settings"
    known: Known
    held: frozenset[str]
    watch: Watch
    total: int
    done: int = 0
    unchanged: int = 0
    files: dict[Path, str] = field(default_factory=dict)
    unfetched: list[tuple[str, str]] = field(default_factory=list)
    manners: Manners = field(init=False)
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        index = self.settings.index
        self.manners = Manners(index.seconds_between_fetches, private=index.private_addresses)
        self.folder = Path(os.path.abspath(self.settings.home), "fetched")  # noqa: PTH100 - resolve() would follow links

    @property
    def most(self) -> int:
        return int(self.settings.index.max_file_mb * 1_000_000)

    def found(self, named: Iterable[Path]) -> OnDisk:
        addresses = {str(path): url for path, url in self.files.items()}
        return OnDisk((*named, *self.files), tuple(self.unfetched), addresses, self.unchanged)

    def take(self, url: str, before: Address | None, *, anew: bool) -> None:
        """Ask one address. `anew` counts what has not changed as found too, and brings back what was removed."""
        if before and not anew and before.held and str(before.path) not in self.held:
            self.known.forget(url)
            return
        path = before.path if before and before.path.exists() else None
        try:
            fetched = self.fetch(url, before.stamp if before and path else Stamp())
        except RejectedFile as rejected:
            self.unfetched.append((url, str(rejected)))
            return
        if fetched is not None:
            path = fetched.path
            if not fetched.is_feed:
                self.add(path, url)
            self.known.note(url, path, fetched.stamp)
        elif path is not None and path.suffix != ".xml":
            if anew:
                self.files[path] = url
            else:
                self.unchanged += 1
        if path is not None and path.suffix == ".xml":
            self.take_entries(url, path, anew=anew)

    def take_entries(self, feed: str, path: Path, *, anew: bool) -> None:
        from index.feeds import entries_of

        try:
            entries = entries_of(path, self.most, feed)
        except RejectedFile as rejected:
            self.unfetched.append((feed, str(rejected)))
            return
        self.total += len(entries)
        for entry in entries:
            before = self.known.entry(feed, entry.key)
            gone = before is not None and before.held and str(before.path) not in self.held
            if before and (before.digest == entry.digest or (gone and not anew)):
                self.done += 1
                if anew and before.path and before.path.exists():
                    self.files[before.path] = entry.address or feed
                else:
                    self.unchanged += 1
                continue
            self.take_entry(feed, entry)

    def take_entry(self, feed: str, entry: "Entry") -> None:
        """The page of an entry; where it cannot be had, or has fewer words than the entry, the entry itself."""
        page: Path | None = None
        digest, problem = entry.digest, "the entry has neither a link nor a text"
        if entry.address:
            try:
                fetched = self.fetch(entry.address)
                page = fetched.path if fetched and not fetched.is_feed else None
            except NotNow as later:
                digest, problem = "", str(later)
            except RejectedFile as rejected:
                problem = str(rejected)
        if entry.words and (page is None or self.words_of(page) < entry.words):
            page = place(entry.address or f"{feed} {entry.key}", self.folder, ".atom")
            write_if_new(page, entry.alone.encode("utf-8", "surrogatepass"))
        if page is None:
            self.unfetched.append((entry.address or f"{feed}: {entry.key}", problem))
        else:
            self.add(page, entry.address or feed)
        if page or digest:
            self.known.note_entry(feed, entry.key, digest, page)

    def add(self, path: Path, url: str) -> None:
        self.known.note_unread(path, url)
        self.files[path] = url

    def add_unread(self) -> None:
        """What an earlier run fetched, and was stopped before it was read."""
        self.files |= {path: url for path, url in self.known.unread().items() if path.exists()}

    def fetch(self, url: str, stamp: Stamp = _NONE) -> Fetched | None:
        self.watch(self.done, self.total, url)
        self.done += 1
        private = self.settings.index.private_addresses
        try:
            return fetch(url, self.folder, self.most, private=private, before=self.manners.before, stamp=stamp)
        except NotNow as later:
            if later.quiet_s:
                self.manners.leave_alone(url, later.quiet_s)
            raise

    def words_of(self, page: Path) -> int:
        from index.readers import reader_for

        reader = reader_for(page)
        assert reader is not None
        try:
            return sum(len(each.text.split()) for each in reader(page, self.most) if not isinstance(each, RejectedFile))
        except RejectedFile:
            return 0


def _files_held(home: Path) -> frozenset[str]:
    from index.catalogue import SqliteCatalogue
    from index.opening import current
    from index.sources import files_held

    folder = current(home)
    if folder is None:
        return frozenset()
    with closing(SqliteCatalogue(folder / "catalogue.sqlite")) as catalogue:
        return files_held(catalogue)
