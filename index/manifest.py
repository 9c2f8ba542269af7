"""What an index was made with; one made otherwise cannot be searched or added to as if it were the same."""

import json
import os
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from index.errors import BrokenError
from index.protocols import Embedder
from index.schema import VERSION
from index.splitting import SPLITTER

_FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The embedder, the splitter, the schema, and the collection of the vectors."""

    embedder: str
    embedder_digest: str
    dimension: int
    splitter: str
    passage_tokens: int
    schema: int
    collection: str

    def check(self, other: "Manifest", *, writing: bool) -> None:
        """Raises BrokenError naming the first thing that differs from how the index was made.

        How passages are split matters only to a writer.
        """
        fields = ["schema", "embedder_digest", "dimension", *(("splitter", "passage_tokens") if writing else ())]
        for field in fields:
            made, asked = getattr(self, field), getattr(other, field)
            if made != asked:
                raise BrokenError(
                    f"The index was made with {field} {made}; now it is {asked}.",
                    "Set it back, or build again: byline index --rebuild PATH.",
                )

    def digest(self, content: str) -> str:
        """sha256 over how the index was made and what is in it."""
        made = {name: value for name, value in asdict(self).items() if name not in {"embedder", "collection"}}
        return sha256(json.dumps([made, content], sort_keys=True).encode()).hexdigest()


def manifest_for(embedder: Embedder, passage_tokens: int, collection: str) -> Manifest:
    """The manifest of an index that is made now."""
    return Manifest(embedder.name, embedder.digest, embedder.dimension, SPLITTER, passage_tokens, VERSION, collection)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of an index, or None where there is none yet."""
    try:
        return Manifest(**json.loads((folder / _FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        problem = f"{folder / _FILE} cannot be read: {error}."
        raise BrokenError(problem, "Build the index again: byline index --rebuild PATH.") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it whole or not at all."""
    write_whole(folder / _FILE, json.dumps(asdict(manifest), indent=2) + "\n")


def write_whole(path: Path, text: str) -> None:
    """A file with this text in place of the old one, at once."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
