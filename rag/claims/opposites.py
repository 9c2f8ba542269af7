"""Words that say the contrary of one another."""

from collections.abc import Sequence

from index.terms import stem

_PAIRS = (
    "rise fall, rose fell, risen fallen, increase decrease, increase reduce, gain lose, gain loss, grow shrink, grew shrank, growth decline, "
    "growth contraction, surge plunge, climb drop, climb fall, jump slump, expand contract, up down, higher lower, "
    "high low, highest lowest, larger smaller, large small, largest smallest, big small, biggest smallest, more fewer, more less, most fewest, most least, "
    "majority minority, above below, before after, earlier later, first last, early late, begin end, began ended, start end, started ended, open close, "
    "opened closed, win lose, won lost, win loss, victory defeat, success failure, succeed fail, succeeded failed, accept "
    "reject, approve reject, approved rejected, allow forbid, allow ban, allowed forbade, allowed banned, permit prohibit, "
    "support oppose, supporter opponent, favour oppose, for against, join leave, joined left, hire fire, hired fired, arrive leave, enter "
    "leave, north south, northern southern, east west, eastern western, left right, inside outside, public private, legal "
    "illegal, lawful unlawful, guilty innocent, true false, safe unsafe, strong weak, strengthen weaken, young old, younger older, "
    "best worst, better worse, rich poor, richest poorest, fast slow, faster slower, cheap expensive, cheaper dearer, import export, "
    "profit loss, surplus deficit, always never, all none, with without, male female, men women, confirm deny, confirmed denied, "
    "agree disagree, appear disappear, buyer seller, lender borrower, plaintiff defendant, ally enemy, maximum minimum, most least, "
    "upper lower, major minor, possible impossible, likely unlikely, able unable, complete incomplete, domestic foreign, long short, longest shortest"
)
_OPPOSITES: dict[str, set[str]] = {}
for _pair in _PAIRS.split(","):
    _one, _other = (stem(word) for word in _pair.split())
    _OPPOSITES.setdefault(_one, set()).add(_other)
    _OPPOSITES.setdefault(_other, set()).add(_one)


def are_opposite(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two stretches of stems hold words that say the contrary of one another."""
    return any(other in _OPPOSITES.get(one, ()) for one in some for other in others)
