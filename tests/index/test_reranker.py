from pathlib import Path

import pytest
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

from index.articles import article_from
from index.building import carry
from index.drafts import Draft
from index.errors import MissingError, UsageError
from index.opening import load_reranker, open_index
from index.retrieval import retriever_over
from index.settings import IndexSettings, SearchSettings

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] the ferry to orrin sails at noon bridge is shut storm due over coast ."
TEXTS = ["The ferry sails at noon.", "The bridge is shut.", "A storm is due over the coast. " * 40]


def make(folder: Path, labels: int = 1) -> Path:
    """A cross-encoder of one layer that has learnt nothing."""
    folder.mkdir()
    (folder / "vocab.txt").write_text(WORDS.replace(" ", "\n") + "\n", encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(WORDS.split()),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        num_labels=labels,
        initializer_range=0.8,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def test_each_text_has_a_score_whatever_is_beside_it(tmp_path: Path) -> None:
    make(tmp_path / "cross")
    reranker = load_reranker("cross", tmp_path)
    scores = reranker.scores("When does the ferry sail?", TEXTS)
    assert len(set(scores)) == 3
    assert all(0 <= each <= 1 for each in scores)
    alone = [reranker.scores("When does the ferry sail?", [each])[0] for each in TEXTS]
    assert alone == pytest.approx(list(scores), abs=1e-5)
    assert reranker.scores("When does the ferry sail?", []) == []


def test_one_that_is_not_there_or_gives_more_scores_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"The reranker cross is not in .*--set search\.reranker="):
        load_reranker("cross", tmp_path)
    make(tmp_path / "three", labels=3)
    with pytest.raises(UsageError, match="three gives 3 scores"):
        load_reranker("three", tmp_path)


def test_the_one_that_the_settings_name_votes(tmp_path: Path) -> None:
    folder = make(tmp_path / "cross")
    settings, search = IndexSettings(embedder="hashing", passage_tokens=40), SearchSettings(reranker=str(folder))
    with open_index(tmp_path / "home", settings, search, tmp_path, write=True) as index:
        carry(index, [article_from(Draft(text=text, title=str(at)), Path(f"/{at}")) for at, text in enumerate(TEXTS)])
        found = retriever_over(index, search, tmp_path).explain("When does the ferry sail?", 3)
        reread = load_reranker(str(folder), tmp_path).scores("When does the ferry sail?", [found.hits[0].passage.text])
    [vote] = [each for each in found.votes[0] if each.search == "reranker"]
    assert vote.score == pytest.approx(reread[0], abs=1e-5)
    assert vote.share == pytest.approx(2 * vote.score, abs=1e-5)
