"""What a page hides from its readers is not in its text, however it is hidden; what only looks like that stays."""

from pathlib import Path

import pytest
from made_files import LIE, MORE, PROSE

from index.drafts import Draft
from index.readers import reader_for
from index.readers.markup import plain_text

HIDDEN = [
    f"<p hidden>{LIE}</p>",
    f"<p style='display:none'>{LIE}</p>",
    f"<p style='color:red; DISPLAY : NONE !important'>{LIE}</p>",
    f"<p style='visibility:hidden'>{LIE}</p>",
    f"<p style='opacity:0'>{LIE}</p>",
    f"<p style='opacity: 0.0;'>{LIE}</p>",
    f"<p style='font-size:0'>{LIE}</p>",
    f"<p style='font-size:1px'>{LIE}</p>",
    f"<p style='color:#fff'>{LIE}</p>",
    f"<p style='color:white;background:#FFFFFF'>{LIE}</p>",
    f"<div style='background:#123456'><p style='color:rgb(18, 52, 86)'>{LIE}</p></div>",
    f"<p style='color:transparent'>{LIE}</p>",
    f"<font color='white'>{LIE}</font>",
    f"<p style='position:absolute;left:-9999px'>{LIE}</p>",
    f"<p style='text-indent:-9999px'>{LIE}</p>",
    f"<p style='height:0;overflow:hidden'>{LIE}</p>",
    f"<p style='clip-path:inset(100%)'>{LIE}</p>",
    f"<p style='transform:scale(0)'>{LIE}</p>",
    f"<style>.a .b{{display:none}}</style><div class='a'><p class='b'>{LIE}</p></div>",
    f"<style>@media screen{{p.b{{visibility:hidden}}}}</style><p class='b'>{LIE}</p>",
    f"<style>/* x */ .b, .c {{ color:#fefefe }}</style><p class='b'>{LIE}</p>",
    f"<style>#b{{font-size:0px}}</style><p id='b'>{LIE}</p>",
    f"<!-- {LIE} -->",
    f"<img src='x' alt='{LIE}' title='{LIE}'>",
    f"<p title='{LIE}' aria-label='{LIE}' data-x='{LIE}'></p>",
    f"<template>{LIE}</template>",
    f"<noscript>{LIE}</noscript>",
    f"<script>document.write('{LIE}')</script>",
    f"<select><option>{LIE}</option></select>",
    f"<object>{LIE}</object>",
    f"<svg><text>{LIE}</text></svg>",
]
SEEN = [
    f"<p style='font-size:0.9em'>{MORE}</p>",
    f"<p style='opacity:0.5'>{MORE}</p>",
    f"<div style='background:#123456'><p style='color:#fff'>{MORE}</p></div>",
    f"<div style='background:url(x.png)'><p style='color:#fff'>{MORE}</p></div>",
    f"<style>.b{{background:navy}} .b p{{color:#fff}}</style><div class='b'><p>{MORE}</p></div>",
    f"<style>@media print{{.b{{display:none}}}}</style><p class='b'>{MORE}</p>",
    f"<style>@media (max-width:600px){{.b{{display:none}}}}</style><p class='b'>{MORE}</p>",
    f"<style>.b:hover{{display:none}} body{{display:none}}</style><p class='b'>{MORE}</p>",
    f"<p style='text-indent:-2em;max-height:100px;overflow:hidden'>{MORE}</p>",
    f"<p style='height:0.5em'>{MORE}</p>",
    f"<p style='display:block;background-color:#000;color:#eee'>{MORE}</p>",
    f"<p hidden>x</p>{MORE}",
]


def page(markup: str) -> str:
    return f"<html><body><article><p>{PROSE}</p>{markup}<p>{PROSE} {PROSE}</p></article></body></html>"


@pytest.mark.parametrize("markup", HIDDEN)
def test_hidden_text_is_out(markup: str, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(page(markup), encoding="utf-8")
    reader = reader_for(path)
    assert reader is not None
    [draft] = reader(path, 1_000_000)
    assert isinstance(draft, Draft)
    for text in (draft.text, plain_text(page(markup))):
        assert PROSE in text
        assert LIE not in text


@pytest.mark.parametrize("markup", SEEN)
def test_text_that_is_seen_stays(markup: str) -> None:
    assert MORE in plain_text(page(markup))


def test_markup_becomes_paragraphs_items_and_rows() -> None:
    markup = (
        "<h2>A <b>b</b>c</h2>one<br>two <i>x</i>y<ul><li>a<li><p>b</p><ol><li>c</ol></ul>"
        "<table><tr><th>Ferry<th>Cost | $<tr><td>Astrid <td><p>1</p><p>2</p><tr><td><td></table>"
        "<table><tr><td><p>left</p><td><table><tr><td>in</td><td>ner</td></tr></table></table>z"
    )
    assert plain_text(markup).split("\n\n") == [
        "A bc", "one\ntwo xy", "- a\n- b\n- c", "| Ferry | Cost / $ |\n| Astrid | 1 2 |", "left", "| in | ner |", "z",
    ]  # fmt: skip
