"""Two small evaluation runs as they lie in a home: the second declines what the first got right."""

import json
from pathlib import Path
from typing import Any

EARLIER, LATER = "2026-01-01T100000Z", "2026-01-02T090000Z"
HOSTILE = "<img src=x onerror=\"document.title='owned'\">"


def write_runs(home: Path) -> None:
    write_run(home / "runs" / EARLIER, rights=(1.0, 1.0, 0.0))
    write_run(home / "runs" / LATER, rights=(1.0, 0.0, 0.0))


def write_run(folder: Path, rights: tuple[float, ...]) -> None:
    folder.mkdir(parents=True)
    stamp = {
        "commit": "0123456789abcdef+1",
        "planned": len(rights),
        "judge": "none",
        "machine": {"system": "Linux", "cores": 2},
        "receipt": {"model": "scripted"},
    }
    (folder / "run.json").write_text(json.dumps(stamp), encoding="utf-8")
    lines = [json.dumps(record(number, right)) for number, right in enumerate(rights)]
    (folder / "records.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def record(number: int, right: float) -> dict[str, Any]:
    case = {
        "id": f"case-{number}",
        "kind": "single",
        "question": f"What does ferry {number} cost? {HOSTILE}",
        "accept": [[str(number)]],
        "forbidden": [],
        "evidence": [],
    }
    text = f"It costs {number}. {HOSTILE}"
    answer = {"status": "answered" if right else "declined", "text": text, "sentences": [], "citations": []}
    verdicts = {"right": {"value": right}, "quotes exact": {"value": 1.0}, "total ms": {"value": 900.0 + number}}
    return {"case": case, "repeat": 0, "answer": answer, "error": "", "seconds": 0.9, "verdicts": verdicts}
