"""Models for the command line: which there are, fetching them, and hashing them again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rag.doors.terminal.bylines import size
from rag.doors.terminal.progress import fetching
from rag.doors.terminal.safe import one_line
from rag.doors.terminal.screen import open_screen, print_json
from rag.weights.manifest import known
from rag.weights.places import Place, check, status
from rag.weights.pulling import pull

if TYPE_CHECKING:
    from rag.settings import Settings

MISSING = 4


def defaults(settings: "Settings") -> tuple[str, ...]:
    """The models that these settings need and that the manifest knows: the embedding one, and the one that answers."""
    from rag.runtimes.choosing import DEFAULT

    listed = {place.model.name for place in status(settings.models)}
    wanted = (settings.index.embedder, settings.model.name or DEFAULT)
    return tuple(name for name in wanted if name in listed)


def run_list(settings: "Settings", *, json: bool, plain: bool) -> None:
    """Every model of the manifest."""
    places, needed = status(settings.models), defaults(settings)
    if json:
        print_json({"directory": str(settings.models), "models": [_place(each, needed) for each in places]})
        return
    screen = open_screen(plain=plain)
    rows = [
        (
            each.model.name + (" *" if each.model.name in needed else ""),
            each.model.kind,
            size(each.model.bytes),
            each.model.licence,
            each.state,
        )
        for each in places
    ]
    screen.table(("name", "kind", "size", "licence", "here"), rows)
    screen.line(f"* used by these settings. Directory: {one_line(str(settings.models))}", "dim")


def run_pull(settings: "Settings", names: Sequence[str], *, json: bool, plain: bool) -> None:
    """Fetch the named models, or those that the settings need."""
    wanted = names or defaults(settings)
    for name in wanted:
        known(name)
    with fetching(plain=plain, quiet=json) as tell:
        pulled = [(name, pull(name, settings.models, tell)) for name in wanted]
    if json:
        print_json({"pulled": [{"name": name, "path": str(path)} for name, path in pulled]})
        return
    screen = open_screen(plain=plain)
    for name, path in pulled:
        screen.line(f"{name} is here: {one_line(str(path))}")


def run_check(settings: "Settings", names: Sequence[str], *, json: bool, plain: bool) -> int:
    """Hash again what is here; 4 where a digest differs, or a named model is not here."""
    models = [known(name) for name in names]
    checked = check(settings.models, tuple(models) or None)
    here = {each.model for each in checked}
    absent = [model.name for model in models if model.name not in here]
    sound = all(each.sound for each in checked) and not absent
    if json:
        files = [
            {
                "model": each.model,
                "path": str(each.path),
                "sound": each.sound,
                "wanted": each.wanted,
                "found": each.found,
            }
            for each in checked
        ]
        print_json({"ok": sound, "files": files, "missing": absent})
        return 0 if sound else MISSING
    screen = open_screen(plain=plain)
    for each in checked:
        word, style = ("sound", "green") if each.sound else (f"damaged; run: byline models pull {each.model}", "red")
        screen.line(f"{each.model}: {one_line(each.path.name)}: {word}", style)
    for name in absent:
        screen.line(f"{name}: not here; run: byline models pull {name}", "red")
    if not checked and not absent:
        screen.line("No model is here; run: byline models pull")
    return 0 if sound else MISSING


def _place(place: Place, needed: Sequence[str]) -> dict[str, Any]:
    model = place.model
    return {
        "name": model.name,
        "kind": model.kind,
        "licence": model.licence,
        "bytes": model.bytes,
        "sha256": model.sha256,
        "state": place.state,
        "needed": model.name in needed,
        "path": str(place.path),
    }
