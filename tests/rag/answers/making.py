"""Small articles and evidence for the tests of answering."""

from datetime import UTC, datetime
from hashlib import sha256

from index.types import Article
from rag.types import EvidenceSentence

NOW = datetime(2025, 6, 10, tzinfo=UTC)


def article(text: str, name: str = "a", publisher: str | None = None, day: int | None = None) -> Article:
    """An article of this text."""
    published = datetime(2025, 6, day, tzinfo=UTC) if day else None
    digest = sha256(text.encode()).hexdigest()
    return Article(
        name, text, digest, f"Title {name}", publisher, None, published, None, NOW, None, f"{name}.txt", "en"
    )


def evidence(*texts: str, publisher: str | None = None, day: int | None = None) -> list[EvidenceSentence]:
    """One sentence an article, numbered from 1."""
    made = [article(text, f"a{n}", publisher, day) for n, text in enumerate(texts, 1)]
    return [EvidenceSentence(n, each, 0, len(each.text), each.text, 1.0 / n) for n, each in enumerate(made, 1)]


class Sure:
    """An entailment that is always this sure, or cannot tell (None); it keeps what it was asked."""

    def __init__(self, probability: float | None = 1.0) -> None:
        self.answer = probability
        self.asked: list[tuple[str, str]] = []

    def probability(self, text: str, claim: str) -> float | None:
        self.asked.append((text, claim))
        return self.answer
