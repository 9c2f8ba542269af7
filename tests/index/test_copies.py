import random
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.articles import article_from
from index.catalogue import SqliteCatalogue
from index.copies import alike, bands, group
from index.drafts import Draft

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
        half = one[:5] + other[5:]
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


def reworded(text: str, share: float, seed: int) -> str:
    pick = random.Random(seed)
    return re.sub(r"[a-z]+", lambda word: pick.choice(WORDS) if pick.random() < share else word.group(), text)


def test_a_story_told_in_other_words_in_other_places_is_a_copy() -> None:
    for seed in range(30):
        wire, other = story(seed), story(seed + 100)
        light = reworded("\n".join(wire), 0.2, seed)
        shuffled = random.Random(seed).sample(wire, len(wire))
        shorter, longer = wire[:8], [*other[:3], *wire, *other[3:6]]
        for text in (light, "\n".join(shuffled), "\n".join(shorter), "\n".join(longer)):
            assert candidates("\n".join(wire), text) and alike("\n".join(wire), text) and alike(text, "\n".join(wire))


@pytest.mark.parametrize(
    ("one", "other", "copies"),
    [
        ("The ferry carried 120 people to the island.", "The ferry carried 210 people to the island.", False),
        ("The ferry carried 120 people to the island.", "The ferry carried people to the island.", True),
        ("The ferry carried 4 of 4 crews to the island.", "The ferry carried 4 of 5 crews to the island.", False),
        ("Ferry: 120", "Ferry: 210", True),
    ],
)
def test_a_figure_that_differs_in_one_sentence_makes_another_story(one: str, other: str, copies: bool) -> None:
    rest = story(7)
    assert alike("\n".join([one, *rest]), "\n".join([other, *rest])) is copies
    assert alike("\n".join([*rest, other]), "\n".join([one, *rest])) is copies


def test_one_story_quoted_in_another_is_no_copy_of_it() -> None:
    for seed in range(30):
        one, other = story(seed), story(seed + 100)
        assert not alike("\n".join(one), "\n".join([*one[:4], *other[4:]]))
        assert not alike("\n".join(one[:3]), "\n".join([*one[:3], *other]))


def articles_of(*texts: str) -> list:
    day = datetime(2025, 3, 1, tzinfo=UTC)
    return [
        article_from(Draft(text=text, url=f"https://wire.example/{at}", published_at=day.replace(day=1 + at)), None)
        for at, text in enumerate(texts)
    ]


def test_a_catalogue_that_knew_copies_by_other_keys_groups_them_anew_once(tmp_path: Path) -> None:
    wire = "\n".join(story(1))
    articles = articles_of(wire, reworded(wire, 0.1, 2), "\n".join(story(3)))
    catalogue = SqliteCatalogue(tmp_path / "catalogue.sqlite")
    for each in articles:
        catalogue.replace(each, ())
    catalogue.close()
    database = sqlite3.connect(tmp_path / "catalogue.sqlite")
    database.executescript("PRAGMA application_id = 0; DELETE FROM bands; DELETE FROM copies; DELETE FROM clusters;")
    database.close()
    again = SqliteCatalogue(tmp_path / "catalogue.sqlite")
    cluster = again.cluster_of(articles[0].id)
    assert cluster is not None and cluster.lead == articles[0].id
    assert cluster.members == tuple(sorted(each.id for each in articles[:2]))
    later = articles_of("", "", "", reworded(wire, 0.1, 5))[3]
    again.replace(later, ())
    assert again.cluster_of(later.id) == again.cluster_of(articles[0].id)
    again.close()


def test_a_copy_is_found_among_many_that_have_a_little_in_common(tmp_path: Path) -> None:
    wire = story(1)
    crowd = ["\n".join([*wire[:3], *story(seed)[3:]]) for seed in range(10, 22)]
    articles = articles_of("\n".join(wire), *crowd, reworded("\n".join(wire), 0.1, 5))
    catalogue = SqliteCatalogue(tmp_path / "catalogue.sqlite")
    for each in sorted(articles[:-1], key=lambda each: each.id):
        catalogue.replace(each, ())
    catalogue.replace(articles[-1], ())
    cluster = catalogue.cluster_of(articles[-1].id)
    assert cluster is not None and cluster.members == tuple(sorted((articles[0].id, articles[-1].id)))
    catalogue.close()
