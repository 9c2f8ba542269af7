from datetime import UTC, datetime

import pytest

from index.asked import asked, together
from index.attribution import named
from index.moments import bounds
from index.questions import clauses, take_apart
from index.terms import telling, terms
from index.types import Filters

NOW = datetime(2025, 6, 18, 12, tzinfo=UTC)
PUBLISHERS = ("Bloomberg", "Fortune", "The Verge", "FOX News - Health", "Wired")


def day(text: str, last: bool = False) -> datetime:
    return datetime.fromisoformat(f"{text}T23:59:59.999999+00:00" if last else f"{text}T00:00:00+00:00")


def test_terms_are_folded_and_stemmed() -> None:
    assert terms("The Mayor’s café closings, 3.5%") == ["the", "mayor", "s", "cafe", "close", "3", "5"]


def test_a_question_of_quiet_words_alone_keeps_them() -> None:
    assert telling("who is it?") == ["who", "i", "it"]
    assert telling("Who paid for the bridge?") == ["paid", "bridg"]


def test_clauses_are_cut_where_each_has_enough_to_find() -> None:
    question = "Does the harbour board plan longer opening hours for ferries, while the city museum closes its north wing in May?"
    assert clauses(question) == [
        "Does the harbour board plan longer opening hours for ferries",
        "while the city museum closes its north wing in May?",
    ]
    assert clauses("Rain and wind?") == ["Rain wind?"]
    assert take_apart("How high is the new lighthouse?").parts == ()


def test_what_says_when_it_was_published_is_not_searched_for() -> None:
    query = take_apart("What did the harbour report published on October 6, 2023 say of tolls?")
    assert query.whole.terms == ("harbour", "sai", "toll")
    assert "2023" in take_apart("What were the tolls in 2023?").whole.terms


def test_a_long_name_weighs_less_a_word() -> None:
    query = take_apart("What did Anna Maria Holt say of tolls?")
    assert query.weights == {each: pytest.approx(3**-0.35) for each in ("anna", "maria", "holt")}


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("layoffs before June 2025", None, day("2025-05-31", True)),
        ("layoffs after 6 October 2023", day("2023-10-07"), None),
        ("layoffs since Oct. 6th, 2023", day("2023-10-06"), None),
        ("layoffs until 2023-10-06", None, day("2023-10-06", True)),
        ("layoffs between March 2024 and May 2024", day("2024-03-01"), day("2024-05-31", True)),
        ("articles from February 2024 on layoffs", day("2024-02-01"), day("2024-02-29", True)),
        ("layoffs last week", day("2025-06-11"), day("2025-06-18", True)),
        ("layoffs in the past 3 days", day("2025-06-15"), day("2025-06-18", True)),
        ("layoffs yesterday", day("2025-06-17"), day("2025-06-17", True)),
        ("layoffs this month", day("2025-06-01"), day("2025-06-18", True)),
    ],
)
def test_dates_in_plain_words(question: str, since: datetime | None, until: datetime | None) -> None:
    found = bounds(question, NOW)
    assert found is not None
    assert (found.since, found.until) == (since, until)


@pytest.mark.parametrize(
    "question",
    [
        "What was the revenue in 2024?",
        "the last minister to resign",
        "before 99 February 2024",
        "after 1 May 2024 or before 2 May 2023",
    ],
)
def test_no_date_is_read_where_none_is_meant_or_several_are(question: str) -> None:
    assert bounds(question, NOW) is None


@pytest.mark.parametrize(
    ("question", "publishers"),
    [
        ("According to Bloomberg, what did it cost?", ("Bloomberg",)),
        ("What does the Fortune article say?", ("Fortune",)),
        ("Which firms of the Fortune 500 grew?", ()),
        ("Did fortune favour them, according to Wired?", ("Wired",)),
        ("What do 'The Verge' and Wired say?", ("The Verge", "Wired")),
        ("What did FOX News report?", ("FOX News - Health",)),
        ("Who bought Bloomberg?", ()),
    ],
)
def test_publishers_named_as_sources(question: str, publishers: tuple[str, ...]) -> None:
    assert named(question, PUBLISHERS) == publishers


def test_filters_in_the_words_bind_a_simple_question_only() -> None:
    simple = "What did the merger cost, according to Bloomberg?"
    wish = asked(take_apart(simple), simple, Filters(), PUBLISHERS, NOW)
    assert (wish.read, wish.binding, wish.words) == (Filters(("Bloomberg",)), True, "Bloomberg")
    double = (
        "Does the Bloomberg article put the merger cost at nine million crowns, while the Wired article reports that "
        "the same merger cost twelve million crowns?"
    )
    wish = asked(take_apart(double), double, Filters(), PUBLISHERS, NOW)
    assert (wish.read, wish.binding) == (Filters(("Bloomberg", "Wired")), False)


def test_what_is_given_explicitly_is_not_read_from_the_words() -> None:
    question = "What did the merger cost last week, according to Bloomberg?"
    given = Filters(publishers=("Wired",), as_of=day("2024-03-08"))
    wish = asked(take_apart(question), question, given, PUBLISHERS, NOW)
    assert wish.read == Filters((), day("2024-03-01"), day("2024-03-08", True))
    assert together(given, wish.read) == Filters(
        ("Wired",), day("2024-03-01"), day("2024-03-08", True), day("2024-03-08")
    )
