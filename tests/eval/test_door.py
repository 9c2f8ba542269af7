import json
import re
from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

from eval.cases import case_from_dict
from eval.door import app
from eval.opening import index_articles, read_library
from eval.scripted import Line, ScriptedEngine
from eval.session import in_turn
from index.errors import UsageError
from rag.doors.cli import main
from rag.settings import read_settings

WALL, KING = "What did the harbor wall cost?", "Who is the king?"
TEXT = "The harbor wall cost $4.5 million. Mayor Ada Lindqvist opened it in May."
RIGHT = {WALL: Line("It cost $4.5 million.", ("The harbor wall cost $4.5 million.",))}


@pytest.fixture
def byline(tmp_path, monkeypatch):
    """Runs a command of the suite over a real index of one article, with a scripted engine."""
    monkeypatch.setenv("BYLINE_INDEX_EMBEDDER", "hashing")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "home"

    def run(*arguments, script=RIGHT):
        @contextmanager
        def opened(settings):
            library = read_library(settings)
            yield ScriptedEngine(library.by_name("harbor.txt"), script)

        monkeypatch.setattr("eval.session.opened", opened)
        return CliRunner().invoke(app, [*map(str, arguments), "--home", str(home)], catch_exceptions=True)

    return run


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "harbor.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def cases(write_cases, record):
    return write_cases(
        record(), record(id="c2", kind="unanswerable", question=KING, accept=[], evidence=[], split="test")
    )


def test_a_run_prints_its_scorecard(byline, cases, article, tmp_path):
    done = byline("run", cases, "--articles", article)
    assert done.exit_code == 0, done.output
    cells = [re.split(r"\s{2,}", line.strip()) for line in done.stdout.splitlines()]
    rows = {row[0]: row for row in cells if len(row) >= 4 and row[0] != "check"}
    assert list(rows) == ["right", "declined", "wrongly declined", "quotes exact", "evidence met"]
    assert "100.0 %" in rows["right"]
    assert "2 of 2" in rows["right"]
    assert "1 of 1" in rows["declined"]
    assert "0 of 1" in rows["wrongly declined"]
    assert "2 cases," in done.output
    assert "seconds a question" in done.output
    (folder,) = (tmp_path / "home" / "runs").iterdir()
    assert len((folder / "records.jsonl").read_text().splitlines()) == 2


def test_json_is_one_object(byline, cases, article):
    done = byline("run", cases, "--articles", article, "--json", "--split", "test")
    card = json.loads(done.stdout)
    assert card["cases"] == 1
    assert card["checks"]["right"] | {"low": None, "high": None} == {
        "value": 1.0,
        "n": 1,
        "unscored": 0,
        "low": None,
        "high": None,
        "clusters": 0,
        "kind": "yes/no",
    }
    assert card["stamp"]["receipt"]["model"] == "scripted"


def test_articles_that_are_not_in_the_index_are_named_with_the_command(byline, cases, tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "suite" / "cases").mkdir(parents=True)
    done = byline("run", cases)
    assert isinstance(done.exception, UsageError)
    assert f"{cases}:1: case c1: article 'harbor.txt' is not in the index" in str(done.exception)
    assert "byline --home" in done.exception.remedy
    assert not (tmp_path / "home" / "runs").exists()


def test_a_quote_that_the_article_lacks_runs_nothing(byline, write_cases, record, article, tmp_path):
    bad = write_cases(record(evidence=[[{"article": "harbor.txt", "quote": "cost $9 million"}]]))
    done = byline("run", bad, "--articles", article)
    assert "does not hold the quote" in str(done.exception)
    assert not (tmp_path / "home" / "runs").exists()


def test_a_kind_that_no_case_has_is_wrong_use(byline, cases):
    done = byline("run", cases, "--kind", "temporal")
    assert "None of 2 cases" in str(done.exception)
    assert "numeric, unanswerable" in done.exception.remedy


def test_so_many_of_every_kind_in_turn(record):
    numeric = [case_from_dict(record(id=f"n{number}")) for number in range(6)]
    single = [case_from_dict(record(id="s0", kind="single"))]
    # of six two are taken, the first and the fourth; kinds come in the order in which they are documented
    assert [case.id for case in in_turn([*numeric, *single], 2)] == ["s0", "n0", "n3"]
    assert {case.id for case in in_turn(numeric, 2)} < {case.id for case in in_turn(numeric, 4)}


def test_a_run_is_kept_and_compared_with(byline, cases, article, tmp_path):
    byline("run", cases, "--articles", article)
    kept = byline("keep", "latest", tmp_path / "baseline")
    assert kept.exit_code == 0, kept.output
    assert "2 records in" in kept.output
    same = byline("compare", tmp_path / "baseline", "latest", "--gate", "right")
    assert same.exit_code == 0, same.output


def test_two_runs_are_compared_and_gated(byline, cases, article, tmp_path):
    byline("run", cases, "--articles", article)
    byline("run", cases, "--fresh", script={})
    a, b = sorted(each.name for each in (tmp_path / "home" / "runs").iterdir())
    same = byline("compare", a, a, "--gate", "right")
    assert same.exit_code == 0, same.output
    assert "GATE OPEN right" in same.output
    worse = byline("compare", a, b, "--gate", "right:0.1")
    assert worse.exit_code == 1
    assert "GATE SHUT right: worse by 0.5, allowed 0.1" in worse.output
    assert "A: answered: It cost $4.5 million. [1]" in worse.output
    assert "B: declined: These articles do not say." in worse.output
    found = json.loads(byline("compare", a, b, "--json").stdout)
    right = next(each for each in found["checks"] if each["check"] == "right")
    assert (right["a"], right["b"], right["n"], right["outcome"]) == (1.0, 0.5, 2, "inconclusive")
    assert [each["case"] for each in found["changed"]] == ["c1"]


def test_reports_in_every_form(byline, cases, article, tmp_path):
    byline("run", cases, "--articles", article)
    done = byline(
        "report", "latest", "--html", tmp_path / "r.html", "--junit", tmp_path / "r.xml", "--trec", tmp_path / "r.trec"
    )
    assert done.exit_code == 0, done.output
    assert "nDCG@10" in done.output
    kinds = [line.split() for line in done.output.splitlines() if line.split()[:1] == ["numeric"]]
    assert kinds[-1][:4] == ["numeric", "100.0", "%", "(1"]
    assert "The harbor wall cost $4.5 million." in (tmp_path / "r.html").read_text()
    assert re.fullmatch(r"c1 Q0 art_\w+ 1 1\.000000 \S+\n", (tmp_path / "r.trec").read_text())
    assert 'tests="2"' in (tmp_path / "r.xml").read_text()
    assert json.loads(byline("report", "latest", "--json").stdout)["runs"][0]["checks"]["right"]["n"] == 2


def test_an_article_that_cannot_be_read_is_named(tmp_path, article):
    (tmp_path / "empty.txt").write_text("")
    settings = read_settings({"home": tmp_path / "home", "index.embedder": "hashing"})
    with pytest.raises(UsageError, match=r"empty\.txt"):
        index_articles(settings, [tmp_path / "empty.txt"])


def test_the_command_mounts_the_suite_and_turns_errors_into_exit_codes(tmp_path, capsys):
    assert main(["eval", "report", "latest", "--home", str(tmp_path)]) == 2
    assert "There are no runs in" in capsys.readouterr().err
    assert main(["--home", str(tmp_path), "eval", "report", "yesterday"]) == 2
    assert str(tmp_path / "runs") in capsys.readouterr().err
    assert main(["eval", "--help"]) == 0
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("run", "compare", "report"))
