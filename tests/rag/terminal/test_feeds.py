import json
import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest
from newsroom import open_site, page, rss, story

from index.errors import RejectedFile
from rag.doors import fetching, manners
from rag.doors.fetching import NotNow, fetch
from rag.doors.indexing import follow
from rag.doors.manners import Manners
from rag.settings import read_settings

SETS = ("index.embedder=hashing", "index.private_addresses=true", "index.seconds_between_fetches=0")


@pytest.fixture
def site():
    with open_site() as running:
        yield running


@pytest.fixture
def desk(byline):
    """Runs a command; returns its object. `titles` are those of all articles, by address."""
    from rag.doors.parts import Parts

    def run(*arguments, code=0):
        sets = [part for each in SETS for part in ("--set", each)]
        ended, out, err = byline(*arguments, "--json", *sets, parts=Parts())
        assert ended == code, err
        return json.loads(out) if out else err

    def listed():
        return {each["url"]: each for each in run("articles", "list")}

    return SimpleNamespace(run=run, listed=listed, home=byline.home)


def counts(summary):
    return summary["read"], summary["replaced"], summary["unchanged"], len(summary["rejected"])


def test_a_feed_is_read_entry_by_entry_and_then_only_what_is_new(site, desk):
    wall, quay, lost = (site.address + each for each in ("/wall", "/quay", "/lost"))
    site.put("/wall", page("Norrby", 7))
    site.put("/quay", page("Osthamn", 9))
    short = (lost, "A page that is gone", story("Vik", 3))
    feed = site.feed("/feed", (wall, "Wall", "Norrby rebuilds."), short)
    assert counts(desk.run("index", feed)) == (2, 0, 0, 0)
    listed = desk.listed()
    assert set(listed) == {wall, lost}
    assert listed[lost]["publisher"] == "The Quay" and listed[lost]["published_at"] == "2025-06-02T08:00:00Z"
    assert "feed entry" in listed[lost]["found"]["published_at"] if "found" in listed[lost] else True

    # Nothing has changed: the feed says so by its ETag, and no page is asked for.
    site.asked.clear()
    assert counts(desk.run("refresh")) == (0, 0, 2, 0)
    assert site.conditions == ["/feed"] and set(site.asked) == {"/robots.txt", "/feed"}

    site.feed("/feed", (quay, "Quay", "Osthamn rebuilds."), (wall, "Wall", "Norrby rebuilds."), short)
    assert counts(desk.run("refresh", feed)) == (1, 0, 2, 0)
    assert set(desk.listed()) == {wall, quay, lost} and site.asked["/wall"] == 0

    # An entry that was changed is asked for again; one that has left the feed stays in the index.
    site.put("/wall", page("Norrby", 8))
    site.feed("/feed", (wall, "Wall, with a new price", "Norrby rebuilds."))
    assert counts(desk.run("refresh")) == (1, 1, 0, 0)
    assert set(desk.listed()) == {wall, quay, lost}
    (agent,) = site.agents
    assert agent.startswith("byline/")


def test_a_page_that_was_named_is_asked_by_its_etag_and_one_that_was_removed_no_more(site, desk):
    wall, quay = site.put("/wall", page("Norrby", 7)), site.put("/quay", page("Osthamn", 9))
    assert counts(desk.run("index", wall, quay)) == (2, 0, 0, 0)
    site.put("/quay", page("Osthamn", 10))
    assert counts(desk.run("refresh")) == (1, 1, 1, 0)
    assert site.conditions == ["/quay", "/wall"]
    desk.run("articles", "remove", desk.listed()[quay]["id"])
    site.put("/quay", page("Osthamn", 11))
    assert counts(desk.run("refresh")) == (0, 0, 1, 0) and set(desk.listed()) == {wall}
    # Named again, it comes back.
    assert counts(desk.run("index", quay)) == (1, 0, 0, 0) and set(desk.listed()) == {wall, quay}


def test_an_index_made_anew_or_lost_has_all_of_it_again(site, desk):
    feed = site.feed("/feed", (site.put("/wall", page("Norrby", 7)), "Wall", ""))
    desk.run("index", feed, site.put("/quay", page("Osthamn", 9)))
    desk.run("index", "--rebuild")
    site.put("/quay", page("Osthamn", 10))
    assert counts(desk.run("refresh")) == (1, 1, 1, 0) and len(desk.listed()) == 2
    shutil.rmtree(desk.home / "index")
    assert counts(desk.run("refresh"))[0] == 2 and len(desk.listed()) == 2


def test_an_entry_that_was_removed_does_not_come_back(site, desk):
    wall = site.put("/wall", page("Norrby", 7))
    feed = site.feed("/feed", (wall, "Wall", "Norrby rebuilds."))
    desk.run("index", feed)
    desk.run("articles", "remove", desk.listed()[wall]["id"])
    site.feed("/feed", (wall, "Wall, again", "Norrby rebuilds."))
    assert counts(desk.run("refresh")) == (0, 0, 1, 0) and desk.listed() == {}
    assert counts(desk.run("index", feed))[0] == 1


def test_an_entry_whose_page_cannot_be_had_now_is_tried_again(site, desk):
    wall = site.address + "/wall"
    site.statuses["/wall"] = (503, {})
    feed = site.feed("/feed", (wall, "Wall", "Norrby rebuilds its wall at last."))
    assert counts(desk.run("index", feed)) == (1, 0, 0, 0)
    site.statuses.clear()
    site.put("/wall", page("Norrby", 7))
    assert counts(desk.run("refresh")) == (1, 1, 0, 0)
    (article,) = desk.listed().values()
    shown = desk.run("articles", "show", article["id"])
    assert "7 million crowns" in shown["text"] and shown["path"].endswith(".html")
    site.asked.clear()
    assert counts(desk.run("refresh")) == (0, 0, 1, 0) and site.asked["/wall"] == 0


def test_what_was_fetched_and_not_read_is_read_by_the_next_refresh(site, desk, monkeypatch):
    from index import building

    feed = site.feed("/feed", (site.put("/wall", page("Norrby", 7)), "Wall", ""))

    def killed(*_):
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr(building, "build", killed)
        desk.run("index", feed, code=9)
    assert counts(desk.run("refresh")) == (1, 0, 1, 0)
    assert site.asked["/wall"] == 1


def test_robots_are_heard_at_every_site_and_say_how_often(site, desk):
    site.put("/robots.txt", "User-agent: *\nDisallow: /private/*.html\n\nUser-agent: byline\nDisallow: /closed\n")
    feed = site.feed("/feed", (site.put("/closed/wall", page("Norrby", 7)), "Wall", "Norrby rebuilds its wall."))
    summary = desk.run("index", feed, site.put("/closed/quay", page("Osthamn", 9)))
    assert counts(summary) == (1, 0, 0, 1) and "robots.txt" in summary["rejected"][0]["reason"]
    assert site.asked["/closed/wall"] == site.asked["/closed/quay"] == 0 and site.asked["/robots.txt"] == 1
    site.statuses["/away"] = (302, {"Location": "/closed/quay"})
    with pytest.raises(RejectedFile, match=r"robots\.txt"):
        fetch(site.address + "/away", desk.home, 4000, private=True, before=Manners(0, private=True).before)
    assert site.asked["/closed/quay"] == 0


def test_a_site_is_asked_no_more_often_than_it_likes(site):
    now, slept = [100.0], []

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    def new(every):
        return Manners(every, private=True, clock=lambda: now[0], sleep=sleep)

    polite = new(2.0)
    for path in ("/a", "/b"):
        polite.before(site.address + path)
    polite.before(site.address.replace("127.0.0.1", "localhost") + "/a")
    assert slept == [2.0]
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 7\nDisallow: /x\n", "text/plain")
    slow = new(2.0)
    for path in ("/a", "/b", "/c"):
        slow.before(site.address + path)
    assert slept == [2.0, 7.0, 7.0]
    slow.leave_alone(site.address, 3600)
    with pytest.raises(NotNow, match="3600 seconds"):
        slow.before(site.address + "/d")
    assert slept == [2.0, 7.0, 7.0]


def test_a_site_that_asks_for_quiet_is_left_alone(site, desk):
    site.statuses["/busy"] = (429, {"Retry-After": "3600"})
    summary = desk.run("index", site.address + "/busy", site.put("/wall", page("Norrby", 7)), code=2)
    assert site.asked["/busy"] == 1 and site.asked["/wall"] == 0
    assert ["429" in each["reason"] or "left alone" in each["reason"] for each in summary["rejected"]] == [True, True]


def test_robots_that_cannot_be_read_close_a_site_and_those_that_are_not_there_open_it(site):
    site.statuses["/robots.txt"] = (500, {})
    with pytest.raises(NotNow, match="500"):
        Manners(0, private=True).before(site.address + "/a")
    site.statuses["/robots.txt"] = (404, {})
    Manners(0, private=True).before(site.address + "/a")
    with pytest.raises(RejectedFile, match="private network"):
        fetch(site.address + "/a", None, 100, before=Manners(0).before)
    assert site.asked["/a"] == 0


def test_a_server_that_sends_a_byte_now_and_then_is_cut_off(site, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "WHOLE_S", 0.3)
    with pytest.raises(NotNow, match="it took longer"):
        fetch(site.address + "/drip", tmp_path, 4000, private=True)


def test_a_bomb_in_a_feed_is_named_and_the_rest_is_read(site, desk):
    feed = site.feed(
        "/feed", (site.address + "/bomb", "Bomb", ""), (site.put("/wall", page("Norrby", 7)), "Wall", "Norrby.")
    )
    summary = desk.run("index", feed, "--set", "index.max_file_mb=1")
    assert counts(summary) == (1, 0, 0, 1)
    assert summary["rejected"][0] == {"path": site.address + "/bomb", "reason": "it is larger than 1 MB"}


def test_feeds_lead_to_no_private_address_and_no_other_scheme(site, tmp_path, monkeypatch):
    from rag.doors import pinning
    from rag.doors.gathering import on_disk

    monkeypatch.setattr(pinning, "is_public", lambda address: address == "127.0.0.1")
    closed = site.address.replace("127.0.0.1", "127.0.0.2")
    feed = site.feed("/feed", (closed + "/wall", "Wall", ""), ("file:///etc/passwd", "Passwords", ""))
    settings = read_settings({"home": tmp_path, "index.seconds_between_fetches": 0}, {})
    here = on_disk(settings, [feed])
    assert here.paths == () and len(here.unfetched) == 2
    assert "private network" in here.unfetched[0][1] and "neither a link" in here.unfetched[1][1]


def test_following_tells_only_what_is_new(site, tmp_path):
    paths = tmp_path / "clippings"
    paths.mkdir()
    feed = site.feed("/feed", (site.put("/wall", page("Norrby", 7)), "Wall", ""))
    settings = read_settings({"home": tmp_path / "home", **dict(each.split("=") for each in SETS)}, {})
    rounds = iter(
        [
            lambda: None,
            lambda: (paths / "a.txt").write_text(f"The harbour\n\n{story('Vik', 3)}\n"),
            lambda: site.feed("/feed", (site.address + "/lost", "Lost", "")),
            lambda: None,
            lambda: site.feed("/feed", (site.put("/quay", page("Osthamn", 9)), "Quay", "")),
        ]
    )
    waits = []

    def sleep(seconds):
        waits.append(seconds)
        next(rounds)()

    told = []
    found = follow(settings, [feed, str(paths)], lambda step: None, 60.0, told.append, sleep)
    with pytest.raises(RuntimeError, match="StopIteration"):
        told.extend((each.read, len(each.rejected), each.articles) for each in found)
    assert told == [(1, 0, 1), (1, 0, 2), (0, 1, 2), (1, 0, 3)] and waits == [60.0] * 6


def test_what_is_not_known_is_said(desk, site):
    assert "byline index URL" in desk.run("refresh", code=2)
    desk.run("index", site.put("/wall", page("Norrby", 7)))
    assert "byline index http" in desk.run("refresh", "https://other.example/", code=2)


def test_a_feed_is_known_by_its_words_whatever_the_server_calls_it(site, tmp_path):
    feed = rss((site.address + "/wall", "Wall", ""))
    for number, kind in enumerate(("text/html", "text/xml", "application/xml; charset=utf-8", "text/plain")):
        assert fetch(site.put(f"/{number}", "\n" + feed, kind), tmp_path, 4000, private=True).is_feed
    for number, kind in enumerate(("text/xml", "application/xhtml+xml")):
        assert not fetch(site.put(f"/page{number}", page("Vik", 3), kind), tmp_path, 4000, private=True).is_feed


def test_the_name_that_robots_know_is_the_one_that_is_sent():
    assert fetching.HEADERS["User-Agent"].split("/")[0] == manners.NAME
    assert replace(fetching.Stamp(), etag="x").headers() == {"If-None-Match": "x"}
