"""The settings: one frozen tree, read once at the door. Flags beat `BYLINE_*`, which beats `byline.toml`."""

import difflib
import json
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_type_hints

import platformdirs
from pydantic import TypeAdapter, ValidationError

from index.errors import UsageError
from index.settings import IndexSettings, SearchSettings

PREFIX = "BYLINE_"


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which model answers, and where it runs.

    `runtime` auto takes Ollama when a server answers, else the embedded llama.cpp. `name` is a model of
    `byline models list`, a path to a GGUF file, an Ollama tag, or a server's model id; empty means the runtime's default.
    """

    runtime: Literal["auto", "ollama", "llama-cpp", "openai", "scripted"] = "auto"
    name: str = ""
    url: str = ""
    api_key: str = ""
    context: int = 4096
    threads: int = 0
    seed: int = 0
    pull: bool = False

    def __post_init__(self) -> None:
        if not 512 <= self.context <= 1_048_576:
            raise ValueError(f"model.context is {self.context}; it must be from 512 to 1048576 tokens")


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How answers are made. `strictness` 0 says most and 1 declines most; the default was chosen on dev questions."""

    evidence_sentences: int = 10
    max_tokens: int = 200
    strictness: float = 0.5
    checker: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.strictness <= 1:
            raise ValueError(f"answer.strictness is {self.strictness}; it must be from 0 to 1")
        if not 1 <= self.evidence_sentences <= 100 or not 16 <= self.max_tokens <= 4096:
            raise ValueError("answer.evidence_sentences must be from 1 to 100 and answer.max_tokens from 16 to 4096")


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """Where the service listens, and how much it takes on.

    `answering` is how many answers are written at once, `searching` how many searches run at once, and `queue` how many
    of either may wait. `per_minute` is how many requests one key may make a minute, or one address where no keys are in
    use; 0 sets no limit. `hosts` are further names the service may be called by and `origins` the sites whose pages may
    call it, both comma-separated. `open` allows a host beyond this machine without an API key. `sources` is how a chat
    client is told its sources: `annotations` as OpenAI does, `cards` as Open WebUI does, `auto` by who asks.
    """

    host: str = "127.0.0.1"
    port: int = 8017
    answering: int = 1
    searching: int = 2
    queue: int = 32
    per_minute: int = 240
    cache: int = 256
    deadline_s: float = 300.0
    hosts: str = ""
    origins: str = ""
    open: bool = False
    log_questions: bool = False
    sources: Literal["auto", "annotations", "cards"] = "auto"

    def __post_init__(self) -> None:
        if (
            not 0 <= self.port <= 65535
            or min(self.answering, self.searching) < 1
            or min(self.queue, self.cache, self.per_minute) < 0
            or self.deadline_s <= 0
        ):
            raise ValueError(
                "serve.port must be from 0 to 65535, serve.answering and serve.searching at least 1, "
                "serve.queue, serve.cache and serve.per_minute at least 0, and serve.deadline_s above 0"
            )


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """Which answers are kept for people to review: those declined or barely supported, all of them, or none."""

    keep: Literal["none", "weak", "all"] = "weak"


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole tree. `home` holds indexes, runs, chats and the review queue; `models` is shared by all homes."""

    home: Path = Path("var")
    models: Path = field(default_factory=lambda: Path(platformdirs.user_cache_dir("byline")) / "models")
    index: IndexSettings = IndexSettings()
    search: SearchSettings = SearchSettings()
    model: ModelSettings = ModelSettings()
    answer: AnswerSettings = AnswerSettings()
    serve: ServeSettings = ServeSettings()
    review: ReviewSettings = ReviewSettings()

    def digest(self) -> str:
        """sha256 over what can change an answer: not the home, the paths, the keys, the service or the review."""
        tree = asdict(self)
        for key in ("home", "models", "serve", "review"):
            del tree[key]
        for key in ("private_addresses", "seconds_between_fetches", "columns"):
            del tree["index"][key]
        for key in ("chroma_url", "chroma_headers"):
            del tree["search"][key]
        for key in ("api_key", "threads", "pull", "url"):
            del tree["model"][key]
        return sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()


def leaves(cls: type = Settings, at: tuple[str, ...] = ()) -> dict[tuple[str, ...], type]:
    """Every settable key as a path of names, with its type."""
    hints = get_type_hints(cls)
    found: dict[tuple[str, ...], type] = {}
    for each in fields(cls):
        if is_dataclass(hints[each.name]):
            found |= leaves(hints[each.name], (*at, each.name))
        else:
            found[(*at, each.name)] = hints[each.name]
    return found


def read_settings(
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] = os.environ,
    file: Path | None = None,
) -> Settings:
    """The settings of this run. `flags` are dotted keys with values; None values are not set.

    `file` is `byline.toml` of the working directory by default, and need not be there unless it is named.
    Raises UsageError naming an unknown key and the nearest known one, or a value that does not fit.
    """
    tree: dict[str, Any] = {}
    path = file or Path("byline.toml")
    if path.exists() or file:
        try:
            _lay(tree, _flat(tomllib.loads(path.read_text(encoding="utf-8"))), str(path))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UsageError(f"{path} cannot be read: {error}.", "Mend the file, or remove it.") from error
    by_variable = {variable(key): ".".join(key) for key in leaves()}
    named = {name: value for name, value in environment.items() if name.startswith(PREFIX)}
    for name in named:
        if name not in by_variable:
            raise UsageError(f"{name} is not a setting.", _nearest(name, by_variable))
    _lay(tree, {by_variable[name]: value for name, value in named.items()}, "the environment")
    _lay(tree, {key: value for key, value in (flags or {}).items() if value is not None}, "the flags")
    try:
        return TypeAdapter(Settings).validate_python(tree)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        problem = str(first["msg"]).removeprefix("Value error, ")
        raise UsageError(f"Setting {where}: {problem}." if where not in problem else f"{problem}.") from error


def variable(key: Sequence[str]) -> str:
    """The environment variable of a key: ("model", "name") is BYLINE_MODEL_NAME."""
    return PREFIX + "_".join(key).upper()


def _flat(tree: Mapping[str, Any], at: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        flat |= _flat(value, f"{at}{key}.") if isinstance(value, dict) else {at + key: value}
    return flat


def _lay(tree: dict[str, Any], layer: Mapping[str, Any], whence: str) -> None:
    known = {".".join(key) for key in leaves()}
    for dotted, value in layer.items():
        if dotted not in known:
            raise UsageError(f"{dotted} in {whence} is not a setting.", _nearest(dotted, known))
        *sections, last = dotted.split(".")
        node = tree
        for section in sections:
            node = node.setdefault(section, {})
        node[last] = value


def _nearest(name: str, known: Mapping[str, Any] | set[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(sorted(known))}."
