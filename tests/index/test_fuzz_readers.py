"""Every reader against files that are damaged, hostile or only odd: it reads them or names them, and its text is clean.

A few cases each in the gate, always the same; `make fuzz MINUTES=10` goes on with new ones. What has found a bug lies in
`fuzz_corpus/` and is read again every time.
"""

import os
import re
import time
import zipfile
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_files import MORE, PROSE, chapter, epub, packed, pdf

from index.articles import article_from
from index.characters import normalise
from index.drafts import Draft
from index.errors import RejectedFile
from index.readers import FORMATS, reader_for
from index.readers.pdf_child import told_of
from index.readers.sniffing import kind_of
from index.splitting import split

HERE = Path(__file__).parent
CORPUS = HERE / "fuzz_corpus"
MINUTES = float(os.environ.get("FUZZ_MINUTES", "0"))
MOST = 300_000
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")

TEXT = st.one_of(
    st.sampled_from(
        [
            PROSE,
            MORE,
            "By Ann Berg",
            "June 8, 2025",
            "Title: x",
            "| a | b |",
            "- one",
            "\u202e\u200b",
            "\x1b[31m",
            "",
            "\0",
        ]
    ),
    st.text(max_size=40),
)
TAGS = st.sampled_from(
    [
        "html",
        "head",
        "body",
        "article",
        "p",
        "div",
        "span",
        "a",
        "b",
        "i",
        "h1",
        "ul",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "br",
        "img",
        "style",
        "script",
        "template",
        "title",
        "meta",
        "font",
        "svg",
        "nav",
        "time",
        "section",
        "aside",
        "iframe",
        "select",
        "option",
        "noscript",
        "object",
        "base",
        "form",
        "textarea",
        "plaintext",
        "frameset",
    ]
)
ATTRIBUTES = st.sampled_from(
    ["", " hidden", " class='x'", " style='display:none'", " style='color:#fff;background:url('", " id=x", " style='", " href='//['",
     " property='og:title' content='T'", " property='article:published_time' content='9999-99-99'", " lang='\U0001f600'", " style=\x00"]
)  # fmt: skip
STYLES = st.sampled_from(
    ["<style>.x{display:none}}}{</style>", "<style>@media{a:b{</style>", "<style>p>>p{color:#fff} ~{opacity:0}</style>"]
)
LINKED = st.sampled_from(
    ['<script type="application/ld+json">{"@type":"NewsArticle","headline":[1],"author":{"name":{"a":1}}}</script>',
     '<script type="application/ld+json">[[[[[[{"@graph":"x"}]]]]]]</script>', '<link rel="canonical" href="http://[">']
)  # fmt: skip


@st.composite
def markup(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 25))):
        kind = draw(st.integers(0, 5))
        tag = draw(TAGS)
        parts.append(
            [f"<{tag}{draw(ATTRIBUTES)}>", f"</{tag}>", draw(TEXT), draw(STYLES), f"<{tag}/>", draw(LINKED)][kind]
        )
    return "".join(parts)


EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12)), max_size=6)


def edited(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """The data with some of it put out and other in its place."""
    for place, length, new in edits:
        at = int(place * len(data))
        data = data[:at] + new + data[at + length :]
    return data


@cache
def seeds() -> dict[str, bytes]:
    """A good file of each format that is packed or binary."""
    with TemporaryDirectory() as folder:
        top = Path(folder)
        file = docx.Document()
        file.add_heading("Storm", 0)
        file.add_paragraph(PROSE, style="List Bullet").add_run(MORE).font.hidden = True
        file.add_table(2, 2).cell(0, 0).text = "Ferry"
        file.save(str(top / "a.docx"))
        pages = {"a.xhtml": chapter("Storm", f"<p>{PROSE}</p>"), "b.xhtml": chapter("Ferry", f"<p>{MORE}</p>")}
        epub(top / "a.epub", pages, {"a.xhtml": "Storm"}, "<dc:date>2025-06-08</dc:date>")

        def draw(made: object) -> None:
            made.set_compression(False)  # type: ignore[attr-defined]
            for at, line in enumerate((PROSE, MORE) * 6):
                made.text(40, 160 + 14 * at, line[:60])  # type: ignore[attr-defined]

        pdf(top / "a.pdf", draw, title="Storm shuts harbour")
        return {each: (top / f"a{each}").read_bytes() for each in (".docx", ".epub", ".pdf")}


@st.composite
def parcel(draw: st.DrawFn, suffix: str) -> bytes:
    """An archive with some of its parts damaged, or the archive itself."""
    whole = seeds()[suffix]
    if draw(st.booleans()):
        return edited(whole, draw(EDITS))
    with TemporaryDirectory() as folder:
        path = Path(folder, "a")
        path.write_bytes(whole)
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    for name in draw(st.lists(st.sampled_from(sorted(members)), min_size=1, max_size=3)):
        members[name] = edited(members[name], draw(EDITS))
    if draw(st.booleans()):
        members.pop(draw(st.sampled_from(sorted(members))))
    return packed(members)


HEADERS = st.sampled_from(
    ["From: Ann <a@b>", "From: =?utf-8?q?=ff?=", "From:", "Subject: =?x?b?%%?=", "Date: Sun, 99 Jun 2025", "Date: Sun, 08 Jun 2025 10:00:00 +9999",
     "Content-Type: text/html; charset=utf-16", "Content-Type: multipart/related; boundary=x; start=<1>", "Content-Type: multipart/mixed; boundary=",
     "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable", "Content-Type: message/rfc822", "MIME-Version: 1.0",
     "Content-Disposition: attachment; filename*=utf-8''%ff.pdf", "Content-Type: text/plain; charset=punycode", "Archived-At: <http://[>",
     "Content-Type: text/plain; format=flowed", "Organization: \x00", "Snapshot-Content-Location: http://a.example/"]
)  # fmt: skip


@st.composite
def message(draw: st.DrawFn) -> bytes:
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        head = "\n".join(draw(st.lists(HEADERS, max_size=5)))
        parts.append(
            f"{head}\n\n{draw(st.one_of(TEXT, markup()))}\n{draw(st.sampled_from(['--x', '--x--', '--', '']))}\n"
        )
    return edited("".join(parts).encode("utf-8", "surrogatepass"), draw(EDITS))


def written(source: st.SearchStrategy[str], *around: str) -> st.SearchStrategy[bytes]:
    before, after = around or ("", "")
    return st.builds(
        lambda text, edits: edited(f"{before}{text}{after}".encode("utf-8", "surrogatepass"), edits), source, EDITS
    )


LINES = st.lists(st.one_of(TEXT, markup()), max_size=12).map("\n".join)
ENTRY = st.builds(
    lambda a, b, c: f"<item><title>{a}</title><pubDate>{b}</pubDate><description><![CDATA[{c}]]></description></item>",
    TEXT,
    TEXT,
    markup(),
)
FILES: dict[str, st.SearchStrategy[bytes]] = {
    ".txt": st.one_of(written(LINES), st.binary(max_size=200)),
    ".md": written(LINES, "---\ntitle: x\n---\n", ""),
    ".html": st.one_of(written(markup()), written(markup(), f"<html><body><article><p>{PROSE}</p>", f"<p>{MORE}</p></article>")),
    ".mhtml": message(),
    ".eml": message(),
    ".csv": written(LINES, "title,body,date\n", ""),
    ".jsonl": written(LINES, '{"title": "x", "body": "', '"}\n{"body": [1]}\n[]\n'),
    ".xml": written(st.lists(ENTRY, max_size=4).map("".join), '<rss version="2.0"><channel><title>x</title>', "</channel></rss>"),
    ".docx": parcel(".docx"),
    ".epub": parcel(".epub"),
}  # fmt: skip


def check(suffix: str, data: bytes) -> None:
    """The reader of a kind either names the file or gives clean articles of it, whose passages lose nothing."""
    with TemporaryDirectory() as folder:
        path = Path(folder, f"a{suffix}")
        path.write_bytes(data)
        reader = reader_for(path)
        assert reader is not None
        try:
            found = list(reader(path, MOST))
        except RejectedFile as rejected:
            assert rejected.path.startswith(str(path))
            assert str(rejected)
            return
    for each in found:
        if isinstance(each, RejectedFile):
            assert each.path.startswith(str(path))
            continue
        assert isinstance(each, Draft)
        clean(each)


def clean(draft: Draft) -> None:
    assert not UNSEEN.search(draft.text)
    assert normalise(draft.text) == draft.text
    for name in ("title", "publisher", "author", "url", "language"):
        value = getattr(draft, name)
        assert value is None or (isinstance(value, str) and value.strip() and len(value) <= 2000), (name, value)
        assert (value is None) == (name not in draft.found)
    for moment in (draft.published_at, draft.updated_at):
        assert moment is None or (isinstance(moment, datetime) and moment.utcoffset() is not None)
    if draft.text.strip():
        article = article_from(draft, Path("a"))
        for passage in split(article, 64, lambda text: len(text.split())):
            assert article.text[passage.start : passage.end] == passage.text


def go_on(run: Callable[[], None]) -> None:
    """Once in the gate; for so many minutes where it is asked for."""
    until = time.monotonic() + 60 * MINUTES
    run()
    while time.monotonic() < until:
        run()


fuzzed = settings(
    max_examples=200 if MINUTES else 25,
    derandomize=not MINUTES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


@pytest.mark.timeout(300 + 120 * MINUTES)
@pytest.mark.parametrize("suffix", FILES)
def test_a_reader_names_or_reads_whatever_comes(suffix: str) -> None:
    @fuzzed
    @given(FILES[suffix])
    def run(data: bytes) -> None:
        check(suffix, data)

    go_on(run)


@pytest.mark.timeout(300 + 120 * MINUTES)
def test_the_pdf_reader_names_or_reads_whatever_comes(tmp_path: Path) -> None:
    """In this process, so that a file that breaks the library breaks the test."""
    path = tmp_path / "a.pdf"

    @fuzzed
    @given(EDITS)
    def run(edits: list[tuple[float, int, bytes]]) -> None:
        path.write_bytes(edited(seeds()[".pdf"], edits))
        said = told_of(path)
        assert said.get("problem") or isinstance(said["text"], str)

    go_on(run)


@pytest.mark.timeout(300 + 120 * MINUTES)
def test_any_bytes_are_of_some_kind() -> None:
    @fuzzed
    @given(st.one_of(st.binary(max_size=300), message(), parcel(".epub"), written(markup())))
    def run(data: bytes) -> None:
        assert kind_of(data) in FORMATS

    go_on(run)


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*")), ids=lambda path: path.name)
def test_what_once_found_a_bug(path: Path) -> None:
    check(path.suffix, path.read_bytes())
