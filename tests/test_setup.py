"""What `make setup` needs and does not find is named with its remedy, and nothing half-made stays behind."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ["sh", "cat", "cksum", "df", "awk", "rm", "dirname", "env", "printf"]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with what setup reads, and a bin/ with the few tools that it calls."""
    for name in ("setup.sh", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        if found:
            (tmp_path / "bin" / tool).symlink_to(found)
    return tmp_path


def setup(clone: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": str(clone / "bin"), "HOME": str(clone), "PYTHON": sys.executable} | environment
    return subprocess.run(
        ["./setup.sh"], cwd=clone, env=given, capture_output=True, text=True, timeout=240, check=False
    )


def shim(clone: Path, name: str, script: str) -> None:
    path = clone / "bin" / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_another_python_is_asked_for(clone: Path) -> None:
    done = setup(clone, PYTHON="no-such-python")
    assert done.returncode == 4
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "make PYTHON=" in done.stderr


def test_a_missing_compiler_is_named(clone: Path) -> None:
    done = setup(clone)
    assert done.returncode == 4
    assert "no C++ compiler" in done.stderr
    assert "build-essential" in done.stderr
    assert not (clone / ".venv").exists()


def test_a_full_disk_is_named_with_what_is_needed(clone: Path) -> None:
    shim(clone, "c++", "exit 0")
    shim(clone, "df", "echo Filesystem; echo disk 9 8 1000 99% /")
    done = setup(clone)
    assert done.returncode == 4
    assert "0 MiB are free here" in done.stderr
    assert "about 4096 MiB" in done.stderr
    assert not (clone / ".venv").exists()


def test_no_network_leaves_no_environment(clone: Path) -> None:
    shim(clone, "c++", "exit 0")
    shim(clone, "df", "echo Filesystem; echo disk 9 8 99000000 9% /")
    config = clone / "pip.conf"
    config.write_text("[global]\nno-index = true\nfind-links = nowhere\n", encoding="utf-8")
    done = setup(clone, PATH=f"{clone / 'bin'}{os.pathsep}/bin{os.pathsep}/usr/bin", PIP_CONFIG_FILE=str(config))
    assert done.returncode == 4, done.stderr
    assert "pip could not install" in done.stderr
    assert "run make again" in done.stderr
    assert not (clone / ".venv").exists()
