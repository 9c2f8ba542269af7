"""The measures that a figure may be of: "5-year" and "five years" are of one, "5 months" is of another."""

import re

_SPELLINGS = {
    "years": "years?|yrs?", "months": "months?", "weeks": "weeks?", "days": "days?", "hours": "hours?|hrs?",
    "minutes": "minutes?|mins?", "seconds": "seconds?|secs?",
    "miles": "miles?|mi", "kilometres": "kilomet(?:re|er)s?|kms?", "metres": "met(?:re|er)s?", "feet": "feet|foot|ft",
    "inches": "inch(?:es)?", "yards": "yards?", "centimetres": "centimet(?:re|er)s?|cm", "millimetres": "millimet(?:re|er)s?|mm",
    "acres": "acres?", "hectares": "hectares?",
    "square miles": r"(?:square|sq\.?)\s(?:miles?|mi)", "square kilometres": r"(?:square|sq\.?)\s(?:kilomet(?:re|er)s?|km)|km2|km²",
    "square metres": r"(?:square|sq\.?)\smet(?:re|er)s?|m2|m²", "square feet": r"(?:square|sq\.?)\s(?:feet|foot|ft)",
    "tonnes": r"(?:metric\s)?ton(?:ne)?s?", "kilograms": "kilograms?|kilos?|kgs?", "grams": "grams?",
    "litres": "lit(?:re|er)s?", "gallons": "gallons?", "barrels": "barrels?",
    "degrees Celsius": r"°\s?C|degrees?\sCelsius", "degrees Fahrenheit": r"°\s?F|degrees?\sFahrenheit",
    "gigabytes": "gigabytes?|GB", "terabytes": "terabytes?|TB", "megawatts": "megawatts?|MW", "gigawatts": "gigawatts?|GW",
}  # fmt: skip
MEASURES = "|".join(sorted(_SPELLINGS.values(), key=len, reverse=True))
"""A pattern of all spellings without a group, for a verbose and case-blind one; the longer ones first."""
_READ = [(re.compile(spelling, re.IGNORECASE), name) for name, spelling in _SPELLINGS.items()]


def measure_of(written: str) -> str:
    """The measure of a spelling: "km" is "kilometres"."""
    plain = " ".join(written.split())
    return next(name for pattern, name in _READ if pattern.fullmatch(plain))
