"""An archive is whole or it is refused, and no name in it becomes a path."""

import io
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from index.archive import ABOUT, FORMAT, VERSION, new_archive, open_archive
from index.errors import BrokenError, BylineError, UsageError

NAMES = ("one.jsonl", "two.f32")
ONE, TWO = b'{"a": 1}\n' * 500, bytes(range(256)) * 8


@pytest.fixture(params=["file", "folder"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "made"
    with new_archive(path, folder=request.param == "folder") as writer:
        for name, data in zip(NAMES, (ONE, TWO), strict=True):
            with writer.member(name, packed=name == NAMES[0]) as file:
                for at in range(0, len(data), 700):
                    file.write(data[at : at + 700])
        writer.finish({"articles": 3})
    return path


def read(path: Path) -> dict[str, bytes]:
    with open_archive(path, NAMES, ["three.jsonl"]) as reader:
        reader.check()
        assert reader.about["articles"] == 3
        found = {}
        for name in NAMES:
            with reader.member(name) as file:
                found[name] = file.read(1 << 20)
        return found


def test_what_is_written_is_read(made: Path) -> None:
    assert read(made) == {"one.jsonl": ONE, "two.f32": TWO}
    with open_archive(made, NAMES, []) as reader, reader.member(NAMES[0]) as file:
        assert b"".join(file.lines(9)) == ONE
    with open_archive(made, NAMES, []) as reader, reader.member(NAMES[0]) as file, pytest.raises(BrokenError):
        list(file.lines(8))


def test_a_name_that_is_taken_is_left_alone(made: Path, tmp_path: Path) -> None:
    before = read(made)
    for folder in (True, False):
        with pytest.raises(UsageError, match="there already"), new_archive(made, folder=folder):
            pass
    assert read(made) == before
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="there already"), new_archive(link):
        pass
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("folder", [True, False])
def test_one_that_was_broken_off_leaves_nothing(tmp_path: Path, folder: bool) -> None:
    with pytest.raises(KeyboardInterrupt), new_archive(tmp_path / "a", folder=folder) as writer:
        with writer.member("one.jsonl") as file:
            file.write(ONE)
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def zipped(
    path: Path, change: Callable[[ZipFile, dict[str, bytes]], None] = lambda file, parts: None, **about: Any
) -> Path:
    """An archive made by hand, and then spoilt."""
    parts = {"one.jsonl": ONE, "two.f32": TWO}
    members = {name: {"bytes": len(data), "sha256": sha256(data).hexdigest()} for name, data in parts.items()}
    whole = {"format": FORMAT, "version": VERSION, "articles": 3, "members": members, **about}
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        change(file, parts)
        for name, data in parts.items():
            file.writestr(name, data)
        if ABOUT not in file.namelist():
            file.writestr(ABOUT, json.dumps(whole))
    return path


def spoil(**changed: bytes) -> Callable[[ZipFile, dict[str, bytes]], None]:
    return lambda file, parts: parts.update({name.replace("_", "."): data for name, data in changed.items()})


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("change", "about", "said"),
    [
        (lambda file, parts: file.writestr("../../evil.txt", "x"), {}, "'../../evil.txt', which this Byline does not know"),
        (lambda file, parts: file.writestr("/etc/passwd", "x"), {}, "which this Byline does not know"),
        (lambda file, parts: file.writestr("one.jsonl/", ""), {}, "which this Byline does not know"),
        (lambda file, parts: file.writestr("one.jsonl", ONE), {}, "holds a member twice"),
        (lambda file, parts: parts.pop("two.f32"), {}, "has not all its members"),
        (spoil(one_jsonl=ONE[:-9] + b'{"a": 2}\n'), {}, "its digest differs"),
        (spoil(one_jsonl=ONE + ONE), {}, "a length differs"),
        (lambda file, parts: file.writestr(ABOUT, "[" * 100_000), {}, "not an archive of Byline"),
        (lambda file, parts: file.writestr(ABOUT, "{" + " " * (1 << 20) + "}"), {}, "not an archive of Byline"),
        (None, {"format": "another"}, "not an archive of Byline"),
        (None, {"version": 2}, "archive of version 2; this Byline reads 1. Import it with the Byline that made it"),
        (None, {"members": {"one.jsonl": 3}}, "is damaged"),
        (None, {"members": {"../x": {"bytes": 1, "sha256": "0"}}}, "'../x', which this Byline does not know"),
    ],
)  # fmt: skip
def test_what_is_no_whole_archive_is_refused(tmp_path: Path, change: Any, about: dict[str, Any], said: str) -> None:
    path = zipped(tmp_path / "bad.zip", change or (lambda file, parts: None), **about)
    with pytest.raises((UsageError, BrokenError)) as refused:
        read(path)
    assert said in str(refused.value)
    assert [each.name for each in tmp_path.iterdir()] == ["bad.zip"]


def test_every_flipped_byte_and_every_cut_is_noticed(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "good.zip")
    assert read(whole) == {"one.jsonl": ONE, "two.f32": TWO}
    data = whole.read_bytes()
    unnoticed = []
    for at in range(0, len(data), 7):
        whole.write_bytes(data[:at] + bytes([data[at] ^ 0x41]) + data[at + 1 :])
        try:
            if read(whole) != {"one.jsonl": ONE, "two.f32": TWO}:
                unnoticed.append(at)
        except BylineError:
            continue
    assert unnoticed == []
    for length in range(0, len(data) - 1, 11):
        whole.write_bytes(data[:length])
        with pytest.raises(BylineError):
            read(whole)


def test_a_folder_with_a_link_in_it_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    with new_archive(folder, folder=True) as writer:
        for name in NAMES:
            with writer.member(name) as file:
                file.write(ONE)
        writer.finish({"articles": 3})
    outside = tmp_path / "outside"
    outside.write_bytes(ONE)
    (folder / "one.jsonl").unlink()
    (folder / "one.jsonl").symlink_to(outside)
    with pytest.raises(UsageError, match="not a plain file"):
        read(folder)


def test_other_things_are_no_archives(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("words")
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as file:
        file.writestr("[Content_Types].xml", "<x/>")
    (tmp_path / "other.zip").write_bytes(buffer.getvalue())
    (tmp_path / "empty").mkdir()
    for name in ("text", "other.zip", "empty", "absent"):
        with pytest.raises(UsageError, match="archive"):
            read(tmp_path / name)
