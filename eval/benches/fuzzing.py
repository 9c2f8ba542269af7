"""The HTML and the PDF reader under atheris, which is led by what code its inputs reach: `make fuzz-readers`.

`python -m eval.benches.fuzzing html|pdf SECONDS [CORPUS]`. Needs the extra: pip install -e '.[fuzz]'. An input that breaks a reader is
written to the corpus folder under the name that libFuzzer gives it.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import mkdtemp

from index.errors import MissingError

# A page of one line, for the fuzzer to begin with.
_PDF = (
    b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1"
    b"/BaseFont/Times-Roman>>>>>>>>endobj\n4 0 obj<</Length 58>>stream\nBT /F 11 Tf 40 700 Td (The harbour was closed.) Tj ET\n"
    b"endstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
_BEGIN = {
    "html": b"<html><body><article><h1>Storm</h1><p>The harbour was closed.</p></article></body></html>",
    "pdf": _PDF,
}


def main(arguments: Sequence[str]) -> None:
    """Fuzz one reader for so many seconds; ends with the first input that breaks it."""
    try:
        import atheris
    except ImportError as error:
        raise MissingError("atheris is not here.", "Get it: .venv/bin/pip install -e '.[fuzz]'") from error
    name, seconds = arguments[0], int(arguments[1])
    corpus = Path(arguments[2] if len(arguments) > 2 else f"var/fuzz/{name}")
    corpus.mkdir(parents=True, exist_ok=True)
    (corpus / "begin").write_bytes(_BEGIN[name])
    with atheris.instrument_imports(
        include=["index.readers", "index.cleaning", "index.boilerplate", "index.characters"]
    ):
        run = {"html": _html, "pdf": _pdf}[name]()
    command = [
        "fuzzing",
        f"-max_total_time={seconds}",
        "-timeout=30",
        "-max_len=20000",
        f"-artifact_prefix={corpus}/",
        str(corpus),
    ]
    atheris.Setup(command, run)
    atheris.Fuzz()


def _html() -> Callable[[bytes], None]:
    from index.decoding import NotText, decode
    from index.readers.html import draft_of
    from index.readers.markup import BrokenMarkup, plain_text

    def run(data: bytes) -> None:
        try:
            page = decode(data, markup=True)
            plain_text(page)
        except (NotText, BrokenMarkup):
            return
        draft_of(page)

    return run


def _pdf() -> Callable[[bytes], None]:
    from index.readers.pdf_child import told_of

    path = Path(mkdtemp(), "a.pdf")

    def run(data: bytes) -> None:
        # The head that every file of the kind has: without it nearly all inputs would end at the door.
        path.write_bytes(b"%PDF-1.7\n" + data)
        told_of(path)

    return run


if __name__ == "__main__":
    main(sys.argv[1:])
