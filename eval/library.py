"""The articles of an index, found by id or by the name that gold evidence uses."""

from collections.abc import Iterable
from pathlib import PurePath

from eval.types import Place, Quote
from eval.words import Squeezed, plain
from index.types import Article


class Articles:
    """A `Library` over the articles of one catalogue, all in memory."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._by_id = {article.id: article for article in articles}
        self._by_name: dict[str, list[Article]] = {}
        for article in self._by_id.values():
            for name in sorted(_names(article)):
                self._by_name.setdefault(plain(name), []).append(article)
        self._squeezed: dict[str, Squeezed] = {}
        self._places: dict[Quote, tuple[Place, ...]] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def ids(self) -> list[str]:
        """All articles' ids, in order."""
        return sorted(self._by_id)

    def by_id(self, article_id: str) -> Article | None:
        """The article that a citation names."""
        return self._by_id.get(article_id)

    def name_of(self, article_id: str) -> str | None:
        """A name that evidence can use for an article; None where it is not here or has none."""
        article = self.by_id(article_id)
        names = _names(article) if article else ()
        return max(
            names, key=lambda name: (article is not None and name.endswith(f"#{article.title}"), name), default=None
        )

    def by_name(self, name: str) -> tuple[Article, ...]:
        """The articles of a file's name, or of `file.jsonl#title`; several where names repeat."""
        return tuple(self._by_name.get(plain(name), ()))

    def places(self, quote: Quote) -> tuple[Place, ...]:
        """Every place of a quote in its articles, white space and case aside; empty where it is not there."""
        if quote not in self._places:
            self._places[quote] = tuple(
                Place(article.id, start, end)
                for article in self.by_name(quote.article)
                for start, end in self._of(article).find(quote.quote)
            )
        return self._places[quote]

    def _of(self, article: Article) -> Squeezed:
        if article.id not in self._squeezed:
            self._squeezed[article.id] = Squeezed(article.text)
        return self._squeezed[article.id]


def _names(article: Article) -> set[str]:
    if not article.path:
        return {article.url} if article.url else set()
    file = PurePath(article.path.partition("#")[0]).name
    if file.endswith(".jsonl"):
        return {f"{file}#{article.title}", f"{file}#{article.path.partition('#')[2]}"}
    return {PurePath(article.path).name}
