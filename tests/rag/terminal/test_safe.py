import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.doors.terminal.safe import one_line, safe, to_json


@pytest.mark.parametrize(
    ("hostile", "left"),
    [
        ("a\x1b[31mred\x1b[0m b", "ared b"),
        ("a\x1b]8;;http://x.example\x1b\\link\x1b]8;;\x1b\\ b", "alink b"),
        ("a\x1b]0;title\x07b", "ab"),
        ("a\x9b2Jb", "ab"),
        ("a\x9d0;t\x9cb", "ab"),
        ("a\x1bPq#0\x1b\\b", "ab"),
        ("a\x1bcb", "ab"),
        ("a\x1b(0b", "ab"),
        ("a\u202eb\u202cc\u2066d\u2069", "abcd"),
        ("a\x08\x08b\x07\x00\x7f", "ab"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("שלום 東京 é ✓ 👩‍👩‍👧", "שלום 東京 é ✓ 👩‍👩‍👧"),
        ("half \ud800 pair", "half ? pair"),
    ],
)
def test_what_a_terminal_would_obey_is_taken_out(hostile, left):
    assert safe(hostile) == left


@given(st.text())
def test_nothing_that_steers_is_left_whatever_comes(text):
    left = safe(text)
    assert not [each for each in left if (ord(each) < 32 and each not in "\n\t") or 127 <= ord(each) < 160]
    assert not {"\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068"} & set(left)
    assert "\n" not in one_line(text)


@given(st.recursive(st.text(st.characters()) | st.none() | st.integers(), st.lists))
def test_json_reads_back_exactly(value):
    written = to_json(value)
    assert json.loads(written) == value
    assert not {"\x1b", "\x9b", "\u202e", "\x7f", "\u2028"} & set(written)
    written.encode("utf-8")
