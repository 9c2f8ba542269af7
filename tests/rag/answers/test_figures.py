"""Figures are read with unit, scale and hedge."""

from decimal import Decimal

import pytest

from rag.claims.figures import figures


@pytest.mark.parametrize(
    ("text", "value", "unit", "hedge"),
    [
        ("$870M", "870e6", "USD", ""),
        ("$870 million", "870e6", "USD", ""),
        ("about $870 million", "870e6", "USD", "about"),
        ("some of $14 billion", "14e9", "USD", "about"),
        ("more than $13 billion", "13e9", "USD", "over"),
        ("upwards of 300", "300", "", "over"),
        ("$10B+", "10e9", "USD", "over"),
        ("as many as 300", "300", "", "under"),
        ("€1,250.50", "1250.5", "EUR", ""),
        ("two million dollars", "2e6", "USD", ""),
        ("half a million", "500000", "", ""),
        ("twenty-one", "21", "", ""),
        ("a dozen", "12", "", ""),
        ("15 per cent", "15", "%", ""),
        ("15%", "15", "%", ""),
        ("4 percentage points", "4", "points", ""),
        ("5-year", "5", "years", ""),
        ("40 sq km", "40", "square kilometres", ""),
        ("in excess of 12 tonnes", "12", "tonnes", "over"),
        ("18 years or older", "18", "years", "over"),
        ("$500 or less", "500", "USD", "under"),
        ("17,786,419", "17786419", "", ""),
        ("2024", "2024", "year", ""),
        ("3rd", "3", "ordinal", ""),
    ],
)
def test_one_figure(text: str, value: str, unit: str, hedge: str) -> None:
    (figure,) = figures(text)
    assert (figure.low, figure.high, figure.unit, figure.hedge) == (Decimal(value), Decimal(value), unit, hedge)
    assert text[figure.start : figure.end] == text


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("between $10 and $12 billion", "10e9", "12e9", "USD"),
        ("10–12%", "10", "12", "%"),
        ("ten to fifteen dollars", "10", "15", "USD"),
    ],
)
def test_one_range(text: str, low: str, high: str, unit: str) -> None:
    (figure,) = figures(text)
    assert (figure.low, figure.high, figure.unit) == (Decimal(low), Decimal(high), unit)


@pytest.mark.parametrize("text", ["GPT-4o", "B-52s", "v2.1 and x86", "nobody knows"])
def test_a_figure_in_a_name_is_part_of_the_name(text: str) -> None:
    assert figures(text) == []


def test_values_are_the_same_across_spellings_but_not_across_units() -> None:
    (millions,) = figures("$870M")
    (spelled,) = figures("roughly $870 million")
    (euros,) = figures("€870 million")
    (bare,) = figures("870 million")
    (percent,) = figures("870%")
    assert millions.same_value(spelled)
    assert millions.same_value(bare)
    assert not millions.same_value(euros)
    assert not bare.same_value(percent)
