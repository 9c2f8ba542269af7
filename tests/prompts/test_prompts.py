"""Prompts are strict both ways, and what an article says is never read for variables."""

from importlib.resources import files

import pytest

from prompts.loader import load_prompt, read_prompt
from prompts.types import PromptError

NAMES = sorted(each.name.removesuffix(".md") for each in files("prompts").iterdir() if each.name.endswith(".md"))
TEXT = "# Notes\n\n## system\nBe brief.\n\n## user\n{{evidence}}\nQuestion: {{question}}\n"


def test_every_prompt_of_the_room_loads_and_fills() -> None:
    assert {"answer", "answers", "compare", "relevance", "standalone", "support"} <= set(NAMES)
    for name in NAMES:
        prompt = load_prompt(name)
        system, user = prompt.fill(**{each: f"<{each}>" for each in prompt.variables})
        assert "{{" not in system + user
        assert all(f"<{each}>" in system + user for each in prompt.variables)


def test_too_many_and_too_few_variables_are_refused() -> None:
    prompt = read_prompt("p", TEXT)
    with pytest.raises(PromptError, match="takes"):
        prompt.fill(evidence="x")
    with pytest.raises(PromptError, match="takes"):
        prompt.fill(evidence="x", question="y", mood="z")


def test_a_value_that_looks_like_a_variable_stays_as_it_is() -> None:
    _, user = read_prompt("p", TEXT).fill(evidence="{{question}}", question="who?")
    assert user == "{{question}}\nQuestion: who?"


def test_the_digest_covers_what_the_model_sees_and_not_the_notes() -> None:
    prompt = read_prompt("p", TEXT)
    assert read_prompt("p", TEXT.replace("# Notes", "# Other notes")).digest == prompt.digest
    assert read_prompt("p", TEXT.replace("brief", "long")).digest != prompt.digest


def test_a_prompt_without_a_part_or_a_name_is_refused() -> None:
    with pytest.raises(PromptError, match="must have"):
        read_prompt("p", "## user\nhello\n")
    with pytest.raises(PromptError, match="no prompt"):
        load_prompt("no-such-prompt")
