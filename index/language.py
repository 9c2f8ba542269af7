"""The language of a text by its commonest words, for texts that do not say it; None where that is not clear."""

import re
from collections import Counter

_COMMON = {
    "en": "the of and to that is was for with it on by from has are this which will not have said",
    "de": "der die das und nicht ist von den dem mit ein eine auf für sich auch wird nach bei einer",
    "es": "el los las que una por del con para se su más como pero fue ha y al lo es",
    "fr": "le les des et est une que du dans qui pour pas sur au avec par sont il plus ce",
    "it": "il di che è la per una non sono gli della con del dei anche nel ha le si al",
    "pt": "o os que uma não do da em para com dos das por mais foi ao como se pelo são",
    "nl": "de het een van en dat niet is op te zijn voor met aan er door ook bij naar uit",
    "sv": "och att det som en är på av för med den inte till har de om ett var vid från",
    "nb": "og det som en er på av for med den ikke til har de om et var ved fra etter",
    "da": "og det som en er på af for med den ikke til har de om et var ved fra efter",
}
_SPOKEN = {code: frozenset(words.split()) for code, words in _COMMON.items()}
_ENOUGH = 20
_CLEARLY = 1.3
_LONGEST = 20_000


def language_of(text: str) -> str | None:
    """A two-letter code (ISO 639-1), from how often the commonest words of each language stand in the text."""
    words = Counter(re.findall(r"[^\W\d_]+", text[:_LONGEST].casefold()))
    counts = {code: sum(words[each] for each in common) for code, common in _SPOKEN.items()}
    (best, most), (_, next_most) = Counter(counts).most_common(2)
    return best if most >= _ENOUGH and most >= _CLEARLY * next_most else None
