import json
from dataclasses import replace

import pytest

from eval.cases import case_digest, case_from_dict, case_to_dict, check_evidence, read_cases
from eval.library import Articles
from eval.types import Place, Quote
from index.errors import UsageError


def test_cases_are_read_with_history_and_split(write_cases, record):
    path = write_cases(
        record(),
        record(id="c2", kind="follow_up", split="test", history=[{"question": "What opened?", "answer": "The wall."}]),
    )
    first, second = read_cases([path])
    assert (first.id, first.split, first.history, first.source) == ("c1", "dev", (), f"{path}:1")
    assert second.split == "test"
    assert second.history[0].question == "What opened?"
    assert second.source == f"{path}:2"


def test_a_case_survives_its_own_record(record):
    case = case_from_dict(record(note="n", history=[{"question": "q", "answer": "a"}], publishers=["P"]))
    assert case_from_dict(case_to_dict(case)) == case


def test_the_digest_sees_what_is_asked_and_not_the_note(record):
    case = case_from_dict(record())
    assert case_digest(replace(case, note="other")) == case_digest(case)
    assert case_digest(replace(case, accept=(("5 million",),))) != case_digest(case)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("{not json", "not JSON"),
        ("[]", "a case is an object, not list"),
        ({"colour": "red"}, "unknown field 'colour'"),
        ({"kind": "riddle"}, "unknown kind 'riddle'"),
        ({"id": ""}, "'id' is empty"),
        ({"accept": "yes"}, "'accept' must be a list, not str"),
        ({"accept": [[]]}, "an empty alternative"),
        ({"accept": [[""]]}, "'accept' is empty"),
        ({"evidence": [[{"article": "harbor.txt"}]]}, "each quote of 'evidence'"),
        ({"history": [{"question": "q"}]}, "each turn of 'history'"),
        ({"kind": "unanswerable"}, "must be declined"),
    ],
)
def test_what_is_broken_is_named_by_file_and_line(write_cases, record, broken, said):
    path = write_cases(record(), broken if isinstance(broken, str) else record(id="c2") | broken)
    with pytest.raises(UsageError) as refused:
        read_cases([path])
    assert f"{path}:2: " in str(refused.value)
    assert said in str(refused.value)


def test_a_field_that_is_missing_is_named(write_cases, record):
    lacking = record()
    del lacking["forbidden"]
    path = write_cases(lacking)
    with pytest.raises(UsageError, match="no field 'forbidden'"):
        read_cases([path])


def test_two_cases_with_one_id_are_refused_with_both_places(write_cases, record):
    one, other = write_cases(record(), name="a.jsonl"), write_cases(record(), name="b.jsonl")
    with pytest.raises(UsageError) as refused:
        read_cases([one, other])
    assert f"{other}:1: id 'c1' is also at {one}:1" in str(refused.value)


def test_all_faults_are_named_at_once(write_cases, record):
    path = write_cases("{", record(), "]")
    with pytest.raises(UsageError) as refused:
        read_cases([path])
    assert f"{path}:1: " in str(refused.value)
    assert f"{path}:3: " in str(refused.value)


def test_no_cases_at_all_are_refused(write_cases):
    with pytest.raises(UsageError, match="no cases"):
        read_cases([write_cases()])


def test_a_line_separator_inside_a_string_does_not_end_the_line(tmp_path, record):
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(record(note="a\u2028b"), ensure_ascii=False) + "\n", encoding="utf-8")
    assert read_cases([path])[0].note == "a\u2028b"


def test_quotes_are_found_whatever_their_case_space_and_apostrophe(articles):
    library = Articles([replace(articles[0], text="It’s  the\nWall – big.")])
    (place,) = library.places(Quote("harbor.txt", "it's the wall - big"))
    # I=0 … the text has 20 characters before the final dot, two of them the doubled space
    assert place == Place("art_harbor", 0, 20)
    assert library.places(Quote("harbor.txt", "it's a wall")) == ()


def test_the_evidence_is_checked_against_the_articles(write_cases, record, library):
    good = read_cases([write_cases(record())])
    check_evidence(good, library)
    bad = write_cases(
        record(evidence=[[{"article": "harbor.txt", "quote": "cost $9 million"}]]),
        record(id="c2", evidence=[[{"article": "castle.txt", "quote": "cost $4.5 million"}]]),
        name="bad.jsonl",
    )
    with pytest.raises(UsageError) as refused:
        check_evidence(read_cases([bad]), library, "Index them.")
    assert f"{bad}:1: case c1: 'harbor.txt' does not hold the quote 'cost $9 million'" in str(refused.value)
    assert f"{bad}:2: case c2: article 'castle.txt' is not in the index" in str(refused.value)
    assert refused.value.remedy == "Index them."


@pytest.mark.parametrize("path", ["in/briefs.jsonl", "in/briefs.jsonl#3", "in/briefs.jsonl#Harbor"])
def test_a_record_of_a_jsonl_file_has_its_title_in_its_name(articles, path):
    library = Articles([replace(articles[0], path=path)])
    assert [each.id for each in library.by_name("briefs.jsonl#Harbor")] == ["art_harbor"]
    assert library.by_name("briefs.jsonl") == ()
