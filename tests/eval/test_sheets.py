import csv
from io import StringIO

import pytest

from eval.benchmarks import find_cases
from eval.cases import case_from_dict
from eval.records import Run
from eval.sheets import verdict_sheet
from eval.types import Quote, Record, Verdict
from index.errors import UsageError

HEAD = "id,kind,question,accept,forbidden,evidence,note\n"


def sheet(tmp_path, *rows):
    path = tmp_path / "cases.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8-sig")
    return path


def test_cases_are_read_from_a_sheet(tmp_path):
    row = 's1,multi,Who?,Ada + Bo | Cy,Eve | Finn,"a.txt :: Ada came | b.txt :: Ada went\nc.txt :: Bo stayed",n'
    first, second = find_cases([sheet(tmp_path, row, "s2,unanswerable,Why?,,,,")])
    assert first.accept == (("Ada", "Bo"), ("Cy",))
    assert first.forbidden == ("Eve", "Finn")
    assert first.evidence == (
        (Quote("a.txt", "Ada came"), Quote("b.txt", "Ada went")),
        (Quote("c.txt", "Bo stayed"),),
    )
    assert (second.kind, second.accept, second.source) == ("unanswerable", (), f"{tmp_path / 'cases.csv'}:4")


@pytest.mark.parametrize("row", ["s1,riddle,Q,a,,,", "s1,single,Q,a,,no article,", "s1,single,Q,a,,,,one too many"])
def test_a_line_that_does_not_fit_is_named(tmp_path, row):
    with pytest.raises(UsageError, match=r"cases\.csv:2: "):
        find_cases([sheet(tmp_path, row)])


def test_verdicts_are_a_sheet_without_formulas(tmp_path, record):
    case = case_from_dict(record())
    verdicts = {"right": Verdict(1.0), "numeric match": Verdict(None, "x")}
    answer = {"status": "answered", "text": "=HYPERLINK(1)"}
    run = Run(tmp_path, {}, 1, (Record(case, 0, answer, "", 1.5, verdicts),))
    row, again = csv.DictReader(StringIO(verdict_sheet([run, run])))
    assert row == again
    assert (row["text"], row["right"], row["numeric match"], row["declined"]) == ("'=HYPERLINK(1)", "1", "unscored", "")
