"""The reviewer's desk: one item at a time, in the terminal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from eval.cases import KINDS, CaseFault
from eval.library import Articles
from eval.picking import Offered, offer, parse_picks
from eval.queue import Item
from eval.review import Label, ReviewQueue
from eval.suggesting import MUST_DECLINE, accept_line, with_accept
from eval.types import Case

Ask = Callable[[str, str], str]
Say = Callable[[str], None]

CHOICES = "accept, mend, evidence, reject, skip, undo, quit"
HOLDS = 'A right answer holds ("a + b | c"; "-": must be declined)'


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a reviewer sits. `ask` takes a question and a default and gives the reply, `say` shows a line."""

    queue: ReviewQueue
    library: Articles
    ask: Ask
    say: Say

    def sit_down(self, again: bool = False, sample: bool = False) -> int:
        """Go through what is pending until it is done or the reviewer quits; how many were decided."""
        decided = 0
        skipped: set[str] = set()
        while waiting := [each for each in self.queue.pending(again, sample) if each.id not in skipped]:
            item = waiting[0]
            self._show(item, len(waiting))
            match self._decide(item):
                case "decided":
                    decided += 1
                case "undo":
                    taken_back = self.queue.undo()
                    decided -= taken_back is not None
                    skipped.discard(taken_back or "")
                    self.say("Taken back." if taken_back else "There is nothing to take back.")
                case "quit":
                    break
                case _:
                    skipped.add(item.id)
        return decided

    def _decide(self, item: Item) -> str:
        case = item.suggestion
        while True:
            match self.ask(CHOICES, "skip").strip().lower()[:1]:
                case "a":
                    if self._accept(item, case):
                        return "decided"
                case "m":
                    case = self._mend(case)
                    if self._accept(item, case):
                        return "decided"
                case "e":
                    case = self._pick(item, case)
                case "r":
                    self.queue.reject(item)
                    return "decided"
                case "u":
                    return "undo"
                case "q":
                    return "quit"
                case _:
                    return "skip"

    def _accept(self, item: Item, case: Case) -> bool:
        if not case.accept and case.kind not in MUST_DECLINE:
            case = _wanted(case, self.ask(HOLDS, ""))
        if case.accept and not case.evidence and item.answer is not None:
            case = self._pick(item, case)
        lacking = [quote.quote for group in case.evidence for quote in group if not self.library.places(quote)]
        if lacking:
            self.say(f"Not accepted: no article of the index holds “{_printable(lacking[0])}”. Choose other evidence.")
            return False
        try:
            self.queue.accept(item, case)
        except CaseFault as fault:
            self.say(f"Not accepted: {fault}.")
            return False
        return True

    def _mend(self, case: Case) -> Case:
        question = self.ask("Question", case.question).strip() or case.question
        mended = _wanted(replace(case, question=question), self.ask(HOLDS, accept_line(case)))
        kind = self.ask(f"Kind ({', '.join(KINDS)})", mended.kind).strip()
        return replace(mended, kind=kind, note=self.ask("Note", mended.note))

    def _pick(self, item: Item, case: Case) -> Case:
        """Choose sentences of the articles that were found; the code takes their exact words."""
        offered = offer(item, self.library)
        if not offered:
            self.say("No article that was found is in the index now.")
            return case
        self._list(offered)
        chosen = parse_picks(self.ask("Evidence (1 3: both needed; 1|3: either will do; enter for none)", ""), offered)
        if chosen is None:
            self.say("That is not a choice of these numbers; nothing was changed.")
            return case
        return replace(case, evidence=chosen)

    def _list(self, offered: Sequence[Offered]) -> None:
        for number, each in enumerate(offered, 1):
            self.say(f"  {number:>2}  {_printable(each.quote.quote)}  ({_printable(each.quote.article)})")

    def _show(self, item: Item, waiting: int) -> None:
        self.say(f"\n{waiting} waiting. {item.created_at:%Y-%m-%d}, {item.origin}: {', '.join(item.why)}")
        self.say(f"Q {_printable(item.question)}")
        if item.answer is not None:
            self.say(f"A {_printable(str(item.answer['status']))}: {_printable(str(item.answer['text']))}")
            for citation in item.answer["citations"]:
                byline = _printable(str(citation["publisher"] or citation["title"] or ""))
                self.say(f"  [{citation['number']}] {byline}: {_printable(str(citation['quote']))}")
        else:
            self._show_case(item.suggestion)
        for comment in item.comments:
            self.say(f"C {_printable(comment)}")
        for label in self._others(item):
            self.say(f"{_printable(label.reviewer)} said: {label.choice}{_wants(label.case)}")

    def _show_case(self, case: Case) -> None:
        self.say(f"  {case.kind}{_wants(case)}")
        for quote in (quote for group in case.evidence for quote in group):
            self.say(f"  “{_printable(quote.quote)}” ({_printable(quote.article)})")

    def _others(self, item: Item) -> Sequence[Label]:
        """What two others said where they disagree; a second reviewer is not told what the first said."""
        labels = self.queue.labels().get(item.id, [])
        return labels if len(labels) > 1 else ()


def _wanted(case: Case, text: str) -> Case:
    """A case that must be declined is said so, by "-"; nothing said leaves it without what it needs."""
    if text.strip() == "-":
        return with_accept(case, "")
    return with_accept(case, text) if text.strip() else case


def _wants(case: Case | None) -> str:
    if case is None:
        return ""
    return f": {_printable(accept_line(case))}" if case.accept else ": to be declined"


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
