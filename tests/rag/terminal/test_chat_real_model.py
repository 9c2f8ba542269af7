"""A session over the sample articles with the default model, under a pseudo-terminal."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from rag.doors.reading import read_catalogue
from rag.settings import read_settings

pytest.importorskip("pty", reason="there are no pseudo-terminals here")

ROOT = Path(__file__).resolve().parents[3]
REAL = ("-m", "rag.doors.cli")
WEIGHTS = ("qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", "all-MiniLM-L6-v2")
QUESTIONS = (
    "Who is the chief executive of Kestrel Semiconductor?",
    "And where will it build its plant?",
    "Who is the mayor of Reykjavik?",
)


@pytest.mark.model
@pytest.mark.timeout(900)
def test_a_session_with_the_default_model(terminal, tmp_path):
    models = read_settings().models
    missing = [each for each in WEIGHTS if not (models / each).exists()]
    if missing:
        pytest.skip(f"not fetched: {', '.join(missing)}; byline models pull")
    home = tmp_path / "home"
    index = [sys.executable, *REAL, "--home", str(home), "index", str(ROOT / "articles")]
    subprocess.run(index, check=True, capture_output=True, timeout=300)

    chat = terminal("--set", f"models={models}", "--set", "model.runtime=llama-cpp", "chat", program=REAL)
    chat.patience_s = 280.0
    for number, question in enumerate(QUESTIONS, 1):
        chat.prompted(number)
        chat.say(question)
    chat.prompted(len(QUESTIONS) + 1)
    shown = chat.shown()
    chat.say("\x04", end="")
    assert chat.end() == 0

    with closing(sqlite3.connect(home / "chats.sqlite")) as store:
        kept = store.execute("select question, answer_json from turns order by ordinal").fetchall()
    assert [question for question, _ in kept] == list(QUESTIONS)
    first, second, third = [json.loads(answer) for _, answer in kept]
    assert first["status"] == "answered" and "Stroud" in first["text"] and "Stroud" in shown
    assert f"Read as: {second['standalone_question']}"[:60] in shown
    assert third["status"] == "declined" and "Declined. These articles do not say." in shown
    with read_catalogue(read_settings({"home": home})) as catalogue:
        for quoted in [*first["citations"], *second["citations"], *third["declined"]["closest"]]:
            article = catalogue.article(quoted["article_id"])
            assert article.text[quoted["start"] : quoted["end"]] == quoted["quote"]
    assert "Sources" in shown and f"“{first['citations'][0]['quote']}”"[:60] in shown
