"""The outside benchmarks as cases, read in place: MultiHop-RAG, SQuAD 2 and RAMDocs; and the seed gold."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from eval.cases import CaseFault, read_cases, refuse, repeated
from eval.sheets import read_sheet
from eval.types import Case, Quote
from index.errors import UsageError

Adapter = Callable[[Path, int, dict[str, Any]], Case]

RAMDOCS_FILE = "ramdocs.jsonl"
_MULTIHOP_KINDS = {
    "inference_query": "multi",
    "comparison_query": "comparison",
    "temporal_query": "temporal",
    "null_query": "unanswerable",
}


def find_cases(paths: Sequence[Path]) -> list[Case]:
    """The cases of files and folders. A folder named after a benchmark is read by its adapter, any other for its .jsonl files.

    Raises UsageError for a path that is not there, and naming every fault by file and line.
    """
    cases: list[Case] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} is not there.", "Name a .jsonl file of cases, or a folder of such files.")
        adapter = ADAPTERS.get(path.resolve().name if path.is_dir() else path.resolve().parent.name)
        if path.suffix == ".csv":
            cases += _sheet(path)
        elif adapter:
            cases += _adapted(path / "dev.jsonl" if path.is_dir() else path, adapter)
        else:
            cases += read_cases(sorted(path.glob("*.jsonl")) if path.is_dir() else [path])
    refuse(repeated(cases))
    return cases


def write_ramdocs(file: Path, home: Path) -> Path:
    """The documents of RAMDocs as a file to index; each is its own publisher, so that a case can be kept to its own documents."""
    target = home / "benchmarks" / RAMDOCS_FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8") as out:
        for number, record in _records(file):
            for at, document in enumerate(record["documents"], 1):
                name = _ramdocs_name(number, at)
                url = f"https://ramdocs.invalid/{number}/{at}"
                out.write(json.dumps({"title": name, "publisher": name, "body": document["text"], "url": url}) + "\n")
    return target


def _sheet(file: Path) -> list[Case]:
    rows = read_sheet(file)
    refuse([f"{file}:{number}: {each}" for number, each in rows if isinstance(each, CaseFault)])
    return [replace(each, source=f"{file}:{number}") for number, each in rows if isinstance(each, Case)]


def _adapted(file: Path, adapter: Adapter) -> list[Case]:
    cases: list[Case] = []
    faults: list[str] = []
    for number, record in _records(file):
        try:
            cases.append(replace(adapter(file, number, record), source=f"{file}:{number}"))
        except (KeyError, TypeError, CaseFault) as error:
            faults.append(f"{file}:{number}: not a record of {file.parent.name}: {type(error).__name__}: {error}")
    refuse(faults)
    return cases


def _multihop(file: Path, number: int, record: dict[str, Any]) -> Case:
    answer = record["question_type"] != "null_query"
    return Case(
        id=f"multihop-{record['query_id']}",
        kind=_MULTIHOP_KINDS[record["question_type"]],
        question=record["query"],
        accept=((record["answer"],),) if answer else (),
        evidence=tuple((Quote(f"articles.jsonl#{each['title']}", each["fact"]),) for each in record["evidence_list"]),
    )


def _squad2(file: Path, number: int, record: dict[str, Any]) -> Case:
    title = _titles(file.parent / "articles.jsonl")[record["article"]]
    answers = [] if record["unanswerable"] else list(dict.fromkeys(record["answers"]))
    sentences = dict.fromkeys(sentence_around(record["context"], answer) for answer in answers)
    return Case(
        id=f"squad2-{record['id']}",
        kind="single" if answers else "unanswerable",
        question=record["question"].strip(),
        accept=tuple((answer,) for answer in answers),
        evidence=(tuple(Quote(f"articles.jsonl#{title}", sentence) for sentence in sentences),) if answers else (),
        group=title,
    )


def _ramdocs(file: Path, number: int, record: dict[str, Any]) -> Case:
    documents = list(enumerate(record["documents"], 1))
    golds = tuple(dict.fromkeys(record["gold_answers"]))
    sides = (
        tuple(
            Quote(f"{RAMDOCS_FILE}#{_ramdocs_name(number, at)}", sentence_around(document["text"], gold))
            for at, document in documents
            if document["type"] == "correct" and document["answer"] == gold
        )
        for gold in golds
    )
    return Case(
        id=f"ramdocs-{number}",
        kind="conflict" if len(golds) > 1 else "single",
        question=record["question"],
        accept=(golds,),
        forbidden=tuple(dict.fromkeys(record["wrong_answers"])),
        evidence=tuple(side for side in sides if side),
        publishers=tuple(_ramdocs_name(number, at) for at, _ in documents),
    )


def sentence_around(text: str, answer: str) -> str:
    """The sentence of `text` that holds `answer`; the whole text where it is not there word for word."""
    at = text.find(answer)
    if at < 0:
        return text
    ends = [match.end() for match in re.finditer(r"[.!?][\"”]?\s", text)]
    start = max((end for end in ends if end <= at), default=0)
    return text[start : min((end for end in ends if end >= at + len(answer)), default=len(text))].strip()


def _ramdocs_name(number: int, at: int) -> str:
    return f"RAMDocs {number}/{at}"


@cache
def _titles(articles: Path) -> dict[str, str]:
    return {record["doc_id"]: record["title"] for _, record in _records(articles)}


def _records(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}.", "Name the folder of the benchmark.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                raise UsageError(f"{file}:{number}: not JSON: {error}.", "Fetch the file again.") from error


ADAPTERS: Mapping[str, Adapter] = {"multihop-rag": _multihop, "squad2": _squad2, "ramdocs": _ramdocs}
