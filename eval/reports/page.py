"""Runs as one self-contained HTML page: no script, no network, all text of articles and models escaped."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from eval.checks.registry import BY_NAME, CHECKS, HEADLINE
from eval.records import Run, by_case
from eval.reports.cases import case_block
from eval.reports.charts import Series, dots, steps, trend, whisker
from eval.risk import calibration, curve, sure_and_wrong
from eval.shown import RISK, between, notes, number, share
from eval.types import Mean, Record, Scorecard

Scored = tuple[Run, Scorecard, float | None]

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_ABOUT = (
    '<p class="intro">Each case is a question about news articles whose answer is known, or that they do not answer and that must be '
    "declined. Every mean is over cases, with a range that holds the true mean 95 times in 100; "
    "n is how many cases it is over. Open a case to see what was asked, said and cited.</p>"
)
_FILTERS = (("all", "all"), ("wrong", "wrong or failed"), ("changed", "runs differ"))


def page(runs: Sequence[Scored]) -> str:
    """The page of one run, or of several side by side."""
    style = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
    names = [run.name for run, _, _ in runs]
    grouped = [by_case(run.records) for run, _, _ in runs]
    number_of_runs = "one" if len(runs) == 1 else "several"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Byline evaluation: {escape(', '.join(names))}</title><style>{style}</style></head>"
        f'<body class="{number_of_runs}">'
        f"<h1>Byline evaluation</h1>{_ABOUT}{_runs(runs)}{_summary(runs)}{_kinds(runs)}{_trends(runs)}"
        f"{_charts(names, grouped)}{_cases(names, grouped)}</body></html>\n"
    )


def _runs(runs: Sequence[Scored]) -> str:
    blocks = []
    for at, (run, card, seconds) in enumerate(runs):
        bad = " bad" if card.broken or card.missing or card.errors else ""
        lines = "".join(f"<li>{escape(line)}</li>" for line in notes(card, seconds))
        rows = "".join(f"<dt>{escape(key)}</dt><dd>{escape(value)}</dd>" for key, value in _stamp(run).items())
        blocks.append(
            f'<section class="run{bad}"><h2 class="name run{at}">{escape(run.name)}</h2><ul class="notes">{lines}</ul>'
            f"<details><summary>what made it</summary><dl>{rows}</dl></details></section>"
        )
    return f'<div class="runs">{"".join(blocks)}</div>'


def _stamp(run: Run) -> dict[str, str]:
    stamp, receipt = run.stamp, run.stamp.get("receipt") or {}
    return {
        "commit": str(stamp["commit"]),
        "model": f"{receipt.get('model', 'unknown')} {receipt.get('model_digest', '')}".strip(),
        "index": str(receipt.get("index", "unknown")),
        "settings": str(stamp["settings"]),
        "prompts": ", ".join(f"{name} {digest[:12]}" for name, digest in sorted(stamp["prompts"].items()))
        or "none used",
        "judge of support": str(stamp["judge"]),
        "cases": f"{stamp['cases']} ({stamp['arguments']})",
        "machine": f"{stamp['machine']['system']}, {stamp['machine']['cores']} cores",
        "python": str(stamp["python"]),
        "libraries": ", ".join(f"{name} {version}" for name, version in stamp["libraries"].items()),
    }


def _summary(runs: Sequence[Scored]) -> str:
    shown = [check for check in CHECKS if any(check.name in card.means for _, card, _ in runs)]
    rows = [
        _rows(
            check.name, check.about, check.higher_is_better, [card.means.get(check.name) for _, card, _ in runs], runs
        )
        for check in shown
    ]
    about = "the mean share of wrong answers when the surest are given first, over what was answered"
    rows.append(_rows(RISK, about, False, [card.risk_coverage for _, card, _ in runs], runs))
    return (
        '<h2>Summary</h2><div class="wide"><table><thead><tr><th>check</th><th class="name">run</th><th>mean</th><th>0 to 1, with 95 %</th>'
        f"<th>95 %</th><th>n</th></tr></thead>{''.join(rows)}</table></div>"
    )


def _rows(check: str, about: str, higher: bool, means: Sequence[Mean | None], runs: Sequence[Scored]) -> str:
    better = "" if higher else " <small>lower is better</small>"
    head = f'<th rowspan="{len(runs)}">{check}{better}<small class="about">{escape(about)}</small></th>'
    lines = [
        f'<tr>{head if at == 0 else ""}<td class="name run{at}">{escape(run.name)}</td>{_cells(check, mean, at)}</tr>'
        for at, ((run, _, _), mean) in enumerate(zip(runs, means, strict=True))
    ]
    return f'<tbody class="{"headline" if check in HEADLINE else ""}">{"".join(lines)}</tbody>'


def _cells(check: str, mean: Mean | None, run: int) -> str:
    if mean is None:
        return '<td class="absent">–</td><td></td><td></td><td></td>'
    line = "" if check in BY_NAME and BY_NAME[check].kind == "cost" else whisker(mean.value, mean.low, mean.high, run)
    unscored = f" <small>{mean.unscored} unscored</small>" if mean.unscored else ""
    return (
        f"<td><b>{number(check, mean.value)}</b></td><td>{line}</td><td>{between(check, mean.low, mean.high)}</td>"
        f"<td>{share(check, mean)}{unscored}</td>"
    )


def _kinds(runs: Sequence[Scored]) -> str:
    kinds = sorted({kind for _, card, _ in runs for kind in card.by_kind})
    rows = []
    for kind in kinds:
        lines = []
        for at, (run, card, _) in enumerate(runs):
            means = card.by_kind.get(kind, {})
            cells = "".join(f"<td>{_small(check, means.get(check))}</td>" for check in HEADLINE)
            head = f'<th rowspan="{len(runs)}">{escape(kind)}</th>' if at == 0 else ""
            lines.append(f'<tr>{head}<td class="name run{at}">{escape(run.name)}</td>{cells}</tr>')
        rows.append(f"<tbody>{''.join(lines)}</tbody>")
    heads = "".join(f"<th>{check}</th>" for check in HEADLINE)
    return (
        f'<h2>By kind</h2><div class="wide"><table><thead><tr><th>kind</th><th class="name">run</th>{heads}</tr></thead>'
        f"{''.join(rows)}</table></div>"
    )


def _small(check: str, mean: Mean | None) -> str:
    if mean is None:
        return '<span class="absent">–</span>'
    line = "" if mean.low is None else f"<br>{between(check, mean.low, mean.high)}"
    return f"{number(check, mean.value)} <small>{share(check, mean)}{line}</small>"


def _trends(runs: Sequence[Scored]) -> str:
    if len(runs) < 2:
        return ""
    charts = []
    for check in HEADLINE:
        means = [(run.name, card.means[check]) for run, card, _ in runs if check in card.means]
        if len(means) > 1:
            charts.append(trend(check, [(name, each.value, each.low, each.high) for name, each in means]))
    return f'<h2>Over the runs</h2><div class="charts">{"".join(charts)}</div>' if charts else ""


def _charts(names: Sequence[str], grouped: Sequence[Mapping[str, Sequence[Record]]]) -> str:
    risks, sure = [], []
    for name, cases in zip(names, grouped, strict=True):
        pairs = list(sure_and_wrong(cases).values())
        risks.append(Series(name, tuple((each.coverage, each.risk) for each in curve(pairs, len(cases)))))
        bins = calibration(pairs)
        sure.append(Series(name, tuple((x, y) for x, y, _ in bins), tuple(n for _, _, n in bins)))
    return (
        '<h2>How sure, how right</h2><p>An answer is as sure as its least supported sentence.</p><div class="charts">'
        + steps("Risk when only the surest are answered", "share of cases answered", "share wrong", risks)
        + dots(
            "Calibration: right as often as sure is on the line; n answers a dot", "support score", "share right", sure
        )
        + "</div>"
    )


def _cases(names: Sequence[str], grouped: Sequence[Mapping[str, Sequence[Record]]]) -> str:
    firsts = [{key: records[0] for key, records in cases.items()} for cases in grouped]
    ids = list(dict.fromkeys(key for cases in firsts for key in sorted(cases)))
    blocks = []
    for key in ids:
        records = [cases.get(key) for cases in firsts]
        case = next(record.case for record in records if record)
        blocks.append(case_block(case, records, names))
    filters = "".join(
        f'<input type="radio" name="show" id="show-{key}"{" checked" if key == "all" else ""}>'
        f'<label for="show-{key}">{label}</label>'
        for key, label in _FILTERS
        if key != "changed" or len(names) > 1
    )
    return f'<h2>Cases</h2><div class="cases">{filters}{"".join(blocks)}</div>'
