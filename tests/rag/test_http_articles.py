"""Articles over HTTP: listed, read, sent in, indexed in the background, removed; and feedback on answers."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from scripted_house import FERRY, MemoryLibrary, running_house

from rag.doors.http.uploads import safe_name
from rag.feedback import read_feedback

House = tuple[httpx.Client, MemoryLibrary, Path]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_house(tmp_path) as (url, _, library), httpx.Client(base_url=url, timeout=20) as client:
        yield client, library, tmp_path


def ended(client: httpx.Client, sent: httpx.Response) -> dict[str, Any]:
    assert sent.status_code == 202, sent.text
    for _ in range(2000):
        job: dict[str, Any] = client.get(sent.headers["location"]).json()
        if job["status"] in ("done", "failed"):
            return job
        time.sleep(0.005)
    raise AssertionError(f"it did not end: {job}")


def test_articles_are_listed_without_their_text_in_pages(house: House) -> None:
    client, _, _ = house
    first = client.get("/v1/articles", params={"limit": 2}).json()
    assert [each["id"] for each in first["articles"]] == ["art-9", "art-1"]
    assert (first["total"], first["next_offset"]) == (3, 2)
    assert "text" not in first["articles"][0]
    rest = client.get("/v1/articles", params={"limit": 2, "offset": 2}).json()
    assert [(each["id"], each["publisher"], each["published_at"]) for each in rest["articles"]] == [
        ("art-5", None, None)
    ]
    assert rest["next_offset"] is None


def test_the_list_is_narrowed_by_publisher_and_by_words(house: House) -> None:
    client, _, _ = house
    by_publisher = client.get("/v1/articles", params={"publisher": "Coastal Courier"}).json()
    assert [each["id"] for each in by_publisher["articles"]] == ["art-9"]
    by_words = client.get("/v1/articles", params={"q": "HARBOUR ferry"}).json()
    assert [each["id"] for each in by_words["articles"]] == ["art-1"]
    names = client.get("/v1/articles/publishers").json()["publishers"]
    assert [(each["name"], each["articles"]) for each in names] == [
        ("Coastal Courier", 1),
        ("The Harbour Gazette", 1),
        (None, 1),
    ]


def test_one_article_has_its_text_and_its_copies(house: House) -> None:
    client, _, _ = house
    article = client.get("/v1/articles/art-1").json()
    assert (article["text"], article["sha256"]) == (FERRY.text, FERRY.sha256)
    assert [each["id"] for each in article["copies"]] == ["art-9"]
    gone = client.get("/v1/articles/art-77")
    assert (gone.status_code, gone.json()["detail"]) == (
        404,
        "There is no article of that id. GET /v1/articles lists them.",
    )


def test_files_sent_in_are_indexed_in_the_background(house: House) -> None:
    client, library, home = house
    library.gate.clear()
    files = [("files", ("one.txt", b"Mayor opens bridge\n\nIt is long.")), ("files", ("two.md", b"unreadable"))]
    sent = client.post("/v1/articles", files=files)
    job = sent.json()["job"]
    assert (job["status"] in ("waiting", "running"), job["files"], job["total"]) == (True, ["one.txt", "two.md"], 2)
    busy = client.delete("/v1/articles/art-1")
    assert (busy.status_code, busy.json()["title"]) == (409, "Somebody else holds it")
    library.gate.set()
    done = ended(client, sent)
    assert (done["status"], done["articles"], done["done"]) == ("done", 1, 2)
    assert done["rejected"][0]["reason"] == "It is unreadable."
    assert (home / "uploads" / "one.txt").read_bytes() == b"Mayor opens bridge\n\nIt is long."
    assert client.get("/v1/articles/jobs").json()["jobs"] == [done]
    assert client.get("/v1/articles", params={"q": "mayor"}).json()["total"] == 1


def test_a_file_of_the_same_name_with_other_words_is_kept_beside(house: House) -> None:
    client, _, home = house
    for text in (b"first", b"second", b"second"):
        ended(client, client.post("/v1/articles", files={"files": ("same.txt", text)}))
    kept = sorted(path.read_bytes() for path in (home / "uploads").iterdir())
    assert kept == [b"first", b"second"]


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("/abs/olute.md", "olute.md"),
        (".hidden.txt", "hidden.txt"),
        ("a\x00b\x1b[31m\n.txt", "a_b__31m_.txt"),
        ("<b>Été</b>.html", "b_.html"),
        ("con.txt", "article-con.txt"),
        ("", "article"),
        ("...", "article"),
        ("x" * 300 + ".txt", "x" * 116 + ".txt"),
    ],
)
def test_a_sent_name_becomes_a_harmless_one(sent: str, name: str) -> None:
    assert safe_name(sent) == name


def test_what_is_sent_in_is_confined_by_type_size_and_number(house: House) -> None:
    client, _, home = house
    kind = client.post("/v1/articles", files={"files": ("run.exe", b"MZ")})
    assert (kind.status_code, "Send one of: .html, .md, .txt" in kind.json()["detail"]) == (415, True)
    large = client.post("/v1/articles", files={"files": ("large.txt", b"x" * 20_000_001)})
    assert large.status_code == 413
    empty = client.post("/v1/articles", files={"files": ("empty.txt", b" \n")})
    assert empty.status_code == 415
    many = client.post("/v1/articles", files=[("files", (f"{n}.txt", b"x")) for n in range(101)])
    assert many.status_code == 400
    none = client.post(
        "/v1/articles", content=b"--x--\r\n", headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert none.status_code == 400
    plain = client.post("/v1/articles", content=b"words", headers={"content-type": "text/plain"})
    assert (plain.status_code, plain.json()["title"]) == (415, "This media type is not taken")
    assert not list((home / "uploads").glob("*")) if (home / "uploads").exists() else True


def test_an_address_is_refused_while_pages_cannot_be_fetched(house: House) -> None:
    client, _, _ = house
    sent = client.post("/v1/articles", json={"url": "https://harbour.example/x"})
    assert (sent.status_code, sent.json()["remedy"]) == (501, "Save the page, and send the file.")
    assert client.post("/v1/articles", json={"url": "file:///etc/passwd"}).status_code == 422
    assert client.post("/v1/articles", json={"url": "https://x.example", "as": 1}).status_code == 422


def test_an_article_that_is_removed_takes_its_sent_file_with_it(house: House) -> None:
    client, library, home = house
    ended(client, client.post("/v1/articles", files={"files": ("bridge.txt", b"Mayor opens bridge")}))
    added = client.get("/v1/articles", params={"q": "mayor"}).json()["articles"][0]
    assert (home / "uploads" / "bridge.txt").exists()
    assert client.delete(f"/v1/articles/{added['id']}").status_code == 204
    assert not (home / "uploads" / "bridge.txt").exists()
    assert added["id"] not in library.held
    assert client.delete(f"/v1/articles/{added['id']}").status_code == 404


def test_feedback_joins_the_review_queue_with_the_whole_answer(house: House) -> None:
    client, _, home = house
    answer = client.post("/v1/answers", json={"question": "What does it cost?"}).json()
    by_id = client.post("/v1/feedback", json={"answer_id": answer["id"], "verdict": "wrong", "comment": "It is 46."})
    assert by_id.status_code == 201
    assert client.post("/v1/feedback", json={"answer": answer, "verdict": "good"}).status_code == 201
    said = list(read_feedback(home))
    assert [(each.verdict, each.comment, each.answer) for each in said] == [
        ("wrong", "It is 46.", answer),
        ("good", "", answer),
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"verdict": "good"}, 400),
        ({"verdict": "good", "answer_id": "ans_none"}, 404),
        ({"verdict": "maybe", "answer_id": "ans_none"}, 422),
        ({"verdict": "good", "answer": {"id": 1}}, 400),
    ],
)
def test_feedback_on_nothing_is_refused(house: House, body: dict[str, Any], status: int) -> None:
    client, _, home = house
    assert client.post("/v1/feedback", json=body).status_code == status
    assert list(read_feedback(home)) == []
