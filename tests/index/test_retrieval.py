import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.articles import article_from
from index.building import carry
from index.drafts import Draft
from index.errors import UsageError
from index.llamaindex import BylineRetriever
from index.opening import Index, open_index
from index.retrieval import HybridRetriever
from index.settings import IndexSettings, SearchSettings
from index.types import Article, Filters

SETTINGS = IndexSettings(embedder="hashing", passage_tokens=40)
NOW = datetime(2025, 6, 18, tzinfo=UTC)
STORIES = (
    (
        "Ferry fares rise",
        "Harbour Post",
        1,
        "The ferry to Orrin will cost nine crowns from July. The council voted late.",
    ),
    (
        "Museum wing shuts",
        "City Ledger",
        9,
        "The north wing of the museum shuts in May. Curator Ida Brandt blames damp.",
    ),
    ("Bridge tolls end", "Harbour Post", 30, "Tolls on the Kell bridge end this spring. The mayor called it overdue."),
    ("Storm warning", None, None, "A storm is due over the coast. Ferries may stop, the coastguard warned."),
)


def story(number: int, title: str, publisher: str | None, days: int | None, text: str) -> Article:
    published = None if days is None else NOW - timedelta(days)
    draft = Draft(text=text, title=title, publisher=publisher, published_at=published, url=f"https://x.test/{number}")
    return article_from(draft, None, NOW)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with open_index(tmp_path, SETTINGS, SearchSettings(), tmp_path, write=True) as opened:
        carry(opened, [story(number, *each) for number, each in enumerate(STORIES)])
        yield opened


@pytest.fixture
def retriever(index: Index) -> HybridRetriever:
    return HybridRetriever(index.catalogue, index.vectors, index.embedder, now=lambda: NOW)


def titles(retriever: HybridRetriever, question: str, filters: Filters = Filters()) -> list[str | None]:
    return [hit.article.title for hit in retriever.search(question, 10, filters)]


def test_the_best_hit_comes_first_with_ranks_and_exact_text(retriever: HybridRetriever) -> None:
    hits = retriever.search("What does the ferry to Orrin cost?", 3)
    assert hits[0].article.title == "Ferry fares rise"
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert hit.article.text[hit.passage.start : hit.passage.end] == hit.passage.text
    assert hits[0].found_by == ("words", "dense", "sentences")


def test_no_more_than_k_and_at_least_one(retriever: HybridRetriever) -> None:
    assert len(retriever.search("ferry", 1)) == 1
    for question, k in (("ferry", 0), ("  ", 3)):
        with pytest.raises(UsageError):
            retriever.search(question, k)


def test_explicit_filters_bind_even_when_nothing_is_left(retriever: HybridRetriever) -> None:
    assert set(titles(retriever, "ferry bridge", Filters(("harbour post",)))) == {
        "Ferry fares rise",
        "Bridge tolls end",
    }
    since = Filters(since=NOW - timedelta(10))
    assert set(titles(retriever, "ferry museum bridge storm", since)) == {"Ferry fares rise", "Museum wing shuts"}
    as_of = Filters(as_of=NOW - timedelta(20))
    assert titles(retriever, "ferry museum bridge storm", as_of) == ["Bridge tolls end"]
    found = retriever.explain("ferry", 5, Filters(("Nobody",)))
    assert (found.hits, found.fell_back) == ((), False)


def test_a_filter_in_the_words_binds_and_falls_back_when_nothing_passes(retriever: HybridRetriever) -> None:
    assert set(titles(retriever, "What of ferries and the bridge, according to Harbour Post?")) == {
        "Ferry fares rise",
        "Bridge tolls end",
    }
    assert titles(retriever, "Which tolls end before June 2025?") == ["Bridge tolls end"]
    found = retriever.explain("Which ferry sails before May 1999?", 3)
    assert found.hits
    assert found.fell_back
    assert found.notes == ("Nothing passes before May 1999, read off the question; searched without.",)


def test_sources_of_several_parts_are_preferred_not_required(retriever: HybridRetriever) -> None:
    question = (
        "Does the Harbour Post article say that the ferry to Orrin will cost nine crowns, while the coastguard warned "
        "that a storm may stop ferries over the coast?"
    )
    found = retriever.explain(question, 4)
    assert len(found.parts) == 2
    assert found.preferred
    assert {hit.article.title for hit in found.hits[:2]} == {"Ferry fares rise", "Storm warning"}
    named = [vote for votes in found.votes for vote in votes if vote.search == "named"]
    assert [vote.share > 0 for vote in named] == [True, True]


def test_votes_add_up_to_the_score(retriever: HybridRetriever) -> None:
    found = retriever.explain("What does the ferry to Orrin cost?", 3)
    for hit, votes in zip(found.hits, found.votes, strict=True):
        assert sum(vote.share for vote in votes) == pytest.approx(hit.score, abs=1e-5)
    first = {vote.search: vote.rank for vote in found.votes[0]}
    assert first == {"words": 1, "dense": 1, "sentences": 1, "coverage": 1}


def test_what_the_better_hits_do_not_say_counts_for_more(retriever: HybridRetriever) -> None:
    found = retriever.explain("What does the ferry to Orrin cost, and what shut the museum's north wing?", 4)
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    new = [vote.score for votes in found.votes for vote in votes if vote.search == "coverage"]
    assert len(new) == len(found.hits)
    assert {hit.article.title for hit in found.hits[:2]} == {"Ferry fares rise", "Museum wing shuts"}
    assert new[0] + new[1] > 2 * new[2] > 0


def test_equal_passages_are_in_the_order_of_their_ids(index: Index) -> None:
    carry(index, [story(90 + each, "Lighthouse", None, None, "The lighthouse is lit again.") for each in range(3)])
    hits = HybridRetriever(index.catalogue, index.vectors, index.embedder).search("lighthouse lit", 3)
    assert [hit.passage.id for hit in hits] == sorted(hit.passage.id for hit in hits)
    assert {hit.article.title for hit in hits} == {"Lighthouse"}


def test_what_is_added_is_found_and_what_is_removed_is_not(index: Index, retriever: HybridRetriever) -> None:
    assert "Orchard" not in titles(retriever, "orchard cider")
    carry(index, [story(50, "Orchard", None, None, "The orchard presses cider again.")])
    found = retriever.search("orchard cider", 1)
    assert found[0].article.title == "Orchard"
    index.remove(found[0].article.id)
    assert "Orchard" not in titles(retriever, "orchard cider")


def test_an_empty_index_has_no_hits(tmp_path: Path) -> None:
    with open_index(tmp_path / "empty", SETTINGS, SearchSettings(), tmp_path, write=True) as opened:
        assert HybridRetriever(opened.catalogue, opened.vectors, opened.embedder).search("ferry", 3) == []


def test_a_copy_of_the_words_is_used_again_and_a_damaged_one_is_made_anew(index: Index, tmp_path: Path) -> None:
    copy = tmp_path / "words.npz"
    parts = (index.catalogue, index.vectors, index.embedder)
    first = HybridRetriever(*parts, copy=copy).search("ferry", 3)
    assert first
    assert copy.stat().st_size > 0
    assert HybridRetriever(*parts, copy=copy).search("ferry", 3) == first
    for damaged in (b"not arrays", copy.read_bytes()[:-40], b""):
        copy.write_bytes(damaged)
        assert HybridRetriever(*parts, copy=copy).search("ferry", 3) == first


def test_a_copy_that_is_behind_is_followed_from_where_it_is(index: Index, tmp_path: Path) -> None:
    copy = tmp_path / "words.npz"
    parts = (index.catalogue, index.vectors, index.embedder)
    gone = HybridRetriever(*parts, copy=copy).search("museum", 1)[0].article
    index.catalogue.remove(gone.id)
    carry(index, [story(60, "Orchard", None, None, "The orchard presses cider again.")])
    behind = HybridRetriever(*parts, copy=copy)
    assert titles(behind, "orchard cider")[0] == "Orchard"
    assert gone.title not in titles(behind, "museum curator damp")
    copy.unlink()
    anew = HybridRetriever(*parts, copy=copy)
    assert titles(behind, "ferry coast") == titles(anew, "ferry coast") != []


def test_readers_search_while_one_writes(index: Index, retriever: HybridRetriever) -> None:
    done = threading.Event()

    def read() -> list[int]:
        counts = [len(retriever.search("ferry orchard", 5))]
        while not done.is_set():
            counts.append(len(retriever.search("ferry orchard", 5)))
        return counts

    with ThreadPoolExecutor(2) as readers:
        reading = [readers.submit(read) for _ in range(2)]
        try:
            for number in range(8):
                words = f"The orchard has {number} pear trees."
                carry(index, [story(100 + number, f"Orchard {number}", None, None, words)])
        finally:
            done.set()
        assert min(min(each.result()) for each in reading) >= 1
    assert len(retriever.search("orchard pear trees", 8)) == 8


@dataclass
class Longest:
    asked: int = 0

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        self.asked += len(texts)
        return [float("storm" in text) for text in texts]


def test_a_reranker_reads_the_best_and_is_explained(index: Index) -> None:
    reranker = Longest()
    retriever = HybridRetriever(index.catalogue, index.vectors, index.embedder, reranker=reranker)
    found = retriever.explain("ferry", 4)
    assert found.hits[0].article.title == "Storm warning"
    assert "reranker" in found.hits[0].found_by
    assert reranker.asked == 4


def test_llamaindex_gets_our_hits_as_nodes(retriever: HybridRetriever) -> None:
    question = "What does the ferry to Orrin cost?"
    nodes = BylineRetriever(retriever, k=2).retrieve(question)
    hits = retriever.search(question, 2)
    assert [(node.node_id, node.text, node.score) for node in nodes] == [
        (hit.passage.id, hit.passage.text, hit.score) for hit in hits
    ]
    assert nodes[0].metadata == {
        "title": "Ferry fares rise",
        "publisher": "Harbour Post",
        "published_at": "2025-06-17T00:00:00+00:00",
        "url": "https://x.test/0",
        "article_id": hits[0].article.id,
        "article_sha256": hits[0].article.sha256,
        "start": hits[0].passage.start,
        "end": hits[0].passage.end,
        "rank": 1,
        "found_by": ["words", "dense", "sentences"],
    }
