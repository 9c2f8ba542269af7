"""What only unnamed people, a belief or hearsay stand for is not said as a fact; the source can be put back."""

import pytest
from answers.making import Sure, article

from rag.checking import check
from rag.claims.sources import only_source
from rag.grounding import Quote, with_hedges


@pytest.mark.parametrize(
    ("claim", "clause"),
    [
        ("Acme will close its plant.", "Acme will close its plant, according to people familiar with the matter."),
        ("Acme will close its plant.", "Acme will close its plant, two people briefed on the plan said."),
        ("Acme closed its plant in May.", "People at the plant said Acme closed its plant in May."),
        ("The mayor knew of the leak.", "Prosecutors allege that the mayor knew of the leak."),
        ("The mayor knew of the leak.", "Dana Reyes, a rival, claimed that the mayor knew of the leak."),
        ("The mayor met the builder.", "The mayor allegedly met the builder."),
    ],
)
def test_a_claim_that_rests_on_somebodys_word_alone(claim: str, clause: str) -> None:
    assert only_source(claim, clause) is not None
    quote = [Quote(article(clause), 0, len(clause))]
    support = check(claim, quote, Sure(1.0))
    assert support.verdict == "unsupported"
    assert False in support.checks.values()


@pytest.mark.parametrize(
    ("claim", "clause"),
    [
        ("The ferry will cost $41 million.", "The ferry will cost $41 million, the port authority said."),
        ("Acme will close its plant, people said.", "Acme will close its plant, people at the firm said."),
        ("Acme reportedly closed its plant.", "People at the plant said Acme closed its plant."),
        ("Dana Reyes is a rival of the mayor.", "Dana Reyes, a rival of the mayor, claimed that he knew of the leak."),
        ("Acme makes anvils in Graz.", "Acme makes anvils in Graz."),
    ],
)
def test_named_speakers_and_claims_that_name_their_source_pass(claim: str, clause: str) -> None:
    assert only_source(claim, clause) is None


@pytest.mark.parametrize(
    ("claim", "quote", "shown"),
    [
        (
            "Acme is worth $5 million.",
            "Acme is worth about $5 million, according to people familiar with the matter.",
            "Acme is worth about $5 million, according to people familiar with the matter.",
        ),
        (
            "The plant leaks.",
            "Critics of the plan said that the plant leaks.",
            "Critics of the plan said that the plant leaks.",
        ),
        (
            "Acme sold the plant.",
            "Prosecutors allege that Acme sold the plant.",
            "Prosecutors allege that Acme sold the plant.",
        ),
        ("Acme sold the plant.", "Acme sold the plant, its owner said.", "Acme sold the plant."),
        ("The mayor met him.", "The mayor allegedly met him.", "The mayor met him."),
    ],
)
def test_the_source_is_put_back_in_its_own_words(claim: str, quote: str, shown: str) -> None:
    assert with_hedges(claim, [quote]) == shown
