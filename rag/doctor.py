"""Everything that an answer needs, looked at part by part; what is missing comes with the command that mends it."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from index.errors import BylineError
from rag.settings import Settings

State = Literal["well", "info", "missing"]
OLDEST_PYTHON = (3, 11)
ROOM_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One part: well, missing (and then the remedy), or merely worth knowing."""

    part: str
    state: State
    says: str
    remedy: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain JSON values."""
        return asdict(self)


def examine(settings: Settings) -> list[Finding]:
    """Look at every part; nothing is loaded, fetched or written."""
    parts: tuple[Callable[[Settings], Finding], ...] = (python, disk, embedder, index, ollama, model)
    served = (chroma,) if settings.search.chroma_url else ()
    return [part(settings) for part in (*parts, *served)]


def python(_: Settings) -> Finding:
    """The interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return Finding("python", "missing", f"{version} is too old.", "Install Python 3.11 or later.")
    return Finding("python", "well", version)


def disk(settings: Settings) -> Finding:
    """Room where the home and the models lie."""
    places = {_existing(settings.home), _existing(settings.models)}
    free = min(shutil.disk_usage(place).free for place in places)
    says = f"{free / 1e9:.1f} GB free"
    if free < ROOM_BYTES:
        return Finding("disk", "missing", f"Only {says}.", "Make room, or name another place with --home.")
    if not all(os.access(place, os.W_OK) for place in places):
        return Finding("disk", "missing", "The home or the models directory cannot be written.", "Name another --home.")
    return Finding("disk", "well", says)


def embedder(settings: Settings) -> Finding:
    """The embedding model that the settings name."""
    name = settings.index.embedder
    if name == "hashing":
        return Finding("embedding model", "info", "hashing stands in for a model; searches are poor.")
    return _model_file("embedding model", name, settings)


def index(settings: Settings) -> Finding:
    """The index of the home, against the settings."""
    from index.catalogue import SqliteCatalogue
    from index.manifest import read_manifest
    from index.opening import current

    folder = current(settings.home)
    if folder is None:
        return Finding("index", "missing", f"There is none in {settings.home}.", "Run: byline index PATH")
    try:
        manifest = read_manifest(folder)
        catalogue = SqliteCatalogue(folder / "catalogue.sqlite")
    except BylineError as error:
        return Finding("index", "missing", error.problem, error.remedy)
    articles, passages = catalogue.count()
    catalogue.close()
    if manifest is None:
        return Finding("index", "missing", "It was never finished.", "Run: byline index PATH")
    if manifest.embedder != settings.index.embedder:
        says = f"It was made with {manifest.embedder}; the settings say {settings.index.embedder}."
        return Finding("index", "missing", says, "Set index.embedder back, or run: byline index --rebuild")
    if not articles:
        return Finding("index", "missing", "It holds no article.", "Run: byline index PATH")
    return Finding("index", "well", f"{articles} articles, {passages} passages, in {settings.home}")


def ollama(_: Settings) -> Finding:
    """An Ollama server; nobody needs one."""
    from rag.runtimes.addresses import answers, ollama_address

    address = ollama_address(os.environ.get("OLLAMA_HOST", ""))
    there = answers(address)
    return Finding(
        "ollama", "info", f"A server answers at {address}." if there else f"No server at {address}; not needed."
    )


def chroma(settings: Settings) -> Finding:
    """The Chroma server that the settings name."""
    from index.chroma import version_at

    try:
        return Finding(
            "chroma", "well", f"{settings.search.chroma_url} answers, version {version_at(settings.search)}."
        )
    except BylineError as error:
        return Finding("chroma", "missing", error.problem, error.remedy)


def model(settings: Settings) -> Finding:
    """The model that answers, where the settings have it run."""
    from rag.runtimes.addresses import answers, ollama_address
    from rag.runtimes.choosing import DEFAULT

    how = settings.model
    if how.runtime == "scripted":
        return Finding("model", "info", "A scripted model stands in; it only repeats.")
    if how.runtime == "openai" or (how.runtime == "auto" and how.url):
        return Finding(
            "model", "info", f"{how.name or 'the first model'} of the server {how.url}; it is asked when needed."
        )
    if how.runtime == "ollama" and not answers(ollama_address(how.url or os.environ.get("OLLAMA_HOST", ""))):
        return Finding("model", "missing", "The settings name Ollama, and it does not answer.", "Run: ollama serve")
    if how.runtime == "ollama":
        return Finding("model", "info", f"{how.name or DEFAULT} on Ollama; it is asked when needed.")
    return _model_file("model", how.name or DEFAULT, settings)


def _model_file(part: str, name: str, settings: Settings) -> Finding:
    from rag.weights.digests import remembered
    from rag.weights.places import file_path, locate, status

    try:
        path = locate(name, settings.models)
    except BylineError as error:
        return Finding(part, "missing", error.problem, error.remedy)
    listed = next((place.model for place in status(settings.models) if place.model.name == name), None)
    if listed is None:
        return Finding(part, "info", f"{path}, which no manifest knows.")
    stamps = [(remembered(file_path(listed, each, settings.models), settings.models), each) for each in listed.files]
    if any(stamp is not None and stamp != file.sha256 for stamp, file in stamps):
        return Finding(part, "missing", f"{name} has another digest.", f"Run: byline models pull {name}")
    if any(stamp is None for stamp, _ in stamps):
        return Finding(
            part, "info", f"{name} is here; its digest was not checked yet.", f"Run: byline models check {name}"
        )
    return Finding(part, "well", f"{name}, digest as published")


def _existing(path: Path) -> Path:
    path = path.absolute()
    return next(each for each in (path, *path.parents) if each.exists())
