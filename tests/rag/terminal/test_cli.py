import io
import json
import os
import subprocess
import sys

import pytest

from index.errors import BusyError

COMMANDS = (
    "index", "refresh", "search", "ask", "chat", "chats", "serve", "mcp", "articles", "models", "eval", "export", "import", "verify",
    "doctor",
)  # fmt: skip
HEAVY = (
    "torch",
    "numpy",
    "chromadb",
    "sentence_transformers",
    "llama_cpp",
    "llama_index",
    "fastapi",
    "mcp",
    "prompt_toolkit",
)


def test_help_names_every_command_and_loads_nothing_heavy():
    check = (
        f"import sys; from rag.doors.cli import main; main(['--help']); print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    listed = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("│ ") and line[2].isalpha()]
    assert listed == list(COMMANDS)


@pytest.mark.parametrize("command", [each for each in COMMANDS if each != "eval"])
def test_every_command_teaches_with_examples(byline, command):
    code, out, _ = byline(command, "--help")
    assert code == 0
    assert "Examples" in out or "Commands" in out
    assert f"byline {command}" in out


def test_ask_prints_evidence_aside_and_the_answer_on_stdout(byline, golden):
    code, out, err = byline("ask", "How much is the heating fund?")
    assert code == 0
    assert err == "loading scripted\n2 passages from 2 articles: Harbor Wire, Valley Courier (21 ms)\n"
    golden("ask.txt", out)


def test_ask_json_is_one_object_and_nothing_else(byline):
    code, out, err = byline("ask", "How", "much is the heating fund?", "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert answer["status"] == "partial"
    assert [each["quote"] for each in answer["citations"]] == [
        "It approved a heating fund of $4.2 million for 900 households.",
        "The heating fund is $2.4 million.",
    ]
    assert out.count("\n") == 1


def test_ask_passes_filters_and_settings_on(byline):
    byline("ask", "Who is the mayor?", "--publisher", "Harbor Wire", "--since", "2026-03", "--as-of", "2026-03-04")
    (asked,) = byline.engine.asked
    assert asked.filters.publishers == ("Harbor Wire",)
    assert asked.filters.since.isoformat() == "2026-03-01T00:00:00+00:00"
    assert asked.filters.as_of.isoformat() == "2026-03-04T23:59:59.999999+00:00"
    assert byline.engine.closed


def test_declined_is_plainly_different_and_strict_says_so_by_its_exit_code(byline, golden):
    code, out, _ = byline("ask", "Who is the mayor?")
    assert code == 0
    golden("ask-declined.txt", out)
    assert byline("ask", "Who is the mayor?", "--strict")[0] == 3
    assert byline("ask", "Who is the mayor?", "--strict", "--json")[0] == 3
    assert byline("ask", "When does the night train leave?", "--strict")[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask",),
        ("ask", "  "),
        ("ask", "why?", "--batch", "x.jsonl"),
        ("ask", "--batch", "nosuch.jsonl"),
        ("ask", "why?", "--since", "last week"),
        ("ask", "why?", "--strictness", "2"),
        ("ask", "why?", "--runtime", "steam"),
        ("ask", "why?", "--set", "model.nam=x"),
        ("ask", "why?", "--set", "model"),
        ("search", "why?", "-k", "0"),
        ("verify", "nosuch.json"),
        ("index",),
        ("index", "nosuch", "--set", "index.embedder=hashing"),
        ("articles", "show"),
        ("fly",),
        ("chats", "show", "zz"),
    ],
)
def test_wrong_use_is_2_and_says_what_to_do_on_stderr(byline, arguments):
    code, out, err = byline(*arguments)
    assert code == 2
    assert err or "Rejected:" in out


def test_a_setting_mistyped_names_the_nearest(byline):
    _, _, err = byline("ask", "why?", "--set", "model.nam=x")
    assert err == "byline: model.nam in the flags is not a setting.\n  Did you mean model.name?\n"


def test_missing_is_4_with_the_remedy(byline):
    code, out, err = byline("ask", "broken", "--json")
    assert (code, out) == (4, "")
    assert err == "byline: The model is gone.\n  Fetch it: byline models pull\n"
    assert byline("articles", "list", parts=_real())[0] == 4


def test_a_bug_is_one_line_and_1_unless_it_is_asked_for(byline):
    code, _, err = byline("ask", "bug")
    assert code == 1
    assert err.splitlines()[-2] == "byline: A bug: ValueError: a slip."
    with pytest.raises(ValueError, match="a slip"):
        byline("ask", "bug", "--traceback")
    with pytest.raises(ValueError, match="a slip"):
        byline("--traceback", "ask", "bug")


def test_interrupted_is_130_and_quiet(byline, wire):
    def interrupt():
        raise KeyboardInterrupt

    code, out, _ = byline("ask", "slow", "--json", parts=wire.world(opening=interrupt)[0])
    assert (code, out) == (130, "")


def test_home_is_taken_before_and_after_the_command(byline, tmp_path):
    seen = []

    def engine(settings, tell):
        seen.append(settings.home)
        raise BusyError("Enough seen.")

    from dataclasses import replace

    parts = replace(_real(), engine=engine)
    byline("ask", "x", parts=parts)
    byline("ask", "x", "--home", tmp_path / "after", parts=parts)
    assert seen == [byline.home, tmp_path / "after"]


def test_batch_answers_in_order_and_goes_on_after_a_failure(byline, tmp_path):
    cases = tmp_path / "cases.jsonl"
    lines = [
        {"id": "a", "question": "When does the night train leave?"},
        {"id": "b", "question": "broken"},
        {"id": 3, "question": "bug"},
        {"id": "d"},
        {"question": "Who is the mayor?", "publishers": ["Harbor Wire"], "strictness": 0.9},
        {"id": "f", "question": "Who is the mayor?", "since": 3},
        {"id": "g", "question": "Who is the mayor?", "history": [{"question": "a", "answer": "b"}]},
    ]
    cases.write_text("\n\n".join(json.dumps(each) for each in lines) + "\n{not json\n", encoding="utf-8")
    code, out, err = byline("ask", "--batch", cases, "--since", "2026")
    assert (code, err) == (1, "")
    told = [json.loads(line) for line in out.splitlines()]
    assert [each["case"] for each in told] == ["a", "b", 3, "d", "line 9", "f", "g", "line 14"]
    assert ["error" in each for each in told] == [False, True, True, True, False, True, False, True]
    assert told[0]["text"] == "The night train leaves at nine [1]."
    assert told[1]["error"] == "The model is gone. Fetch it: byline models pull"
    asked = byline.engine.asked
    assert asked[0].filters.since.year == 2026
    assert asked[3].filters.publishers == ("Harbor Wire",) and asked[3].strictness == 0.9
    assert asked[4].history[0].answer == "b"


def test_batch_reads_stdin(byline, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"id": 1, "question": "heating"}\n'))
    code, out, _ = byline("search", "--batch", "-")
    assert code == 0
    found = json.loads(out)
    assert (found["case"], [each["article_id"] for each in found["hits"]]) == (1, ["art_0001", "art_0002"])


def test_search_prints_hits_and_how_they_were_found(byline, golden):
    code, out, err = byline("search", "heating", "--explain")
    assert (code, err) == (0, "A note.\n")
    golden("search.txt", out)


def test_search_json_has_the_fields_of_the_contract(byline):
    _, out, _ = byline("search", "heating", "--json", "-k", "1")
    found = json.loads(out)
    assert list(found) == ["question", "hits"]
    (hit,) = found["hits"]
    assert list(hit) == [
        *(
            "rank",
            "score",
            "found_by",
            "article_id",
            "passage_id",
            "title",
            "publisher",
            "published_at",
            "start",
            "end",
            "text",
        )
    ]


def test_json_reads_back_exactly_and_cannot_steer_the_terminal(byline, wire):
    _, out, _ = byline("ask", "What does the post say?", "--json")
    assert json.loads(out)["citations"][0]["quote"] == wire.cite(1, wire.EVIL, f"It says: {wire.HOSTILE}").quote
    assert not {"\x1b", "\x9b", "\u202e", "\x07"} & set(out)


def test_articles_are_indexed_listed_shown_verified_and_removed(byline, tmp_path):
    folder = tmp_path / "clips"
    folder.mkdir()
    (folder / "one.md").write_text(
        "# The fund\n\nThe board approved a fund of $4.2 million on Tuesday.\n", encoding="utf-8"
    )
    (folder / "two.txt").write_text("The vote was 5 to 2, and nobody was surprised by it.\n", encoding="utf-8")
    (folder / "bad.jsonl").write_text("{not json\n", encoding="utf-8")
    hashing = ("--set", "index.embedder=hashing")
    code, out, _ = byline("index", folder, *hashing, "--json", parts=_real())
    summary = json.loads(out)
    assert (code, summary["read"], summary["articles"]) == (0, 2, 2)
    assert ["bad.jsonl" in each["path"] for each in summary["rejected"]] == [True]
    _, out, _ = byline("index", folder, *hashing, parts=_real())
    assert "Articles: 2 unchanged" in out and "bad.jsonl" in out
    _, out, _ = byline("articles", "list", "--json", parts=_real())
    listed = {each["title"] or "two": each for each in json.loads(out)}
    assert "text" not in listed["The fund"]
    one = listed["The fund"]["id"]
    _, out, _ = byline("articles", "show", one[:9], "--json", parts=_real())
    article = json.loads(out)
    start = article["text"].index("$4.2 million")
    citation = {"number": 1, "article_id": one, "start": start, "end": start + 12, "quote": "$4.2 million"}
    kept = tmp_path / "answer.json"
    kept.write_text(json.dumps({"id": "a", "citations": [citation | {"article_sha256": article["sha256"]}]}), "utf-8")
    code, out, _ = byline("verify", kept, parts=_real())
    assert code == 0 and out.endswith("1 of 1 quotes exact.\n")
    code, out, _ = byline("search", "Who approved the fund?", *hashing, "--json", parts=_real())
    assert json.loads(out)["hits"][0]["article_id"] == one
    code, out, _ = byline("articles", "remove", one, *hashing, "--json", parts=_real())
    assert (code, json.loads(out)) == (0, {"removed": [one]})
    code, out, _ = byline("verify", kept, "--json", parts=_real())
    assert code == 1 and json.loads(out)["gone"] == 1
    assert byline("articles", "show", one, parts=_real())[0] == 2


def test_a_pipe_of_questions_is_answered_by_the_chat(byline, monkeypatch, golden):
    monkeypatch.setattr(
        sys, "stdin", io.StringIO("When does the night train leave?\r\n\r\n/sources\r\nWho is the\\\nmayor?")
    )
    code, out, _ = byline("chat")
    assert code == 0
    golden("chat-pipe.txt", out)
    monkeypatch.setattr(sys, "stdin", io.StringIO("broken"))
    assert byline("chat")[0] == 4
    code, out, _ = byline("chats", "list", "--json")
    chats = json.loads(out)
    assert [each["title"] for each in chats] == ["broken", "When does the night train leave?"]
    _, out, _ = byline("chats", "show", chats[1]["id"][:6], "--json")
    turns = json.loads(out)["turns"]
    assert [each["answer"]["status"] for each in turns] == ["answered", "declined"]
    assert byline("chats", "rm", chats[0]["id"])[0] == 0
    assert len(json.loads(byline("chats", "list", "--json")[1])) == 1


def test_a_chat_is_kept_as_json_and_as_markdown_and_gone_on_with(byline, monkeypatch, tmp_path):
    first, second, third = tmp_path / "chat.json", tmp_path / "chat.md", tmp_path / "shown.json"
    said = f"When does the night train leave?\nWho is the mayor?\n/save {first}\n/save {second}\n/save {first}\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(said))
    code, out, _ = byline("chat")
    assert code == 2 and out.count("Saved in ") == 2 and f"{first} is there already." in out
    kept = json.loads(first.read_text(encoding="utf-8"))["answers"]
    assert [each["question"] for each in kept] == ["When does the night train leave?", "Who is the mayor?"]
    assert kept[0]["citations"][0]["quote"] == "The night train leaves at nine."
    chat = json.loads(byline("chats", "list", "--json")[1])[0]
    assert byline("chats", "show", chat["id"], "--markdown")[1] == second.read_text(encoding="utf-8")
    third.write_text(byline("chats", "show", chat["id"], "--json")[1], encoding="utf-8")
    for file in (first, third):
        said = f"/load {file}\n/sources\n/why\n/again\nWhen does the night train leave?"
        monkeypatch.setattr(sys, "stdin", io.StringIO(said))
        code, out, _ = byline("chat")
        assert code == 0 and f"Going on after 2 answers of {file}." in out and "Declined: not supported." in out
        assert out.count("The night train leaves at nine [1].") == 2 and "Again: Who is the mayor?" in out
        assert [each.question for each in byline.engine.asked[1].history] == [each["question"] for each in kept]


def test_what_is_no_chat_is_not_loaded_and_the_talk_goes_on(byline, monkeypatch, tmp_path):
    texts = ("[]", "{}", '{"answers": []}', '{"answers": [{"question": "a", "text": "b"}]}', '{"answers": 3}', "{", "3")
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.json").write_text(text, encoding="utf-8")
    said = [f"/load {tmp_path}/{number}.json" for number in range(len(texts))]
    said += ["/load nosuch.json", "/load zz", "/save chat.txt", "/add", "When does the night train leave?"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(said)))
    code, out, _ = byline("chat")
    assert code == 2 and out.count("is not a saved chat.") == len(texts) and "nosuch.json cannot be read" in out
    assert "A bug" not in out and "The night train leaves at nine [1]." in out


def test_articles_are_added_from_the_chat(byline, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("Who is the mayor?\n/add clips\n/articles fresh\nWho is the mayor?"))
    code, out, _ = byline("chat")
    assert code == 0 and "Articles: 1 new from clips." in out and "New Paper       Fresh" in out
    assert byline.engine.closed and len(byline.engine.asked) == 2


def test_a_follow_up_looks_back_until_a_new_chat_is_begun(byline, monkeypatch):
    said = "How much is the heating fund?\nAnd how was the vote?\n/new\n/again\nWho is the mayor?"
    monkeypatch.setattr(sys, "stdin", io.StringIO(said))
    out = byline("chat")[1]
    assert "Read as: How did the valley board vote on the heating fund?" in out and "Nothing has been asked yet." in out
    assert [[turn.question for turn in each.history] for each in byline.engine.asked] == [
        [],
        ["How much is the heating fund?"],
        [],
    ]
    assert [each["turns"] for each in json.loads(byline("chats", "list", "--json")[1])] == [1, 2]


def test_a_pipe_knows_the_publishers_too_and_the_first_chat_goes_on_with_none(byline, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("/publisher harbor wire\n/publisher Harbour Wire"))
    code, out, _ = byline("chat", "--continue")
    assert code == 2 and "Asking with: Harbor Wire." in out and "Did you mean Harbor Wire?" in out
    assert out.startswith("There is no chat yet to go on with")


def test_every_command_of_the_chat_answers_with_nothing_asked(byline, monkeypatch):
    from rag.doors.chat.commands import COMMANDS

    names = [each.name for each in COMMANDS if each.name != "/quit"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([*names, "/opne", "/quit", "never asked"])))
    code, out, _ = byline("chat")
    assert code == 2 and "A bug" not in out and "There is no /opne. Did you mean /open?" in out
    assert out.count("Nothing has been answered yet.") == 5 and byline.engine.asked == []


def _real():
    from rag.doors.parts import Parts

    return Parts()


def test_no_setting_of_this_machine_reaches_the_tests(byline):
    assert byline("ask", "Who is the mayor?")[0] == 0
    assert not [name for name in os.environ if name.startswith("BYLINE_")]


def test_a_new_key_is_printed_once_and_opens_what_its_scope_says(byline):
    from hashlib import sha256

    from rag.doors.http.keys import read_keys

    made = [byline("serve", "--new-key", "desk"), byline("serve", "--new-key", "press", "--scope", "write")]
    for (code, out, err), (name, scope) in zip(made, (("desk", "read"), ("press", "write")), strict=True):
        assert code == 0 and out.startswith("byl_") and out.count("\n") == 1 and out.strip() not in err
        key = next(each for each in read_keys(byline.home) if each.name == name)
        assert (key.scope, key.sha256) == (scope, sha256(out.strip().encode()).hexdigest())
    for wrong in (
        ("--new-key", "desk"),
        ("--new-key", " "),
        ("--scope", "write"),
        ("--new-key", "x", "--scope", "all"),
    ):
        code, out, err = byline("serve", *wrong)
        assert (code, out) == (2, "") and err, wrong
    assert [each.name for each in read_keys(byline.home)] == ["desk", "press"]


def test_the_remedy_for_a_host_without_a_key_is_a_command_that_exists(byline):
    code, _, err = byline("serve", "--host", "0.0.0.0", "--port", "0")
    assert code == 2 and "byline serve --new-key NAME" in " ".join(err.split())
