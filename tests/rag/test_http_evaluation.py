"""The runs of a home over HTTP: listed, opened, compared; and nothing that is not a run of it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from scripted_house import running_house
from some_runs import EARLIER, LATER, write_runs

PLACE = "/v1/evaluation/runs"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    write_runs(tmp_path)
    with running_house(tmp_path) as (url, _, _), httpx.Client(base_url=url, timeout=20) as opened:
        yield opened


def test_runs_are_listed_newest_first_with_their_headline(client: httpx.Client) -> None:
    runs = client.get(PLACE).json()["runs"]
    assert [(each["run"], each["cases"], each["model"]) for each in runs] == [
        (LATER, 3, "scripted"),
        (EARLIER, 3, "scripted"),
    ]
    right = next(row for row in runs[0]["rows"] if row["check"] == "right")
    assert (right["n"], right["words"]["value"], right["words"]["share"]) == (3, "33.3 %", "1 of 3")


def test_a_scorecard_has_means_and_cases_and_no_path_of_the_machine(client: httpx.Client, tmp_path: Path) -> None:
    sent = client.get(f"{PLACE}/{EARLIER}")
    card = sent.json()
    assert [(each["case"], each["right"], each["failed"]) for each in card["records"]] == [
        ("case-0", 1.0, []),
        ("case-1", 1.0, []),
        ("case-2", 0.0, ["right"]),
    ]
    assert {"right", "quotes exact"} <= {row["check"] for row in card["rows"]}
    assert card["kinds"][0]["kind"] == "single"
    assert str(tmp_path) not in sent.text


def test_two_runs_are_compared_case_by_case(client: httpx.Client) -> None:
    told = client.get(f"{PLACE}/{EARLIER}/compared-with/{LATER}").json()
    right = next(row for row in told["checks"] if row["check"] == "right")
    assert (right["won"], right["lost"], right["outcome"]) == (0, 1, "inconclusive")
    assert (right["words"]["a"], right["words"]["b"]) == ("66.7 %", "33.3 %")
    assert [each["case"] for each in told["changed"]] == ["case-1"]


def test_a_name_is_never_a_path(client: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    (tmp_path / "runs" / "torn").mkdir()
    (tmp_path / "runs" / "torn" / "run.json").write_text("{", encoding="utf-8")
    assert "damaged" in next(each for each in client.get(PLACE).json()["runs"] if each["run"] == "torn")["problem"]
    for name in ("%2e%2e", "..%2f", "none", f"{EARLIER}%2f..", "%00", " "):
        for path in (f"{PLACE}/{name}", f"{PLACE}/{EARLIER}/compared-with/{name}"):
            assert client.get(path).status_code in (307, 404, 422), path


def test_without_runs_the_list_is_empty(tmp_path: Path) -> None:
    with running_house(tmp_path) as (url, _, _):
        assert httpx.get(f"{url}{PLACE}").json() == {"runs": []}
