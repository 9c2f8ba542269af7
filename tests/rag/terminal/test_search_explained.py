import json
import re

from rag.doors.parts import Parts

VOTE = re.compile(
    r"^ +(words|dense|sentences|named|coverage), rank (\d+), score (\d+\.\d{3}), adds (\d\.\d{4}), for (.+)$", re.M
)
STORIES = {
    "ferry.md": "# Ferry fares rise\n\nThe ferry to Orrin will cost nine crowns from July. The council voted late.\n",
    "museum.md": "# Museum wing shuts\n\nThe north wing of the museum shuts in May. The curator blames damp.\n",
}


def test_what_found_each_hit_is_said_over_a_real_index(byline, tmp_path):
    folder = tmp_path / "stories"
    folder.mkdir()
    for name, text in STORIES.items():
        (folder / name).write_text(text)
    made_with = ("--set", "index.embedder=hashing")
    assert byline("index", folder, *made_with, parts=Parts())[0] == 0
    code, out, _ = byline("search", "What does the ferry to Orrin cost?", "--explain", *made_with, parts=Parts())
    assert code == 0
    first, second = out.split("\n 2 ")
    assert "Ferry fares rise" in first
    assert "Museum wing shuts" in second
    votes = VOTE.findall(first)
    assert {(search, rank) for search, rank, *_ in votes} == {
        ("words", "1"),
        ("dense", "1"),
        ("sentences", "1"),
        ("coverage", "1"),
    }
    assert {question for *_, question in votes} == {"What does the ferry to Orrin cost?"}
    [score] = re.findall(r"^ +score (\d\.\d{4}), art_\w+ at \d+\.\.\d+$", first, re.M)
    assert abs(float(score) - sum(float(adds) for *_, adds, _ in votes)) < 0.0005
    code, out, _ = byline(
        "search", "What does the ferry to Orrin cost?", "--explain", "--json", *made_with, parts=Parts()
    )
    assert code == 0
    told = json.loads(out)
    assert told["parts"] == []
    [ferry, museum] = told["hits"]
    assert ferry["title"] == "Ferry fares rise"
    assert museum["score"] < ferry["score"]
    assert abs(ferry["score"] - sum(vote["share"] for vote in ferry["votes"])) < 1e-5
    assert {vote["search"] for vote in ferry["votes"]} == {"words", "dense", "sentences", "coverage"}
