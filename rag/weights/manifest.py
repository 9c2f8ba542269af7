"""The models that Byline knows by digest, and where their bytes are found: `rag/models.toml`."""

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from index.errors import UsageError

Kind = Literal["chat", "embedding"]
Join = Literal["bytes", "folder", "zip"]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model; `path` is relative to the model's place."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Hub:
    """A publisher's repository at one revision; its files have the names that ours have."""

    repository: str
    revision: str


@dataclass(frozen=True, slots=True)
class Wheels:
    """Packages that carry the bytes, in order.

    `join` says how: "bytes" puts the members that match one after the other, "folder" takes the files below the member
    `members`, "zip" puts the members one after the other and takes the files of that archive.
    """

    packages: tuple[str, ...]
    members: str
    join: Join


@dataclass(frozen=True, slots=True)
class Model:
    """One model. A chat model is a single file in the models directory, an embedding model a folder of its name."""

    name: str
    kind: Kind
    licence: str
    files: tuple[ModelFile, ...]
    ollama: str = ""
    hub: Hub | None = None
    wheels: Wheels | None = None

    @property
    def folder(self) -> str:
        """Where the files lie below the models directory; "" for the directory itself."""
        return self.name if self.kind == "embedding" else ""

    @property
    def bytes(self) -> int:
        """Bytes of all files."""
        return sum(file.bytes for file in self.files)

    @property
    def sha256(self) -> str:
        """The digest of the largest file: the weights."""
        return max(self.files, key=lambda file: (file.bytes, file.path)).sha256


@cache
def load_manifest() -> tuple[Model, ...]:
    """All models of the manifest, in its order."""
    return read_manifest(files("rag").joinpath("models.toml").read_text(encoding="utf-8"))


def read_manifest(text: str) -> tuple[Model, ...]:
    """The models that a manifest's text lists."""
    return tuple(_model(entry) for entry in tomllib.loads(text)["model"])


def known(name: str, models: tuple[Model, ...] | None = None) -> Model:
    """The model of that name; UsageError names the nearest."""
    listed = load_manifest() if models is None else models
    by_name = {model.name: model for model in listed}
    if name in by_name:
        return by_name[name]
    near = difflib.get_close_matches(name, list(by_name), n=1)
    raise UsageError(
        f"There is no model {name!r}.", f"Did you mean {near[0]}?" if near else "See `byline models list`."
    )


def _model(entry: dict[str, Any]) -> Model:
    wheels = entry.get("wheels")
    return Model(
        name=entry["name"],
        kind=entry["kind"],
        licence=entry["licence"],
        files=tuple(ModelFile(**file) for file in entry["files"]),
        ollama=entry.get("ollama", ""),
        hub=Hub(**entry["hub"]) if "hub" in entry else None,
        wheels=wheels and _wheels(**wheels),
    )


def _wheels(packages: str, count: int, members: str, join: Join) -> Wheels:
    return Wheels(tuple(packages.format(n=number) for number in range(1, count + 1)), members, join)
