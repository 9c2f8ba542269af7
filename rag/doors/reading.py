"""The articles of a home, read without loading a model."""

import difflib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from index.errors import MissingError, UsageError
from index.protocols import Catalogue
from index.types import Article, Filters
from rag.doors.parts import Explaining

if TYPE_CHECKING:
    from index.catalogue import SqliteCatalogue
    from rag.settings import Settings

SHOWN_IDS = 3


@contextmanager
def read_catalogue(settings: "Settings") -> "Iterator[SqliteCatalogue]":
    """The catalogue of a home. Raises MissingError where nothing has been indexed."""
    from index.catalogue import SqliteCatalogue
    from index.opening import current

    folder = current(settings.home)
    if folder is None:
        raise MissingError(f"There is no index in {settings.home}.", "Make one: byline index PATH")
    with closing(SqliteCatalogue(folder / "catalogue.sqlite")) as catalogue:
        yield catalogue


@contextmanager
def open_retriever(settings: "Settings") -> Iterator[Explaining]:
    """The retriever of a home, without a model that writes."""
    from index.opening import open_index
    from index.retrieval import retriever_over

    with open_index(settings.home, settings.index, settings.search, settings.models) as index:
        yield retriever_over(index, settings.search, settings.models)


def find_article(catalogue: Catalogue, beginning: str) -> Article:
    """The article of an id, or the only one whose id begins so; raises UsageError otherwise."""
    whole = catalogue.article(beginning)
    if whole is not None:
        return whole
    ids = [each.id for each in catalogue.articles()]
    found = [each for each in ids if beginning and each.startswith(beginning)]
    article = catalogue.article(found[0]) if len(found) == 1 else None
    if article is not None:
        return article
    if found:
        listed = ", ".join(found[:SHOWN_IDS])
        raise UsageError(
            f"{len(found)} articles have an id that begins with {beginning!r}.", f"Say more of it: {listed}"
        )
    near = difflib.get_close_matches(beginning, ids, n=1, cutoff=0.6)
    raise UsageError(
        f"No article has the id {beginning!r}.", f"Did you mean {near[0]}?" if near else "See: byline articles list"
    )


def version_of(catalogue: "SqliteCatalogue", leading: Article, number: int | None) -> Article:
    """A version of an article: 1 is the one that leads, 2 the one before. Raises UsageError where there is none."""
    from index.versions import earlier_versions

    versions: list[Article] = [leading, *(earlier_versions(catalogue, leading) if number else ())]
    if number is not None and number > len(versions):
        raise UsageError(f"{leading.id} has {len(versions)} versions.", f"See them: byline articles show {leading.id}")
    return versions[(number or 1) - 1]


def versions_to_list(catalogue: "SqliteCatalogue", leading: Article) -> list[dict[str, Any]]:
    """All versions of an article as plain JSON values, the one that leads first; what changed since the one before it."""
    from index.versions import change, earlier_versions
    from rag.answer_json import article_to_dict

    versions = [leading, *earlier_versions(catalogue, leading)]
    return [
        {
            "version": number,
            "leads": number == 1,
            **{key: value for key, value in article_to_dict(each, text=False).items() if key not in ("id", "found")},
            "changed": change(versions[number], each) if number < len(versions) else [],
        }
        for number, each in enumerate(versions, 1)
    ]


def ids_to_remove(settings: "Settings", named: Sequence[str], filters: Filters, *, sure: bool) -> list[str]:
    """The ids named, or those of all articles that pass the filters, which must be meant. Raises UsageError otherwise."""
    if bool(named) == bool(filters):
        raise UsageError("What is to be removed?", "Name ids, or filters: byline articles remove --until 2019 --yes")
    if named:
        return list(named)
    with read_catalogue(settings) as catalogue:
        found = catalogue.article_ids(filters)
    if found and not sure:
        raise UsageError(f"{len(found)} articles would be removed.", "See them with articles list; then say --yes.")
    return found


def remove_from_index(settings: "Settings", beginnings: Sequence[str]) -> list[Article]:
    """Forget articles; all are looked up before the first is removed."""
    from index.opening import open_index

    with read_catalogue(settings) as catalogue:
        found = {article.id: article for article in (find_article(catalogue, each) for each in beginnings)}
    with open_index(settings.home, settings.index, settings.search, settings.models, write=True) as index:
        return [article for article in found.values() if index.remove(article.id)]
