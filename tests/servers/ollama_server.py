"""A server that speaks Ollama's protocol (github.com/ollama/ollama/blob/main/docs/api.md) with a real small model.

It shortens a prompt that does not fit `num_ctx` without a word, as the real one does.
"""

import json
import time
from contextlib import closing
from typing import Any

from rag.runtimes.llama_cpp import LlamaCppModel
from rag.runtimes.types import Generation, Message
from tests.servers.serving import Handler, ModelServer

DIGEST = "9077fe9d2ae1a4a41a868836b56b8163731a8fe16621397028c2c76f838c6907"


class OllamaHandler(Handler):
    def do_GET(self) -> None:
        if self.path == "/api/version":
            self.answer({"version": "0.12.11"})
        elif self.path == "/api/tags":
            names = [self.server.name] if self.has_model() else []
            self.answer({"models": [{"name": name, "model": name, "digest": DIGEST, "size": 1} for name in names]})
        else:
            self.answer({"error": "not found"}, 404)

    def do_POST(self) -> None:
        asked = self.body()
        if self.path == "/api/pull":
            return self.pull()
        if (
            asked.get("model") not in (self.server.name, self.server.name.removesuffix(":latest"))
            or not self.has_model()
        ):
            return self.answer({"error": f"model '{asked.get('model')}' not found"}, 404)
        if self.path == "/api/show":
            own = self.server.behaviour.get("own_context", 8192)
            info = {"general.architecture": "llama", "llama.context_length": own}
            return self.answer({"details": {}, "model_info": info, "capabilities": ["completion"]})
        return self.chat(asked)

    def has_model(self) -> bool:
        return not self.server.behaviour.get("missing", False)

    def pull(self) -> None:
        self.begin("application/x-ndjson")
        for step in (
            {"status": "pulling manifest"},
            {"status": "pulling", "total": 4, "completed": 2},
            {"status": "success"},
        ):
            self.send(json.dumps(step) + "\n")
        self.finish_stream()
        self.server.behaviour["missing"] = False

    def chat(self, asked: dict[str, Any]) -> None:
        options = asked.get("options", {})
        messages = [Message(each["role"], each["content"]) for each in asked["messages"]]
        messages = shortened(messages, int(options.get("num_ctx", 4096)), self.server.model)
        how = Generation(
            max_tokens=int(options.get("num_predict", 64)),
            temperature=float(options.get("temperature", 0.8)),
            seed=int(options.get("seed", 0)),
            stop=tuple(options.get("stop", ())),
            schema=asked.get("format") or None,
        )
        if not asked.get("stream", True):
            return self.answer(self.whole(messages, how, asked))
        self.begin("application/x-ndjson")
        with closing(self.server.model.stream(messages, how)) as pieces:
            for number, piece in enumerate(pieces):
                if number and self.server.behaviour.get("dies"):
                    return self.finish_stream()
                if piece.text and not piece.done:
                    self.send(json.dumps(self.reply(piece.text)) + "\n")
                if piece.done:
                    done = self.reply(piece.text) | self.counts(piece.prompt_tokens, piece.completion_tokens)
                    self.send(json.dumps(done | {"done": True, "done_reason": piece.finish_reason}) + "\n")
        return self.finish_stream()

    def whole(self, messages: list[Message], how: Generation, asked: dict[str, Any]) -> dict[str, Any]:
        *pieces, last = self.server.model.stream(messages, how)
        text = "".join(piece.text for piece in [*pieces, last])
        answer = self.reply(text) | self.counts(last.prompt_tokens, last.completion_tokens)
        if asked.get("logprobs") and self.server.behaviour.get("logprobs", True):
            top = self.server.top_first_tokens(messages, int(asked.get("top_logprobs", 0)))
            answer["logprobs"] = [top[0] | {"top_logprobs": top}]
        return answer | {"done": True, "done_reason": last.finish_reason}

    def reply(self, text: str) -> dict[str, Any]:
        return {
            "model": self.server.name,
            "created_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "message": {"role": "assistant", "content": text},
            "done": False,
        }

    def counts(self, read: int, wrote: int) -> dict[str, int]:
        times = {"total_duration": 3, "load_duration": 1, "prompt_eval_duration": 1, "eval_duration": 1}
        return {"prompt_eval_count": read, "eval_count": wrote} | times


def shortened(messages: list[Message], room: int, model: LlamaCppModel) -> list[Message]:
    """Old messages go first, the system's stays; then the last one loses its beginning."""
    kept = list(messages)
    while model.count_tokens(kept) > room and sum(message.role != "system" for message in kept) > 1:
        kept.remove(next(message for message in kept if message.role != "system"))
    while model.count_tokens(kept) > room:
        last = kept[-1].content
        kept[-1] = Message(kept[-1].role, last[len(last) // 4 + 1 :])
    return kept


def ollama_server(model: LlamaCppModel, name: str = "smollm2:135m", **behaviour: Any) -> ModelServer:
    """A server that is not yet running."""
    return ModelServer(OllamaHandler, model, name, **behaviour)
