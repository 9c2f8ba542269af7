"""The web page in a real browser, over real HTTP, with a scripted engine behind it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from scripted_house import CARS, COST, FERRY, POISON, RISEN, MemoryLibrary, ScriptedEngine, running_house
from some_runs import EARLIER, LATER, write_runs

from rag.feedback import read_feedback

CHROMIUM = shutil.which("chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--no-first-run",
]

expect.set_options(timeout=30_000)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing; run tests/tools/install-chromium.sh")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


class Opened:
    """A page of a running house, and all that it asked of the network or complained of."""

    def __init__(self, page: Page, url: str, engine: ScriptedEngine, library: MemoryLibrary, home: Path) -> None:
        self.page, self.url, self.engine, self.library, self.home = page, url, engine, library, home
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(url)

    def ask(self, question: str) -> None:
        self.page.get_by_label("Your question").fill(question)
        self.page.keyboard.press("Enter")


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    with running_house(tmp_path) as (url, engine, library):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
        house = Opened(context.new_page(), url, engine, library, tmp_path)
        yield house
        context.close()
        assert house.complaints == []
        assert [each for each in house.requests if not each.startswith((url, "data:"))] == []


def test_a_footnote_opens_its_article_with_exactly_the_quote_marked(opened: Opened) -> None:
    opened.ask("What does the ferry cost?")
    for number, citation in ((1, COST), (2, RISEN), (3, CARS)):
        opened.page.locator(".answer-text .footnote", has_text=str(number)).click()
        mark = opened.page.locator("#reader mark")
        expect(mark).to_have_text(citation.quote)
        assert mark.evaluate("mark => mark.textContent") == citation.quote
        expect(mark).to_be_in_viewport()
    text = opened.page.locator("#reader .article-text").evaluate("place => place.textContent")
    assert text == FERRY.text
    expect(opened.page.locator("#reader")).to_contain_text("The Harbour Gazette · 1 March 2025")
    opened.page.keyboard.press("Escape")
    expect(opened.page.locator("#reader")).to_be_hidden()


def test_passages_come_at_once_and_sentences_as_they_pass(opened: Opened) -> None:
    opened.ask("A slow question")
    expect(opened.page.locator(".passages")).to_contain_text("3 passages found")
    expect(opened.page.locator(".passages .passage").first).to_be_visible()
    expect(opened.page.locator(".sentence")).to_have_count(0)
    expect(opened.page.get_by_role("button", name="Stop")).to_be_visible()
    opened.engine.gate.set()
    expect(opened.page.locator(".answer-text")).to_have_text(
        "The ferry will cost €41 million 🚢1. Later reports put it at €46 million2. It will carry 180 cars a trip3."
    )
    expect(opened.page.locator(".passages details")).not_to_have_attribute("open", "")


def test_stopping_stops_the_work(opened: Opened) -> None:
    opened.ask("A slow question")
    expect(opened.page.locator(".passages")).to_contain_text("3 passages found")
    opened.page.get_by_role("button", name="Stop").click()
    expect(opened.page.locator(".status")).to_have_text("Stopped.")
    opened.page.wait_for_function("() => document.querySelector('#send').textContent === 'Ask'")
    for _ in range(500):
        if opened.engine.stopped:
            break
        opened.page.wait_for_timeout(10)
    assert opened.engine.stopped == ["A slow question"]


def test_sources_name_publisher_and_date_and_fold_copies(opened: Opened) -> None:
    opened.ask("What does the ferry cost?")
    sources = opened.page.locator(".source")
    expect(sources).to_have_count(3)
    expect(sources.nth(0)).to_contain_text("The Harbour Gazette · 1 March 2025")
    expect(sources.nth(0)).to_contain_text("also in 2")
    expect(sources.nth(1)).to_contain_text(RISEN.quote)


def test_sides_of_a_disagreement_stand_next_to_each_other(opened: Opened) -> None:
    opened.ask("What does the ferry cost?")
    sides = opened.page.locator(".side")
    expect(sides).to_have_count(2)
    expect(sides.nth(0)).to_contain_text("€41 million")
    expect(sides.nth(1)).to_contain_text("later")
    expect(sides.nth(1)).to_contain_text("9 March 2025")
    left, right = sides.nth(0).bounding_box(), sides.nth(1).bounding_box()
    assert left and right
    assert abs(left["y"] - right["y"]) < 8  # They may still be arriving.
    assert left["x"] + left["width"] <= right["x"]


def test_a_declined_answer_looks_different_and_shows_the_closest_words(opened: Opened) -> None:
    opened.ask("Something unknown?")
    expect(opened.page.locator(".turn.declined .answer-text")).to_contain_text("These articles do not say.")
    expect(opened.page.locator(".turn.declined .sources")).to_contain_text("The closest words")
    expect(opened.page.locator(".turn.declined .source").first).to_contain_text(COST.quote)


def test_a_follow_up_carries_what_was_said(opened: Opened) -> None:
    opened.ask("What does the ferry cost?")
    expect(opened.page.locator(".tools .judge")).to_have_count(1)
    opened.ask("And how many cars?")
    expect(opened.page.locator(".tools .judge")).to_have_count(2)
    question, history, _, _ = opened.engine.asked[-1]
    assert question == "And how many cars?"
    assert [turn.question for turn in history] == ["What does the ferry cost?"]


def test_filters_reach_the_engine(opened: Opened) -> None:
    opened.page.get_by_text("Filters").click()
    opened.page.get_by_label("From").fill("2025-03-02")
    opened.page.get_by_label("Coastal Courier").check()
    opened.ask("What does the ferry cost?")
    expect(opened.page.locator(".tools .judge")).to_have_count(1)
    filters = opened.engine.asked[-1][2]
    assert (filters.publishers, str(filters.since), filters.until) == (
        ("Coastal Courier",),
        "2025-03-02 00:00:00+00:00",
        None,
    )


def test_what_a_poisoned_article_says_is_only_words(opened: Opened) -> None:
    opened.ask("poison")
    expect(opened.page.locator(".source strong")).to_have_text(POISON)
    expect(opened.page.locator(".source")).to_contain_text("Publisher unknown · date unknown")
    opened.page.locator(".answer-text .footnote").click()
    expect(opened.page.locator("#reader mark")).to_have_text(POISON)
    opened.page.get_by_role("link", name="Articles").click()
    expect(opened.page.locator("#list")).to_contain_text(POISON)
    assert opened.page.locator("img, body script, iframe").count() == 0
    assert opened.page.title() == "Byline"


def test_articles_are_sent_in_indexed_and_listed(opened: Opened) -> None:
    opened.library.gate.clear()
    opened.page.get_by_role("link", name="Articles").click()
    expect(opened.page.locator("#count")).to_have_text("3 articles")
    opened.page.locator("#files").set_input_files(
        [
            {"name": "bridge.txt", "mimeType": "text/plain", "buffer": b"Mayor opens bridge\n\nIt is long."},
            {"name": "torn.txt", "mimeType": "text/plain", "buffer": b"unreadable"},
        ]
    )
    expect(opened.page.get_by_role("progressbar", name="Indexing")).to_be_visible()
    opened.library.gate.set()
    expect(opened.page.locator(".job")).to_contain_text("1 article is in the index.")
    expect(opened.page.locator(".job")).to_contain_text("It is unreadable.")
    expect(opened.page.locator("#list")).to_contain_text("Mayor opens bridge")
    expect(opened.page.locator("#count")).to_have_text("4 articles")
    remove = opened.page.get_by_role("button", name="Remove Mayor opens bridge")
    remove.click()
    expect(remove).to_have_text("Really remove?")
    remove.click()
    expect(opened.page.locator("#count")).to_have_text("3 articles")


def test_a_file_that_is_dropped_is_sent_in(opened: Opened) -> None:
    opened.page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["Dropped story"], "dropped.md"));
          document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(opened.page.locator("#list")).to_contain_text("Dropped story")
    assert (opened.home / "uploads" / "dropped.md").read_text(encoding="utf-8") == "Dropped story"


def test_what_is_wrong_is_told(opened: Opened) -> None:
    opened.ask("What does the ferry cost?")
    opened.page.get_by_role("button", name="This is wrong").click()
    opened.page.get_by_label("What is wrong").fill("It is 46.")
    opened.page.get_by_role("button", name="Send").click()
    expect(opened.page.locator(".tools")).to_contain_text("noted for review")
    said = list(read_feedback(opened.home))
    assert [(each.verdict, each.comment, each.question) for each in said] == [
        ("wrong", "It is 46.", "What does the ferry cost?")
    ]
    assert said[0].answer["citations"][0]["quote"] == COST.quote


def test_an_answer_is_copied_with_its_citations(opened: Opened) -> None:
    opened.ask("What does the ferry cost?")
    copied = {}
    for style in ("Markdown", "Plain", "JSON"):
        opened.page.get_by_role("button", name=f"Copy as {style}").click()
        expect(opened.page.locator("#toast")).to_have_text("Copied, with its sources.")
        copied[style] = opened.page.evaluate("() => navigator.clipboard.readText()")
    assert json.loads(copied["JSON"])["citations"][2]["quote"] == CARS.quote
    assert (
        "1. The Harbour Gazette, 1 March 2025: [Harbour town orders a ferry](https://harbour.example/story-1) — “The new"
        in copied["Markdown"]
    )
    assert "[2] Coastal Courier, 9 March 2025: Ferry price climbs. “The ferry's price" in copied["Plain"]


def test_the_keyboard_is_enough(opened: Opened) -> None:
    opened.page.keyboard.press("/")
    expect(opened.page.get_by_label("Your question")).to_be_focused()
    opened.page.keyboard.type("What does the ferry cost?")
    opened.page.keyboard.press("Enter")
    expect(opened.page.locator(".tools .judge")).to_have_count(1)
    opened.page.locator(".answer-text .footnote").first.focus()
    opened.page.keyboard.press("Enter")
    expect(opened.page.locator("#reader")).to_be_focused()
    opened.page.keyboard.press("Escape")
    expect(opened.page.locator(".answer-text .footnote").first).to_be_focused()


def test_dark_and_light_follow_the_system_and_the_switch(opened: Opened) -> None:
    paper = "() => getComputedStyle(document.body).backgroundColor"
    light = opened.page.evaluate(paper)
    opened.page.emulate_media(color_scheme="dark")
    dark = opened.page.evaluate(paper)
    assert light != dark
    opened.page.get_by_label("Switch between light and dark").click()
    assert opened.page.evaluate(paper) == light
    opened.page.reload()
    assert opened.page.evaluate(paper) == light


@pytest.mark.parametrize("width", [360, 820, 1440])
def test_nothing_is_wider_than_the_screen(opened: Opened, width: int) -> None:
    opened.page.set_viewport_size({"width": width, "height": 900})
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    opened.ask("poison")
    expect(opened.page.locator(".tools .judge")).to_have_count(1)
    assert opened.page.evaluate(wide) == 0
    opened.page.locator(".answer-text .footnote").click()
    expect(opened.page.locator("#reader mark")).to_be_visible()
    assert opened.page.evaluate(wide) == 0
    opened.page.goto(f"{opened.url}/#articles")
    expect(opened.page.locator(".row").first).to_be_visible()
    assert opened.page.evaluate(wide) == 0
    write_runs(opened.home)
    opened.page.goto(f"{opened.url}/#evaluation/{LATER}/{EARLIER}")
    expect(opened.page.locator(".cases li").first).to_be_visible()
    assert opened.page.evaluate(wide) == 0


def test_a_link_opens_the_article_at_its_quote(opened: Opened) -> None:
    opened.page.goto(f"{opened.url}/?article=art-1&start={CARS.start}&end={CARS.end}")
    expect(opened.page.locator("#reader mark")).to_have_text(CARS.quote)
    expect(opened.page.locator("#reader mark")).to_be_in_viewport()


def test_a_link_to_a_question_asks_it_with_its_filters(opened: Opened) -> None:
    courier = opened.page.get_by_role("checkbox", name="Coastal Courier")
    opened.page.get_by_text("Filters").click()
    courier.check()
    opened.page.get_by_label("From").fill("2025-03-02")
    opened.ask("What does the ferry cost?")
    expect(opened.page.locator(".tools .judge")).to_have_count(1)
    opened.page.get_by_role("button", name="Copy a link").click()
    expect(opened.page.locator("#toast")).to_have_text("The link is copied.")
    link = opened.page.evaluate("() => navigator.clipboard.readText()")
    assert (
        link
        == opened.page.url
        == (f"{opened.url}/#ask?q=What+does+the+ferry+cost%3F&publisher=Coastal+Courier&since=2025-03-02")
    )
    opened.page.goto("about:blank")
    opened.page.goto(link)
    expect(opened.page.locator(".answer-text")).to_contain_text("41 million")
    expect(courier).to_be_checked()
    assert len(opened.engine.asked) == 1, "the same question of the same articles is answered from what was kept"


def test_a_quote_has_a_link_of_its_own(opened: Opened) -> None:
    opened.ask("What does the ferry cost?")
    opened.page.locator(".answer-text .footnote", has_text="3").click()
    opened.page.locator("#reader").get_by_role("button", name="Copy link").click()
    expect(opened.page.locator("#toast")).to_have_text("The link is copied.")
    opened.page.goto(opened.page.evaluate("() => navigator.clipboard.readText()"))
    expect(opened.page.locator("#reader mark")).to_have_text(CARS.quote)


def test_an_address_is_fetched_and_indexed(opened: Opened) -> None:
    opened.page.get_by_role("link", name="Articles").click()
    opened.page.get_by_label("Address of an article").fill("https://harbour.example/story")
    opened.page.get_by_role("button", name="Add").click()
    expect(opened.page.locator("#jobs")).to_contain_text("This service does not fetch pages")
    opened.library.fetches = True
    opened.page.get_by_role("button", name="Add").click()
    expect(opened.page.locator(".job")).to_contain_text("1 article is in the index.")
    expect(opened.page.locator("#list")).to_contain_text("https://harbour.example/story")
    opened.complaints.clear()  # Chromium complains of the 501 that was meant.


def test_the_last_scorecard_and_what_changed_are_shown(opened: Opened) -> None:
    write_runs(opened.home)
    opened.page.get_by_role("link", name="Evaluation").click()
    card = opened.page.get_by_role("region", name="Scorecard")
    expect(card).to_contain_text("33.3 %")
    expect(card).to_contain_text("1 of 3")
    expect(opened.page.locator(".cases li")).to_have_count(2)
    opened.page.get_by_label("Compared with").select_option(EARLIER)
    expect(opened.page.get_by_role("region", name="Comparison")).to_contain_text("66.7 %")
    opened.page.get_by_text("1 case changed").click()
    expect(opened.page.locator(".changed .side").nth(1)).to_contain_text("declined")
    assert opened.page.url.endswith(f"#evaluation/{LATER}/{EARLIER}")
    assert opened.page.locator("#evaluation img").count() == 0
    assert opened.page.title() == "Byline"


def test_without_a_run_the_tab_says_how_to_make_one(opened: Opened) -> None:
    opened.page.get_by_role("link", name="Evaluation").click()
    expect(opened.page.locator("#scorecard")).to_contain_text("byline eval run eval/cases")


def test_an_error_is_told_with_its_remedy(opened: Opened) -> None:
    opened.ask("break")
    expect(opened.page.get_by_role("alert")).to_have_text("The model broke off. Ask again.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_complain_of(opened: Opened, scheme: Literal["light", "dark"]) -> None:
    opened.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    opened.ask("What does the ferry cost?")
    expect(opened.page.locator(".tools .judge")).to_have_count(1)
    opened.ask("Something unknown?")
    expect(opened.page.locator(".tools .judge")).to_have_count(2)
    opened.page.locator(".answer-text .footnote").first.click()
    expect(opened.page.locator("#reader mark")).to_be_visible()
    found = Axe().run(opened.page).response
    opened.page.goto(f"{opened.url}/#articles")
    expect(opened.page.locator(".row").first).to_be_visible()
    also = Axe().run(opened.page).response
    write_runs(opened.home)
    opened.page.goto(f"{opened.url}/#evaluation/{LATER}/{EARLIER}")
    expect(opened.page.locator(".cases li").first).to_be_visible()
    third = Axe().run(opened.page).response
    opened.page.goto(f"{opened.url}/docs")
    for summary in opened.page.locator(".route > summary").all()[:4]:
        summary.click()
    fourth = Axe().run(opened.page).response
    assert len(found["passes"]) > 20
    told = [
        (each["id"], node["html"])
        for page in (found, also, third, fourth)
        for each in page["violations"]
        for node in each["nodes"]
    ]
    assert told == []


def test_the_api_is_described_without_other_hosts(opened: Opened) -> None:
    opened.page.goto(f"{opened.url}/docs")
    expect(opened.page.locator("#routes")).to_contain_text("/v1/chat/completions")
    opened.page.get_by_text("/v1/answers", exact=True).click()
    expect(opened.page.locator("#routes")).to_contain_text("strictness")
    expect(opened.page.locator("#problem-queue-full")).to_contain_text("429")
    example = opened.page.locator("details[open] .example").first
    expect(example.locator(".curl")).to_contain_text(f"curl '{opened.url}/v1/answers'")
    example.get_by_role("button", name="Send it").click()
    expect(example.locator(".said")).to_contain_text('"status": "answered"')
