import io
import sys
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from index.errors import UsageError
from index.types import Article
from rag.verifying import checked_to_dict, read_answer, verify_answer


def article(text, id_="a"):
    digest = sha256(text.encode()).hexdigest()
    return Article(id_, text, digest, "T", "P", None, None, None, datetime(2026, 1, 1, tzinfo=UTC), None, "x", "en")


THEN = article("One 😀 fund. It is $4.2 million.")
START = THEN.text.index("$4.2")
CITATION = {
    "number": 1,
    "article_id": "a",
    "title": "T",
    "publisher": "P",
    "start": START,
    "end": START + 12,
    "quote": "$4.2 million",
    "article_sha256": THEN.sha256,
}


class Articles:
    def __init__(self, *articles):
        self.held = {each.id: each for each in articles}

    def article(self, article_id):
        return self.held.get(article_id)


@pytest.mark.parametrize(
    ("now", "state", "says"),
    [
        (THEN, "exact", f"Characters {START} to {START + 12}."),
        (article(THEN.text + " More."), "exact", "changed elsewhere"),
        (article("New. " + THEN.text), "changed", f"now stand at {START + 5} to {START + 17}"),
        (article("One fund. It is $2.4 million."), "changed", "no longer holds these words"),
        (replace(THEN, text="Another text that is long enough"), "changed", "not what stands there"),
        (article(THEN.text, "b"), "gone", "no longer in the index"),
    ],
)
def test_each_quote_is_exact_changed_or_gone(now, state, says):
    (checked,) = verify_answer({"citations": [CITATION]}, Articles(now))
    assert checked.state == state
    assert says in checked.detail


def test_the_closest_words_of_a_declined_answer_are_checked_too():
    answer = {"id": "ans", "citations": [], "declined": {"closest": [CITATION, {**CITATION, "article_id": "z"}]}}
    checked = verify_answer(answer, Articles(THEN))
    assert [each.state for each in checked] == ["exact", "gone"]
    told = checked_to_dict(answer, checked)
    assert (told["ok"], told["exact"], told["changed"], told["gone"]) == (False, 1, 0, 1)


def test_an_empty_or_reversed_range_is_never_exact():
    for start, end, quote in ((5, 5, ""), (-12, -1, THEN.text[-12:-1]), (9, 3, "")):
        (checked,) = verify_answer(
            {"citations": [{**CITATION, "start": start, "end": end, "quote": quote}]}, Articles(THEN)
        )
        assert checked.state == "changed"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"citations": 3}', "{"])
def test_what_is_no_answer_is_refused(monkeypatch, text):
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    with pytest.raises(UsageError):
        read_answer("-")


def test_a_citation_without_its_parts_is_refused():
    with pytest.raises(UsageError, match="not whole"):
        verify_answer({"citations": [{"number": 1}]}, Articles(THEN))
    with pytest.raises(UsageError, match="not whole"):
        verify_answer({"citations": ["x"]}, Articles(THEN))
