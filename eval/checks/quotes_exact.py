"""Whether every quote is the article's very words: an invariant."""

from eval.types import Asked, Check, Verdict


def quotes_exact(asked: Asked) -> Verdict | None:
    """1 where every citation, and every closest passage of a declined answer, is `article.text[start:end]`."""
    answer = asked.answer
    cited = [*answer["citations"], *((answer["declined"] or {}).get("closest") or [])]
    for citation in cited:
        article = asked.library.by_id(citation["article_id"])
        if article is None:
            return Verdict(0.0, f"article {citation['article_id']} is not in the index")
        if article.sha256 != citation["article_sha256"]:
            return Verdict(0.0, f"article {article.id} is not the text that was cited")
        if article.text[citation["start"] : citation["end"]] != citation["quote"]:
            return Verdict(
                0.0, f"quote {citation['number']} is not {article.id}[{citation['start']}:{citation['end']}]"
            )
    return Verdict(1.0) if cited else None


QUOTES_EXACT = Check(
    "quotes exact",
    "yes/no",
    True,
    "answers whose every quote is the article's text at its offsets",
    lambda case: True,
    quotes_exact,
    invariant=True,
)
