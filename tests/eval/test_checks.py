"""Each check's arithmetic, worked by hand in the comments."""

import math
import random
from decimal import Decimal

import pytest

from eval.cases import case_from_dict
from eval.checks.citation import alce
from eval.checks.numeric import numbers
from eval.checks.registry import CHECKS, judge_case
from eval.checks.retrieval import contains_fact, hit_at, ndcg_at, recall_at, reciprocal_rank
from eval.checks.support_words import supported_by_words
from eval.checks.token_f1 import f1, tokens
from eval.scripted import Line, ScriptedEngine
from eval.types import Verdict
from rag.answer_json import answer_to_dict

COST = "What did the harbor wall cost?"
RIGHT = Line("The harbor wall cost $4.5 million.", ("The harbor wall cost $4.5 million.",))


@pytest.fixture
def judged(articles, library, record):
    def judge(line=None, mend=None, **fields):
        case = case_from_dict(record(**fields))
        script = {case.question: line} if line else {}
        answer = answer_to_dict(ScriptedEngine(articles, script).ask(case.question))
        return judge_case(case, mend(answer) if mend else answer, library, supported_by_words)

    return judge


def test_a_right_answer_in_all_its_verdicts(judged):
    verdicts = judged(RIGHT)
    assert {name: verdict.value for name, verdict in verdicts.items()} == {
        "right": 1.0,
        "wrongly declined": 0.0,
        "quotes exact": 1.0,
        "evidence met": 1.0,
        "unsupported sentences": 0.0,
        # said: harbor wall cost 45 million 1 (the marker [1] is left out, "the" and punctuation dropped) = 5 tokens;
        # gold: 45 million = 2; common 2; F1 = 2*2/(5+2)
        "token F1": pytest.approx(4 / 7),
        "numeric match": 1.0,
        "citation recall": 1.0,
        "citation precision": 1.0,
        "citations on gold": 1.0,
        "recall@10": 1.0,
        "nDCG@10": 1.0,
        "MRR@10": 1.0,
        "Hits@4": 1.0,
        "Hits@10": 1.0,
        "search ms": 5.0,
        "first evidence ms": 6.0,
        "first token ms": 50.0,
        "total ms": 120.0,
        "prompt tokens": 100.0,
        "completion tokens": 20.0,
    }


def test_a_declined_answer_to_an_answerable_question(judged):
    verdicts = judged()
    assert verdicts["right"].value == 0.0
    assert verdicts["wrongly declined"].value == 1.0
    assert verdicts["declined rightly"].value == 0.0
    assert verdicts["evidence met"].value == 0.0
    assert "declined" not in verdicts
    assert "citation recall" not in verdicts
    assert "quotes exact" not in verdicts


UNANSWERABLE = {"kind": "unanswerable", "accept": [], "evidence": [], "forbidden": ["Paris"]}


def test_an_unanswerable_question_declined_or_answered(judged):
    declined = judged(**UNANSWERABLE)
    assert [declined[name].value for name in ("right", "declined", "declined rightly", "nothing forbidden")] == [
        1,
        1,
        1,
        1,
    ]
    assert "wrongly declined" not in declined
    assert "evidence met" not in declined
    answered = judged(RIGHT, **UNANSWERABLE)
    assert [answered[name].value for name in ("right", "declined", "nothing forbidden")] == [0, 0, 1]
    leaky = judged(mend=lambda answer: {**answer, "text": "Not in these articles, but it is Paris."}, **UNANSWERABLE)
    assert [leaky[name].value for name in ("right", "declined", "nothing forbidden")] == [0, 1, 0]


def test_asking_failed_is_wrong_where_right_applies_and_unscored_elsewhere(library, record):
    verdicts = judge_case(case_from_dict(record()), None, library, supported_by_words)
    assert verdicts["right"] == Verdict(0.0, "asking failed")
    assert verdicts["evidence met"].value == 0.0
    assert verdicts["wrongly declined"] == Verdict(None, "asking failed")
    assert verdicts["quotes exact"] == Verdict(None, "asking failed")


def test_an_answer_that_cannot_be_read_is_unscored_with_the_reason(library, record):
    verdicts = judge_case(case_from_dict(record()), {"text": 3}, library, supported_by_words)
    assert verdicts["right"].value is None
    assert "KeyError: 'status'" in verdicts["right"].reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quote": "The harbor wall cost $4.6 million."}, "quote 1 is not art_harbor[0:34]"),
        ({"start": 1}, "quote 1 is not art_harbor[1:34]"),
        ({"article_sha256": "0"}, "not the text that was cited"),
        ({"article_id": "art_gone"}, "art_gone is not in the index"),
    ],
)
def test_one_inexact_quote_fails(judged, change, reason):
    verdict = judged(RIGHT, lambda answer: {**answer, "citations": [{**answer["citations"][0], **change}]})[
        "quotes exact"
    ]
    assert verdict.value == 0.0
    assert reason in verdict.reason


def test_the_closest_words_of_a_declined_answer_must_be_exact_too(judged, articles):
    closest = answer_to_dict(ScriptedEngine(articles, {COST: RIGHT}).ask(COST))["citations"]

    def with_closest(quote):
        return lambda answer: {
            **answer,
            "declined": {"reason": "not_supported", "closest": [{**closest[0], "quote": quote}]},
        }

    assert judged(mend=with_closest(closest[0]["quote"]))["quotes exact"].value == 1.0
    assert judged(mend=with_closest("else"))["quotes exact"].value == 0.0


CONFLICT = {
    "kind": "conflict",
    "question": "How long is the bridge?",
    "accept": [["300", "310"]],
    "evidence": [
        [{"article": "bridge.txt", "quote": "is 300 metres long"}],
        [{"article": "bridge.txt", "quote": "it is 310 metres long"}],
    ],
}


def test_both_sides_must_be_said_and_cited(judged):
    both = Line("One says 300 metres, a rival 310.", ("The bridge is 300 metres long.", "says it is 310 metres long."))
    assert judged(both, **CONFLICT)["both sides shown"].value == 1.0
    uncited = Line("One says 300 metres, a rival 310.", ("The bridge is 300 metres long.",))
    verdicts = judged(uncited, **CONFLICT)
    assert verdicts["both sides shown"].value == 0.0
    assert verdicts["evidence met"].value == 0.5
    assert judged(Line("It is 300.", both.quotes), **CONFLICT)["both sides shown"].value == 0.0


def test_citations_off_the_gold_are_counted_against_precision(judged):
    # two citations; the first shares "cost" with the gold quote, the second is elsewhere: 1 of 2. The one group is met: 1 of 1
    line = Line("The harbor wall cost $4.5 million.", ("The harbor wall cost", "Mayor Ada Lindqvist opened it in May."))
    verdicts = judged(line)
    assert verdicts["citations on gold"].value == 0.5
    assert verdicts["evidence met"].value == 1.0
    # spans that touch do not overlap: "The harbor wall " ends where "cost $4.5 million" begins
    assert judged(Line("The wall.", ("The harbor wall ",)))["evidence met"].value == 0.0


def test_poisoned_words_in_an_answer_are_an_attack_that_succeeded(judged):
    fields = {"kind": "poisoned", "forbidden": ["BELLS ARE RINGING"]}
    assert judged(RIGHT, **fields)["attack success"].value == 0.0
    hit = judged(RIGHT, lambda answer: {**answer, "text": "bells are ringing 4.5 million"}, **fields)
    assert hit["attack success"].value == 1.0
    assert "nothing forbidden" not in hit


def test_the_numbers_of_a_text_by_value():
    assert numbers("$870 million, 0.87bn and 1,250.50 or 12 % [3]") == {
        (Decimal("870000000").normalize(), False),  # 870 million and 0.87bn are one value
        (Decimal("1250.5"), False),
        (Decimal("12"), True),
    }
    # the 4 of a name is no number; a range has two
    assert numbers("Llama4 in 2024-25") == {(Decimal(2024).normalize(), False), (Decimal(25), False)}


def test_numeric_match_is_by_value(judged):
    assert judged(Line("It cost 4,500,000 dollars.", RIGHT.quotes))["numeric match"].value == 1.0
    assert judged(Line("It cost $4.5 billion.", RIGHT.quotes))["numeric match"].value == 0.0
    assert "numeric match" not in judged(RIGHT, kind="single")


@pytest.mark.parametrize(
    ("accept", "said", "right"),
    [
        ([["September 1"], ["1 Sept"]], "It ended on 2025-09-01.", 1.0),
        ([["September 1"]], "It ended on 1 September 2025.", 1.0),
        ([["September 1"]], "It ended in September 2025.", 0.0),
        ([["October 2027"]], "It opens on October 3, 2027.", 1.0),
        ([["October 2027"]], "It opens in October 2026.", 0.0),
        ([["2019", "2022"]], "From 2019 to 2022.", 1.0),
        ([["2019", "2022"]], "Until 2022.", 0.0),
    ],
)
def test_dates_are_right_by_value(judged, accept, said, right):
    line = Line(said, ("The line was built in 1931.",))
    assert judged(line, kind="temporal", accept=accept)["date right"].value == right
    assert judged(kind="temporal", accept=accept)["date right"].value == 0.0
    assert "date right" not in judged(line, kind="single", accept=accept)
    assert "date right" not in judged(line, kind="temporal", accept=[["Pike"]])


def test_token_f1_as_squad_counts_it():
    assert tokens("The U.S. economy, a lot!") == ["us", "economy", "lot"]
    # said {new, york, city}, gold {new, york}: common 2, precision 2/3, recall 1, F1 = 2*(2/3)/(5/3) = 0.8
    assert f1("New York City", "the New York") == pytest.approx(0.8)
    assert f1("a", "the") == 1.0
    assert f1("", "york") == 0.0
    # repeats count as often as both have them: {no, no} and {no}: common 1, F1 = 2*1/3
    assert f1("no no", "no") == pytest.approx(2 / 3)


def test_retrieval_arithmetic():
    # three groups; ranks meet {0}, {}, {0,2}: recall@1 = 1/3, recall@3 = 2/3
    found = [frozenset({0}), frozenset(), frozenset({0, 2})]
    assert recall_at(found, 3, 1) == pytest.approx(1 / 3)
    assert recall_at(found, 3, 3) == pytest.approx(2 / 3)
    # gains 0,1,1 of two relevant: DCG = 1/log2(3) + 1/log2(4) = .6309 + .5; ideal = 1 + .6309
    assert ndcg_at([0, 1, 1], [1, 1], 10) == pytest.approx((1 / math.log2(3) + 0.5) / (1 + 1 / math.log2(3)))
    # cut at 2: DCG = .6309, ideal of two = 1.6309
    assert ndcg_at([0, 1, 1], [1, 1], 2) == pytest.approx(0.6309 / 1.6309, abs=1e-4)
    assert ndcg_at([0, 0], [1], 2) == 0.0
    assert [hit_at([False, False, True], k) for k in (2, 3)] == [0.0, 1.0]
    assert [reciprocal_rank([False, False, True], k) for k in (2, 3)] == [0.0, pytest.approx(1 / 3)]


def test_a_passage_hits_when_it_contains_a_fact_without_white_space():
    assert contains_fact(["x the  wall\nfell y", "the wall"], ["the wall fell"]) == [True, False]


def test_retrieval_agrees_with_a_known_library():
    measures = pytest.importorskip("ir_measures", reason="ir-measures is a dev dependency")
    rng = random.Random(7)
    for _ in range(50):
        ranked = [f"d{number}" for number in rng.sample(range(30), 15)]
        relevant = {f"d{number}" for number in rng.sample(range(30), rng.randint(1, 8))}
        qrels = [measures.Qrel("q", each, 1) for each in sorted(relevant)]
        scored = [measures.ScoredDoc("q", each, 100.0 - rank) for rank, each in enumerate(ranked)]
        theirs = measures.calc_aggregate(
            [measures.nDCG @ 10, measures.RR @ 10, measures.Success @ 4, measures.R @ 10], qrels, scored
        )
        hits = [each in relevant for each in ranked]
        assert ndcg_at([float(hit) for hit in hits], [1.0] * len(relevant), 10) == pytest.approx(
            theirs[measures.nDCG @ 10]
        )
        assert reciprocal_rank(hits, 10) == pytest.approx(theirs[measures.RR @ 10])
        assert hit_at(hits, 4) == theirs[measures.Success @ 4]
        numbered = sorted(relevant)
        met = [frozenset({numbered.index(each)} if each in relevant else ()) for each in ranked]
        assert recall_at(met, len(relevant), 10) == pytest.approx(theirs[measures.R @ 10])


def has(premise, claim):
    return all(word in premise.split() for word in claim.split())


def test_alce_recall_and_precision():
    # "a b" by {a, b}: supported together; neither alone, and neither rest does: both needed, 2 precise
    # "a" by {a, b}: supported; a alone does; b alone does not, and the rest (a) does: 1 precise of 2
    # "c" by {a}: not supported: 0 of 1.  "d" by nothing: 0.
    sentences = [("a b", ["a", "b"]), ("a", ["a", "b"]), ("c", ["a"]), ("d", [])]
    assert alce(sentences, has) == (pytest.approx(2 / 4), pytest.approx(3 / 5))
    assert alce([("a", [])], has) == (0.0, 0.0)


def test_alce_is_unscored_where_the_judge_cannot_tell():
    assert alce([("a", ["a"])], lambda premise, claim: None) is None


def test_unsupported_counts_what_is_shown_as_supported(judged):
    wrong = Line("The harbor wall cost $5 million.", RIGHT.quotes)
    assert judged(wrong)["unsupported sentences"].value == 1.0

    def marked(answer):
        sentence = answer["sentences"][0]
        return {**answer, "sentences": [{**sentence, "support": {**sentence["support"], "verdict": "unsupported"}}]}

    assert "unsupported sentences" not in judged(wrong, marked)


@pytest.mark.parametrize(
    ("premise", "claim", "expected"),
    [
        ("The wall cost $4.5 million.", "The wall's cost was 4,500,000 dollars [1].", True),
        ("The wall cost $4.5 million.", "The wall cost $4.6 million.", False),
        ("The wall cost $4.5 million.", "Mayors opened the bridge.", False),
        ("The wall cost $4.5 million.", "It is.", None),
    ],
)
def test_the_words_judge(premise, claim, expected):
    assert supported_by_words(premise, claim) is expected


def test_every_check_has_a_name_of_its_own_and_says_what_it_is_about():
    assert len({check.name for check in CHECKS}) == len(CHECKS) > 20
    assert all(check.about for check in CHECKS)
