from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.hashing import HashingEmbedder
from index.sentences import sentences
from index.splitting import split
from index.types import Article

COUNT = HashingEmbedder().count_tokens
CASES = [
    "He paid $13.8 billion.| It was too much.",
    "Acme Inc. said on Friday it would close.| The shares fell.",
    "It was bought by Acme Inc.| The shares fell.",
    "The U.S. Department of Defense signed.| Officials confirmed it.",
    "It sells to the U.S.| The rest goes abroad.",
    "George W. Bush met J. K. Rowling at 5 p.m. Tuesday.| She left.",
    "Dr. Smith and Sen. Warren agreed.| Mr. Jones did not.",
    "“It is over,” she said.| “We lost.”| He nodded.",
    "“Is it over?” she asked.| Nobody spoke.",
    '"Is it over?" Maria Smith asked.| Nobody spoke.',
    "Is it over?| No!| It goes on…| Perhaps.",
    "Version 2.0 is at example.com today.| See No. 5 and Fig. 3.| Done.",
    "1. Open the box.| Close it.",
    "A heading without a stop|\nThen text.| More text.",
    "| Company | Value | Note. Here. |",
    "- One item. |With two sentences.",
    "On Jan. 5 it rained.| On Feb. 6 it did not.",
    "They grew 3.5%.| 2024 was better.",
    "これは文です。|次の文です。",
    "It closed.The shares fell.",
]


@pytest.mark.parametrize("case", CASES)
def test_sentences_of_news_text(case: str) -> None:
    table = case.startswith("| ")
    text = case if table else case.replace("|", "")
    expected = [text] if table else [each.strip() for each in case.split("|")]
    if "closed.The" in case:
        expected = ["It closed.", "The shares fell."]
    assert [text[each.start : each.end] for each in sentences(text)] == expected


def article(text: str) -> Article:
    now = datetime(2025, 1, 1, tzinfo=UTC)
    return Article("a", text, "0" * 64, None, None, None, None, None, now, None, None, None)


WORDS = "the Inc. U.S. Mr. said “Yes,” (no) $13.8 billion. fell! Why? J. 5. p.m. | - … é 日本。 👩‍👩‍👧 e\u0301 a,b; x"
texts = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.one_of(
            st.sampled_from(WORDS.split()), st.text(max_size=8), st.sampled_from(["\n", "\n\n", "z" * 700, "a, " * 90])
        ),
        max_size=120,
    ).map(" ".join),
)


@settings(max_examples=2000, deadline=None)
@given(texts, st.integers(8, 60))
def test_offsets_are_exact_and_nothing_is_lost(text: str, most: int) -> None:
    passages = split(article(text), most, COUNT)
    covered = [0] * len(text)
    for ordinal, passage in enumerate(passages):
        assert passage.ordinal == ordinal
        assert passage.text == text[passage.start : passage.end] != ""
        assert passage.sentences[0].start == passage.start
        assert passage.sentences[-1].end == passage.end
        assert sum(COUNT(text[each.start : each.end]) for each in passage.sentences) <= most
        for span in passage.sentences:
            assert text[span.start : span.end].strip() == text[span.start : span.end]
            for at in range(span.start, span.end):
                covered[at] += 1
    for character, times in zip(text, covered, strict=True):
        assert times == 1 or (times == 0 and character.isspace()) or character.isspace()
    assert len({each.id for each in passages}) == len(passages)
    starts = [span for passage in passages for span in passage.sentences]
    assert all(one.end <= other.start for one, other in pairwise(starts))


def test_passages_end_where_paragraphs_end() -> None:
    paragraph = "One two three four five. " * 5
    text = "\n\n".join([paragraph.strip()] * 4)
    passages = split(article(text), 60, COUNT)
    assert [each.text for each in passages] == ["\n\n".join([paragraph.strip()] * 2)] * 2


def test_a_heading_stays_with_what_it_heads() -> None:
    text = "One two three four. " * 8 + "\n\nThe heading\n\n" + "Five six seven eight. " * 8
    passages = split(article(text), 40, COUNT)
    assert [each.text.startswith("The heading") for each in passages] == [False, True]
