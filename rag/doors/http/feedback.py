"""POST /v1/feedback: what readers say goes to the review queue."""

from collections import OrderedDict
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from rag.answer_json import answer_to_dict
from rag.doors.http.bodies import FeedbackBody
from rag.doors.http.problems import Problem
from rag.feedback import write_feedback
from rag.types import Answer, Done, Event


class Lately:
    """The last answers given, by id, so that feedback can name one instead of sending it back."""

    def __init__(self, size: int = 512) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._size = size

    def event(self, event: Event) -> None:
        """Keep the answer of a Done."""
        if isinstance(event, Done):
            self._answers[event.answer.id] = event.answer
            while len(self._answers) > self._size:
                self._answers.popitem(last=False)

    def answer(self, answer_id: str) -> dict[str, Any] | None:
        """The answer object of an id, if it was given lately."""
        answer = self._answers.get(answer_id)
        return answer_to_dict(answer) if answer else None


def feedback_router(home: Path, lately: Lately) -> APIRouter:
    """The route that takes it."""
    router = APIRouter(prefix="/v1", tags=["feedback"])

    @router.post("/feedback", status_code=201)
    def feedback(body: FeedbackBody) -> dict[str, str]:
        """Say that an answer is good or wrong; it joins the review queue with the whole answer."""
        answer = body.answer or (body.answer_id and lately.answer(body.answer_id))
        if not answer:
            problem = "No answer of that id was given lately." if body.answer_id else "No answer is named."
            raise Problem(
                "not-found" if body.answer_id else "usage", problem, "Send the whole answer object as answer."
            )
        if not isinstance(answer.get("id"), str) or not isinstance(answer.get("question"), str):
            raise Problem("usage", "That is not an answer object.", "Send what POST /v1/answers gave.")
        said = write_feedback(home, answer, body.verdict, body.comment, "http")
        return {"id": said.id, "answer_id": said.answer_id, "verdict": said.verdict}

    return router
