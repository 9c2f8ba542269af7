from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from eval.cases import case_from_dict
from eval.checks.registry import judge_case
from eval.checks.support_words import supported_by_words
from eval.library import Articles
from eval.records import Run
from eval.reports.charts import Series, dots, steps, trend, whisker
from eval.reports.junit import junit_xml
from eval.reports.page import page
from eval.scorecard import score
from eval.scripted import Line, ScriptedEngine
from eval.types import Record
from rag.answer_json import answer_to_dict

HOSTILE = '<script>alert(1)</script><img src="https://evil.example/x.png"> "&\''
STAMP = {
    "commit": "abc",
    "settings": "s1",
    "judge": "words",
    "cases": "d1",
    "arguments": {},
    "prompts": {"answer": "p1"},
    "machine": {"system": "Test", "cores": 2},
    "python": "3.11",
    "libraries": {"numpy": "2"},
    "receipt": {"model": "m1", "model_digest": "md1", "index": "i1"},
}
VOID = {"meta", "input", "br", "img"}  # SVG closes its own


@pytest.fixture
def run_of(articles, record, tmp_path):
    hostile = replace(articles[0], text=HOSTILE + " The wall fell in 1990. It was rebuilt.", title=HOSTILE)
    library = Articles([hostile])

    def make(name, script, failed=False):
        engine = ScriptedEngine([hostile], script)
        cases = [
            case_from_dict(
                record(id="c1", kind="single", question="When did it fall?", accept=[["1990"]], evidence=[])
            ),
            case_from_dict(
                record(
                    id="c2",
                    kind="unanswerable",
                    question=HOSTILE,
                    accept=[],
                    evidence=[],
                    forbidden=["<b>"],
                    note=HOSTILE,
                )
            ),
        ]
        answers = [None if failed and case.id == "c2" else answer_to_dict(engine.ask(case.question)) for case in cases]
        records = tuple(
            Record(
                case,
                0,
                answer,
                "" if answer else "It <broke>.",
                0.5,
                judge_case(case, answer, library, supported_by_words),
            )
            for case, answer in zip(cases, answers, strict=True)
        )
        return Run(tmp_path / name, STAMP, len(records), records)

    return make


RIGHT = {"When did it fall?": Line("In 1990.", ("The wall fell in 1990.",))}


class Page(HTMLParser):
    """Tags, addresses and text of a page; fails on a tag that closes what is not open."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.addresses, self.open, self.words, self.marked = [], [], [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "action", "srcset", "data")]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        (self.marked if self.open and self.open[-1] == "mark" else self.words).append(data)


def test_the_page_holds_all_and_fetches_nothing(run_of):
    run = run_of("first", RIGHT)
    html = page([(run, score(run), 0.5)])
    seen = Page(html)
    assert seen.addresses == []
    assert {"script", "img", "link", "iframe"}.isdisjoint(seen.tags)
    assert "default-src 'none'" in html
    assert seen.marked == ["The wall fell in 1990."]
    text = "".join(seen.words)
    assert HOSTILE in text
    for words in ("When did it fall?", "In 1990. [1]", "2 of 2", "c1", "unanswerable", "md1", "It was rebuilt."):
        assert words in text


def test_two_runs_stand_side_by_side(run_of):
    a, b = run_of("first", RIGHT), run_of("second", {}, failed=True)
    html = page([(a, score(a), 0.5), (b, score(b), 0.5)])
    seen = Page(html)
    text = "".join(seen.words)
    assert text.count("When did it fall?") == 1
    assert "In 1990. [1]" in text
    assert "These articles do not say." in text
    assert "failed: It <broke>." in text
    assert html.count('class="case changed wrong"') == 2
    assert "1 cases failed when asked and count as wrong" in text
    assert "Over the runs" in text
    assert "Over the runs" not in page([(a, score(a), 0.5)])


def test_junit_has_a_test_for_each_case(run_of):
    root = ElementTree.fromstring(junit_xml([run_of("first", RIGHT), run_of("second", {}, failed=True)]))
    first, second = root.findall("testsuite")
    assert (first.get("tests"), first.get("failures"), first.get("errors")) == ("2", "0", "0")
    assert (second.get("tests"), second.get("failures"), second.get("errors")) == ("2", "1", "1")
    assert [each.get("name") for each in second.findall("testcase")] == ["c1", "c2"]
    assert "declined: These articles do not say." in second.find("testcase/failure").get("message")


def test_charts_draw_what_they_are_given():
    # x from 48 to 408: 0.5 is 228; y from 218 (0) to 12 (1): 0.5 is 115
    svg = steps("t", "x", "y", [Series("a", ((0.5, 0.5), (1.0, 0.0)))])
    assert 'd="M228.0,115.0H408.0V218.0"' in svg
    ElementTree.fromstring(svg)
    bins = dots("t<", "x", "y", [Series("a", ((0.5, 1.0),), (4,))])
    assert 'cx="228.0" cy="12.0" r="10.0"' in bins
    ElementTree.fromstring(bins)
    # two runs stand at a quarter and three quarters: x 138 and 318; 0.5 is y 115, 0.25 is 166.5, 0.75 is 63.5
    line = trend("t", [("a", 0.5, 0.25, 0.75), ("b", 1.0, None, None)])
    assert 'points="138.0,115.0 318.0,12.0"' in line
    assert 'x1="138.0" x2="138.0" y1="166.5" y2="63.5"' in line
    assert line.count('class="whisker') == 1
    ElementTree.fromstring(line)
    # 152 wide from 4: 0.25 is 42, 0.75 is 118
    line = whisker(0.5, 0.25, 0.75, 1)
    assert 'x1="42.0" y1="8" x2="118.0"' in line
    assert "whisker" not in whisker(0.5, None, None, 0)
