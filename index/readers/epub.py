"""`.epub`: a book or a magazine; each entry of its table of contents is an article, by the reading order of its spine."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from index.cleaning import is_prose, tidy
from index.decoding import NotText, decode
from index.drafts import Draft
from index.errors import RejectedFile
from index.readers.facts import Told, facts
from index.readers.markup import BrokenMarkup, heading_of, parse_data, parse_page, text_of
from index.readers.zipped import Archive, member_of, open_archive

_CONTAINER = "META-INF/container.xml"
_LOCKS = "META-INF/encryption.xml"
_PAGES = frozenset(("application/xhtml+xml", "text/html"))


@dataclass(frozen=True, slots=True)
class _Book:
    """A package file: its metadata by element name, its pages in reading order, and the labels of its contents."""

    told: dict[str, list[str]]
    pages: tuple[str, ...]
    labels: dict[str, str]


@dataclass(slots=True)
class _Chapter:
    name: str
    title: str | None
    how: str
    texts: list[str]


def read(path: Path, most: int) -> Iterator[Draft | RejectedFile]:
    """The articles of a book. Covers and other pages without a sentence are none; a damaged page is named."""
    with open_archive(path, most) as archive:
        book = _book(str(path), archive)
        chapters: list[_Chapter] = []
        for name in book.pages:
            try:
                page = parse_page(decode(archive.read(name), markup=True))
            except (BrokenMarkup, NotText) as error:
                yield RejectedFile(f"{path}:{name}", str(error))
                continue
            label = book.labels.get(name)
            # A page that the contents do not name goes on with the chapter before it.
            if chapters and book.labels and label is None:
                chapters[-1].texts.append(text_of(page))
                continue
            title, how = (label, "contents") if label else (heading_of(page), "heading")
            chapters.append(_Chapter(name, title, how, [text_of(page)]))
    drafts = list(_drafts(book, chapters))
    if not drafts:
        raise RejectedFile(str(path), "it has no text")
    yield from drafts


def _drafts(book: _Book, chapters: list[_Chapter]) -> Iterator[Draft]:
    texts = [tidy("\n\n".join(each.texts)) for each in chapters]
    told = [(each, text) for each, text in zip(chapters, texts, strict=True) if any(map(is_prose, text.split("\n")))]
    if not told:
        told = [(each, text) for each, text in zip(chapters, texts, strict=True) if text]
    for chapter, text in told:
        fields, found = facts(_facts(book, chapter, alone=len(told) == 1), text)
        yield Draft(text=text, key=chapter.name, found=found, **fields)


def _facts(book: _Book, chapter: _Chapter, *, alone: bool) -> Iterator[Told]:
    """What is told of a chapter; the book's title and address are those of a chapter that stands alone."""
    if alone:
        yield from (("title", each, "epub title") for each in book.told.get("title", []))
        yield from (("url", each, "epub source") for each in book.told.get("source", []))
    yield "title", chapter.title, f"epub {chapter.how}"
    yield "author", ", ".join(book.told.get("creator", [])) or None, "epub creator"
    yield from (("publisher", each, "epub publisher") for each in book.told.get("publisher", []))
    yield from (("published_at", each, "epub date") for each in book.told.get("date", []))
    yield from (("language", each, "epub language") for each in book.told.get("language", []))


def _book(where: str, archive: Archive) -> _Book:
    """Raises RejectedFile where the archive is no book, or its pages are locked."""
    try:
        container = parse_data(archive.read(_CONTAINER))
        root = next((each.get("full-path") for each in container.iter("{*}rootfile")), None)
        package_name = member_of("", root or "") or ""
        package = parse_data(archive.read(package_name))
        locked = _locked(archive)
        folder = posixpath.dirname(package_name)
        items = {each.get("id"): each for each in package.iter("{*}item")}
        pages = [
            name for each in package.iter("{*}itemref") if (name := _page(items.get(each.get("idref")), each, folder))
        ]
        labels = _labels(archive, items.values(), folder)
    except BrokenMarkup as error:
        raise RejectedFile(where, f"it is not a book: {error}") from error
    if locked & set(pages):
        raise RejectedFile(where, "its pages are locked against copying (DRM)", "Get it without a lock.")
    missing = [name for name in pages if name not in archive]
    if not pages or len(missing) == len(pages):
        raise RejectedFile(where, "it is not a book: it names no pages that it has")
    return _Book(_metadata(package), tuple(dict.fromkeys(name for name in pages if name in archive)), labels)


def _page(item: Any, reference: Any, folder: str) -> str | None:
    """The member that a place in the reading order means, where it is a page to be read."""
    if item is None or reference.get("linear") == "no" or item.get("media-type") not in _PAGES:
        return None
    return (
        None if "nav" in (item.get("properties") or "").split() else member_of(folder, unquote(item.get("href") or ""))
    )


def _locked(archive: Archive) -> set[str]:
    if _LOCKS not in archive:
        return set()
    return {unquote(each.get("URI") or "") for each in parse_data(archive.read(_LOCKS)).iter("{*}CipherReference")}


def _labels(archive: Archive, items: Any, folder: str) -> dict[str, str]:
    """What the contents call each page, by its member: the first entry that leads there; of EPUB 3's contents, else EPUB 2's."""
    found: dict[str, str] = {}
    ordered = sorted(items, key=lambda each: "nav" not in (each.get("properties") or "").split())
    for item in ordered:
        is_nav = "nav" in (item.get("properties") or "").split()
        if not (is_nav or item.get("media-type") == "application/x-dtbncx+xml"):
            continue
        name = member_of(folder, unquote(item.get("href") or ""))
        if found or name is None or name not in archive:
            continue
        tree = parse_data(archive.read(name))
        beside = posixpath.dirname(name)
        if is_nav:
            links = [
                (each.get("href"), "".join(each.itertext()))
                for nav in tree.iter("{*}nav")
                if _is_contents(nav)
                for each in nav.iter("{*}a")
            ]
        else:
            links = [
                (each.get("src"), "".join(label.itertext()))
                for point in tree.iter("{*}navPoint")
                for label in point.findall("{*}navLabel")
                for each in point.findall("{*}content")
            ]
        for reference, words in links:
            page = member_of(beside, unquote((reference or "").partition("#")[0]))
            if page and (label := " ".join(words.split())):
                found.setdefault(page, label)
    return found


def _is_contents(nav: Any) -> bool:
    return any(name.endswith("type") and "toc" in kind.split() for name, kind in nav.attrib.items())


def _metadata(package: Any) -> dict[str, list[str]]:
    """Dublin Core elements by name. A date of making or changing the file says nothing of when its articles were published."""
    told: dict[str, list[str]] = {}
    for each in package.iter("{http://purl.org/dc/elements/1.1/}*"):
        name = each.tag.rpartition("}")[2]
        event = each.get("{http://www.idpf.org/2007/opf}event")
        if name == "date" and event not in (None, "publication", "original-publication"):
            continue
        if words := "".join(each.itertext()).strip():
            told.setdefault(name, []).append(words)
    return told
