"""What the terminal declines or barely supports joins the review queue."""

from rag.noticing import read_noticed


def test_ask_keeps_weak_answers_where_that_is_wanted(byline):
    byline("ask", "How much is the heating fund?")
    (kept,) = read_noticed(byline.home)
    assert (kept.answer["question"], kept.answer["status"], kept.door) == (
        "How much is the heating fund?",
        "partial",
        "terminal",
    )
    byline("ask", "How much is the heating fund?", "--set", "review.keep=none")
    byline("ask", "How much is the heating fund?", "--json")
    assert [each.times for each in read_noticed(byline.home)] == [2]
