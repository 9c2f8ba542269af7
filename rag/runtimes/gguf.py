"""A GGUF file opened in llama.cpp: tokens in, logits out. The one file that knows the `llama_cpp` library.

It stands on the C interface and not on `llama_cpp.Llama`, which redirects the process's standard streams while it
loads, keeps logits for whole batches and cannot report those of a few places.
"""

import ctypes
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from llama_cpp.llama_grammar import json_schema_to_gbnf
from numpy.typing import NDArray

from index.errors import BrokenError, MissingError, UsageError

Logits = NDArray[np.float32]

BATCH = 512
"""Most tokens that one call of the library takes."""

APART = 8
"""Most endings of one beginning that are evaluated beside one another."""


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _say_nothing(level: int, text: bytes, data: ctypes.c_void_p) -> None:
    """llama.cpp prints to stderr unless told where to."""


class Gguf:
    """One open model with one key-value cache. Not thread-safe: its owner holds a lock."""

    def __init__(self, path: Path, context: int, threads: int) -> None:
        if not path.is_file():
            raise MissingError(f"There is no model file {path}.", "Fetch one with `byline models pull`.")
        llama_cpp.llama_log_set(_say_nothing, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        self._model: Any = llama_cpp.llama_model_load_from_file(
            str(path).encode(), llama_cpp.llama_model_default_params()
        )
        self._context: Any = None
        if not self._model:
            raise BrokenError(f"{path} cannot be read as a GGUF model.", "Run `byline models check`.")
        self._vocab = llama_cpp.llama_model_get_vocab(self._model)
        self.vocabulary: int = llama_cpp.llama_vocab_n_tokens(self._vocab)
        self.context = min(context, int(llama_cpp.llama_model_n_ctx_train(self._model)) or context)
        how = llama_cpp.llama_context_default_params()
        how.n_ctx = self.context
        how.n_batch = how.n_ubatch = min(BATCH, self.context)
        how.n_threads = how.n_threads_batch = threads
        how.n_seq_max = 1 + APART
        how.kv_unified = True  # endings share the cells of their beginning, and one alone may use the whole context
        self._context = llama_cpp.llama_init_from_model(self._model, how)
        if not self._context:
            self.close()
            raise UsageError(f"{path.name} does not open with {self.context} tokens.", "Lower model.context.")
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._batch = llama_cpp.llama_batch_init(BATCH, 0, 1)

    def close(self) -> None:
        """Free context and model; calling it again does nothing."""
        if self._context:
            llama_cpp.llama_batch_free(self._batch)
            llama_cpp.llama_free(self._context)
            self._context = None
        if self._model:
            llama_cpp.llama_model_free(self._model)
            self._model = None

    @cached_property
    def chat_template(self) -> str:
        """The Jinja template that the file carries; "" where it carries none."""
        template = llama_cpp.llama_model_chat_template(self._model, None)
        return template.decode() if template else ""

    @cached_property
    def rewinds(self) -> bool:
        """Whether the cache can be cut back to a prefix; recurrent models cannot."""
        return not (llama_cpp.llama_model_is_recurrent(self._model) or llama_cpp.llama_model_is_hybrid(self._model))

    def tokens(self, text: str, special: bool) -> list[int]:
        """The tokens of `text`; names of control tokens in it count as such only when `special`."""
        data = text.encode("utf-8", errors="replace")
        room = len(data) + 8
        found = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self._vocab, data, len(data), found, room, False, special)
        return list(found[:count])

    def start_tokens(self) -> list[int]:
        """What the model wants before every prompt: its beginning-of-text token, or nothing."""
        start = llama_cpp.llama_vocab_bos(self._vocab)
        return [start] if llama_cpp.llama_vocab_get_add_bos(self._vocab) and start >= 0 else []

    def token_name(self, token: int) -> str:
        """The text by which a template names a control token."""
        return llama_cpp.llama_vocab_get_text(self._vocab, token).decode() if token >= 0 else ""

    @property
    def start_name(self) -> str:
        """The name of the beginning-of-text token."""
        return self.token_name(llama_cpp.llama_vocab_bos(self._vocab))

    @property
    def end_name(self) -> str:
        """The name of the end-of-text token."""
        return self.token_name(llama_cpp.llama_vocab_eos(self._vocab))

    def piece(self, token: int) -> bytes:
        """The bytes that a token writes; control tokens write none."""
        room = 256
        buffer = ctypes.create_string_buffer(room)
        count = llama_cpp.llama_token_to_piece(self._vocab, token, buffer, room, 0, False)
        return buffer.raw[: max(count, 0)]

    def ends(self, token: int) -> bool:
        """Whether a token ends a reply."""
        return bool(llama_cpp.llama_vocab_is_eog(self._vocab, token))

    def evaluate(self, tokens: Sequence[int], at: int, wanted: int = 1) -> Logits:
        """Put at most `BATCH` tokens into the cache from place `at`, forgetting what was there and after.

        Returns the logits after each of the last `wanted` tokens, (wanted, vocabulary) float32.
        """
        if at == 0:
            llama_cpp.llama_memory_clear(self._memory, False)
        elif not llama_cpp.llama_memory_seq_rm(self._memory, 0, at, -1):
            raise BrokenError("The model's cache cannot be cut back.", "Report this model to Byline.")
        first_wanted = len(tokens) - wanted
        return self._decode([(token, at + n, 0, n >= first_wanted) for n, token in enumerate(tokens)])

    def evaluate_apart(self, endings: Sequence[Sequence[int]], at: int) -> Logits:
        """The logits after each of several endings of the `at` tokens in the cache, (endings, vocabulary) float32.

        At most `APART` endings of at most `BATCH` tokens together, none empty. The cache is then as it was before.
        """
        if not llama_cpp.llama_memory_seq_rm(self._memory, 0, at, -1):
            raise BrokenError("The model's cache cannot be cut back.", "Report this model to Byline.")
        rows: list[tuple[int, int, int, bool]] = []
        for sequence, ending in enumerate(endings, start=1):
            llama_cpp.llama_memory_seq_cp(self._memory, 0, sequence, 0, at)
            rows += [(token, at + n, sequence, n == len(ending) - 1) for n, token in enumerate(ending)]
        try:
            return self._decode(rows)
        finally:
            for sequence in range(1, len(endings) + 1):
                llama_cpp.llama_memory_seq_rm(self._memory, sequence, -1, -1)

    def _decode(self, rows: Sequence[tuple[int, int, int, bool]]) -> Logits:
        """Evaluate (token, place, sequence, whether its logits are wanted) together; the logits that are wanted."""
        batch = self._batch
        batch.n_tokens = len(rows)
        for n, (token, place, sequence, wanted) in enumerate(rows):
            batch.token[n] = token
            batch.pos[n] = place
            batch.n_seq_id[n] = 1
            batch.seq_id[n][0] = sequence
            batch.logits[n] = wanted
        failed = llama_cpp.llama_decode(self._context, batch)
        if failed:
            raise BrokenError(f"llama.cpp could not evaluate the prompt (code {failed}).", "Lower model.context.")
        return np.array(
            [
                np.ctypeslib.as_array(llama_cpp.llama_get_logits_ith(self._context, n), shape=(self.vocabulary,))
                for n, (_, _, _, wanted) in enumerate(rows)
                if wanted
            ],
            dtype=np.float32,
        )

    def grammar(self, schema: Mapping[str, Any]) -> "Grammar":
        """A fresh automaton that admits only JSON that follows `schema`."""
        return Grammar(self._vocab, gbnf(schema), self.vocabulary)


class Grammar:
    """Which tokens may come next in a reply that must follow a schema."""

    def __init__(self, vocab: Any, rules: str, vocabulary: int) -> None:
        self._automaton = llama_cpp.llama_sampler_init_grammar(vocab, rules.encode(), b"root")
        if not self._automaton:
            raise UsageError("The JSON schema cannot be turned into a grammar.", "Use a plainer schema.")
        self._all = np.zeros(vocabulary, dtype=[("id", np.int32), ("logit", np.float32), ("p", np.float32)])

    def allows(self, token: int) -> bool:
        """Whether `token` may come next."""
        one = np.zeros(1, dtype=self._all.dtype)
        one["id"] = token
        self._apply(one)
        return bool(np.isfinite(one["logit"][0]))

    def masked(self, logits: Logits) -> Logits:
        """The logits with -inf for what may not come next."""
        self._all["id"] = np.arange(len(logits), dtype=np.int32)
        self._all["logit"] = logits
        self._apply(self._all)
        return self._all["logit"].copy()

    def accept(self, token: int) -> None:
        """`token` has come."""
        llama_cpp.llama_sampler_accept(self._automaton, token)

    def close(self) -> None:
        """Free the automaton; calling it again does nothing."""
        if self._automaton:
            llama_cpp.llama_sampler_free(self._automaton)
            self._automaton = None

    def _apply(self, candidates: NDArray[Any]) -> None:
        data = candidates.ctypes.data_as(ctypes.POINTER(llama_cpp.llama_token_data))
        several = llama_cpp.llama_token_data_array(data, len(candidates), -1, False)
        llama_cpp.llama_sampler_apply(self._automaton, ctypes.byref(several))


def gbnf(schema: Mapping[str, Any]) -> str:
    """The grammar of a JSON schema, properties in the order they are written, at most one blank between tokens."""
    try:
        rules = json_schema_to_gbnf(json.dumps(schema)).splitlines()
    except (ValueError, KeyError, TypeError, AssertionError) as error:
        raise UsageError(
            f"The JSON schema cannot be turned into a grammar: {error}.", "Use a plainer schema."
        ) from error
    # The library lets a model write blanks and new lines for ever.
    return "\n".join('space ::= " "?' if rule.startswith("space ::=") else rule for rule in rules)
