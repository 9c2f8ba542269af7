import pytest

from index.errors import UsageError
from rag.doors.filters import filters_of, make_filters, moment


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-06-08", "2025-06-08T00:00:00+00:00", "2025-06-08T23:59:59.999999+00:00"),
        ("2025-2", "2025-02-01T00:00:00+00:00", "2025-02-28T23:59:59.999999+00:00"),
        ("2024-12", "2024-12-01T00:00:00+00:00", "2024-12-31T23:59:59.999999+00:00"),
        ("2025", "2025-01-01T00:00:00+00:00", "2025-12-31T23:59:59.999999+00:00"),
        ("2025-06-08T12:00:00+02:00", "2025-06-08T10:00:00+00:00", "2025-06-08T10:00:00+00:00"),
        ("2025-06-08T12:00", "2025-06-08T12:00:00+00:00", "2025-06-08T12:00:00+00:00"),
    ],
)
def test_a_date_is_its_first_moment_or_its_last(text, first, last):
    assert moment(text, end=False).isoformat() == first
    assert moment(text, end=True).isoformat() == last


@pytest.mark.parametrize("text", ["", "June", "2025-13", "2025-02-30", "9999999", "0000", "9999-12-31x"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(UsageError):
        moment(text, end=False)


def test_the_end_of_the_calendar_is_no_bug():
    with pytest.raises(UsageError):
        moment("9999", end=True)


def test_filters_of_a_case():
    assert filters_of({"publisher": "A"}) == make_filters(["A"])
    assert filters_of({"publishers": ["A", "B"], "as_of": "2025"}) == make_filters(["A", "B"], as_of="2025")
    assert not filters_of({})
    for wrong in ({"publishers": 3}, {"publishers": [3]}, {"since": 3}):
        with pytest.raises(UsageError):
            filters_of(wrong)
