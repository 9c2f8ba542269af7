"""A run in the shapes that other tools read: ragas, Label Studio, and the answers of the TREC RAG track."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from eval.records import Run
from eval.types import Record

_MARKER = re.compile(r"\s*\[\d+\]")


def ragas_lines(run: Run) -> Iterator[str]:
    """One single-turn sample of ragas a line; `reference` is the first accepted answer, and what must be declined has none."""
    for record, answer in _answered(run):
        yield _line(
            {
                "user_input": record.case.question,
                "retrieved_contexts": [passage["text"] for passage in answer["passages"]],
                "response": _bare(answer["text"]),
                "reference": " ".join(record.case.accept[0]) if record.case.accept else "",
                "reference_contexts": [quote.quote for group in record.case.evidence for quote in group],
            }
        )


def trec_answer_lines(run: Run) -> Iterator[str]:
    """One answer a line as the TREC RAG track has them: sentences with indexes into `references`, the articles cited."""
    for record, answer in _answered(run):
        articles = {each["number"]: each["article_id"] for each in answer["citations"]}
        references = list(dict.fromkeys(articles.values()))
        sentences: list[dict[str, Any]] = [
            {
                "text": _bare(sentence["text"]),
                "citations": sorted({references.index(articles[number]) for number in sentence["citations"]}),
            }
            for sentence in answer["sentences"]
        ]
        yield _line(
            {
                "run_id": run.name,
                "topic_id": record.case.id,
                "topic": record.case.question,
                "references": references,
                "response_length": sum(len(each["text"].split()) for each in sentences),
                "answer": sentences,
            }
        )


def label_studio_tasks(run: Run) -> str:
    """Tasks with the suite's own verdict as a prediction; `LABEL_STUDIO_SCREEN` is the labelling interface they are made for."""
    tasks = []
    for record, answer in _answered(run):
        right = record.verdicts.get("right")
        predictions = [] if right is None or right.value is None else [_prediction(run, bool(right.value))]
        quotes = "\n".join(f"[{each['number']}] {each['quote']}" for each in answer["citations"])
        data = {
            "case": record.case.id,
            "kind": record.case.kind,
            "question": record.case.question,
            "status": answer["status"],
            "answer": answer["text"],
            "quotes": quotes,
            "wanted": " | ".join(" + ".join(each) for each in record.case.accept),
        }
        tasks.append({"data": data, "predictions": predictions})
    return json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"


LABEL_STUDIO_SCREEN = """<View>
  <Header value="$question"/><Text name="answer" value="$answer"/><Text name="quotes" value="$quotes"/>
  <Choices name="verdict" toName="answer" choice="single"><Choice value="right"/><Choice value="wrong"/></Choices>
  <TextArea name="correction" toName="answer"/>
</View>
"""


def _answered(run: Run) -> Iterator[tuple[Record, Mapping[str, Any]]]:
    return ((each, each.answer) for each in run.records if each.answer is not None and each.repeat == 0)


def _prediction(run: Run, right: bool) -> dict[str, Any]:
    value = {"choices": ["right" if right else "wrong"]}
    result = {"from_name": "verdict", "to_name": "answer", "type": "choices", "value": value}
    return {"model_version": run.name, "result": [result]}


def _bare(text: str) -> str:
    return _MARKER.sub("", text)


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
