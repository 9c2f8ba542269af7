"""Whatever is in a file, its reader names it or reads it; and the other files of a run are indexed all the same."""

import struct
import zipfile
from pathlib import Path

import docx
import pytest
from made_files import LIE, MORE, PROSE, chapter, epub, packed

from index.building import build
from index.decoding import NotText, decode
from index.drafts import Draft
from index.errors import RejectedFile
from index.opening import open_index
from index.readers import FORMATS, reader_for
from index.settings import IndexSettings, SearchSettings

MOST = 1_000_000


def read(path: Path, most: int = MOST) -> list[Draft | RejectedFile]:
    reader = reader_for(path)
    assert reader is not None
    return list(reader(path, most))


def reason(path: Path, most: int = MOST) -> str:
    with pytest.raises(RejectedFile) as error:
        read(path, most)
    return str(error.value)


def word(path: Path, *paragraphs: str) -> Path:
    file = docx.Document()
    for each in paragraphs:
        file.add_paragraph(each)
    file.save(str(path))
    return path


def with_member(path: Path, name: str, content: bytes) -> Path:
    """The archive with one member put in place of its own."""
    with zipfile.ZipFile(path) as archive:
        members = {each: archive.read(each) for each in archive.namelist()} | {name: content}
    path.write_bytes(packed(members))
    return path


def test_archives_are_unpacked_only_so_far(tmp_path: Path) -> None:
    bomb = b"<w:p>" * 4_000_000
    big = with_member(word(tmp_path / "a.docx", PROSE), "word/document.xml", bomb)
    assert big.stat().st_size < 100_000
    assert reason(big) == "it unpacks to more than 1 MB Raise index.max_file_mb to read it."
    pages = {f"{n}.xhtml": chapter("x", " " * 300_000) for n in range(5)}
    assert reason(epub(tmp_path / "a.epub", pages)).startswith("it unpacks to more than 1 MB")


def test_an_archive_that_lies_about_its_sizes_is_unpacked_only_so_far(tmp_path: Path) -> None:
    path = epub(tmp_path / "a.epub", {"a.xhtml": " " * 5_000_000})
    data = bytearray(path.read_bytes())
    for at in range(len(data) - 4):
        if data[at : at + 4] == struct.pack("<I", 5_000_000):
            data[at : at + 4] = struct.pack("<I", 100)
    path.write_bytes(data)
    assert "is damaged" in reason(path) or "unpacks to more" in reason(path)


def test_pictures_of_a_word_file_are_not_unpacked(tmp_path: Path) -> None:
    path = with_member(word(tmp_path / "a.docx", PROSE), "word/media/image1.png", bytes(10_000_000))
    [draft] = read(path)
    assert isinstance(draft, Draft)
    assert draft.text == PROSE


def test_members_whose_names_lead_elsewhere_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xhtml"
    secret.write_text(chapter("x", f"<p>{LIE} {PROSE}</p>"))
    names = [f"../../{secret.name}", f"..{secret}", "%2e%2e/%2e%2e/secret.xhtml", f"file://{secret}", "/etc/passwd"]
    pages = {"a.xhtml": chapter("Storm", f"<p>{PROSE}</p>"), **{f"../{n}": "" for n in names}}
    path = epub(
        tmp_path / "a.epub", pages, extra={"../../secret.xhtml": secret.read_text(), "/etc/passwd": secret.read_text()}
    )
    [draft] = read(path)
    assert isinstance(draft, Draft)
    assert draft.text == f"Storm\n\n{PROSE}"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.epub", "secret.xhtml"]


NESTED = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
ENTITIES = f'<!DOCTYPE x [<!ENTITY a "{LIE}">{NESTED}<!ENTITY file SYSTEM "file:///etc/passwd">]>'


def test_entities_are_not_unpacked(tmp_path: Path) -> None:
    feed = tmp_path / "a.xml"
    feed.write_text(
        f'<?xml version="1.0"?>{ENTITIES}<rss version="2.0"><channel><item><title>&j;</title><description>&file;</description></item></channel></rss>'
    )
    assert "declares XML entities" in reason(feed)
    feed.write_text(feed.read_text(), encoding="utf-16")
    assert "declares XML entities" in reason(feed)
    words = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

    def told(text: str) -> Path:
        body = f"<w:p><w:r><w:t>{PROSE}</w:t></w:r><w:r><w:t>{text}</w:t></w:r></w:p>"
        xml = f'<?xml version="1.0"?>{ENTITIES}<w:document xmlns:w="{words}"><w:body>{body}</w:body></w:document>'
        return with_member(word(tmp_path / "a.docx", PROSE), "word/document.xml", xml.encode())

    assert "not a Word file" in reason(told("&j;"))
    [draft] = read(told("&a;&file;"))
    assert isinstance(draft, Draft)
    assert draft.text == PROSE
    book = epub(
        tmp_path / "a.epub",
        {"a.xhtml": f'<?xml version="1.0"?>{ENTITIES}<html><body><p>{PROSE}</p><p>&j;&file;</p></body></html>'},
    )
    [chapter_] = read(book)
    assert isinstance(chapter_, Draft)
    assert LIE not in chapter_.text
    assert "root:" not in chapter_.text
    with_member(
        book,
        "OEBPS/book.opf",
        f'<?xml version="1.0"?>{ENTITIES}<package><metadata/><spine>&j;</spine></package>'.encode(),
    )
    assert "not a book" in reason(book)


def test_books_that_are_locked_are_named(tmp_path: Path) -> None:
    lock = '<encryption><EncryptedData><CipherData><CipherReference URI="OEBPS/a.xhtml"/></CipherData></EncryptedData></encryption>'
    path = epub(tmp_path / "a.epub", {"a.xhtml": chapter("x", PROSE)}, extra={"META-INF/encryption.xml": lock})
    assert "locked against copying" in reason(path)
    fonts = lock.replace("a.xhtml", "font.otf")
    assert (
        len(read(epub(tmp_path / "b.epub", {"a.xhtml": chapter("x", PROSE)}, extra={"META-INF/encryption.xml": fonts})))
        == 1
    )


def test_nothing_larger_than_is_allowed_is_held(tmp_path: Path) -> None:
    for suffix in FORMATS:
        path = tmp_path / f"big{suffix}"
        with path.open("wb") as file:
            # A sparse file; one of records is read to its end for the next line.
            file.truncate(20_000_000 if suffix == ".jsonl" else 3_000_000_000)
        if suffix == ".jsonl":
            [only] = read(path)
            assert isinstance(only, RejectedFile)
            assert "larger than 1 MB" in str(only)
        else:
            assert reason(path).startswith("it is larger than 1 MB")
        path.unlink()


@pytest.mark.parametrize("suffix", sorted(FORMATS))
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n \n",
        bytes(1000),
        b"PK\x03\x04" + bytes(60),
        b"\xff\xfe\x00",
        b"<" * 5000,
        b"%PDF-1.7\n%%EOF",
        "☃".encode() * 9,
        b"\x1b[31m",
    ],
    ids=range(9),
)
def test_what_is_no_file_of_its_kind_is_named_or_read(suffix: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    if suffix == ".pdf" and len(data) > 100:
        pytest.skip("a process for each costs time; the fuzz test has more of these")
    try:
        found = read(path)
    except RejectedFile as rejected:
        assert str(rejected)
        assert rejected.path.startswith(str(path))
    else:
        assert all(isinstance(each, Draft | RejectedFile) for each in found)


def test_a_page_nested_without_end_is_read_or_named(tmp_path: Path) -> None:
    deep = "<div>" * 100_000 + PROSE + "</div>" * 100_000
    for suffix, text in {".html": f"<html><body>{deep}", ".eml": f"From: a\nContent-Type: text/html\n\n{deep}"}.items():
        path = tmp_path / f"a{suffix}"
        path.write_text(text)
        try:
            read(path, 10_000_000)
        except RejectedFile as rejected:
            assert str(rejected)
    parts = "\n".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}' for n in range(3000))
    path = tmp_path / "deep.eml"
    path.write_text(f"From: a\n{parts}\nContent-Type: text/plain\n\n{PROSE}")
    with pytest.raises(RejectedFile):
        read(path, 10_000_000)


@pytest.mark.parametrize("encoding", ["punycode", "idna", "unicode_escape", "utf-7", "zip", "rot13", "no-such"])
def test_encodings_that_no_page_is_written_in_are_refused(encoding: str) -> None:
    with pytest.raises(NotText):
        decode(f'<meta charset="{encoding}">'.encode() + b"\xff" * 50, markup=True)


def test_a_page_that_calls_windows_letters_latin_keeps_its_quotes() -> None:
    assert decode(b'<meta charset="iso-8859-1">\x93Storm\x94 \x96 caf\xe9', markup=True).endswith("“Storm” – café")


def test_letters_that_turn_or_have_no_width_hide_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_text(
        f"From: a\nSubject: x\nContent-Type: text/html; charset=utf-8\n\n<p>{PROSE}</p><p>pay\u200bment of \u202e001$\u202c\u2066x\u2069 \ufeffdue</p>"
    )
    [draft] = read(path)
    assert isinstance(draft, Draft)
    assert draft.text == f"{PROSE}\n\npayment of 001$x due"


def test_a_run_over_bad_files_indexes_the_good_ones(tmp_path: Path) -> None:
    folder = tmp_path / "pile"
    folder.mkdir()
    for number in range(3):
        (folder / f"good{number}.txt").write_text(f"{number}. {PROSE}\n\n{MORE} {number}.")
    word(folder / "good.docx", PROSE, MORE)
    epub(folder / "good.epub", {"a.xhtml": chapter("Storm", f"<p>{MORE}</p>")})
    bad = {
        "bomb.docx": packed({"[Content_Types].xml": b"<x/>", "word/document.xml": bytes(25_000_000)}),
        "fake.pdf": b"%PDF-1.4 no", "empty.epub": b"", "bytes.html": bytes(range(256)) * 40, "sitemap.xml": b"<urlset/>",
        "no-text.csv": b"a,b\n1,2\n", "not.eml": b"hello", "none.mhtml": b"MIME-Version: 1.0\n\nx",
    }  # fmt: skip
    for name, data in bad.items():
        (folder / name).write_bytes(data)
    settings = IndexSettings(embedder="hashing", passage_tokens=32)
    with open_index(tmp_path / "home", settings, SearchSettings(), tmp_path, write=True) as index:
        summary = build(index, [folder])
        again = build(index, [folder])
    assert (summary.read, summary.articles, again.unchanged) == (5, 5, 5)
    assert {Path(path).name for path, _ in summary.rejected} == set(bad)
    assert {Path(path).name for path, _ in again.rejected} == set(bad)
    assert all(why for _, why in summary.rejected)


def test_a_folder_of_very_many_small_files_is_gone_through_one_by_one(tmp_path: Path) -> None:
    from index.files import files_of

    for number in range(500):
        (tmp_path / f"{number:04}.txt").write_bytes(b"")
    found = files_of([tmp_path])
    assert next(iter(found)) == tmp_path / "0000.txt"
    assert sum(isinstance(each, Path) for each in found) == 499


def test_columns_that_are_told_later_are_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"text,kop\n{PROSE},Storm\n")
    titles = []
    for columns in ("", "title=kop", "title=kop", ""):
        settings = IndexSettings(embedder="hashing", passage_tokens=32, columns=columns)
        with open_index(tmp_path / "home", settings, SearchSettings(), tmp_path, write=True) as index:
            summary = build(index, [path])
            titles += [(article.title, summary.read) for article in index.catalogue.articles()]
    assert titles == [(None, 1), ("Storm", 1), ("Storm", 0), ("Storm", 0)]


@pytest.mark.parametrize("written", ["title", "title=", "nonsense=a", "title=a, nonsense=b"])
def test_columns_are_told_as_field_and_name(written: str) -> None:
    with pytest.raises(ValueError, match="must be field=column"):
        IndexSettings(columns=written)
