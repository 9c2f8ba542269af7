"""Which models are in place, and where."""

from dataclasses import dataclass
from pathlib import Path

from index.errors import BrokenError, MissingError
from rag.weights.digests import hashed, remember
from rag.weights.manifest import Model, ModelFile, known, load_manifest


@dataclass(frozen=True, slots=True)
class Place:
    """A model of the manifest and what of it is in place: "present", "missing", or "damaged" by its size."""

    model: Model
    path: Path
    state: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One file, read and hashed again."""

    model: str
    path: Path
    wanted: str
    found: str

    @property
    def sound(self) -> bool:
        """Whether the bytes are those of the manifest."""
        return self.wanted == self.found


def path_of(model: Model, models: Path) -> Path:
    """Where a model is opened: the one file of a chat model, the folder of an embedding model."""
    return models / model.folder if model.folder else models / model.files[0].path


def file_path(model: Model, file: ModelFile, models: Path) -> Path:
    """Where one file of a model belongs."""
    return models / model.folder / file.path


def status(models: Path, manifest: tuple[Model, ...] | None = None) -> tuple[Place, ...]:
    """Every model of the manifest with its state, by the sizes of its files."""
    listed = load_manifest() if manifest is None else manifest
    return tuple(Place(model, path_of(model, models), _state(model, models)) for model in listed)


def check(models: Path, manifest: tuple[Model, ...] | None = None) -> tuple[Checked, ...]:
    """Hash every file of the models that are in place, in the manifest's order."""
    checked = []
    for place in status(models, manifest):
        for file in place.model.files:
            path = file_path(place.model, file, models)
            if path.is_file():
                found = hashed(path)
                remember(path, models, found)
                checked.append(Checked(place.model.name, path, file.sha256, found))
    return tuple(checked)


def locate(name_or_path: str, models: Path, manifest: tuple[Model, ...] | None = None) -> Path:
    """The file or folder of a model, by its name in the manifest or by its path."""
    listed = load_manifest() if manifest is None else manifest
    if all(model.name != name_or_path for model in listed):
        path = Path(name_or_path).expanduser()
        if path.exists():
            return path
        if path.suffix or len(path.parts) > 1:
            raise MissingError(f"There is no model at {path}.", "Name a file, or a model of `byline models list`.")
    model = known(name_or_path, listed)
    state = _state(model, models)
    if state == "missing":
        raise MissingError(f"The model {model.name} is not on this machine.", f"Run `byline models pull {model.name}`.")
    if state == "damaged":
        raise BrokenError(
            f"The model {model.name} in {models} is damaged: a file has the wrong size.",
            f"Run `byline models pull {model.name}`.",
        )
    return path_of(model, models)


def in_place(model: Model, file: ModelFile, models: Path) -> bool:
    """Whether a file is there in its full size."""
    path = file_path(model, file, models)
    return path.is_file() and path.stat().st_size == file.bytes


def _state(model: Model, models: Path) -> str:
    if all(in_place(model, file, models) for file in model.files):
        return "present"
    return "damaged" if any(file_path(model, file, models).is_file() for file in model.files) else "missing"
