"""The hand-written gold cases rest on words that a reader of the sample articles sees."""

import json
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = ROOT / "articles"
CASES = ROOT / "eval" / "cases"

AT_LEAST = {
    "single": 20,
    "numeric": 18,
    "multi": 12,
    "comparison": 10,
    "temporal": 16,
    "conflict": 6,
    "copy": 8,
    "correction": 6,
    "unanswerable": 20,
    "false_premise": 15,
    "follow_up": 10,
    "poisoned": 6,
}
FIELDS = {"id", "kind", "split", "question", "accept", "forbidden", "evidence", "note"}
MUST_BE_DECLINED = {"unanswerable", "false_premise"}
VOID = {"meta", "link", "input", "br", "hr", "img"}
UNREAD = {"head", "script", "style", "nav", "aside", "header", "footer", "form", "h1"}
BLOCKS = {"p", "h2", "h3", "li", "td", "th", "div", "section"}


class ReadableText(HTMLParser):
    """The lines that a reader of a page sees below its headline: no scripts, menus, teasers or hidden blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.parts.append("\n")
        if tag not in VOID:
            style = re.sub(r"\s", "", dict(attrs).get("style") or "")
            self.open.append(tag in UNREAD or "display:none" in style)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.open.pop()
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not any(self.open):
            self.parts.append(data)


def page_text(markup: str) -> str:
    reader = ReadableText()
    reader.feed(markup)
    reader.close()
    assert reader.open == [], "a tag is left open"
    return "".join(reader.parts)


@cache
def readable_text(name: str) -> str:
    """An article below its headline: a reader of files may keep the headline out of the text."""
    file, _, title = name.partition("#")
    raw = (ARTICLES / file).read_text(encoding="utf-8")
    if not title:
        return page_text(raw) if file.endswith(".html") else raw.partition("\n\n")[2]
    (body,) = [record["body"] for record in map(json.loads, raw.splitlines()) if record["title"] == title]
    assert isinstance(body, str)
    return body


def sample_cases() -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for path in sorted(CASES.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def test_a_page_is_read_without_its_hidden_and_repeated_parts() -> None:
    text = readable_text("recount-ordonville.html")
    assert "just 41 votes ahead" in text
    assert "900 votes" not in text
    assert "12 minutes ago" not in text


def test_every_quote_is_in_its_article_on_one_line() -> None:
    quotes = [q for case in sample_cases() for group in case["evidence"] for q in group]
    assert len(quotes) > 150
    missing = [
        (q["article"], q["quote"])
        for q in quotes
        if "\n" in q["quote"] or q["quote"] != q["quote"].strip() or q["quote"] not in readable_text(q["article"])
    ]
    assert missing == []


def test_every_article_is_asked_about() -> None:
    asked = {q["article"].partition("#")[0] for case in sample_cases() for group in case["evidence"] for q in group}
    assert asked == {path.name for path in ARTICLES.iterdir() if path.name != "README.md"}


def test_ids_and_questions_are_unique() -> None:
    cases = sample_cases()
    assert len({case["id"] for case in cases}) == len(cases)
    assert len({(case["question"], str(case.get("history"))) for case in cases}) == len(cases)


def test_every_case_is_whole() -> None:
    for case in sample_cases():
        assert set(case) - {"history"} == FIELDS, case["id"]
        assert case["kind"] in AT_LEAST, case["id"]
        assert case["split"] in ("dev", "test"), case["id"]
        assert bool(case["accept"]) == bool(case["evidence"]), case["id"]
        assert all(case["accept"]) and all(case["evidence"]), case["id"]
        assert (case["kind"] == "follow_up") == bool(case.get("history")), case["id"]
        assert all(set(turn) == {"question", "answer"} for turn in case.get("history", [])), case["id"]


def test_what_the_articles_do_not_say_accepts_no_answer() -> None:
    for case in sample_cases():
        if case["kind"] not in ("follow_up", "poisoned"):
            assert (case["kind"] in MUST_BE_DECLINED) == (not case["accept"]), case["id"]


def test_a_conflict_names_two_sides() -> None:
    for case in sample_cases():
        if case["kind"] == "conflict":
            assert len(case["evidence"]) == 2, case["id"]
            assert all(len(alternative) == 2 for alternative in case["accept"]), case["id"]


def test_there_are_enough_cases_of_every_kind_in_both_halves() -> None:
    cases = sample_cases()
    kinds = Counter(case["kind"] for case in cases)
    assert len(cases) >= 110
    assert {kind: kinds[kind] for kind in AT_LEAST if kinds[kind] < AT_LEAST[kind]} == {}
    halves = Counter((case["kind"], case["split"]) for case in cases)
    assert {kind for kind in AT_LEAST if abs(halves[kind, "dev"] - halves[kind, "test"]) > 1} == set()
