"""A server that speaks OpenAI's chat completions with a real small model, as llama-server and vLLM do."""

import json
from contextlib import closing
from typing import Any

from rag.runtimes.llama_cpp import LlamaCppModel
from rag.runtimes.types import Generation, Message
from tests.servers.serving import Handler, ModelServer


class OpenAIHandler(Handler):
    def do_GET(self) -> None:
        told = {"id": self.server.name, "object": "model", "created": 0, "owned_by": "test"}
        told["max_model_len"] = self.server.model.context_limit
        self.answer({"object": "list", "data": [told]})

    def do_POST(self) -> None:
        asked = self.body()
        if (
            self.server.behaviour.get("key")
            and self.headers["Authorization"] != f"Bearer {self.server.behaviour['key']}"
        ):
            return self.refuse("Incorrect API key provided", 401)
        schema = asked.get("response_format", {}).get("json_schema", {}).get("schema")
        if schema and not self.server.behaviour.get("schemas", True):
            return self.refuse("'response_format.type' must be 'text'", 400)
        messages = [Message(each["role"], each["content"]) for each in asked["messages"]]
        how = Generation(
            max_tokens=asked["max_tokens"],
            temperature=asked["temperature"],
            seed=asked["seed"],
            stop=tuple(asked.get("stop", ())),
            schema=schema,
        )
        if asked.get("stream"):
            return self.stream(messages, how)
        return self.whole(messages, how, asked)

    def refuse(self, message: str, status: int) -> None:
        self.answer({"error": {"message": message, "type": "invalid_request_error", "code": None}}, status)

    def stream(self, messages: list[Message], how: Generation) -> None:
        said = self.server.behaviour.get("says")
        self.begin("text/event-stream")
        with closing(self.server.model.stream(messages, how)) as pieces:
            for number, piece in enumerate(pieces):
                if number and self.server.behaviour.get("dies"):
                    return self.finish_stream()
                text = said if said is not None and piece.done else piece.text if said is None else ""
                if text:
                    self.event([{"index": 0, "delta": {"content": text}, "finish_reason": None}])
                if piece.done:
                    self.event([{"index": 0, "delta": {}, "finish_reason": piece.finish_reason}])
                    self.event([], usage(piece.prompt_tokens, piece.completion_tokens))
        self.send("data: [DONE]\n\n")
        return self.finish_stream()

    def event(self, choices: list[dict[str, Any]], counts: dict[str, int] | None = None) -> None:
        chunk = self.shape("chat.completion.chunk") | {"choices": choices, "usage": counts}
        self.send(f"data: {json.dumps(chunk)}\n\n")

    def whole(self, messages: list[Message], how: Generation, asked: dict[str, Any]) -> None:
        *pieces, last = self.server.model.stream(messages, how)
        text = "".join(piece.text for piece in [*pieces, last])
        told = None
        if asked.get("logprobs") and self.server.behaviour.get("logprobs", True):
            top = self.server.top_first_tokens(messages, asked["top_logprobs"])
            each = [entry | {"bytes": None} for entry in top]
            told = {"content": [each[0] | {"top_logprobs": each}], "refusal": None}
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": last.finish_reason, "logprobs": told}
        counts = usage(last.prompt_tokens, last.completion_tokens)
        self.answer(self.shape("chat.completion") | {"choices": [choice], "usage": counts})

    def shape(self, kind: str) -> dict[str, Any]:
        return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": self.server.name}


def usage(read: int, wrote: int) -> dict[str, int]:
    return {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}


def openai_server(model: LlamaCppModel, name: str = "smollm2-135m-instruct", **behaviour: Any) -> ModelServer:
    """A server that is not yet running."""
    return ModelServer(OpenAIHandler, model, name, **behaviour)
