"""Near-copies: how many made copies are missed, and how many pairs that are no copies are grouped.

    python -m eval.benches.copies [--data ../shared] [--limit 100]

Copies are made from MultiHop-RAG's articles by editing 1 to 40 % of their words or sentences, by a fixed seed. No copies
are: all pairs of its articles as they are, those about the same event, corrections, and articles that quote another.
"""

import argparse
import json
import random
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

from index.articles import article_from
from index.catalogue import SqliteCatalogue
from index.copies import alike, bands
from index.drafts import Draft
from index.sentences import sentences

RATES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4)
_FIGURE = re.compile(r"\d+")
_WORD = re.compile(r"\w+")
_PARTS = re.compile(r"\w+|\W+")

Judge = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Story:
    """An article of the benchmark; `others` are words and sentences of other articles, to edit it with."""

    text: str
    other_words: Sequence[str]
    other_sentences: Sequence[str]


Edit = Callable[[Story, float, random.Random], str]


def reworded(story: Story, rate: float, chance: random.Random) -> str:
    """Words, but no figures, replaced by words of other articles."""
    parts = _PARTS.findall(story.text)
    places = [at for at, part in enumerate(parts) if part.isalpha()]
    for at in chance.sample(places, round(rate * len(places))):
        parts[at] = chance.choice(story.other_words)
    return "".join(parts)


def cut(story: Story, rate: float, chance: random.Random) -> str:
    """Sentences left out."""
    told = sentences_of(story.text)
    gone = set(chance.sample(range(len(told)), round(rate * len(told))))
    return "\n".join(each for at, each in enumerate(told) if at not in gone)


def replaced(story: Story, rate: float, chance: random.Random) -> str:
    """Sentences replaced by those of another article."""
    told = sentences_of(story.text)
    for at in chance.sample(range(len(told)), round(rate * len(told))):
        told[at] = chance.choice(story.other_sentences)
    return "\n".join(told)


def enlarged(story: Story, rate: float, chance: random.Random) -> str:
    """Sentences of another article put in."""
    told = sentences_of(story.text)
    for _ in range(round(rate * len(told))):
        told.insert(chance.randrange(len(told) + 1), chance.choice(story.other_sentences))
    return "\n".join(told)


def moved(story: Story, rate: float, chance: random.Random) -> str:
    """Sentences put in another place."""
    told = sentences_of(story.text)
    for _ in range(round(rate * len(told))):
        told.insert(chance.randrange(len(told)), told.pop(chance.randrange(len(told))))
    return "\n".join(told)


def mixed(story: Story, rate: float, chance: random.Random) -> str:
    """Half of the rate in sentences replaced, half in words, under a line of its own."""
    half = Story(replaced(story, rate / 2, chance), story.other_words, story.other_sentences)
    return "From our news desk\n" + reworded(half, rate / 2, chance)


EDITS: dict[str, Edit] = {
    "words replaced": reworded,
    "sentences cut": cut,
    "sentences replaced": replaced,
    "sentences added": enlarged,
    "sentences moved": moved,
    "words and sentences": mixed,
}


def corrected(story: Story, rate: float, chance: random.Random) -> str | None:
    """Another figure in one place, and `rate` of the words replaced; None where the text has no figures."""
    text = reworded(story, rate, chance)
    figures = list(_FIGURE.finditer(text))
    if not figures:
        return None
    figure = chance.choice(figures)
    other = figure.group()
    while other == figure.group():
        other = str(chance.randrange(10 ** len(other)))
    return text[: figure.start()] + other + text[figure.end() :]


def quoting(story: Story, rate: float, chance: random.Random) -> str:
    """Another article that has `rate` of its sentences from this one."""
    theirs = list(story.other_sentences)
    return replaced(Story("\n".join(theirs), (), sentences_of(story.text)), rate, chance)


def found(one: str, other: str) -> bool:
    """Whether the index would group the two, were it alone with them."""
    return bool(set(enumerate(bands(one))) & set(enumerate(bands(other)))) and alike(one, other)


def by_shingles(one: str, other: str) -> bool:
    """The plain way, to compare with: seven of ten shingles of four words in common."""
    here, there = (set(zip(*(words[at:] for at in range(4)), strict=False)) for words in map(_words, (one, other)))
    return len(here & there) >= 0.7 * max(1, len(here | there))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def sentences_of(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[each.start : each.end] for each in sentences(text)]


def stories(records: Sequence[dict[str, str]], limit: int) -> Iterator[tuple[Story, random.Random]]:
    """So many of the articles, each with another one to edit it with and a chance of its own."""
    bodies = [each["body"] for each in records]
    for number in random.Random(1).sample(range(len(bodies)), min(limit, len(bodies))):
        chance = random.Random(number)
        other = bodies[chance.choice([each for each in range(len(bodies)) if each != number])]
        yield Story(bodies[number], re.findall(r"[^\W\d_]+", other), sentences_of(other)), chance


def missed_table(records: Sequence[dict[str, str]], limit: int, judge: Judge) -> None:
    """For each kind and rate of edits the share of made copies that is found."""
    print(f"| edit | {' | '.join(f'{rate:.0%}' for rate in RATES)} |\n|---|{'---|' * len(RATES)}")
    for name, edit in EDITS.items():
        shares: list[str] = []
        for rate in RATES:
            verdicts = [judge(story.text, edit(story, rate, chance)) for story, chance in stories(records, limit)]
            shares.append(f"{sum(verdicts) / len(verdicts):.3f}")
        print(f"| {name} | {' | '.join(shares)} |", flush=True)


def no_copies(
    records: Sequence[dict[str, str]], questions: Path, limit: int
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Kinds of pairs that are no copies. Those of one event are whatever two articles one question of the set rests on."""
    by_title = {each["title"]: each["body"] for each in records}
    asked = (json.loads(line)["evidence_list"] for line in questions.read_text(encoding="utf-8").splitlines())
    titles = (sorted({each["title"] for each in evidence} & by_title.keys()) for evidence in asked)
    event = sorted({pair for each in titles for pair in combinations(each, 2)})
    yield "two articles that one question rests on", [(by_title[one], by_title[other]) for one, other in event]
    for rate in (0.0, 0.1, 0.2):
        pairs = [(story.text, corrected(story, rate, chance)) for story, chance in stories(records, limit)]
        yield f"one figure changed, {rate:.0%} of the words replaced", [(one, each) for one, each in pairs if each]
    for rate in (0.25, 0.4):
        pairs = [(story.text, quoting(story, rate, chance)) for story, chance in stories(records, limit)]
        yield (
            f"another article, {rate:.0%} of its sentences quoted from this one",
            [(one, each) for one, each in pairs if each],
        )


def grouped(records: Sequence[dict[str, str]]) -> list[str]:
    """The groups that a catalogue of all articles, as they are, ends up with, by title."""
    with tempfile.TemporaryDirectory() as folder:
        catalogue = SqliteCatalogue(Path(folder, "catalogue.sqlite"))
        articles = [
            article_from(Draft(text=each["body"], title=each["title"], url=each["url"]), None, datetime.now(UTC))
            for each in records
        ]
        with catalogue.writing():
            for article in articles:
                catalogue.replace(article, ())
        clusters = {cluster.id: cluster for each in articles if (cluster := catalogue.cluster_of(each.id))}
        titles = {each.id: each.title or "" for each in articles}
        told = [" + ".join(titles[member] for member in each.members) for each in clusters.values()]
        catalogue.close()
    return told


def main(data: Path, limit: int) -> None:
    """Print the tables."""
    folder = data / "benchmarks" / "multihop-rag"
    records = [json.loads(line) for line in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    print(f"Found of made copies, n = {min(limit, len(records))} in each cell")
    missed_table(records, limit, found)
    print("\nThe same by shingles of four words, .7 in common")
    missed_table(records, limit, by_shingles)
    print("\n| no copies | n | grouped | by shingles |\n|---|---|---|---|")
    for name, pairs in no_copies(records, folder / "dev.jsonl", limit):
        ours, theirs = (sum(judge(one, other) for one, other in pairs) for judge in (found, by_shingles))
        print(f"| {name} | {len(pairs)} | {ours} | {theirs} |", flush=True)
    groups = grouped(records)
    print(f"| all pairs of {len(records)} articles | {len(records) * (len(records) - 1) // 2} | {len(groups)} | |")
    print(*(f"  grouped: {each}" for each in groups), sep="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--limit", type=int, default=100)
    given = parser.parse_args()
    main(given.data, given.limit)
