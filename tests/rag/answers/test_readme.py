"""The Python of the README runs as it stands."""

import re
from pathlib import Path

import pytest

from index.building import build
from index.opening import open_index
from rag.settings import read_settings

ROOT = Path(__file__).resolve().parents[3]


def test_the_python_session_of_the_readme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BYLINE_MODEL_RUNTIME", "scripted")
    monkeypatch.setenv("BYLINE_INDEX_EMBEDDER", "hashing")
    (tmp_path / "news.txt").write_text(
        "Scale in 2024\n\nScale AI had revenue of $870 million in 2024.\n", encoding="utf-8"
    )
    settings = read_settings({"home": "var"})
    with open_index(settings.home, settings.index, settings.search, settings.models, write=True) as index:
        assert build(index, [tmp_path / "news.txt"]).read == 1
    (session,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(session, names)
    names["engine"].close()  # type: ignore[attr-defined]
    assert "answered Scale AI had revenue of $870 million in 2024" in capsys.readouterr().out
