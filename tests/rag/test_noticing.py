"""What is declined or barely supported joins the review queue from the doors that answer."""

from pathlib import Path

import httpx
from scripted_house import running_house

from rag.noticing import read_noticed


def test_the_service_keeps_weak_answers_for_review(tmp_path: Path) -> None:
    with running_house(tmp_path) as (url, _, _), httpx.Client(base_url=url, timeout=20) as client:
        for question in ("What does the ferry cost?", "What is unknown?"):
            assert client.post("/v1/answers", json={"question": question}).status_code == 200
    (kept,) = read_noticed(tmp_path)
    assert (kept.answer["question"], kept.door, kept.kept, kept.times) == ("What is unknown?", "http", "weak", 1)
    assert kept.answer["status"] == "declined"
