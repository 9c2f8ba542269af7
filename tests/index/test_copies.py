import random
from datetime import UTC, datetime

from index.copies import alike, bands, group

WORDS = [
    "harbour",
    "ferry",
    "council",
    "budget",
    "minister",
    "storm",
    "railway",
    "hospital",
    "vineyard",
    "orchard",
    "museum",
    "bridge",
    "tariff",
    "ballot",
    "glacier",
]
EARLY, LATE = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC)


def story(seed: int, paragraphs: int = 12) -> list[str]:
    pick = random.Random(seed)
    return [
        " ".join(pick.choice(WORDS) for _ in range(20)) + f" cost {pick.randint(10, 99)} crowns."
        for _ in range(paragraphs)
    ]


def candidates(one: str, other: str) -> bool:
    return bool(set(enumerate(bands(one))) & set(enumerate(bands(other))))


def test_a_republished_story_is_a_copy() -> None:
    for seed in range(30):
        wire = story(seed)
        again = ["From our wire desk", *wire[:8], *wire[9:], "Read our terms of use."]
        assert candidates("\n".join(wire), "\n".join(again))
        assert alike("\n".join(wire), "\n".join(again))


def test_another_story_and_a_corrected_one_are_not() -> None:
    for seed in range(30):
        one, other = story(seed), story(seed + 100)
        half = one[:6] + other[6:]
        corrected = [one[0].replace("cost ", "cost 1"), *one[1:]]
        for text in (other, half, corrected):
            assert not alike("\n".join(one), "\n".join(text))


def test_short_texts_are_copies_only_word_for_word() -> None:
    one = "The ferry to Norrby was cancelled on Monday night."
    assert alike(one, one.upper())
    assert not alike(one, one.replace("Monday", "Tuesday"))
    assert bands("Too short.") == []
    assert candidates(one, one + "!")


def test_the_earliest_leads_and_every_member_is_its_copy() -> None:
    dates = {"a": None, "b": LATE, "c": EARLY, "d": EARLY, "e": LATE, "f": None}
    # c - b - a is a chain: a is a copy of b only, so it does not stand for c's story. d - e; f alone.
    pairs = [("b", "c"), ("a", "b"), ("d", "e")]
    found = [(each.members, each.lead) for each in group(dates, pairs)]
    assert found == [(("b", "c"), "c"), (("d", "e"), "d")]
    assert group(dates, list(reversed(pairs))) == group(dates, pairs)
    assert [each.lead for each in group({"x": None, "y": None}, [("x", "y")])] == ["x"]
