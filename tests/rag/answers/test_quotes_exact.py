"""Every citation is exact, by construction: 2,000 generated articles, drafts and groundings."""

from random import Random

import pytest
from answers.making import Sure, article
from hypothesis import given, settings
from hypothesis import strategies as some

from index.sentences import sentences
from index.types import Cluster
from rag.citing import Sheet
from rag.drafting import Draft
from rag.proving import extract, prove
from rag.types import EvidenceSentence

WORDS = [
    "Meta",
    "Scale",
    "AI",
    "invested",
    "$10",
    "billion",
    "about",
    "14",
    "million",
    "in",
    "2024",
    "not",
    "may",
    "the",
    "startup's",
    "“quote”",
    "é",
    "🚢",
    "Ltd.",
    "U.S.",
    "|",
    "and",
    "5%",
    "[3]",
    "\u202e",
    "x́",
    "<b>",
    "https://e.example",
]


class Alone:
    """A catalogue without near-copies."""

    def cluster_of(self, article_id: str) -> Cluster | None:
        return None


def text_of(random: Random, most: int) -> str:
    """Sentences of drawn words, some on lines of their own; a text is never blank."""
    made = [" ".join(random.choices(WORDS, k=random.randint(2, 9))) + "." for _ in range(random.randint(1, most))]
    return random.choice("\n ").join(made)


@pytest.mark.timeout(900)
@settings(max_examples=2000, deadline=None)
@given(seed=some.integers(0, 2**32))
def test_quotes_are_exact_and_offsets_are_those_of_the_text(seed: int) -> None:
    random = Random(seed)
    articles = [article(text_of(random, 4), f"a{n}") for n in range(random.randint(1, 2))]
    places = [(each, span) for each in articles for span in sentences(each.text)]
    evidence = [
        EvidenceSentence(n, each, span.start, span.end, each.text[span.start : span.end], 1.0 / n)
        for n, (each, span) in enumerate(places, 1)
    ]
    # Half of the drafts repeat what an article says, so that much of what is tried passes.
    said = random.choice(evidence).text if random.random() < 0.5 else text_of(random, 2)
    trial = prove(Draft(said, tuple(random.choices(range(1, 9), k=2)), (), 0, 0), evidence, Sure())
    sheet = Sheet(Alone())  # type: ignore[arg-type]
    for proven in (*trial.passed, extract(evidence[0])):
        sheet.add(proven)
    assert sheet.citations
    for citation in sheet.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote
    for sentence in sheet.sentences:
        assert sheet.text[sentence.start : sentence.end] == sentence.text
        assert sentence.support.verdict == "supported"
        assert set(sentence.citations) <= {each.number for each in sheet.citations}
        assert sentence.citations
