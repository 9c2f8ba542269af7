"""A name, a value or a word put in another's place is seen where claim and quote run along together, and only there."""

import pytest

from rag.claims.opposites import are_opposite
from rag.claims.places import lay_beside


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Acme sued Borealis over the patent.", "Borealis sued Acme over the patent."),
        ("Harlow Council was criticised by Dana Reyes.", "Dana Reyes was criticised by Harlow Council."),
        ("Acme paid the fine in Graz on Friday.", "Borealis paid the fine in Graz on Friday."),
        ("The bridge carries 40 trams an hour.", "The bridge carries 14 trams an hour."),
        ("Sales at the port rose in the spring.", "Sales at the port fell in the spring."),
        ("It opened before the flood of the valley.", "It opened after the flood of the valley."),
    ],
)
def test_what_stands_in_the_place_of_another(claim: str, quote: str) -> None:
    assert lay_beside(claim, quote).out_of_place


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Acme was sued by Borealis over the patent.", "Borealis sued Acme over the patent."),
        ("Dr Dana Reyes leads the museum in Graz.", "Reyes leads the museum in Graz."),
        ("The EU fined Acme for the spill in Graz.", "The European Union fined Acme for the spill in Graz."),
        ("The plan cost $870M in the first year.", "The plan cost $870 million in the first year."),
        ("The firm sold the site to Borealis.", "Borealis bought the site, which Acme had owned since the war."),
        ("According to Dana Reyes, the fund is too small.", "The fund is too small, Dana Reyes said."),
        ("Nobody spoke of Acme.", "Borealis makes anvils."),
    ],
)
def test_other_wordings_are_no_other_places(claim: str, quote: str) -> None:
    assert not lay_beside(claim, quote).out_of_place


def test_the_share_is_of_the_claims_words_in_order() -> None:
    # "acme", "bought", "the", "site" stand in the quote in this order, "old" does not: 4 of 5.
    assert lay_beside("Acme bought the old site", "In May Acme bought the whole site.").share == pytest.approx(0.8)
    assert lay_beside("", "Acme").share == 0


def test_contraries_are_known_in_both_directions() -> None:
    assert are_opposite(["rose"], ["fell"])
    assert are_opposite(["fell"], ["rose"])
    assert not are_opposite(["rose"], ["rose"])
    assert not are_opposite(["rose"], ["sold"])
