import json
from dataclasses import replace
from threading import Barrier

import pytest

from eval.cases import read_cases
from eval.checks.support_words import supported_by_words
from eval.records import append, find_run, keep, read_run, sole_runner
from eval.run import Bench, Pace, choose_folder, run_cases
from eval.scorecard import score
from eval.scripted import Line, ScriptedEngine
from eval.stamp import same_run, stamp_of
from index.errors import BrokenError, BusyError, BylineError, MissingError, UsageError

COST, TRAMS, KING = "What did the harbor wall cost?", "How many ride the tram?", "Who is the king?"
SCRIPT = {
    COST: Line("It cost $4.5 million.", ("The harbor wall cost $4.5 million.",)),
    TRAMS: Line("12,000 people a day.", ("Trams carry 12,000 people a day.",), 0.6),
}


@pytest.fixture
def cases(write_cases, record):
    tram = [[{"article": "tram.txt", "quote": "12,000 people"}]]
    return read_cases(
        [
            write_cases(
                record(),
                record(id="c2", question=TRAMS, accept=[["12,000"]], evidence=tram),
                record(id="c3", kind="unanswerable", question=KING, accept=[], evidence=[]),
            )
        ]
    )


@pytest.fixture
def bench(articles, library):
    return lambda **script: Bench(ScriptedEngine(articles, {**SCRIPT, **script}), library, supported_by_words)


@pytest.fixture
def started(tmp_path, cases):
    return lambda repeats=1, fresh=False: choose_folder(
        tmp_path / "runs", stamp_of(cases, repeats, "settings-1", "words", {}), fresh
    )


def test_a_run_records_whole_answers_and_what_made_them(started, cases, bench):
    folder = started()
    seen = []
    run_cases(folder, cases, 1, bench(), seen.append)
    run = read_run(folder)
    assert [record.case for record in run.records] == cases
    assert list(run.records) == [replace(each, seconds=round(each.seconds, 3)) for each in seen]
    assert run.records[0].answer["citations"][0]["quote"] == "The harbor wall cost $4.5 million."
    assert run.stamp["receipt"]["model_digest"] == "digest-1"
    assert run.stamp["prompts"] == {"answer": "prompt-1"}
    assert run.stamp["commit"]
    assert run.stamp["machine"]["cores"] >= 1


def test_the_scorecard_counts_cases(started, cases, bench):
    folder = started()
    run_cases(folder, cases, 1, bench(**{TRAMS: BylineError("It broke.")}))
    card = score(read_run(folder))
    assert (card.cases, card.errors, card.missing) == (3, 1, 0)
    # c1 right, c2 failed and counts as wrong, c3 declined as it must be: 2 of 3
    assert (card.means["right"].value, card.means["right"].n) == (pytest.approx(2 / 3), 3)
    # of the two answerable cases one is answered, and of the other it cannot be told
    wrongly = card.means["wrongly declined"]
    assert (wrongly.value, wrongly.n, wrongly.unscored) == (0.0, 1, 1)
    assert card.reasons["wrongly declined"] == {"asking failed": 1}
    assert card.by_kind["unanswerable"]["right"].n == 1
    assert "evidence met" not in card.by_kind["unanswerable"]
    assert card.means["evidence met"].value == 0.5


def test_a_bug_in_one_case_is_a_wrong_answer_and_the_rest_goes_on(started, cases, bench):
    folder = started()
    run_cases(folder, cases, 1, bench(**{COST: ZeroDivisionError("no")}))
    run = read_run(folder)
    assert len(run.records) == 3
    assert run.records[0].error == "ZeroDivisionError: no"
    assert run.records[0].verdicts["right"].value == 0.0


def test_a_killed_run_goes_on_where_it_was(started, cases, bench):
    folder = started()
    with pytest.raises(MissingError):
        run_cases(folder, cases, 1, bench(**{TRAMS: MissingError("The model is gone.")}))
    with (folder / "records.jsonl").open("a") as file:
        file.write('{"case": {"id": "c2"')  # the kill came in the middle of a line
    assert started() == folder
    again = bench()
    run_cases(folder, cases, 1, again)
    assert again.asks.asked == [TRAMS, KING]
    assert [record.case.id for record in read_run(folder).records] == ["c1", "c2", "c3"]


def test_a_finished_or_different_run_is_not_gone_on_with(started, cases, bench, tmp_path):
    folder = started()
    assert started(repeats=2) != folder
    assert started(fresh=True) != folder
    run_cases(folder, cases, 1, bench())
    assert started() not in (None, folder)
    stamp = read_run(folder).stamp
    assert same_run(stamp, stamp)
    for key in ("commit", "settings", "judge", "cases", "repeats"):
        assert not same_run(stamp, {**stamp, key: "other"})


def test_a_model_that_changes_within_a_run_is_refused(started, cases, bench, articles):
    folder = started()
    with pytest.raises(MissingError):
        run_cases(folder, cases, 1, bench(**{TRAMS: MissingError("gone")}))
    other = replace(bench(), asks=ScriptedEngine(articles, SCRIPT, model="another"))
    with pytest.raises(UsageError, match="model is 'another', but this run began with 'scripted'"):
        run_cases(folder, cases, 1, other)
    assert len(read_run(folder).records) == 1


def test_repeats_are_one_case_and_their_changes_are_named(started, cases, bench, articles):
    folder = started(repeats=2)
    run_cases(folder, cases, 2, bench())
    assert [(each.case.id, each.repeat) for each in read_run(folder).records] == [
        ("c1", 0), ("c2", 0), ("c3", 0), ("c1", 1), ("c2", 1), ("c3", 1),
    ]  # fmt: skip
    card = score(read_run(folder))
    assert (card.means["right"].n, card.changed) == (3, ())
    first = read_run(folder).records[0]
    with (folder / "records.jsonl").open("a") as file:
        append(file, replace(first, repeat=2, answer={**first.answer, "text": "else"}))
    assert score(read_run(folder)).changed == ("c1",)


def test_one_inexact_quote_breaks_the_run(started, cases, bench):
    folder = started()
    run_cases(folder, cases, 1, bench())
    assert score(read_run(folder)).broken == ()
    lines = (folder / "records.jsonl").read_text().splitlines()
    record = json.loads(lines[0])
    record["verdicts"]["quotes exact"] = {"value": 0.0, "reason": "moved"}
    (folder / "records.jsonl").write_text("\n".join([json.dumps(record), *lines[1:]]) + "\n")
    assert score(read_run(folder)).broken == ("c1",)


def test_a_run_out_of_time_begins_no_more_cases_and_goes_on_later(started, cases, bench):
    folder = started()
    run_cases(folder, cases, 1, bench(), pace=Pace(seconds=0))
    assert read_run(folder).records == ()
    assert started() == folder
    run_cases(folder, cases, 1, bench())
    assert len(read_run(folder).records) == 3


def test_cases_are_asked_at_once_where_that_is_wanted(started, cases, bench):
    both = Barrier(2, timeout=20)

    class Meeting(ScriptedEngine):
        def ask(self, question, **how):
            if question in (COST, TRAMS):
                both.wait()  # breaks after its time where one is asked after the other
            return super().ask(question, **how)

    folder = started()
    meeting = replace(bench(), asks=Meeting(bench().asks.articles, SCRIPT))
    run_cases(folder, cases, 1, meeting, pace=Pace(parallel=2))
    records = read_run(folder).records
    assert {each.case.id for each in records} == {"c1", "c2", "c3"}
    assert [each.error for each in records] == ["", "", ""]


def test_what_is_kept_is_compared_alike_and_names_no_place(started, cases, bench, tmp_path):
    folder = started()
    run_cases(folder, cases[:2], 1, bench())
    with pytest.raises(UsageError, match="is unfinished"):
        keep(read_run(folder), tmp_path / "kept")
    run_cases(folder, cases, 1, bench())
    keep(read_run(folder), tmp_path / "kept")
    whole, kept = read_run(folder), read_run(tmp_path / "kept")
    assert kept.stamp == whole.stamp
    assert [each.verdicts for each in kept.records] == [each.verdicts for each in whole.records]
    assert kept.records[0].answer["citations"][0]["path"] == "harbor.txt"
    assert kept.records[0].answer["passages"] == []
    assert whole.records[0].answer["citations"][0]["path"] == "articles/harbor.txt"


def test_two_processes_are_not_at_one_run(started, cases, bench):
    folder = started()
    with sole_runner(folder), pytest.raises(BusyError, match="Another process is at the run"):
        run_cases(folder, cases, 1, bench())
    run_cases(folder, cases, 1, bench())
    assert len(read_run(folder).records) == 3


def test_a_damaged_line_is_named(started, cases, bench):
    folder = started()
    run_cases(folder, cases, 1, bench())
    whole = (folder / "records.jsonl").read_text()
    (folder / "records.jsonl").write_text("{}\n" + whole)
    with pytest.raises(BrokenError, match=r"records\.jsonl:1 is damaged"):
        read_run(folder)


def test_runs_are_found_by_folder_name_and_latest(started, tmp_path):
    first, second = started(fresh=True), started(fresh=True)
    assert find_run(str(first), tmp_path) == first
    assert find_run(first.name, tmp_path) == first
    assert find_run("latest", tmp_path) == second
    with pytest.raises(UsageError, match="is not a run"):
        find_run("yesterday", tmp_path)
    with pytest.raises(UsageError, match="no runs"):
        find_run("latest", tmp_path / "elsewhere")
