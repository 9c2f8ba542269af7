"""Dates, names, negation and modality, read off sentences."""

from datetime import UTC, datetime

import pytest

from rag.claims.moments import moments
from rag.claims.names import akin, content, is_named, names, vocabulary
from rag.claims.stance import closest_clause, denies, is_possible

SUNDAY = datetime(2025, 6, 8, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("As recently as May 2024", (2024, 5, None)),
        ("on 12 May 2024", (2024, 5, 12)),
        ("on June 8, 2025", (2025, 6, 8)),
        ("2025-06-08", (2025, 6, 8)),
        ("on June 8", (None, 6, 8)),
        ("In 2016", (2016, None, None)),
        ("last year", (2024, None, None)),
        ("this month", (2025, 6, None)),
        ("on Tuesday", (2025, 6, 3)),
        ("yesterday", (2025, 6, 7)),
        ("next Tuesday", (2025, 6, 10)),
    ],
)
def test_one_moment(text: str, parts: tuple[int | None, int | None, int | None]) -> None:
    (moment,) = moments(text, SUNDAY)
    assert (moment.year, moment.month, moment.day) == parts


def test_a_relative_date_needs_a_day_of_publication() -> None:
    assert moments("last year") == []


def test_a_month_covers_its_days_and_a_day_does_not_cover_its_month() -> None:
    (month,), (day,), (other,) = moments("May 2024"), moments("12 May 2024"), moments("12 June 2024")
    assert month.covers(day)
    assert not day.covers(month)
    assert not month.covers(other)


def test_names_are_runs_of_capitals() -> None:
    found = [each.words for each in names("The startup said Mr. Greg Brockman of OpenAI met Anduril Industries Inc.")]
    assert found == [("greg", "brockman"), ("openai",), ("anduril", "industries", "inc")]
    assert [each.words for each in names("Who released Llama 4 in May?")] == [("llama", "4")]


def test_a_count_and_an_amount_are_no_part_of_a_name() -> None:
    assert [each.words for each in names("It was Dana Reyes 3 months later.")] == [("dana", "reyes")]
    assert names("It paid $3M for it.") == []
    assert [each.words for each in names("He has used Llama 4 since May.")] == [("llama", "4")]


def test_the_month_is_no_possibility() -> None:
    assert not is_possible("It was founded on 12 May 2016")
    assert is_possible("It may close")


def test_a_name_is_known_by_its_words_possessive_or_not() -> None:
    (name,) = names("It was Anduril Industries Inc.")
    assert is_named(name, vocabulary("Anduril Industries’ helmet"))
    assert not is_named(name, vocabulary("Andrew Industries"))


def test_forms_of_one_word_are_akin() -> None:
    assert akin("back", "backer")
    assert akin("valu", "valuat")
    assert not akin("invest", "internet")
    assert content("Did it back Scale AI’s plan in 2024?") == ["back", "scale", "ai", "plan"]


def test_negation_and_modality_are_seen_in_the_closest_clause() -> None:
    sentence = "Meta has not bought the firm, while Microsoft is in talks to buy a rival"
    assert denies(closest_clause("Meta has bought the firm", sentence))
    assert not denies(closest_clause("Microsoft will buy a rival", sentence))
    assert is_possible(closest_clause("Microsoft has bought a rival", sentence))
    assert not is_possible("Meta bought the firm")
