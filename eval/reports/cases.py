"""One case on the page: the question, and each run's answer with its quotes, verdicts and times."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from eval.checks.registry import BY_NAME
from eval.types import AnswerObject, Case, Record, Verdict

MARKS = {"right": "✓", "wrong": "✗", "failed": "!", "absent": "–"}


def case_block(case: Case, records: Sequence[Record | None], names: Sequence[str]) -> str:
    """A case that folds; open it to see what each run said."""
    states = [_state(record) for record in records]
    changed = len(set(states)) > 1
    classes = f"case {'changed' if changed else ''} {'wrong' if set(states) - {'right', 'absent'} else 'right'}"
    marks = "".join(f'<span class="mark {state}" title="{state}">{MARKS[state]}</span>' for state in states)
    answers = "".join(
        f'<article class="answer"><h4 class="name run{run}">{escape(name)}</h4>{_answer(record)}</article>'
        for run, (name, record) in enumerate(zip(names, records, strict=True))
    )
    return (
        f'<details class="{classes}" id="case-{escape(case.id, quote=True)}"><summary>{marks}<span class="kind">'
        f'{escape(case.kind)}</span> {escape(case.question)} <span class="id">{escape(case.id)}</span></summary>'
        f'{_wanted(case)}<div class="answers">{answers}</div></details>'
    )


def _state(record: Record | None) -> str:
    if record is None:
        return "absent"
    right = record.verdicts.get("right")
    return "failed" if record.answer is None else "right" if right and right.value == 1 else "wrong"


def _wanted(case: Case) -> str:
    rows = [f"<dt>earlier</dt><dd>{escape(turn.question)} — {escape(turn.answer)}</dd>" for turn in case.history]
    wanted = " or ".join(" + ".join(f"“{each}”" for each in alternative) for alternative in case.accept)
    rows.append(f"<dt>wanted</dt><dd>{escape(wanted) if case.accept else 'to be declined'}</dd>")
    if case.forbidden:
        rows.append(f"<dt>forbidden</dt><dd>{escape(', '.join(case.forbidden))}</dd>")
    for group in case.evidence:
        quotes = "<br>".join(f"<q>{escape(each.quote)}</q> <small>{escape(each.article)}</small>" for each in group)
        rows.append(f"<dt>evidence</dt><dd>{quotes}</dd>")
    if case.note:
        rows.append(f"<dt>note</dt><dd>{escape(case.note)}</dd>")
    return f'<dl class="wanted">{"".join(rows)}</dl>'


def _answer(record: Record | None) -> str:
    if record is None:
        return "<p>not asked</p>"
    if record.answer is None:
        return f'<p class="failed">failed: {escape(record.error)}</p>'
    answer = record.answer
    cited = "".join(_citation(each, answer["passages"]) for each in answer["citations"])
    closest = (answer["declined"] or {}).get("closest") or []
    near = "".join(_citation(each, answer["passages"]) for each in closest)
    return (
        f'<p class="status {escape(answer["status"])}">{escape(answer["status"])}{_why(answer)}</p>'
        f'<p class="text">{_sentences(answer)}</p>{_disagreements(answer)}'
        + (f'<ol class="citations">{cited}</ol>' if cited else "")
        + (f"<h5>closest</h5><ul class='citations'>{near}</ul>" if near else "")
        + _verdicts(record.verdicts)
        + _costs(answer, record.seconds)
    )


def _why(answer: AnswerObject) -> str:
    return f": {escape(answer['declined']['reason'].replace('_', ' '))}" if answer["declined"] else ""


def _sentences(answer: AnswerObject) -> str:
    if not answer["sentences"]:
        return escape(answer["text"])
    parts, at = [], 0
    for each in answer["sentences"]:
        support = each["support"]
        hint = f"{support['verdict']}, {support['score']}; " + ", ".join(
            f"{k} {v}" for k, v in support["checks"].items()
        )
        parts.append(escape(answer["text"][at : each["start"]]))
        parts.append(
            f'<span class="sentence {escape(support["verdict"], quote=True)}" title="{escape(hint, quote=True)}">'
            f"{escape(each['text'])}</span>"
        )
        at = each["end"]
    return "".join(parts) + escape(answer["text"][at:])


def _disagreements(answer: AnswerObject) -> str:
    rows = []
    for each in answer["disagreements"]:
        sides = [
            f"<b>{escape(side['value'])}</b>{' (later)' if each['later'] == number else ''}"
            for number, side in enumerate(each["sides"])
        ]
        rows.append(f"<li>{escape(each['about'])}: {' against '.join(sides)}</li>")
    return f'<ul class="disagreements">{"".join(rows)}</ul>' if rows else ""


def _citation(citation: Mapping[str, Any], passages: Sequence[Mapping[str, Any]]) -> str:
    byline = ", ".join(
        each for each in (citation["publisher"], citation["title"], (citation["published_at"] or "")[:10]) if each
    )
    return (
        f'<li value="{int(citation["number"])}"><span class="byline">{escape(byline or citation["article_id"])}</span> '
        f"{_in_context(citation, passages)}</li>"
    )


def _in_context(citation: Mapping[str, Any], passages: Sequence[Mapping[str, Any]]) -> str:
    start, end, quote = citation["start"], citation["end"], f"<mark>{escape(citation['quote'])}</mark>"
    for passage in passages:
        at = passage["start"]
        if passage["article_id"] == citation["article_id"] and at <= start and end <= passage["end"]:
            before, after = (
                passage["text"][max(0, start - at - 160) : start - at],
                passage["text"][end - at : end - at + 160],
            )
            return f'<span class="context">{escape(before)}{quote}{escape(after)}</span>'
    return quote


def _verdicts(verdicts: Mapping[str, Verdict]) -> str:
    chips = []
    for name, verdict in verdicts.items():
        check = BY_NAME.get(name)
        if check is None or check.kind == "cost":
            continue
        if verdict.value is None:
            state, shown = "unscored", "unscored"
        else:
            good = verdict.value == (1.0 if check.higher_is_better else 0.0)
            state = "good" if good else "bad" if verdict.value in (0.0, 1.0) else "some"
            shown = ("yes" if verdict.value else "no") if check.kind == "yes/no" else f"{verdict.value:.2f}"
        hint = escape(f"{check.about}. {verdict.reason}", quote=True)
        chips.append(f'<li class="{state}" title="{hint}">{escape(name)} <b>{shown}</b></li>')
    return f'<ul class="verdicts">{"".join(chips)}</ul>'


def _costs(answer: AnswerObject, seconds: float) -> str:
    times, usage = answer["timings"], answer["usage"]
    steps = ", ".join(
        f"{name.removesuffix('_ms').replace('_', ' ')} {times[name]:,.0f} ms"
        for name in ("search_ms", "first_evidence_ms", "first_token_ms", "total_ms")
        if times[name]
    )
    tokens = f"{usage['prompt_tokens']} + {usage['completion_tokens']} tokens"
    return f'<p class="costs">{escape(steps)}; {escape(tokens)}; {seconds:.2f} s in all</p>'
