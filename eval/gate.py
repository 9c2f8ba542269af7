"""Whether a run may follow another: a named check that is worse by more than its allowance shuts the gate."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.checks.registry import BY_NAME
from eval.compare import Comparison
from index.errors import UsageError


@dataclass(frozen=True, slots=True)
class Gate:
    """A check and how much worse its mean may be, in the check's own unit (0.02 is two points of a share)."""

    check: str
    allowance: float


def read_gate(text: str) -> Gate:
    """A gate from CHECK or CHECK:ALLOWANCE. Raises UsageError."""
    name, _, allowance = text.partition(":")
    if name not in BY_NAME:
        raise UsageError(f"{name!r} is not a check.", f"Checks are: {', '.join(BY_NAME)}.")
    try:
        allowed = float(allowance or 0)
    except ValueError as error:
        raise UsageError(f"{allowance!r} is not a number.", "Write CHECK:ALLOWANCE, such as right:0.02.") from error
    if not 0 <= allowed < float("inf"):
        raise UsageError(f"The allowance of {name} is {allowance}.", "It must be 0 or more.")
    return Gate(name, allowed)


def shut(gates: Sequence[Gate], comparison: Comparison) -> list[str]:
    """Why the gate is shut, one line a check. A check that cannot be compared, or that leaves scored cases unscored, shuts it too."""
    found = {each.check: each for each in comparison.differences}
    reasons = []
    for gate in gates:
        each = found.get(gate.check)
        if each is None:
            reasons.append(f"{gate.check}: no case is scored in both runs")
            continue
        worse = -each.difference if BY_NAME[gate.check].higher_is_better else each.difference
        if worse > gate.allowance + 1e-9:
            reasons.append(
                f"{gate.check}: worse by {worse:.3g}, allowed {gate.allowance:.3g} ({each.a:.3g} to {each.b:.3g}, n {each.n})"
            )
        elif each.unread:
            reasons.append(f"{gate.check}: {each.unread} cases that were scored are now unscored")
    return reasons
