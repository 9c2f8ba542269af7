"""What can be set about indexing and searching."""

import re
from dataclasses import dataclass

_FIELDS = ("text", "title", "publisher", "author", "published_at", "updated_at", "url", "language")
_CALLED = {
    "body": "text",
    "headline": "title",
    "source": "publisher",
    "date": "published_at",
    "published": "published_at",
}


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """How articles become passages. `private_addresses` lets pages be fetched from this machine and its own network.

    A site is asked at most every `seconds_between_fetches`, and less often where its robots.txt says so. `columns` say
    which column of a table is which field, as in "title=Headline, text=Body of the story".
    """

    embedder: str = "all-MiniLM-L6-v2"
    passage_tokens: int = 250
    max_file_mb: float = 20.0
    batch: int = 32
    private_addresses: bool = False
    seconds_between_fetches: float = 1.0
    columns: str = ""

    def __post_init__(self) -> None:
        if not 32 <= self.passage_tokens <= 2048:
            raise ValueError(f"index.passage_tokens is {self.passage_tokens}; it must be from 32 to 2048")
        if self.max_file_mb <= 0 or self.batch < 1:
            raise ValueError("index.max_file_mb and index.batch must be above 0")
        if not 0 <= self.seconds_between_fetches <= 3600:
            raise ValueError("index.seconds_between_fetches must be from 0 to 3600")
        named_columns(self.columns)


def named_columns(written: str) -> dict[str, str]:
    """The column of each field that is told. Raises ValueError for what is not told as field=column."""
    columns: dict[str, str] = {}
    for each in filter(None, re.split(r"\s*,\s*(?=\w+\s*=)", written.strip())):
        field, _, column = each.partition("=")
        name = _CALLED.get(field.strip().lower(), field.strip().lower())
        if name not in _FIELDS or not column.strip():
            raise ValueError(
                f"index.columns has {each}; it must be field=column, and the fields are {', '.join(_FIELDS)}"
            )
        columns[name] = column.strip()
    return columns


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How passages are found. `reranker` names a cross-encoder's folder among the models; empty means none.

    `chroma_url` names a Chroma server that holds the vectors instead of the home, and `chroma_headers` what is sent
    with every request to it, as in "x-chroma-token: KEY; name: value".
    """

    hits: int = 10
    reranker: str = ""
    chroma_url: str = ""
    chroma_headers: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.hits <= 1000:
            raise ValueError(f"search.hits is {self.hits}; it must be from 1 to 1000")
