"""Words as the words index knows them: folded, without accents, stemmed; and those that say nothing."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

ANALYSIS = "porter-1"

_WORD = re.compile(r"[^\W_]+")
_PORTER = snowballstemmer.stemmer("porter")

_GRAMMAR = (
    "a an and are as at be been but by can could did do does for from had has have he her his how i if in into is it its "
    "may might more most no nor not of on or our she should so such than that the their them then there these they this "
    "those to was we were what when where which while who whom whose why will with would you your about after also among "
    "any because before being between both during each either further here him itself just me my own same some through "
    "under until up very s t"
)
# A question about news names its articles by these words; what the articles say is not found by them.
_FRAME = "article articles report reports reported reporting according"


def words(text: str) -> list[str]:
    """The words of a text, lowercased and without accents, in order."""
    folded = text.lower()
    if not folded.isascii():
        folded = "".join(each for each in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(each))
    return _WORD.findall(folded)


@lru_cache(maxsize=1 << 18)
def stem(word: str) -> str:
    """The Porter stem of a word that is already folded."""
    return str(_PORTER.stemWord(word)) or word


def terms(text: str) -> list[str]:
    """The stems of all words of a text, in order."""
    return [stem(each) for each in words(text)]


def telling(text: str) -> list[str]:
    """The stems of a question's words that can find something, each once, in order; all of them if none can."""
    found = list(dict.fromkeys(terms(text)))
    return [each for each in found if each not in QUIET] or found


QUIET = frozenset(stem(each) for each in f"{_GRAMMAR} {_FRAME}".split()) | frozenset(_GRAMMAR.split())
