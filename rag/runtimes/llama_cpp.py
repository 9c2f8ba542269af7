"""A model embedded in this process, by llama.cpp: nothing to start, nothing to install beside it.

The same prompt gives the same bits, whatever was asked before. llama.cpp's results depend on how many tokens are
evaluated together, so a prompt is always evaluated in the same chunks of `CHUNK` tokens, and what an earlier prompt
left in the cache is reused by whole chunks only.
"""

import itertools
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import psutil

from index.errors import MissingError, UsageError
from rag.runtimes.chat_template import render
from rag.runtimes.gguf import APART, BATCH, Gguf, Grammar, Logits
from rag.runtimes.text_stream import TextStream
from rag.runtimes.types import Generation, Message, Piece
from rag.stopping import stop_if_unwanted

CHUNK = 64
"""Tokens of a prompt that are evaluated together, and the grain of what is reused."""


class LlamaCppModel:
    """A `ChatModel` in this process. One caller at a time; others wait for their turn."""

    def __init__(self, path: Path, name: str, digest: str, context: int = 4096, threads: int = 0) -> None:
        self.name = name
        self.digest = digest
        self._gguf = Gguf(path, context, threads or physical_cores())
        self.context_limit = self._gguf.context
        self._held: list[int] = []
        self._closed = False
        self._turn = threading.Lock()
        self._whose: int | None = None

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens of the prompt after the chat template, exactly."""
        return len(self._prompt(messages))

    def stream(self, messages: Sequence[Message], how: Generation) -> Iterator[Piece]:
        """Write a reply; pieces without text come while the prompt is read, so that it can be stopped there too."""
        prompt = self._prompt(messages)
        if len(prompt) + how.max_tokens > self.context_limit:
            raise UsageError(
                f"The prompt has {len(prompt)} tokens and the reply may take {how.max_tokens};"
                f" the model's context holds {self.context_limit}.",
                "Ask with less evidence, or raise model.context.",
            )
        return self._reply(prompt, how)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> dict[str, float] | None:
        """Log-probability of each option's first token right after the prompt."""
        return self.choose_each([messages], options)[0]

    def choose_each(
        self, prompts: Sequence[Sequence[Message]], options: Sequence[str]
    ) -> list[dict[str, float] | None]:
        """The same for several prompts: what all begin with is read once, and their ends beside one another.

        The bits depend on which prompts come together, and on nothing before them.
        """
        read = [self._prompt(each) for each in prompts]
        for prompt in read:
            if len(prompt) >= self.context_limit:
                raise UsageError(
                    f"The prompt has {len(prompt)} tokens; the model's context holds {self.context_limit}.",
                    "Ask with less evidence, or raise model.context.",
                )
        firsts = {option: self._gguf.tokens(option, special=False)[:1] for option in options}
        with _Turn(self):
            likely = [log_softmax(each) for each in self._after_each(read)]
        return [
            {option: float(each[first[0]]) if first else -np.inf for option, first in firsts.items()} for each in likely
        ]

    def close(self) -> None:
        """Free the model, after the reply that is being written."""
        with self._turn:
            self._closed = True
            self._gguf.close()

    def _prompt(self, messages: Sequence[Message]) -> list[int]:
        if self._closed:
            raise MissingError(f"The model {self.name} has been closed.")
        parts = render(self._gguf.chat_template, messages, self._gguf.start_name, self._gguf.end_name)
        tokens = self._gguf.start_tokens()
        for part in parts:
            tokens += self._gguf.tokens(part.text, special=part.control)
        return tokens

    def _read(self, prompt: Sequence[int]) -> Iterator[Logits | None]:
        """Evaluate a prompt; yields None after each chunk, and last the logits of what comes next."""
        same = 0
        while same < min(len(self._held), len(prompt) - 1) and self._held[same] == prompt[same]:
            same += 1
        start = same // CHUNK * CHUNK if self._gguf.rewinds else 0
        del self._held[start:]
        for at in range(start, len(prompt), CHUNK):
            stop_if_unwanted()
            chunk = prompt[at : at + CHUNK]
            logits = self._gguf.evaluate(chunk, at)
            if len(chunk) == CHUNK:
                self._held += chunk
            yield None if at + CHUNK < len(prompt) else logits[0]

    def _after_each(self, prompts: Sequence[Sequence[int]]) -> list[Logits]:
        """The logits of what comes next after each prompt."""
        places = zip(*(each[:-1] for each in prompts), strict=False)
        shared = sum(1 for _ in itertools.takewhile(lambda tokens: len(set(tokens)) == 1, places))
        if len(prompts) < 2 or not shared or not self._gguf.rewinds:
            return [self._last(each) for each in prompts]
        self._last(prompts[0][:shared])
        found: list[Logits] = []
        for together in batches([each[shared:] for each in prompts]):
            if len(together) == 1 and len(together[0]) > BATCH:
                return [self._last(each) for each in prompts]
            found.extend(self._gguf.evaluate_apart(together, shared))
        return found

    def _last(self, prompt: Sequence[int]) -> Logits:
        """The logits of what comes next after a prompt."""
        *_, logits = self._read(prompt)
        assert logits is not None
        return logits

    def _reply(self, prompt: Sequence[int], how: Generation) -> Iterator[Piece]:
        text = TextStream(how.stop)
        count = 0
        with _Turn(self):
            logits: Logits | None = None
            for logits in self._read(prompt):
                if logits is None:
                    yield Piece("")
            assert logits is not None
            ended = False
            for token in self._tokens(prompt, logits, how):
                count += 1
                ended = self._gguf.ends(token)
                shown = "" if ended else text.add(self._gguf.piece(token))
                ended = ended or text.stopped
                if shown:
                    yield Piece(shown)
                if ended or count >= how.max_tokens:
                    break
        rest = text.finish()
        yield Piece(rest, True, len(prompt), count, "stop" if ended else "length")

    def _tokens(self, prompt: Sequence[int], logits: Logits, how: Generation) -> Iterator[int]:
        """The tokens of a reply, without end.

        Guessing tokens that are copied from the prompt (prompt lookup) was tried and is slower here: on few cores four
        tokens evaluated together cost as much as four one by one.
        """
        grammar = self._gguf.grammar(how.schema) if how.schema is not None else None
        random = np.random.default_rng(how.seed)
        try:
            for at in itertools.count(len(prompt)):
                token = pick(logits, grammar, how.temperature, random)
                yield token
                if grammar:
                    grammar.accept(token)
                logits = self._gguf.evaluate([token], at)[0]
        finally:
            if grammar:
                grammar.close()


def batches(endings: Sequence[Sequence[int]]) -> Iterator[list[Sequence[int]]]:
    """Endings in their order, as many together as one call takes."""
    together: list[Sequence[int]] = []
    for each in endings:
        if together and (len(together) == APART or sum(map(len, together)) + len(each) > BATCH):
            yield together
            together = []
        together.append(each)
    if together:
        yield together


class _Turn:
    """The right to use a model, until the reply is finished or closed."""

    def __init__(self, model: LlamaCppModel) -> None:
        self._model = model

    def __enter__(self) -> None:
        me = threading.get_ident()
        if self._model._whose == me:
            raise RuntimeError("this thread is still reading an earlier reply: close it first")
        self._model._turn.acquire()
        self._model._whose = me
        if self._model._closed:
            self.__exit__()
            raise MissingError(f"The model {self._model.name} has been closed.")

    def __exit__(self, *_: object) -> None:
        self._model._whose = None
        self._model._turn.release()


def pick(logits: Logits, grammar: Grammar | None, temperature: float, random: np.random.Generator) -> int:
    """The next token: the likeliest at temperature 0 (ties to the lowest id), else drawn among the 40 likeliest."""
    best = int(np.argmax(logits))
    if temperature == 0 and (grammar is None or grammar.allows(best)):
        return best
    if grammar:
        logits = grammar.masked(logits)
    if temperature == 0:
        return int(np.argmax(logits))
    top = np.argsort(-logits, kind="stable")[:40]
    weights = np.exp(log_softmax(logits[top] / temperature).astype(np.float64))
    return int(top[random.choice(len(top), p=weights / weights.sum())])


def log_softmax(logits: Logits) -> Logits:
    """Natural log-probabilities."""
    shifted = logits - logits.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float32)


def physical_cores() -> int:
    """Cores that this process may use: more threads than cores slow llama.cpp down."""
    process = psutil.Process()
    allowed = len(process.cpu_affinity()) if hasattr(process, "cpu_affinity") else psutil.cpu_count() or 1
    return max(1, min(psutil.cpu_count(logical=False) or allowed, allowed))
