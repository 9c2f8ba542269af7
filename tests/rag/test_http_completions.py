"""The OpenAI-compatible endpoints, asked by the real client of the `openai` package."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from scripted_house import CARS, COST, RISEN, SERVE, ScriptedEngine, running_house

from rag.types import Turn

House = tuple[openai.OpenAI, ScriptedEngine]
ASK: list[Any] = [{"role": "user", "content": "What does the ferry cost?"}]
TEXT = "The ferry will cost €41 million 🚢 [1]. Later reports put it at €46 million [2]. It will carry 180 cars a trip [3]."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with (
        running_house(tmp_path, SERVE) as (url, engine, _),
        openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client,
    ):
        yield client, engine


def test_the_model_is_listed(house: House) -> None:
    client, _ = house
    assert [model.id for model in client.models.list()] == ["byline"]
    assert client.models.retrieve("byline").owned_by == "byline"


def test_a_completion_carries_text_annotations_and_usage(house: House) -> None:
    client, engine = house
    done = client.chat.completions.create(model="byline", messages=ASK, temperature=0.2)
    message = done.choices[0].message
    assert message.content == TEXT
    assert (done.choices[0].finish_reason, done.model) == ("stop", "byline")
    assert done.usage is not None
    assert (done.usage.prompt_tokens, done.usage.completion_tokens, done.usage.total_tokens) == (321, 45, 366)
    assert message.annotations is not None
    places = [each.url_citation for each in message.annotations]
    assert [TEXT[each.start_index : each.end_index] for each in places] == ["[1]", "[2]", "[3]"]
    assert (places[0].title, places[0].url) == (COST.article.title, COST.article.url)
    # An article without an address of its own opens on this service's page, at the quote.
    assert places[1].url == f"{str(client.base_url).removesuffix('v1/')}?article=art-9&start=0&end=63"
    assert engine.asked[0][0] == "What does the ferry cost?"


def test_a_stream_is_the_same_text_with_annotations_late_and_usage_last(house: House) -> None:
    client, _ = house
    options: Any = {"include_usage": True}
    chunks = list(client.chat.completions.create(model="byline", messages=ASK, stream=True, stream_options=options))
    deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == TEXT
    assert deltas[0].role == "assistant"
    assert [index for index, delta in enumerate(deltas) if "annotations" in (delta.model_extra or {})] == [3]
    whole = client.chat.completions.create(model="byline", messages=ASK)
    sent = [each.model_dump() for each in whole.choices[0].message.annotations or []]
    assert (deltas[3].model_extra or {})["annotations"] == sent
    assert [choice.finish_reason for chunk in chunks for choice in chunk.choices][-1] == "stop"
    assert (chunks[-1].choices, chunks[-1].usage) == ([], whole.usage)
    assert len({chunk.id for chunk in chunks}) == 1


def test_several_turns_become_history(house: House) -> None:
    client, engine = house
    messages: list[Any] = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": "What does the ferry cost?"},
        {"role": "assistant", "content": TEXT},
        {"role": "user", "content": [{"type": "text", "text": "And how many cars?"}]},
    ]
    client.chat.completions.create(model="byline", messages=messages)
    assert engine.asked[0][:2] == ("And how many cars?", (Turn("What does the ferry cost?", TEXT),))


def test_a_declined_answer_is_its_one_line_and_says_so(house: House) -> None:
    client, _ = house
    done = client.chat.completions.create(model="byline", messages=[{"role": "user", "content": "Something unknown?"}])
    assert done.choices[0].message.content == "These articles do not say."
    assert done.choices[0].message.annotations == []
    about = (done.model_extra or {})["byline"]
    assert (about["status"], about["declined"]) == ("declined", "not_supported")
    chunks = client.chat.completions.create(
        model="byline", messages=[{"role": "user", "content": "Something unknown?"}], stream=True
    )
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert text == "These articles do not say."


def test_filters_are_a_field_of_bylines_own(house: House) -> None:
    client, engine = house
    extra = {"filters": {"publishers": ["Coastal Courier"]}, "strictness": 1}
    client.chat.completions.create(model="byline", messages=ASK, extra_body=extra)
    assert engine.asked[0][2].publishers == ("Coastal Courier",)
    assert engine.asked[0][3] == 1


@pytest.mark.parametrize(
    ("more", "cls", "says"),
    [
        ({"model": "gpt-4o"}, openai.NotFoundError, "Use 'byline'"),
        ({"n": 2}, openai.UnprocessableEntityError, "/n"),
        ({"tools": [{"type": "function"}]}, openai.UnprocessableEntityError, "/tools"),
        ({"response_format": {"type": "json_object"}}, openai.UnprocessableEntityError, "/response_format"),
        ({"messages": [{"role": "assistant", "content": "Hm."}]}, openai.BadRequestError, "last message"),
        ({"messages": [{"role": "user", "content": "This is too long"}]}, openai.BadRequestError, "Ask in fewer words"),
        ({"extra_body": {"wings": 2}}, openai.UnprocessableEntityError, "/wings"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
            openai.BadRequestError,
            "'image_url' cannot be read",
        ),
    ],
)
def test_what_cannot_be_honoured_is_refused_by_name(
    house: House, more: dict[str, Any], cls: type[openai.APIStatusError], says: str
) -> None:
    client, engine = house
    with pytest.raises(cls) as refused:
        client.chat.completions.create(**{"model": "byline", "messages": ASK, **more})
    assert says in refused.value.message
    assert engine.finished == []


def test_a_stream_that_fails_raises_in_the_client(house: House) -> None:
    client, _ = house
    with pytest.raises(openai.APIError, match="The model broke off"):
        list(
            client.chat.completions.create(model="byline", messages=[{"role": "user", "content": "break"}], stream=True)
        )


def test_open_webui_gets_a_card_for_each_quote_and_no_annotations(house: House) -> None:
    client, _ = house
    headers = {"X-OpenWebUI-User-Name": "desk"}
    chunks = list(client.chat.completions.create(model="byline", messages=ASK, stream=True, extra_headers=headers))
    cards = [(chunk.model_extra or {})["event"] for chunk in chunks if "event" in (chunk.model_extra or {})]
    assert [each["type"] for each in cards] == ["source"] * 3
    assert [each["data"]["document"] for each in cards] == [[COST.quote], [RISEN.quote], [CARS.quote]]
    assert cards[0]["data"]["source"]["name"] == "The Harbour Gazette, 2025-03-01: Harbour town orders a ferry"
    # The page tells sources apart by this, and asks a third party for the icon of one that is an address.
    ids = [each["data"]["metadata"][0]["source"] for each in cards]
    assert len(set(ids)) == 3
    assert not any(each.startswith("http") for each in ids)
    assert cards[2]["data"]["metadata"][0]["source_url"].endswith(f"?article=art-1&start={CARS.start}&end={CARS.end}")
    assert all(chunk.choices for chunk in chunks), "a chunk with a card keeps its choices"
    deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == TEXT
    assert not any("annotations" in (delta.model_extra or {}) for delta in deltas)


def test_cards_can_be_asked_for_and_a_declined_answer_has_those_of_its_closest_words(house: House) -> None:
    client, _ = house
    ask: Any = {"model": "byline", "messages": [{"role": "user", "content": "Something unknown?"}], "stream": True}
    chunks = list(client.chat.completions.create(**ask, extra_body={"sources": "cards"}))
    cards = [(chunk.model_extra or {})["event"] for chunk in chunks if "event" in (chunk.model_extra or {})]
    assert [each["data"]["document"] for each in cards] == [[COST.quote], [RISEN.quote]]
    headers = {"X-OpenWebUI-User-Name": "desk"}
    plain = list(client.chat.completions.create(**ask, extra_body={"sources": "annotations"}, extra_headers=headers))
    assert not any("event" in (chunk.model_extra or {}) for chunk in plain)


def test_llamaindex_asks_as_it_asks_any_model_of_its_kind(house: House) -> None:
    from llama_index.core.llms import ChatMessage as Message
    from llama_index.llms.openai_like import OpenAILike

    client, engine = house
    base = str(client.base_url)
    with httpx.Client() as wire:
        llm = OpenAILike(
            model="byline", api_base=base, api_key="none", is_chat_model=True, max_retries=0, http_client=wire
        )
        said = llm.chat([Message(role="system", content="Be brief."), Message(role="user", content=ASK[0]["content"])])
        assert said.message.content == TEXT
        assert said.raw.usage.total_tokens == 366
        assert said.raw.choices[0].message.annotations[0].url_citation.title == COST.article.title
        streamed = list(llm.stream_chat([Message(role="user", content="And how many cars?")]))
        assert (streamed[-1].message.content, len(streamed) > 3) == (TEXT, True)
        assert llm.complete("What does the ferry cost?").text == TEXT
    assert [each[0] for each in engine.asked] == ["What does the ferry cost?", "And how many cars?"]
