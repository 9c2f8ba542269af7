"""What a pinned model says of an answer: optional, never asked while cases run; `byline eval judge` adds it to a finished run."""

from eval.types import Check

MODEL_JUDGE = Check(
    "right by model judge",
    "yes/no",
    True,
    "OPTIONAL: answers that a model called right; worth as much as its agreement with the hand labels",
    lambda case: False,
    lambda asked: None,
)
