"""What an answer costs: milliseconds to each step, and tokens."""

from eval.types import Asked, Check, Verdict


def _cost(name: str, about: str, part: str, key: str) -> Check:
    def run(asked: Asked) -> Verdict | None:
        value = float(asked.answer[part][key])
        return Verdict(value) if value else None

    return Check(name, "cost", False, about, lambda case: True, run)


COSTS = (
    _cost("search ms", "milliseconds until the search is done", "timings", "search_ms"),
    _cost("first evidence ms", "milliseconds until evidence is on screen", "timings", "first_evidence_ms"),
    _cost(
        "first token ms",
        "milliseconds until the model's first token; absent where no model ran",
        "timings",
        "first_token_ms",
    ),
    _cost("total ms", "milliseconds until the whole answer", "timings", "total_ms"),
    _cost("prompt tokens", "tokens the model read; absent where no model ran", "usage", "prompt_tokens"),
    _cost("completion tokens", "tokens the model wrote; absent where no model ran", "usage", "completion_tokens"),
)
