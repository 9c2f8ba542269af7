"""What made a run: commit, settings, prompts, index, model, machine, Python."""

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from eval.cases import case_digest
from eval.types import Case

LIBRARIES = ("chromadb", "sentence-transformers", "llama-cpp-python", "torch", "numpy")
RECEIPT = ("index", "model", "model_digest", "settings", "seed")
"""The parts of an answer's receipt that may not change within a run; prompts are gathered as they are used."""


def cases_digest(cases: Sequence[Case]) -> str:
    """sha256 over all cases in order."""
    return sha256("".join(map(case_digest, cases)).encode()).hexdigest()


def stamp_of(
    cases: Sequence[Case], repeats: int, settings: str, judge: str, arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """The stamp of a run that starts; the receipt is filled in by the first answer."""
    return {
        "commit": commit(),
        "settings": settings,
        "judge": judge,
        "cases": cases_digest(cases),
        "planned": len(cases) * repeats,
        "repeats": repeats,
        "arguments": dict(arguments),
        "machine": {
            "system": f"{platform.system()} {platform.machine()}",
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        },
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "receipt": None,
        "prompts": {},
    }


def same_run(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Would both give the same records, as far as can be told before asking."""
    return all(
        old.get(key) == new[key] for key in ("commit", "settings", "judge", "cases", "planned", "repeats", "libraries")
    )


def commit() -> str:
    """The commit of the checkout that this file is in, with a digest of what differs from it; "unknown" outside one."""
    here = Path(__file__).resolve().parents[1]
    try:
        head = _git(here, "rev-parse", "HEAD")
        changed = _git(here, "diff", "HEAD")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head + (f"+{sha256(changed.encode()).hexdigest()[:12]}" if changed else "")


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
    ).stdout.strip()
