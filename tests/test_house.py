"""The house is in order: the four rooms are ours, and every dependency, direct or not, is pinned."""

import importlib
import re
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("room", ["rag", "index", "prompts", "eval"])
def test_the_four_names_resolve_inside_this_repository(room: str) -> None:
    file = importlib.import_module(room).__file__
    assert file is not None
    assert Path(file).resolve() == ROOT / room / "__init__.py"


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def closure() -> set[str]:
    """Every distribution that `byline[dev]` brings here."""
    found: set[str] = set()
    waiting = [("byline", "dev")]
    while waiting:
        name, extra = waiting.pop()
        for line in requires(name) or []:
            need = Requirement(line)
            if need.marker and not any(need.marker.evaluate({"extra": each}) for each in (extra, "")):
                continue
            for more in need.extras or {""}:
                key = f"{canonicalize_name(need.name)}[{more}]"
                if key not in found and installed(need.name):
                    found.add(key)
                    waiting.append((need.name, more))
    return {key.split("[")[0] for key in found}


def installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def test_every_dependency_is_pinned_and_is_here_in_that_version() -> None:
    pins, names = pinned(), closure()
    assert {"chromadb", "torch", "numpy", "ruff"} <= names
    assert names <= pins.keys(), f"not pinned: {sorted(names - pins.keys())}"
    assert pins["torch"] == "2.13.0"
    here = {name: distribution(name).version.split("+")[0] for name in names}
    assert here == {name: pins[name].split("+")[0] for name in names}


def test_no_file_names_a_path_or_a_registry_of_one_machine() -> None:
    words = re.compile(r"/work/|/opt/wheels|files\.pythonhosted|pypi\.org|registry\.npmjs")
    suffixes = {".py", ".md", ".toml", ".sh", ".txt", ".jsonl", ".html", ".js", ".css"}
    ours = [
        each for room in ("rag", "index", "prompts", "eval", "docs", "articles") for each in (ROOT / room).rglob("*")
    ]
    read = [each for each in (*ours, *ROOT.glob("*.*")) if each.suffix in suffixes and each.is_file()]
    assert len(read) > 100
    named = [
        str(each.relative_to(ROOT)) for each in read if words.search(each.read_text(encoding="utf-8", errors="replace"))
    ]
    assert named == []
