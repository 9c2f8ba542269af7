"""A sentence is supported only where every check that applies has passed on the words it cites; all else fails closed."""

import pytest
from answers.making import Sure, article, evidence

from rag.checking import check
from rag.drafting import Draft
from rag.grounding import Quote, ground, with_hedges
from rag.proving import prove


def quote(text: str, day: int | None = None) -> list[Quote]:
    return [Quote(article(text, day=day), 0, len(text))]


SUPPORTED = [
    ("Scale AI had revenue of $870M.", "Scale AI posted revenue of $870 million last spring."),
    ("The firm was valued at about $14 billion.", "The firm was last valued at about $14 billion, the bank said."),
    ("Meta may invest more than $10 billion.", "Meta is in talks to invest over $10 billion, they said."),
    ("Jo Bell founded Acme in May 2016.", "Founded on 12 May 2016 by Jo Bell, Acme makes anvils."),
    ("Acme did not comment.", "Acme did not immediately comment on the plan."),
    ("The alarm cost $4,800.", "The museum will show the bell again, with a new alarm that cost $4,800."),
    ("In 2025 the fund paid 2000 households.", "The fund paid 2,000 households in 2025."),
    ("The bell rang in June.", "The bell rang on 12 June 2024."),
    ("The trial lasted five years.", "It was a 5-year trial."),
    ("The lake rose in the 1980s.", "In the late 1980s the lake rose."),
    ("Jo Bell has not resigned.", "Jo Bell has never resigned."),
    ("Acme did not win the case.", "Acme failed to win the case."),
    ("Jo Bell was chief of Acme.", "Jo Bell, a former chief of Acme, sells anvils."),
    ("Acme will open a plant.", "Acme plans to open a plant in Graz next year."),
    ("It met in May to vote on the plan.", "In May the board met to vote on the plan."),
    ("Jo Bell led by 41 votes.", "All will be counted again by hand, they ruled, after Jo Bell led by 41 votes."),
]
UNSUPPORTED = [
    ("number", "Scale AI had revenue of $780 million.", "Scale AI posted revenue of $870 million."),
    ("scale", "Scale AI had revenue of $870 billion.", "Scale AI posted revenue of $870 million."),
    ("unit", "The rise was 12 percent.", "The rise was 12 points to 90."),
    ("currency", "The fine was €5 million.", "The fine was $5 million."),
    ("hedge", "The firm was valued at $14 billion.", "The firm was last valued at about $14 billion."),
    ("bound", "The firm paid more than $5 million.", "The firm paid $5 million for the site."),
    (
        "place",
        "Acme was valued at $870 million.",
        "Acme posted revenue of $870 million, with a valuation of $25 billion in sight.",
    ),
    ("date", "Acme was founded in May 2017.", "Acme was founded in May 2016."),
    ("day", "Acme was founded on 3 May 2016.", "Acme was founded in May 2016."),
    ("name", "Jo Ball founded Acme.", "Jo Bell founded Acme."),
    ("negation", "Acme commented on the plan.", "Acme did not comment on the plan."),
    ("denial", "Acme did not comment on the plan.", "Acme commented at length on the plan."),
    ("modality", "Meta has bought Acme.", "Meta is in talks to buy Acme."),
    ("plan", "Acme opened a plant in Graz.", "Acme plans to open a plant in Graz."),
    (
        "another plan",
        "Acme has opened a plant and will pay for it.",
        "Acme is set to open a plant and will pay for it.",
    ),
    ("measure", "The trial lasted five months.", "The trial lasted five years."),
    ("points", "Sales rose 4 percentage points.", "Sales rose 4 percent."),
    ("month", "The bell rang in July.", "The bell rang in June."),
    ("decade", "The lake rose in the 1970s.", "The lake rose in the 1980s."),
    ("weekday", "Acme met the mayor on Friday.", "Acme met the mayor on Tuesday."),
    ("relative", "Acme doubled its sales this year.", "Acme doubled its sales last year."),
    ("failed", "Acme won the case.", "Acme failed to win the case."),
    ("denied", "The mayor took the money.", "The mayor denied taking the money."),
    ("no longer", "Acme makes anvils.", "Acme no longer makes anvils."),
    ("put in", "Acme is not open on Sunday, and no bus goes there.", "Acme is open on Sunday, and no bus goes there."),
    ("turned round", "Acme sued Borealis over a patent.", "Borealis sued Acme over a patent."),
    ("put off", "Acme will double its sales.", "Acme doubled its sales."),
    ("over", "Jo Bell is chief of Acme.", "Jo Bell, a former chief of Acme, sells anvils."),
    ("source", "Acme is for sale.", "Acme is for sale, people close to it said."),
]


@pytest.mark.parametrize(("sentence", "words"), SUPPORTED)
def test_supported(sentence: str, words: str) -> None:
    assert check(sentence, quote(words), Sure()).verdict == "supported"


@pytest.mark.parametrize(("kind", "sentence", "words"), UNSUPPORTED, ids=[each[0] for each in UNSUPPORTED])
def test_code_refuses_what_a_sure_model_would_pass(kind: str, sentence: str, words: str) -> None:
    support = check(sentence, quote(words), Sure(1.0))
    assert support.verdict == "unsupported"
    assert False in support.checks.values()


def test_a_relative_date_is_read_against_the_day_of_publication() -> None:
    words = "Acme doubled its sales last year."
    assert check("Acme doubled its sales in 2024.", quote(words, day=8), Sure()).verdict == "supported"
    assert check("Acme doubled its sales in 2023.", quote(words, day=8), Sure()).verdict == "unsupported"
    assert check("Acme doubled its sales in 2024.", quote(words), Sure()).verdict == "unsupported"


def test_a_day_without_its_year_is_in_the_year_nearest_to_the_publication() -> None:
    words = "Acme opened the plant on 3 March."
    assert check("Acme opened the plant on 3 March 2025.", quote(words, day=8), Sure()).verdict == "supported"
    assert check("Acme opened the plant on 3 March 2024.", quote(words, day=8), Sure()).verdict == "unsupported"
    assert check("Acme opened the plant on 3 March 2025.", quote(words), Sure()).verdict == "unsupported"


def test_a_name_in_another_sentence_does_not_support() -> None:
    words = "Dana Reyes paints. The museum in Graz was opened by Jo Bell in the spring."
    claim = "The museum in Graz was opened by {} in the spring."
    assert check(claim.format("Jo Bell"), quote(words), Sure()).verdict == "supported"
    assert check(claim.format("Dana Reyes"), quote(words), Sure()).verdict == "unsupported"


def test_no_citation_no_answer_of_the_model_and_a_doubt_all_fail_closed() -> None:
    words = "Acme makes anvils and sells them."
    assert check("Acme makes anvils.", [], Sure()).verdict == "unsupported"
    assert check("Anvils are made by Acme.", quote(words), Sure(None)).verdict == "unsupported"
    assert check("Anvils are made by Acme.", quote(words), Sure(0.2)).verdict == "unsupported"
    assert check("Anvils are made by Acme.", quote(words), Sure(0.9)).verdict == "supported"


def test_words_of_the_quote_itself_need_no_model() -> None:
    asked = Sure(None)
    assert check("Acme makes anvils", quote("Acme makes anvils and sells them."), asked).verdict == "supported"
    assert asked.asked == []


def test_a_sentence_is_tied_to_the_fewest_quotes_that_hold_it() -> None:
    found = evidence(
        "Microsoft has put more than $13 billion into OpenAI.",
        "OpenAI was founded by Jo Bell.",
        "Some people like tea.",
    )
    one = ground("Microsoft has put $13 billion into OpenAI.", found, hints=(1, 2, 3))
    both = ground("Jo Bell founded OpenAI, and Microsoft put $13 billion into it.", found)
    assert [each.article.id for each in one] == ["a1"]
    assert [each.article.id for each in both] == ["a1", "a2"]
    assert ground("Zebras gallop.", found) == []


def test_a_quote_reaches_back_for_the_name_that_its_sentence_points_to() -> None:
    text = "Acme is growing fast. The startup had revenue of $5 million."
    made = article(text)
    only = evidence(text)[0]
    last = type(only)(1, made, 22, len(text), text[22:], 1.0)
    (found,) = ground("Acme had revenue of $5 million.", [last])
    assert found.text == text
    (near,) = ground("The startup had revenue of $5 million.", [last])
    assert near.text == text[22:]


def test_the_hedges_of_the_sources_are_put_back() -> None:
    assert with_hedges("It is worth $14 billion.", ["valued at about $14 billion"]) == "It is worth about $14 billion."
    assert with_hedges("It paid $5 million.", ["worth $5M+", "it paid $5 million"]) == "It paid $5 million."
    assert with_hedges("It paid $5 million.", ["worth $5M+"]) == "It paid more than $5 million."


def test_a_bare_value_is_shown_in_the_sentence_that_it_stands_in() -> None:
    found = evidence("Nobody was hurt.", "Gerald Pruitt, the only member to vote against it, could not be reached.")
    trial = prove(Draft("Gerald Pruitt", (2,), (), 0, 0), found, Sure(None))
    (proven,) = trial.passed
    assert proven.text == "Gerald Pruitt – “Gerald Pruitt, the only member to vote against it, could not be reached”"
    assert [each.article.id for each in proven.quotes] == ["a2"]
    assert prove(Draft("Gerald Prewitt", (2,), (), 0, 0), found, Sure(None)).passed == ()
