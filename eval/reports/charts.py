"""Small charts as inline SVG: no script, no network. Colours come from the page's style, by class."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 420, 260
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 12, 42


@dataclass(frozen=True, slots=True)
class Series:
    """Named points with x and y from 0 to 1; `sizes` are counts that a point stands for, empty where all are alike."""

    name: str
    points: tuple[tuple[float, float], ...]
    sizes: tuple[int, ...] = ()


def whisker(value: float, low: float | None, high: float | None, run: int) -> str:
    """A mean from 0 to 1 with its interval, on one line."""
    parts = ['<line class="axis" x1="4" y1="8" x2="156" y2="8"/>']
    if low is not None and high is not None:
        parts.append(f'<line class="whisker run{run}" x1="{_at(low):.1f}" y1="8" x2="{_at(high):.1f}" y2="8"/>')
    parts.append(f'<circle class="dot run{run}" cx="{_at(value):.1f}" cy="8" r="4"/>')
    return f'<svg class="line" viewBox="0 0 160 16" width="160" height="16" aria-hidden="true">{"".join(parts)}</svg>'


def steps(title: str, x: str, y: str, series: Sequence[Series]) -> str:
    """Lines that keep their height from one point to the next."""
    body = []
    for run, each in enumerate(series):
        if each.points:
            moves = [f"M{_x(each.points[0][0]):.1f},{_y(each.points[0][1]):.1f}"]
            moves += [f"H{_x(at):.1f}V{_y(value):.1f}" for at, value in each.points[1:]]
            body.append(f'<path class="curve run{run}" d="{"".join(moves)}"/>')
            at, value = each.points[-1]
            body.append(_dot(at, value, 4, run, f"{each.name}: {x} {at:.2f}, {y} {value:.2f}"))
    return _chart(title, x, y, body)


def dots(title: str, x: str, y: str, series: Sequence[Series]) -> str:
    """Dots against the diagonal, larger where they stand for more."""
    body = [f'<line class="guide" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>']
    for run, each in enumerate(series):
        most = max(each.sizes, default=1)
        for (at, value), size in zip(each.points, each.sizes, strict=True):
            hint = f"{each.name}: {x} {at:.2f}, {y} {value:.2f}, n {size}"
            body.append(_dot(at, value, 3 + 7 * (size / most) ** 0.5, run, hint))
            body.append(f'<text x="{_x(at) - 14:.1f}" y="{_y(value) + 4:.1f}" text-anchor="end">{size}</text>')
    return _chart(title, x, y, body)


def trend(title: str, means: Sequence[tuple[str, float, float | None, float | None]]) -> str:
    """One mean with its interval for each run, (run, mean, low, high), in the order of the runs."""
    body = []
    places = [(at + 0.5) / len(means) for at in range(len(means))]
    line = " ".join(f"{_x(at):.1f},{_y(value):.1f}" for at, (_, value, _, _) in zip(places, means, strict=True))
    body.append(f'<polyline class="curve" points="{line}"/>')
    for number, (at, (name, value, low, high)) in enumerate(zip(places, means, strict=True)):
        if low is not None and high is not None:
            ends = f'y1="{_y(low):.1f}" y2="{_y(high):.1f}"'
            body.append(f'<line class="whisker run{number % 4}" x1="{_x(at):.1f}" x2="{_x(at):.1f}" {ends}/>')
        body.append(_dot(at, value, 4, number % 4, f"{name}: {value:.3f}"))
    return _chart(title, "runs, in the order given", "mean, with 95 %", body, numbered=False)


def _chart(title: str, x: str, y: str, body: Sequence[str], numbered: bool = True) -> str:
    ticks = []
    for tenth in (0, 2, 4, 6, 8, 10):
        at = tenth / 10
        ticks.append(f'<line class="grid" x1="{_x(0)}" y1="{_y(at):.1f}" x2="{_x(1)}" y2="{_y(at):.1f}"/>')
        ticks.append(f'<text x="{LEFT - 6}" y="{_y(at) + 4:.1f}" text-anchor="end">{at:.1f}</text>')
        if numbered:
            ticks.append(f'<text x="{_x(at):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{at:.1f}</text>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    words = (
        f'<text x="{(_x(0) + _x(1)) / 2:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{escape(x)}</text>'
        f'<text x="12" y="{middle}" text-anchor="middle" transform="rotate(-90 12 {middle})">{escape(y)}</text>'
    )
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title, quote=True)}">{"".join(ticks)}{words}{"".join(body)}</svg></figure>'
    )


def _dot(at: float, value: float, radius: float, run: int, hint: str) -> str:
    place = f'cx="{_x(at):.1f}" cy="{_y(value):.1f}" r="{radius:.1f}"'
    return f'<circle class="dot run{run}" {place}><title>{escape(hint)}</title></circle>'


def _at(value: float) -> float:
    return 4 + 152 * min(max(value, 0), 1)


def _x(value: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * value


def _y(value: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value
