"""Open WebUI's source cards: an `event` of the type `source` beside the `choices` of a chunk.

Its back end passes such an event on to the page, which shows a card for each source and makes each [n] of the text open
the n-th. It does the same with annotations, so whoever gets cards gets no annotations.
"""

from collections.abc import Mapping
from typing import Any, Literal

from rag.answer_json import timestamp
from rag.types import Citation

HEADER = "x-openwebui-"
"""How the headers begin that Open WebUI sends with ENABLE_FORWARD_USER_INFO_HEADERS."""


def wants_cards(headers: Mapping[str, str], sources: Literal["auto", "annotations", "cards"]) -> bool:
    """Whether this client is to get cards: as it or the settings say, else if it says that it is Open WebUI."""
    if sources != "auto":
        return sources == "cards"
    return any(name.lower().startswith(HEADER) for name in headers)


def card(citation: Citation, page: str) -> dict[str, Any]:
    """The event of one citation; the card holds its exact words and a link to them on this service's page.

    Every quote is a source of its own, or the page would fold two quotes of one article into one card and the numbers
    would no longer be those of the text. No id is an address: the page asks a third party for the icon of an address.
    """
    article = citation.article
    day = article.published_at.date().isoformat() if article.published_at else "date unknown"
    name = f"{article.publisher or 'Publisher unknown'}, {day}: {article.title or 'Untitled'}"
    place = {
        "source": f"{citation.number}:{article.id}@{citation.start}-{citation.end}",
        "name": name,
        "source_url": page,
        "publisher": article.publisher,
        "published_at": timestamp(article.published_at),
        "start": citation.start,
        "end": citation.end,
    }
    data = {"source": {"id": place["source"], "name": name}, "document": [citation.quote], "metadata": [place]}
    return {"type": "source", "data": data}
