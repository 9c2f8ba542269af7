"""An article's text into passages: consecutive whole sentences, cut where a paragraph ends if it can be."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from index.sentences import sentences
from index.types import Article, Passage, Span

SPLITTER = "whole-sentences-1"

# A word that no tokenizer knows may count as one token however long it is; a token has this many characters at most.
_LONGEST_TOKEN = 8
_STOPS = ",;:—–)"
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    tokens: int
    opens: bool
    heading: bool


def split(article: Article, most: int, count: Callable[[str], int]) -> list[Passage]:
    """Passages of at most `most` tokens, as `count` counts them. Every sentence is in exactly one.

    A sentence longer than that is cut at a comma or a space. A heading stays with what it heads.
    """
    return [_passage(article, ordinal, group) for ordinal, group in enumerate(_groups(article.text, most, count))]


def _groups(text: str, most: int, count: Callable[[str], int]) -> Iterator[list[_Sentence]]:
    group: list[_Sentence] = []
    for block in _blocks(_measured(text, most, count)):
        used = sum(each.tokens for each in group)
        if used + sum(each.tokens for each in block) > most and used > most // 2:
            done, group = _parted(group)
            yield done
        for sentence in block:
            if group and sum(each.tokens for each in group) + sentence.tokens > most:
                done, group = _parted(group)
                yield done
                if group and sum(each.tokens for each in group) + sentence.tokens > most:
                    yield group
                    group = []
            group.append(sentence)
    if group:
        yield group


def _parted(group: list[_Sentence]) -> tuple[list[_Sentence], list[_Sentence]]:
    """The group without the headings at its end, and those headings; a group of headings stays whole."""
    keep = len(group)
    while keep and group[keep - 1].heading:
        keep -= 1
    return (group[:keep], group[keep:]) if keep else (group, [])


def _blocks(measured: Iterator[_Sentence]) -> Iterator[list[_Sentence]]:
    block: list[_Sentence] = []
    for sentence in measured:
        if sentence.opens and block:
            yield block
            block = []
        block.append(sentence)
    if block:
        yield block


def _measured(text: str, most: int, count: Callable[[str], int]) -> Iterator[_Sentence]:
    before = 0
    for span in sentences(text):
        opens = "\n" in text[before : span.start] or before == 0
        words = text[span.start : span.end]
        alone = opens and text[span.end : span.end + 1] in {"\n", ""}
        heading = alone and len(words) < 100 and words[-1] not in '.!?…"”’|' and words[0] not in "-•*|"
        tokens = _weight(words, count)
        pieces = [span] if tokens <= most else _pieces(text, span, most, count)
        for piece in pieces:
            size = tokens if piece == span else _weight(text[piece.start : piece.end], count)
            yield _Sentence(piece, size, opens and piece.start == span.start, heading)
        before = span.end


def _weight(words: str, count: Callable[[str], int]) -> int:
    return max(count(words), -(-len(words) // _LONGEST_TOKEN))


def _pieces(text: str, span: Span, most: int, count: Callable[[str], int]) -> list[Span]:
    """An over-long sentence in pieces that fit, cut after a comma, else at a space, else between characters."""
    chunks = [
        chunk
        for word in re.finditer(r"\S+", text[span.start : span.end])
        for chunk in _chunks(text, span, word, most, count)
    ]
    pieces: list[Span] = []
    at = 0
    while at < len(chunks):
        used, last, stop = 0, at, 0
        while last < len(chunks) and (used + chunks[last][1] <= most or last == at):
            used += chunks[last][1]
            last += 1
            if text[chunks[last - 1][0].end - 1] in _STOPS and used > most // 2:
                stop = last
        last = stop if stop and last < len(chunks) else last
        pieces.append(Span(chunks[at][0].start, chunks[last - 1][0].end))
        at = last
    return pieces


def _chunks(
    text: str, span: Span, word: re.Match[str], most: int, count: Callable[[str], int]
) -> Iterator[tuple[Span, int]]:
    """A word with its weight; one that is too long by itself in halves, never within a character and its marks."""
    todo = [Span(span.start + word.start(), span.start + word.end())]
    while todo:
        piece = todo.pop()
        weight = _weight(text[piece.start : piece.end], count) + 1
        middle = (piece.start + piece.end) // 2
        while middle > piece.start and _belongs(text, middle):
            middle -= 1
        if weight <= max(most, 2) or middle == piece.start:
            yield piece, weight
        else:
            todo += [Span(middle, piece.end), Span(piece.start, middle)]


def _belongs(text: str, at: int) -> bool:
    here = text[at]
    return (
        bool(unicodedata.combining(here))
        or here in _JOINERS
        or text[at - 1] in _JOINERS
        or "\ufe00" <= here <= "\ufe0f"
    )


def _passage(article: Article, ordinal: int, group: Sequence[_Sentence]) -> Passage:
    start, end = group[0].span.start, group[-1].span.end
    # The id names the words as well as the place, so that a vector can never be taken for that of other words.
    made_of = f"{article.id} {article.sha256} {article.title} {start} {end}"
    name = f"{article.id}.{ordinal:04}.{sha256(made_of.encode('utf-8', 'replace')).hexdigest()[:8]}"
    return Passage(name, article.id, ordinal, start, end, article.text[start:end], tuple(each.span for each in group))
