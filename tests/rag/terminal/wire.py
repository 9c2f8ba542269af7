"""A small scripted world for the terminal: five articles, an engine that knows what to say, and a way to run the doors.

Loaded by the tests, and by the processes that they start under a pseudo-terminal.
"""

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from index.errors import MissingError, UsageError
from index.types import Article, Explanation, Filters, Hit, Passage, Span, Vote
from rag.doors.parts import Parts
from rag.scripted_engine import ScriptedEngine
from rag.types import (
    Answer,
    AnswerSentence,
    Citation,
    Declined,
    Disagreement,
    DisagreementFound,
    Done,
    PassagesFound,
    Progress,
    Receipt,
    SentencePassed,
    Side,
    Support,
    Timings,
    Usage,
)

HOSTILE = (
    "\x1b[2J\x1b]8;;http://evil.example\x07Press here\x1b]8;;\x07 \x9b31m\u202egnorw\u202c \x1b]0;owned\x07now\x07."
)


def article(number, publisher, day, title, text, url=None):
    return Article(
        id=f"art_{number:04}",
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        title=title,
        publisher=publisher,
        author=None,
        published_at=datetime(*day, tzinfo=UTC) if day else None,
        updated_at=None,
        retrieved_at=datetime(2026, 4, 1, tzinfo=UTC),
        url=url,
        path=None if url else f"{number}.txt",
        language="en",
    )


FUND = article(
    1,
    "Harbor Wire",
    (2026, 3, 3),
    "Valley board approves heating fund",
    "The valley board met on Tuesday.\n\nIt approved a heating fund of $4.2 million for 900 households. The vote was 5 to 2.",
    "https://harborwire.example/heating-fund",
)
FIX = article(
    2,
    "Valley Courier",
    (2026, 3, 5),
    "Correction: the heating fund",
    "An earlier report gave a wrong figure. The heating fund is $2.4 million.",
)
TRAIN = article(3, "Pellworth Echo", None, None, "The night train leaves at nine.", "https://echo.example/train")
WIDE = article(
    4,
    "東京新聞",
    (2026, 2, 1),
    "夜行列車が港へ",
    "夜行列車は九時に出発する。" + "駅では二百人が列車を待っていた。" * 4 + " הרכבת יוצאת בתשע בערב.",
    "https://tokyo.example/train",
)
EVIL = article(
    5, "Evil\x1b[31m Post", (2026, 1, 1), f"Title {HOSTILE}", f"It says: {HOSTILE} And so on.", "javascript:alert(1)"
)
LEDGER = article(
    6,
    "Harbor Wire",
    (2025, 1, 7),
    "The ledger, line by line",
    "\n".join(f"Line {n} of the ledger." for n in range(1, 81))
    + "\nThe ledger closed at nine.\n"
    + "\n".join(f"Line {n} of the ledger." for n in range(82, 161)),
)
ARTICLES = (FUND, FIX, TRAIN, WIDE, EVIL, LEDGER)


def cite(number, of, quote, copies=1):
    start = of.text.index(quote)
    return Citation(number, of, start, start + len(quote), quote, "cl_1" if copies > 1 else None, copies)


def hit(rank, of):
    passage = Passage(f"{of.id}-0", of.id, 0, 0, len(of.text), of.text, (Span(0, len(of.text)),))
    return Hit(passage, of, 1 / (60 + rank), rank, ("dense", "words") if rank == 1 else ("words",))


def answer(
    question, sentences, citations, *, disagreements=(), declined=None, text="", standalone=None, hits=(), status=""
):
    made, at = [], 0
    for words, numbers, verdict in sentences:
        support = Support(verdict, 0.97 if verdict == "supported" else 0.2, {"numbers": True, "entailment": 0.97})
        made.append(AnswerSentence(words, at, at + len(words), numbers, support))
        at += len(words) + 1
    return Answer(
        id=f"ans_{sha256(question.encode()).hexdigest()[:8]}",
        question=question,
        standalone_question=standalone,
        status=status or ("declined" if declined else "answered"),
        text=text or " ".join(each.text for each in made),
        sentences=tuple(made),
        citations=tuple(citations),
        disagreements=tuple(disagreements),
        declined=declined,
        hits=tuple(hits),
        usage=Usage(410, 32, 4096, False),
        timings=Timings(21.0, 25.0, 1400.0, 3100.0),
        receipt=Receipt("f" * 64, "scripted", "a" * 64, {"answer": "b" * 64}, "c" * 64, 0),
    )


def play(whole, *, pause=0.0, notes=()):
    """The events of an answer, in the order of the engine."""
    steps = [PassagesFound(whole.hits, whole.standalone_question, 21.0, notes), Progress("reading 8 sentences")]
    by_number = {each.number: each for each in whole.citations}
    for sentence in whole.sentences:
        steps += [pause] if pause else []
        steps.append(SentencePassed(sentence, tuple(by_number[n] for n in sentence.citations)))
        steps.append(Progress("checking"))
    steps += [DisagreementFound(each, whole.citations) for each in whole.disagreements]
    return [*steps, Done(whole)]


TRAIN_ANSWER = answer(
    "When does the night train leave?",
    [("The night train leaves at nine [1].", (1,), "supported")],
    [cite(1, TRAIN, "The night train leaves at nine.", copies=3)],
    hits=(hit(1, TRAIN),),
)
FUND_ANSWER = answer(
    "How much is the heating fund?",
    [
        ("Harbor Wire put the heating fund at $4.2 million [1].", (1,), "supported"),
        ("Valley Courier says it is $2.4 million [2].", (2,), "supported"),
        ("It is the largest in the country.", (), "unsupported"),
    ],
    [
        cite(1, FUND, "It approved a heating fund of $4.2 million for 900 households."),
        cite(2, FIX, "The heating fund is $2.4 million."),
    ],
    disagreements=(
        Disagreement("the size of the heating fund", (Side("$4.2 million", (1,)), Side("$2.4 million", (2,))), 1),
    ),
    hits=(hit(1, FUND), hit(2, FIX)),
    status="partial",
)
FOLLOW_ANSWER = answer(
    "And how was the vote?",
    [("The vote was 5 to 2 [1].", (1,), "supported")],
    [cite(1, FUND, "The vote was 5 to 2.")],
    standalone="How did the valley board vote on the heating fund?",
    hits=(hit(1, FUND),),
)
DECLINED_ANSWER = answer(
    "Who is the mayor?",
    [],
    [],
    declined=Declined("not_supported", (cite(1, FUND, "The valley board met on Tuesday."),)),
    text="These articles do not say who the mayor is.",
    hits=(hit(1, FUND),),
)
WIDE_ANSWER = answer(
    "列車は何時に出ますか",
    [("夜行列車は九時に出発する [1]. הרכבת יוצאת בתשע [1].", (1,), "supported")],
    [cite(1, WIDE, "夜行列車は九時に出発する。")],
    hits=(hit(1, WIDE),),
)
EVIL_ANSWER = answer(
    "What does the post say?",
    [(f"It says {HOSTILE} [1].", (1,), "supported")],
    [cite(1, EVIL, f"It says: {HOSTILE}")],
    disagreements=(Disagreement(f"what {HOSTILE}", (Side(f"a {HOSTILE}", (1,)), Side("b", (1,))), None),),
    standalone=f"What {HOSTILE}?",
    hits=(hit(1, EVIL),),
)
LEDGER_ANSWER = answer(
    "What does the ledger say?",
    [("The ledger closed at nine [1].", (1,), "supported")],
    [cite(1, LEDGER, "The ledger closed at nine.")],
    hits=(hit(1, LEDGER),),
)
ANSWERS = (LEDGER_ANSWER, TRAIN_ANSWER, FUND_ANSWER, FOLLOW_ANSWER, DECLINED_ANSWER, WIDE_ANSWER, EVIL_ANSWER)

SCRIPT = {each.question: play(each) for each in ANSWERS} | {
    "slow": [*play(TRAIN_ANSWER)[:3], 30.0, Done(TRAIN_ANSWER)],
    "nothing": [
        PassagesFound((), None, 3.0),
        Done(answer("nothing", [], [], declined=Declined("nothing_found", ()), text="These articles do not say.")),
    ],
    "broken": [MissingError("The model is gone.", "Fetch it: byline models pull")],
    "bug": [ValueError("a slip")],
    "cut": play(FUND_ANSWER)[:3],
}

CONVERSATION = (
    "How much is the heating fund?",
    "And how was the vote?",
    "/why",
    "/sources",
    "Who is the mayor?",
    "/publisher harbor wire",
    "/publisher Harbour Wire",
    "/since 2026-03",
    "/clear-filters",
    "/strict 0.8",
    "/strict 7",
    "/sorces",
    "/articles train",
    "/wrong it was 6 to 1",
    "broken",
    "bug",
    "/new",
    "/model",
)
"""What is said in the transcripts of a whole conversation."""


def script(question):
    if len(question) > 4000:
        return [UsageError(f"The question has {len(question)} characters; at most 4000 are read.", "Ask more shortly.")]
    asked = " ".join(question.split())
    return SCRIPT["When does the night train leave?" if asked.startswith("When does the night train leave,") else asked]


@dataclass
class Shelf:
    """The catalogue of the scripted world."""

    held: list = field(default_factory=lambda: list(ARTICLES))

    def articles(self, filters=Filters()):
        return iter([each for each in self.held if not filters.publishers or each.publisher in filters.publishers])

    def article(self, article_id):
        return next((each for each in self.held if each.id == article_id), None)


class Finder:
    """Finds the articles that hold a word of the question."""

    def explain(self, question, k, filters=Filters()):
        if not question.strip():
            raise UsageError("The question is empty.", "Ask something.")
        found = [each for each in Shelf().articles(filters) if any(word in each.text for word in question.split())]
        hits = tuple(hit(rank, each) for rank, each in enumerate(found[:k], 1))
        votes = tuple((Vote("words", question, each.rank, 2.5, each.score),) for each in hits)
        return Explanation(question, (question,), filters, Filters(), False, False, ("A note.",), hits, votes)


def world(engine=None, *, opening=lambda: None):
    """Parts with a scripted engine and shelf; returns them with the engine."""
    engine = engine or ScriptedEngine(script)
    shelf = Shelf()

    @contextmanager
    def catalogue(settings):
        yield shelf

    def opened(settings, tell):
        tell("loading scripted")
        opening()
        return engine

    @contextmanager
    def retriever(settings):
        yield Finder()

    def add(settings, sources, tell):
        shelf.held.append(article(9, "New Paper", (2026, 3, 9), "Fresh", "Fresh words.", None))
        return [f"Articles: 1 new from {', '.join(sources)}."]

    return Parts(engine=opened, catalogue=catalogue, retriever=retriever, add=add), engine


def main(arguments):
    """Run the command line in this world; for processes under a pseudo-terminal. WIRE_GATE names a file to open for."""
    from rag.doors.cli import main as run

    def opening():
        while (gate := os.environ.get("WIRE_GATE")) and not Path(gate).exists():
            time.sleep(0.02)

    return run(arguments, world(opening=opening)[0])
