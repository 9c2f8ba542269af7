"""`byline eval`: its commands, each opened late."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.doors import options
from rag.doors.call import Call, command, examples

if TYPE_CHECKING:
    from eval.review import ReviewQueue

app = typer.Typer(
    name="eval",
    no_args_is_help=True,
    add_completion=False,
    help="Run gold cases, compare two runs, report on them, review what readers said.",
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

RunNames = Annotated[
    list[str], typer.Argument(metavar="RUN...", help="Folders of runs, names under HOME/runs, or latest.")
]


@app.callback()
def suite(ctx: typer.Context) -> None:
    """Run gold cases, compare two runs, report on them, review what readers said."""
    ctx.obj = ctx.obj or Call()


@app.command(
    epilog=examples(
        "byline eval run eval/cases --articles articles",
        "byline eval run eval/cases --kind conflict --repeat 3",
        "byline eval run eval/cases --each 2 --minutes 9",
        "byline eval run ../shared/benchmarks/squad2 --limit 50",
    )
)
@command
def run(
    call: Call,
    cases: Annotated[
        list[Path], typer.Argument(help="Files of cases, or folders: .jsonl files, or an outside benchmark.")
    ],
    limit: Annotated[int | None, typer.Option(min=1, help="Ask so many cases at most.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only cases of this kind; may be repeated.")] = None,
    split: Annotated[str | None, typer.Option(help="Only cases of this split, such as dev or test.")] = None,
    each: Annotated[int | None, typer.Option(min=1, help="Only so many of every kind, the kinds in turn.")] = None,
    repeat: Annotated[int, typer.Option(min=1, max=100, help="Ask every case so often.")] = 1,
    parallel: Annotated[
        int, typer.Option(min=1, max=64, help="Ask so many at once; the embedded model answers one at a time.")
    ] = 1,
    minutes: Annotated[
        float | None, typer.Option(min=0, help="Begin no more cases after so long; the same command goes on.")
    ] = None,
    articles: Annotated[list[Path] | None, typer.Option(help="Index these articles first; may be repeated.")] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start anew even where an unfinished run could go on.")
    ] = False,
    as_json: options.JSON = False,
) -> None:
    """Ask every case, record each answer, and print the scorecard."""
    from eval.run import Pace
    from eval.session import Choice, run_and_score
    from eval.table import print_scorecard
    from eval.to_json import scorecard_to_json

    settings = call.settings()
    choice = Choice(tuple(cases), limit, tuple(kind or ()), split, each)
    pace = Pace(parallel, float("inf") if minutes is None else 60 * minutes)
    done, card, seconds = run_and_score(settings, choice, repeat, tuple(articles or ()), fresh, as_json, pace)
    if as_json:
        typer.echo(json.dumps(scorecard_to_json(done, card, seconds), ensure_ascii=False))
    else:
        print_scorecard(card, seconds, str(done.folder))
    if card.broken:
        raise typer.Exit(1)


@app.command(
    epilog=examples(
        "byline eval compare 2026-01-01T100000Z latest",
        "byline eval compare main.run latest --gate right:0.02 --gate 'quotes exact'",
    )
)
@command
def compare(
    call: Call,
    a: Annotated[str, typer.Argument(help="The run to compare with.")],
    b: Annotated[str, typer.Argument(help="The run that is judged.")],
    gate: Annotated[
        list[str] | None,
        typer.Option(help="CHECK or CHECK:ALLOWANCE: exit 1 where B is worse by more; may be repeated."),
    ] = None,
    as_json: options.JSON = False,
) -> None:
    """Compare two runs case by case: better, worse or inconclusive, and every case that changed."""
    from eval.compare import compare as compare_runs
    from eval.gate import read_gate, shut
    from eval.records import find_run, read_run
    from eval.table_compare import print_comparison
    from eval.to_json import comparison_to_json

    gates = [read_gate(each) for each in gate or []]
    where = call.settings().home
    found = compare_runs(read_run(find_run(a, where)), read_run(find_run(b, where)))
    reasons = shut(gates, found)
    if as_json:
        typer.echo(json.dumps({**comparison_to_json(found), "gate": reasons}, ensure_ascii=False))
    else:
        print_comparison(found, reasons)
        if gates and not reasons:
            typer.echo(f"GATE OPEN {', '.join(each.check for each in gates)}")
    if reasons:
        raise typer.Exit(1)


@app.command(epilog=examples("byline eval judge latest --model qwen2.5-coder-0.5b-instruct"))
@command
def judge(
    call: Call,
    run: Annotated[str, typer.Argument(help="A run: its folder, its name under HOME/runs, or latest.")],
    model: options.MODEL = None,
    as_json: options.JSON = False,
) -> None:
    """Optional: let a model say which answers are right, beside how far it agrees with hand labels."""
    from eval.judge import hand_labels, judge_run
    from eval.opening import opened_model
    from eval.records import find_run, read_run
    from eval.scorecard import score, seconds_each
    from eval.table import print_scorecard, steps

    settings = call.settings(model__name=model)
    folder = find_run(run, settings.home)
    labels, asked = hand_labels(), read_run(folder)
    with opened_model(settings) as opened, steps("judging", len(labels) + len(asked.records), as_json) as done:
        ruled = judge_run(opened, asked, labels, done)
    if as_json:
        typer.echo(json.dumps(ruled, ensure_ascii=False))
        return
    ruled_run = read_run(folder)
    print_scorecard(score(ruled_run), seconds_each(ruled_run), ruled_run.name, every=True)


@app.command(epilog=examples("byline eval keep latest eval/baseline"))
@command
def keep(
    call: Call,
    run: Annotated[str, typer.Argument(help="A finished run: its folder, its name under HOME/runs, or latest.")],
    folder: Annotated[Path, typer.Argument(help="Where to write it, to be committed and compared with.")],
) -> None:
    """Keep a finished run as a baseline, without what is this machine's alone."""
    from eval.records import find_run, read_run
    from eval.records import keep as keep_run

    kept = read_run(find_run(run, call.settings().home))
    keep_run(kept, folder)
    typer.echo(f"{len(kept.records)} records in {folder}; compare with: byline eval compare {folder} latest")


@app.command(
    epilog=examples("byline eval report latest --html report.html", "byline eval report A B --junit report.xml")
)
@command
def report(
    call: Call,
    runs: RunNames,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML: one test a case.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write every verdict, one line a case.")] = None,
    trec: Annotated[Path | None, typer.Option(metavar="FILE", help="Write what was found, as a TREC run.")] = None,
    trec_answers: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the answers as the TREC RAG track has them.")
    ] = None,
    ragas: Annotated[Path | None, typer.Option(metavar="FILE", help="Write samples for ragas, as JSON lines.")] = None,
    label_studio: Annotated[Path | None, typer.Option(metavar="FILE", help="Write tasks for Label Studio.")] = None,
    as_json: options.JSON = False,
) -> None:
    """Show finished runs: every check, by kind, in the terminal, as JSON, as a page, or in the shapes of other tools."""
    from eval.records import find_run, read_run
    from eval.reports.written import write_reports
    from eval.scorecard import score, seconds_each
    from eval.table import print_scorecard
    from eval.to_json import scorecard_to_json

    where = call.settings().home
    read = [read_run(find_run(name, where)) for name in runs]
    cards = [(each, score(each), seconds_each(each)) for each in read]
    files = {
        "html": html,
        "junit": junit,
        "csv": csv,
        "trec": trec,
        "trec_answers": trec_answers,
        "ragas": ragas,
        "label_studio": label_studio,
    }
    write_reports(cards, {form: file for form, file in files.items() if file})
    if as_json:
        typer.echo(json.dumps({"runs": [scorecard_to_json(*each) for each in cards]}, ensure_ascii=False))
        return
    for each, card, seconds in cards:
        print_scorecard(card, seconds, each.name, every=True)


@app.command(
    epilog=examples(
        "byline eval review",
        "byline eval review --reviewer bo --again     label what another has, to see whether both agree",
        "byline eval review --sample                  label at random, for byline eval rates",
        "byline eval review --export gold.jsonl",
    )
)
@command
def review(
    call: Call,
    reviewer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who decides; by default who is logged in.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="What one other has labelled; a third settles.")] = False,
    sample: Annotated[bool, typer.Option("--sample", help="A random sample of all answers that were kept.")] = False,
    export: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the accepted cases and stop.")] = None,
    as_json: options.JSON = False,
) -> None:
    """Decide, one by one, on what readers said, what was declined and what models drafted; it becomes gold cases."""
    from getpass import getuser

    from eval.desk import Desk
    from eval.opening import read_library
    from eval.review import ReviewQueue
    from eval.review import export as write_cases

    settings = call.settings()
    queue = ReviewQueue(settings.home, reviewer or getuser())
    if export:
        written = write_cases(queue, export)
        typer.echo(json.dumps({"file": str(export), "cases": written}) if as_json else f"{written} cases in {export}")
        return
    if as_json:
        typer.echo(json.dumps(_queue_to_json(queue, again, sample), ensure_ascii=False))
        return
    desk = Desk(queue, read_library(settings), _asked, typer.echo)
    decided = desk.sit_down(again, sample)
    waiting, found = len(queue.pending(again, sample)), queue.agreement()
    typer.echo(f"{decided} decided, {waiting} waiting, {len(queue.accepted())} accepted in all")
    if found.n:
        beyond = "" if found.kappa is None else f", Cohen's kappa {found.kappa:.2f}"
        typer.echo(f"two reviewers agree on {found.agreed} of {found.n}{beyond}")


def _asked(words: str, default: str) -> str:
    return str(typer.prompt(words, default=default, show_default=bool(default)))


def _queue_to_json(queue: "ReviewQueue", again: bool, sample: bool) -> dict[str, Any]:
    waiting = [
        {"id": each.id, "question": each.question, "why": each.why, "weight": round(each.weight, 3)}
        for each in queue.pending(again, sample)
    ]
    return {"pending": waiting, "accepted": len(queue.accepted()), "agreement": asdict(queue.agreement())}


@app.command(
    epilog=examples(
        "byline eval draft",
        "byline eval draft port-strike.txt --kind unanswerable --each 3",
        "byline eval review                           and decide on each",
    )
)
@command
def draft(
    call: Call,
    articles: Annotated[
        list[str] | None, typer.Argument(metavar="[ARTICLE...]", help="Ids or file names; by default every article.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="answerable, unanswerable or false_premise; may be repeated.")
    ] = None,
    each: Annotated[int, typer.Option(min=1, help="So many of each kind an article.")] = 1,
    model: options.MODEL = None,
    as_json: options.JSON = False,
) -> None:
    """Let the local model draft questions over articles; what code can verify joins the review queue."""
    from eval.draft_session import draft_all, plan_drafts
    from eval.opening import opened_model, read_library
    from eval.table import steps

    settings = call.settings(model__name=model)
    library = read_library(settings)
    wanted = plan_drafts(library, articles or [], kind or [], each)
    with opened_model(settings) as opened, steps("drafting", len(wanted), as_json) as done:
        made = draft_all(settings.home, opened, library, wanted, done)
    if as_json:
        typer.echo(json.dumps(asdict(made), ensure_ascii=False))
        return
    refused = "".join(f"\n  {count} × {reason}" for reason, count in made.refused.items())
    typer.echo(
        f"{len(made.drafted)} drafts wait for you: byline eval review" + (f"\nrefused:{refused}" if refused else "")
    )


@app.command(epilog=examples("byline eval rates"))
@command
def rates(call: Call, as_json: options.JSON = False) -> None:
    """How often answers are right, over all traffic, from the few that were labelled with review --sample."""
    from eval.rates import rates as rates_of
    from eval.table import print_rates

    found = rates_of(call.settings().home)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
    else:
        print_rates(found)
