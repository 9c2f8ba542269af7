"""Rewordings that keep a sentence true: of its figures, its dates, a few plain words, and its frame."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from eval.benches.checker.putting import MONTHS
from eval.benches.checker.verbs import base_of, participle, past

Rewording = Callable[[str, datetime | None], str]

_WORDS = {
    "purchased": "bought", "acquired": "bought", "began": "started", "nearly": "almost", "approximately": "about",
    "roughly": "around", "children": "kids", "film": "movie", "films": "movies", "firm": "company", "huge": "very large",
    "several": "a number of", "obtain": "get", "assist": "help", "located": "situated", "utilized": "used",
    "commenced": "began", "attempted": "tried", "permitted": "allowed", "prior to": "before", "numerous": "many",
    "frequently": "often", "additional": "more", "individuals": "people", "large": "big", "largest": "biggest",
    "primarily": "mainly", "requires": "needs", "required": "needed", "due to": "because of", "in order to": "to",
    "more than": "over", "as well as": "and", "did not": "didn’t", "does not": "doesn’t", "is not": "isn’t",
    "was not": "wasn’t", "have not": "haven’t", "cannot": "can’t", "can't": "cannot", "don't": "do not", "don’t": "do not",
    "didn’t": "did not", "isn’t": "is not", "doesn’t": "does not", "wasn’t": "was not", "won’t": "will not",
}  # fmt: skip
_SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def plain_words(text: str, day: datetime | None) -> str:
    """One or two common words in place of others that mean the same."""
    for old, new in _WORDS.items():
        text = re.sub(rf"\b{re.escape(old)}\b", new, text, count=1)
    return text


def figures(text: str, day: datetime | None) -> str:
    """ "$870 million" is "$870M", "5 percent" is "5%", "1,200" is "1200", "three" is "3"."""
    text = re.sub(
        r"(\$\d[\d.,]*) (m|b)illion\b", lambda m: f"{m[1]}{m[2].upper()}" if m[2] == "m" else f"{m[1]}bn", text
    )
    text = re.sub(r"(\d) ?(?:percent|per cent)\b", r"\1%", text)
    text = re.sub(r"(\d)%(?=[ .,])", r"\1 percent", text) if "percent" not in text else text
    text = re.sub(r"\b(\d{1,2}),(\d{3})\b(?!,)", r"\1\2", text)
    return re.sub(rf"(?<=[a-z] )({'|'.join(_SMALL[2:])})(?= [a-z]+s\b)", lambda m: str(_SMALL.index(m[1])), text)


def written_dates(text: str, day: datetime | None) -> str:
    """ "May 12, 2016" is "12 May 2016", and the other way round."""
    months = "|".join(MONTHS)
    turned = re.sub(rf"\b({months}) (\d{{1,2}}), (\d{{4}}),?", r"\2 \1 \3", text)
    return turned if turned != text else re.sub(rf"\b(\d{{1,2}}) ({months}) (\d{{4}})\b", r"\2 \1, \3", text)


def told_dates(text: str, day: datetime | None) -> str:
    """ "last year" is "in 2022" in an article of 2023; so are months, days of the week and yesterday."""
    if day is None:
        return text
    month = day.year * 12 + day.month - 1
    said = {
        "last year": f"in {day.year - 1}",
        "this year": f"in {day.year}",
        "next year": f"in {day.year + 1}",
        "last month": f"in {MONTHS[(month - 1) % 12]} {(month - 1) // 12}",
        "this month": f"in {MONTHS[month % 12]} {month // 12}",
    }
    for old, new in said.items():
        text = re.sub(rf"(?<!earlier )(?<!of )(?<!in )(?<!from )(?<!the )(?<!than )\b{old}\b(?!['’])", new, text)
    yesterday = day - timedelta(days=1)
    return re.sub(r"\byesterday\b(?!['’])", f"on {MONTHS[yesterday.month - 1]} {yesterday.day}", text)


def frame(text: str, day: datetime | None) -> str:
    """Without an opening "However," and without "also"."""
    text = re.sub(
        r"^(?:However|Meanwhile|Moreover|Furthermore|In addition|Additionally|Still|And|But|So|Also|Indeed),? ",
        "",
        text,
    )
    text = re.sub(r"(?<=[a-z]) also (?=[a-z])", " ", text)
    return text[:1].upper() + text[1:]


def first_clause(text: str, day: datetime | None) -> str:
    """What stands before ", which", ", where" or ", while"; a claim of its own."""
    cut = re.match(r"([^,]{25,}), (?:which|where|while|whereas)\b", text)
    return f"{cut[1]}." if cut and not _UNFINISHED.search(cut[1]) else text


_UNFINISHED = re.compile(
    r"^(?:If|When|While|As|After|Before|Since|Although|Though|Because|Unless|Despite|In|On|At|For|With|By)\b"
)


def opening_moved(text: str, day: datetime | None) -> str:
    """ "In 2016, it won." is "It won in 2016."."""
    cut = re.match(
        r"((?:In|By|Since|Before|After|On|At) (?:[A-Z]\w+ |the )?[\w ]{0,20}\d{4}), ((?:[Tt]he|[Ii]t|[A-Z]\w+|an?)\b[^,]{15,})\.$",
        text,
    )
    return f"{cut[2][:1].upper()}{cut[2][1:]} {cut[1][:1].lower()}{cut[1][1:]}." if cut else text


def turned_passive(text: str, day: datetime | None) -> str:
    """ "Meta bought Wit in 2015." is "Wit was bought by Meta in 2015."; only between two names."""
    cut = re.match(rf"({NAMED}) (?:has |had )?(\w+) ({NAMED})((?: in| on| for| at)\b[^,]*)?\.$", text)
    done = _participle(cut[2]) if cut else None
    return f"{cut[3]} was {done} by {cut[1]}{cut[4] or ''}." if cut and done else text


NAMED = r"(?:[A-Z][\w’&-]*)(?: [A-Z][\w’&-]*){0,4}"


def _participle(form: str) -> str | None:
    base = base_of(form)
    if base in ("be", "become", "have", "get", "feel", "say", "come", "go", "cost"):
        return None
    return (
        participle(base) if base and form in (past(base), participle(base)) else form if form.endswith("ed") else None
    )


def said_first(text: str, day: datetime | None) -> str:
    """ "…, the mayor said." is "According to the mayor, …"."""
    cut = re.match(
        r"((?:The|It|A|An|[A-Z]\w+)\b[^,]{20,}), ((?:the |a )?[\w ’'.-]{3,40}?) (?:said|told reporters|says)\.$", text
    )
    if cut is None or re.match(r"(?:he|she|they|it|I|we)$", cut[2]):
        return text
    head = cut[1] if re.match(r"[A-Z]\w+ [A-Z]|[A-Z]{2}", cut[1]) else cut[1][:1].lower() + cut[1][1:]
    return f"According to {cut[2]}, {head}."


EVERY: tuple[Rewording, ...] = (
    frame, first_clause, opening_moved, said_first, turned_passive, figures, written_dates, told_dates, plain_words,
)  # fmt: skip


def reworded(text: str, day: datetime | None) -> str:
    """A sentence with every rewording that fits; the sentence itself where none does."""
    for each in EVERY:
        text = each(text, day)
    return text


def single_rewordings(text: str, day: datetime | None) -> Iterator[str]:
    """A sentence under each rewording alone."""
    for each in EVERY:
        changed = each(text, day)
        if changed != text:
            yield changed
