import json
from pathlib import Path

import pytest

from eval.benchmarks import RAMDOCS_FILE, find_cases, sentence_around, write_ramdocs
from eval.types import Quote
from index.errors import UsageError

SHARED = Path("../shared")


def lines(path, *records):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")
    return path


@pytest.fixture
def multihop(tmp_path):
    fact = {"title": "Wall", "fact": "the wall  fell"}
    lines(
        tmp_path / "multihop-rag/dev.jsonl",
        {
            "query_id": 7,
            "query": "Did it?",
            "answer": "Yes",
            "question_type": "comparison_query",
            "evidence_list": [fact],
        },
        {
            "query_id": 8,
            "query": "Who?",
            "answer": "Insufficient information.",
            "question_type": "null_query",
            "evidence_list": [],
        },
    )
    return tmp_path / "multihop-rag"


def test_multihop_rag(multihop):
    asked, null = find_cases([multihop])
    assert (asked.id, asked.kind, asked.accept) == ("multihop-7", "comparison", (("Yes",),))
    assert asked.evidence == ((Quote("articles.jsonl#Wall", "the wall  fell"),),)
    assert asked.source == f"{multihop / 'dev.jsonl'}:1"
    assert (null.kind, null.accept, null.evidence) == ("unanswerable", (), ())


def test_squad2(tmp_path):
    folder = tmp_path / "squad2"
    lines(folder / "articles.jsonl", {"doc_id": "Big_Wall", "title": "Big wall", "body": "…"})
    context = "It rose in 1066. Duke William built it. It fell."
    asked = {"id": "x", "article": "Big_Wall", "question": "Who? ", "unanswerable": False, "context": context}
    lines(
        folder / "dev.jsonl",
        {**asked, "answers": ["Duke William", "William", "William"]},
        {**asked, "id": "y", "answers": [], "unanswerable": True},
    )
    first, second = find_cases([folder])
    assert (first.id, first.question, first.accept) == ("squad2-x", "Who?", (("Duke William",), ("William",)))
    assert first.evidence == ((Quote("articles.jsonl#Big wall", "Duke William built it."),),)
    assert (second.kind, second.accept, second.evidence) == ("unanswerable", (), ())


def test_ramdocs(tmp_path):
    documents = [
        {"text": "It was 1902. So.", "type": "correct", "answer": "1902"},
        {"text": "Elsewhere 1885.", "type": "correct", "answer": "1885"},
        {"text": "It was 1999.", "type": "misinfo", "answer": "1999"},
    ]
    file = lines(
        tmp_path / "ramdocs/dev.jsonl",
        {"question": "When?", "documents": documents, "gold_answers": ["1902", "1885"], "wrong_answers": ["1999"]},
    )
    (case,) = find_cases([file.parent])
    assert (case.kind, case.accept, case.forbidden) == ("conflict", (("1902", "1885"),), ("1999",))
    assert case.evidence == (
        (Quote("ramdocs.jsonl#RAMDocs 1/1", "It was 1902."),),
        (Quote("ramdocs.jsonl#RAMDocs 1/2", "Elsewhere 1885."),),
    )
    written = write_ramdocs(file, tmp_path / "home")
    assert written.name == RAMDOCS_FILE
    records = [json.loads(line) for line in written.read_text().splitlines()]
    assert [each["publisher"] for each in records] == list(case.publishers)
    assert records[2]["body"] == "It was 1999."


def test_the_sentence_around_an_answer():
    assert sentence_around('He said "no." Then he left. The end.', "left") == "Then he left."
    assert sentence_around("No such words.", "yes") == "No such words."
    assert sentence_around("One. Two three", "One. Two") == "One. Two three"


def test_a_record_that_does_not_fit_is_named_by_file_and_line(multihop):
    file = multihop / "dev.jsonl"
    file.write_text(file.read_text() + '{"query_id": 9}\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"dev\.jsonl:3: not a record of multihop-rag: KeyError"):
        find_cases([multihop])


def test_a_line_that_is_not_json_is_named(multihop):
    (multihop / "dev.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"dev\.jsonl:1: not JSON"):
        find_cases([multihop])


def test_a_path_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match="nowhere is not there"):
        find_cases([tmp_path / "nowhere"])


def test_the_same_cases_named_twice_are_refused(write_cases, record):
    path = write_cases(record())
    with pytest.raises(UsageError, match="is also at"):
        find_cases([path, path])


@pytest.mark.parametrize(
    ("folder", "cases", "declined", "unsupported"),
    [
        ("gold", 22, 6, 0),
        ("benchmarks/multihop-rag", 251, 36, 0),
        ("benchmarks/squad2", 300, 150, 0),
        ("benchmarks/ramdocs", 250, 0, 5),
    ],
)
def test_the_shared_cases_are_read_whole(folder, cases, declined, unsupported):
    if not (SHARED / folder).exists():
        pytest.skip(f"{SHARED / folder} is not here")
    read = find_cases([SHARED / folder])
    assert len(read) == cases
    assert sum(not case.answerable for case in read) == declined
    lacking = [case for case in read if case.answerable and not case.evidence]
    assert len(lacking) <= unsupported
