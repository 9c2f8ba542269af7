"""From hits to the few numbered sentences that a model is shown: a prompt token costs 15 ms, so each must earn its place."""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from index.protocols import Embedder, Vectors
from index.types import Article, Hit
from rag.claims.names import akin, content
from rag.types import EvidenceSentence

# Weights of the sentence score, chosen on development questions (docs/log.md): beside meaning, which weighs 1, the
# shared words, both once more with the article's title before the sentence, and the passage's own rank.
SHARED_WORDS = 0.5
IN_CONTEXT = 0.5
PASSAGE_RANK = 0.1
SAME = 0.93
SHORTEST_WORDS = 4
HEADLINE = 200
"""So many characters of a title or a publisher are shown to the model: a longer one is no name, and costs its time."""

# Of the families of chat templates: "<|im_start|>", "</s>", "<start_of_turn>", "<｜User｜>", "<<SYS>>", "[INST]".
_CONTROL_TOKENS = re.compile(r"<(?=[|｜/]?[A-Za-z_|｜])|\[(?=/?[A-Z][A-Z_]{2,}\])")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit with its score; `vector` is its unit embedding."""

    article: Article
    start: int
    end: int
    text: str
    score: float
    vector: Vectors


def candidates(question: str, hits: Sequence[Hit], embedder: Embedder) -> list[Candidate]:
    """Every sentence of the hits, best first, ties by article and place. Each stretch of an article comes once."""
    places: dict[tuple[str, int, int], tuple[Hit, int]] = {}
    for hit in hits:
        for span in hit.passage.sentences:
            places.setdefault((hit.article.id, span.start, span.end), (hit, hit.rank))
    kept = [
        (hit.article, start, end, hit.article.text[start:end], rank)
        for (_, start, end), (hit, rank) in places.items()
        if len(hit.article.text[start:end].split()) >= SHORTEST_WORDS
        and not _is_title(hit.article, hit.article.text[start:end])
    ]
    if not kept:
        return []
    texts = [text for *_, text, _ in kept]
    titled = [f"{article.title}: {text}" if article.title else text for article, _, _, text, _ in kept]
    vectors = embedder.embed([question, *texts, *titled])
    meaning, meaning_titled = np.split(vectors[1:] @ vectors[0], 2)
    words, words_titled = shared_words(question, texts), shared_words(question, titled)
    ranked = [
        Candidate(
            article, start, end, text, float(m + IN_CONTEXT * (mt + wt) + SHARED_WORDS * w + PASSAGE_RANK / rank), v
        )
        for (article, start, end, text, rank), m, mt, w, wt, v in zip(
            kept, meaning, meaning_titled, words, words_titled, vectors[1:], strict=False
        )
    ]
    return sorted(ranked, key=lambda each: (-each.score, each.article.id, each.start))


def _is_title(article: Article, text: str) -> bool:
    # The model sees the title in the byline, and a headline is no account of anything.
    return " ".join(text.split()).casefold() == " ".join((article.title or "").split()).casefold()


def shared_words(question: str, texts: Sequence[str]) -> list[float]:
    """The share of the question's telling words that each text has, rare words weighing more (inverse document frequency).

    Forms of one word ("back", "backers") count half.
    """
    stems = [content(text) for text in texts]
    counts = Counter(each for text in stems for each in set(text))
    asked = content(question)
    weight = {each: math.log(1 + (len(texts) - counts[each] + 0.5) / (counts[each] + 0.5)) for each in asked}
    total = sum(weight.values())
    if not total:
        return [0.0] * len(texts)

    def share(there: list[str]) -> float:
        known = set(there)
        return sum(
            weight[each] * (1.0 if each in known else 0.5 if any(akin(each, other) for other in there) else 0.0)
            for each in asked
        )

    return [share(each) / total for each in stems]


def choose_evidence(
    ranked: Sequence[Candidate],
    limit: int,
    cluster: Callable[[str], str | None] = lambda article_id: None,
) -> list[EvidenceSentence]:
    """The best sentences that differ from one another, numbered 1..n by score.

    A sentence that says the same as a better one of the same story (a wire copy) adds nothing and is left out;
    the same words from an independent source are left out as well, since the number of sources is counted elsewhere.
    """
    chosen: list[Candidate] = []
    for each in ranked:
        if len(chosen) == limit:
            break
        if not any(_repeats(each, other, cluster) for other in chosen):
            chosen.append(each)
    return _in_reading_order(chosen)


def _in_reading_order(chosen: Sequence[Candidate]) -> list[EvidenceSentence]:
    """Numbered by article, the article of the best sentence first, and as they stand in each."""
    articles = list(dict.fromkeys(each.article.id for each in chosen))
    ordered = sorted(chosen, key=lambda each: (articles.index(each.article.id), each.start))
    return [
        EvidenceSentence(number, each.article, each.start, each.end, each.text, each.score)
        for number, each in enumerate(ordered, start=1)
    ]


def _repeats(one: Candidate, other: Candidate, cluster: Callable[[str], str | None]) -> bool:
    alike = float(np.dot(one.vector, other.vector))
    copies = cluster(one.article.id)
    return alike > (SAME - 0.05 if copies and copies == cluster(other.article.id) else SAME)


def numbered(evidence: Sequence[EvidenceSentence]) -> str:
    """The evidence as a model is shown it: under each article's byline its sentences, one line each."""
    lines: list[str] = []
    article = None
    for each in evidence:
        if each.article.id != article:
            article = each.article.id
            lines.append(f"Article: {byline(each.article)}")
        lines.append(f"{each.number}. {as_data(each.text)}")
    return "\n".join(lines)


def byline(article: Article) -> str:
    """Title, publisher and day, as far as they are known, on one line; no more of either than a headline holds."""
    day = article.published_at.strftime("%-d %B %Y") if article.published_at else None
    source = ", ".join(as_data(each)[:HEADLINE] for each in (article.publisher, day) if each)
    title = as_data(article.title or "")[:HEADLINE]
    return " – ".join(each for each in (title, source) if each) or "without a title"


def under_byline(article: Article, text: str) -> str:
    """A quote as a judge reads it: what it leaves unsaid, the title may say."""
    return f"({byline(article)}) {as_data(text)}"


def as_data(text: str) -> str:
    """Text on one line in which no chat template's control token is left whole."""
    return _CONTROL_TOKENS.sub(r"\g<0> ", " ".join(text.split()))
