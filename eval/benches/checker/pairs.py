"""What the checker is measured on: documents read where they lie, and claims with the words that they are held against."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from random import Random

from index.articles import article_from
from index.drafts import Draft
from index.errors import RejectedFile
from index.readers import reader_for
from index.sentences import sentences
from index.types import Article
from rag.grounding import Quote

SHORTEST, LONGEST = 7, 40
"""Words of a sentence that claims are made of."""
LARGEST = 50_000_000
BENCHMARKS = "../shared/benchmarks"

_NAME = re.compile(r"[A-Z][\w’'.&-]*\w(?:\s(?:of\s|de\s|van\s|the\s)?[A-Z][\w’'&-]*\w)*")
_CALENDAR = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\b"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, the quotes it is held against, and whether they state it. `kind` is "true" or the kind of the edit."""

    kind: str
    source: str
    document: str
    claim: str
    quotes: tuple[Quote, ...]

    @property
    def true(self) -> bool:
        """Whether the quotes state the claim."""
        return self.kind == "true"

    @property
    def held_out(self) -> bool:
        """Whether its document is in the half that nothing is fitted on."""
        return int(sha256(self.document.encode()).hexdigest(), 16) % 2 == 1

    @property
    def id(self) -> str:
        """A digest of what the model is asked."""
        words = "\0".join((self.claim, *(each.text for each in self.quotes)))
        return sha256(words.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article, and what edits draw on: names of its article, those elsewhere in it, a source of chance."""

    source: str
    quote: Quote
    names: frozenset[str]
    others: tuple[Quote, ...] = field(repr=False)
    random: Random = field(repr=False, compare=False)

    @property
    def text(self) -> str:
        """The words, on one line."""
        return " ".join(self.quote.text.split())


def read_articles(path: Path) -> Iterator[Article]:
    """The articles of a file; records of a benchmark as they stand, others as Byline reads them.

    Their ids, and so the halves and the edits, are the same wherever the data lie.
    """
    named = Path(BENCHMARKS if path.name == "articles.jsonl" else "", path.parent.name, path.name)
    if path.name == "articles.jsonl":
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            day = record.get("published_at")
            draft = Draft(
                record["body"], key=record["doc_id"], published_at=datetime.fromisoformat(day) if day else None
            )
            yield article_from(draft, named)
        return
    reader = reader_for(path)
    for read in reader(path, LARGEST) if reader else ():
        if not isinstance(read, RejectedFile):
            yield article_from(read, named)


def article_of(text: str, name: str) -> Article:
    """A passage as an article of its own."""
    return article_from(Draft(text, key=name), Path(name))


def sentences_of(source: str, article: Article) -> Iterator[Sentence]:
    """The sentences of an article that claims can be made of: whole, on one line, of a fair length, not quoted speech."""
    quotes = [Quote(article, span.start, span.end) for span in sentences(article.text)]
    known = frozenset(name for quote in quotes for name in inner_names(quote.text))
    for quote in quotes:
        if is_plain(quote.text):
            seed = f"{article.id}\0{quote.start}"
            yield Sentence(source, quote, known, tuple(each for each in quotes if each != quote), Random(seed))


def is_plain(text: str) -> bool:
    """Whether a sentence is one statement in prose."""
    words = text.split()
    return (
        SHORTEST <= len(words) <= LONGEST
        and text[:1].isupper()
        and text.endswith(".")
        and not re.search(r"[“”\"|\[\]()…;:?!\n]", text)
    )


def inner_names(text: str) -> list[str]:
    """The runs of capitals that do not begin the sentence: these are names for certain."""
    return [name for name in all_names(text) if not text.startswith(name)]


def all_names(text: str) -> list[str]:
    """The runs of capitals, days and months left out."""
    found = (re.sub(r"[’']s$", "", each.group()) for each in _NAME.finditer(text))
    return [name for name in found if not _CALENDAR.match(name) and len(name) > 2]


def certain_names(sentence: Sentence) -> list[str]:
    """The names of a sentence that its article also gives where no sentence begins."""
    return [name for name in all_names(sentence.text) if name in sentence.names]


def two_sentences(sentence: Sentence) -> Iterator[tuple[Quote, Quote]]:
    """A sentence with each other of its article that is plain, the nearest first."""
    mine = sentence.quote
    near = sorted(
        (each for each in sentence.others if is_plain(each.text)), key=lambda each: abs(each.start - mine.start)
    )
    for other in near:
        yield mine, other
