import os
from pathlib import Path

import pytest

from index.building import Summary, build
from index.opening import open_index
from index.rebuilding import rebuild
from index.settings import IndexSettings, SearchSettings
from index.types import Article
from index.versions import change, earlier_versions

SETTINGS = IndexSettings(embedder="hashing", passage_tokens=64)
FIRST = "The seawater lido at Morrow Bay will be shut for two summers. The repairs will cost £2.6m, the council said."
CORRECTED = "Correction: an earlier version gave a wrong sum.\n\n" + FIRST.replace("£2.6m", "£6.2m")


def header(updated: str) -> str:
    return f"Title: Lido to close\nURL: https://mbs.example/lido\nPublished: 2025-05-02\nUpdated: {updated}\n\n"


def run(home: Path, *paths: Path) -> Summary:
    with open_index(home, SETTINGS, SearchSettings(), home, write=True) as index:
        return build(index, paths)


def held(home: Path) -> tuple[Article, list[Article], set[str]]:
    """The one article, its earlier versions, and the texts that can be found."""
    with open_index(home, SETTINGS, SearchSettings(), home) as index:
        [article] = list(index.catalogue.articles())
        passages = {each.text for each in index.catalogue.passages_of(article.id)}
        assert len(index.vectors.ids()) == len(passages)
        return article, earlier_versions(index.catalogue, article), passages


def test_a_correction_at_the_same_address_leads_and_the_first_text_is_kept(tmp_path: Path) -> None:
    page, home = tmp_path / "lido.txt", tmp_path / "home"
    page.write_text(header("2025-05-02") + FIRST)
    run(home, page)
    page.write_text(header("2025-05-04") + CORRECTED)
    assert run(home, page).replaced == 1
    article, earlier, found = held(home)
    assert article.text == CORRECTED
    assert [each.text for each in earlier] == [FIRST]
    assert all("£2.6m" not in text for text in found)
    assert change(earlier[0], article) == [
        "+ Correction: an earlier version gave a wrong sum.",
        "- The repairs will cost £2.6m, the council said.",
        "+ The repairs will cost £6.2m, the council said.",
    ]


@pytest.mark.parametrize("names", [("a.txt", "b.txt"), ("b.txt", "a.txt")])
def test_of_two_saved_pages_of_one_address_the_later_leads_whatever_the_order(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    folder, home = tmp_path / "pages", tmp_path / "home"
    folder.mkdir()
    (folder / names[0]).write_text(header("2025-05-02") + FIRST)
    (folder / names[1]).write_text(header("2025-05-04") + CORRECTED)
    for _ in range(2):
        run(home, folder)
        article, earlier, _found = held(home)
        assert (article.text, [each.text for each in earlier]) == (CORRECTED, [FIRST])


def test_an_earlier_page_that_is_read_again_changes_nothing(tmp_path: Path) -> None:
    folder, home = tmp_path / "pages", tmp_path / "home"
    folder.mkdir()
    (folder / "new.txt").write_text(header("2025-05-04") + CORRECTED)
    run(home, folder)
    old = folder / "old.txt"
    old.write_text(header("2025-05-02") + FIRST)
    run(home, folder)
    old.write_text(header("2025-05-02") + FIRST + "\n")
    os.utime(old, (1, 1))
    assert run(home, folder).unchanged == 2
    article, earlier, _found = held(home)
    assert (article.text, [each.text for each in earlier]) == (CORRECTED, [FIRST])


def test_new_facts_of_the_same_words_are_no_version(tmp_path: Path) -> None:
    page, home = tmp_path / "lido.txt", tmp_path / "home"
    page.write_text(header("2025-05-02") + FIRST)
    run(home, page)
    page.write_text(header("2025-05-03") + FIRST)
    run(home, page)
    article, earlier, _found = held(home)
    assert article.updated_at is not None and article.updated_at.day == 3
    assert earlier == []


def test_versions_go_with_their_article_and_through_a_rebuild(tmp_path: Path) -> None:
    page, home = tmp_path / "lido.txt", tmp_path / "home"
    for updated, text in (("2025-05-02", FIRST), ("2025-05-04", CORRECTED)):
        page.write_text(header(updated) + text)
        run(home, page)
    rebuild(home, SETTINGS, SearchSettings(), home)
    article, earlier, _found = held(home)
    assert [each.text for each in earlier] == [FIRST]
    with open_index(home, SETTINGS, SearchSettings(), home, write=True) as index:
        assert index.remove(article.id)
    database = next((home / "index").glob("*/catalogue.sqlite"))
    assert b"2.6m" not in b"".join(each.read_bytes() for each in database.parent.glob("catalogue.sqlite*"))
