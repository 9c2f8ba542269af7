"""How means, intervals and notes are put into words, in the terminal and on the page."""

from eval.checks.registry import BY_NAME
from eval.types import Mean, Scorecard

RISK = "risk–coverage area"


def notes(card: Scorecard, seconds: float | None) -> list[str]:
    """What stands under the table."""
    lines = [f"{card.cases} cases" + (f", {seconds:.2f} seconds a question" if seconds is not None else "")]
    if card.errors:
        lines.append(f"{card.errors} cases failed when asked and count as wrong")
    if card.missing:
        lines.append(f"UNFINISHED: {card.missing} records are missing; the same command goes on with them")
    if card.changed:
        lines.append(f"answers changed between repeats: {', '.join(card.changed)}")
    if any(mean.clusters == 0 and mean.n > 1 for mean in card.means.values()):
        lines.append(
            "intervals draw single cases: cases share too few articles to draw groups, so they speak for these articles only"
        )
    if card.judge:
        lines.append(card.judge)
    if card.broken:
        lines.append(f"FAILED: quotes are not exact in {', '.join(card.broken)}")
    return lines


def share(check: str, mean: Mean) -> str:
    """n, with the count of yes where the check is yes or no."""
    if kind_of(check) != "yes/no":
        return str(mean.n)
    count = mean.value * mean.n
    return f"{count:.0f} of {mean.n}" if abs(count - round(count)) < 1e-9 else f"{count:.2f} of {mean.n}"


def number(check: str, value: float) -> str:
    """A value in the unit of its check."""
    if kind_of(check) == "cost":
        return f"{value:,.0f}"
    return f"{100 * value:.1f} %" if kind_of(check) == "yes/no" else f"{value:.3f}"


def between(check: str, low: float | None, high: float | None) -> str:
    """An interval, or a dash where there is none."""
    return "–" if low is None or high is None else f"{number(check, low)} to {number(check, high)}"


def kind_of(check: str) -> str:
    """The kind of a check; a name from an older run counts as a score."""
    return BY_NAME[check].kind if check in BY_NAME else "score"
