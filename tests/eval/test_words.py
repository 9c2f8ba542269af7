import runpy
from pathlib import Path

import pytest

from eval.words import holds

OUTSIDE = Path("../shared/tools/outside.py")
PAIRS = [
    ("There is no sign of it.", "no", True),
    ("There is now a sign.", "no", False),
    ("It cost $80B.", "80", True),
    ("It cost $80.5 billion.", "80", False),
    ("It cost $80.", "80", True),
    ("It cost 180.", "80", False),
    ("valued at 13.8 billion", "3.8", False),
    ("SCALE’s  labels", "scale's labels", True),
    ("labelled", "label", False),
    ("2020–2021", "2020-2021", True),
    ("a $2.4 million fund", "2.4 million", True),
    ("a $2.4 millions fund", "2.4 million", False),
    ("Sept. 1, 2025", "1", True),
    ("É. Zola", "é", True),
    ("6 a.m. sharp", "6 a.m", True),
    ("up 9%.", "9%", True),
]


@pytest.mark.parametrize(("text", "want", "expected"), PAIRS)
def test_a_string_counts_as_whole_words(text, want, expected):
    assert holds(text, want) is expected


def test_the_rule_is_the_outside_one():
    if not OUTSIDE.exists():
        pytest.skip(f"{OUTSIDE} is not here")
    outside = runpy.run_path(str(OUTSIDE), run_name="outside")["holds"]
    assert [holds(text, want) for text, want, _ in PAIRS] == [outside(text, want) for text, want, _ in PAIRS]
