import json
from xml.etree import ElementTree

import pytest

from eval.cases import case_from_dict
from eval.exports import LABEL_STUDIO_SCREEN, label_studio_tasks, ragas_lines, trec_answer_lines
from eval.records import Run
from eval.reports.written import write_reports
from eval.scripted import Line, ScriptedEngine
from eval.trec import qrels_lines, run_lines
from eval.types import Record, Verdict
from index.errors import UsageError
from rag.answer_json import answer_to_dict

COST, KING = "What did the harbor wall cost?", "Who is the king?"
WALL = "The harbor wall cost $4.5 million."


@pytest.fixture
def run(tmp_path, articles, record):
    engine = ScriptedEngine(articles, {COST: Line("It cost $4.5 million.", (WALL, "The line was built in 1931."))})
    cases = [
        case_from_dict(record()),
        case_from_dict(record(id="c2", kind="unanswerable", question=KING, accept=[], evidence=[])),
        case_from_dict(record(id="c3")),
    ]
    answers = [answer_to_dict(engine.ask(case.question)) for case in cases[:2]] + [None]
    verdicts = [Verdict(1.0), Verdict(0.0), Verdict(None, "x")]
    records = [
        Record(case, 0, answer, "", 1.0, {"right": verdict})
        for case, answer, verdict in zip(cases, answers, verdicts, strict=True)
    ]
    return Run(tmp_path / "main run", {}, 3, (*records, Record(cases[0], 1, answers[0], "", 1.0, {})))


def test_ragas_gets_samples_under_its_own_names(run, articles):
    first, second = map(json.loads, ragas_lines(run))
    assert first == {
        "user_input": COST,
        "retrieved_contexts": [articles[0].text, articles[2].text],
        "response": "It cost $4.5 million.",
        "reference": "4.5 million",
        "reference_contexts": ["cost $4.5 million"],
    }
    assert (second["response"], second["reference"], second["retrieved_contexts"]) == (
        "These articles do not say.",
        "",
        [],
    )


def test_trec_answers_cite_by_their_place_in_the_references(run):
    first, second = map(json.loads, trec_answer_lines(run))
    assert first == {
        "run_id": "main run",
        "topic_id": "c1",
        "topic": COST,
        "references": ["art_harbor", "art_tram"],
        "response_length": 4,
        "answer": [{"text": "It cost $4.5 million.", "citations": [0, 1]}],
    }
    assert (second["references"], second["answer"], second["response_length"]) == ([], [], 0)


def test_a_trec_run_is_judged_by_its_qrels(run, library):
    measures = pytest.importorskip("ir_measures", reason="ir-measures is a dev dependency")
    ranked = list(measures.read_trec_run("".join(run_lines(run))))
    gold = list(measures.read_trec_qrels("".join(qrels_lines(run, library))))
    assert [(each.query_id, each.doc_id) for each in ranked] == [("c1", "art_harbor"), ("c1", "art_tram")]
    assert {(each.query_id, each.doc_id, each.relevance) for each in gold} == {
        ("c1", "art_harbor", 1),
        ("c3", "art_harbor", 1),
    }
    # c1 finds its article first, c3 was never answered: (1 + 0) / 2
    assert measures.calc_aggregate([measures.RR], gold, ranked)[measures.RR] == pytest.approx(0.5)


def test_label_studio_gets_tasks_for_its_screen(run):
    first, second = json.loads(label_studio_tasks(run))
    assert first["data"]["quotes"] == f"[1] {WALL}\n[2] The line was built in 1931."
    screen = ElementTree.fromstring(LABEL_STUDIO_SCREEN)
    (choices,) = screen.findall("Choices")
    (result,) = first["predictions"][0]["result"]
    assert (result["from_name"], result["to_name"]) == (choices.get("name"), choices.get("toName"))
    assert result["value"]["choices"][0] in [each.get("value") for each in choices]
    assert second["predictions"][0]["result"][0]["value"] == {"choices": ["wrong"]}
    assert {each.get("value")[1:] for each in screen if each.get("value")} <= set(first["data"])


def test_forms_are_written_and_what_holds_one_run_is_not_given_two(run, tmp_path):
    write_reports([(run, None, None)], {"ragas": tmp_path / "r.jsonl", "trec": tmp_path / "r.trec"})
    assert len((tmp_path / "r.jsonl").read_text().splitlines()) == 2
    assert (tmp_path / "r.trec").read_text().startswith("c1 Q0 art_harbor 1 ")
    with pytest.raises(UsageError, match="holds one run"):
        write_reports([(run, None, None)] * 2, {"label_studio": tmp_path / "r.json"})
