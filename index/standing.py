"""How candidates stand: the rows of the searches, their weighted sum, and the votes that explain it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from index.postings import Floats
from index.types import Passage, Vote

NEW_WORDS = 2.0
HELD_ALREADY = 0.5
"""What a word is still worth each time that a better passage holds it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One search for one part of the question over all candidates: raw scores, and shares of the best.

    `part` 0 is the whole question; only the best of the other parts counts for a candidate.
    `all_scores` are those of everything that the search found, to tell ranks.
    """

    search: str
    part: int
    scores: Floats
    shares: Floats
    weight: float
    all_scores: Floats


@dataclass(frozen=True, slots=True)
class Standing:
    """Candidates with their rows; `questions` are the whole question and its parts.

    `held` (candidates, terms) says with 1 and 0 which of the question's terms each has, `worth` (terms) what they weigh.
    """

    passages: tuple[Passage, ...]
    questions: tuple[str, ...]
    rows: tuple[Row, ...]
    held: Floats
    worth: Floats

    def best_part(self) -> tuple[Floats, "np.ndarray[tuple[int], np.dtype[np.intp]]"]:
        """For each candidate the most that any part gives it, and which."""
        sums = np.zeros((len(self.questions), len(self.passages)), np.float32)
        for row in self.rows:
            if row.part:
                sums[row.part] += row.weight * row.shares
        return sums.max(axis=0), sums.argmax(axis=0)

    def totals(self) -> Floats:
        """What each candidate has in all."""
        whole = [row.weight * row.shares for row in self.rows if not row.part]
        totals: Floats = np.sum([self.best_part()[0], *whole], axis=0, dtype=np.float32)
        return totals

    def order(self, k: int) -> list[int]:
        """The k best candidates, ties by passage id."""
        totals = self.totals()
        best = sorted(range(len(self.passages)), key=lambda each: (-totals[each], self.passages[each].id))
        return best[:k]

    def covering(self, k: int) -> dict[int, tuple[float, Vote]]:
        """At most k candidates that together say what is asked, each with its score and the vote of its new words.

        Greedy maximisation of a submodular function (Nemhauser, Wolsey and Fisher 1978; for summaries Lin and Bilmes
        2011): each next one is that with the most score plus the question's words that those before it hold least
        often. So scores never rise from one to the next.
        """
        totals = self.totals()
        left = sorted(range(len(self.passages)), key=lambda each: self.passages[each].id)
        worth = self.worth.copy()
        chosen: dict[int, tuple[float, Vote]] = {}
        while left and len(chosen) < k:
            new = self.held[left] @ worth
            place = int(np.argmax(totals[left] + NEW_WORDS * new))
            best = left.pop(place)
            gain = float(new[place])
            vote = Vote("coverage", self.questions[0], int((new > gain).sum()) + 1, gain, NEW_WORDS * gain)
            chosen[best] = float(totals[best]) + vote.share, vote
            worth = worth * np.where(self.held[best] > 0, HELD_ALREADY, 1.0)
        return chosen

    def found_by(self, candidate: int) -> tuple[str, ...]:
        """The searches that found a candidate, those of words and of meaning first."""
        searches = dict.fromkeys(row.search for row in self.rows if row.scores[candidate] > 0)
        return tuple(searches)

    def votes(self, candidates: Iterable[int]) -> tuple[tuple[Vote, ...], ...]:
        """The votes of the searches that count for each of some candidates."""
        chosen = self.best_part()[1]
        return tuple(
            tuple(
                _vote(row, self.questions[row.part], candidate)
                for row in self.rows
                if row.part in {0, chosen[candidate]} and row.scores[candidate] > 0
            )
            for candidate in candidates
        )


def _vote(row: Row, question: str, candidate: int) -> Vote:
    score = row.scores[candidate]
    rank = int((row.all_scores > score).sum()) + 1
    return Vote(row.search, question, rank, float(score), float(row.weight * row.shares[candidate]))
