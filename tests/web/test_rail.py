"""What the rail offers to mark with."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from analysis.events.codebook import political_codebook
from annotator.web.keycaps import CAPS
from annotator.web.rail import rail
from tests import build


def shown(favourites: list[dict[str, Any]] | None, language: str = "en") -> list[tuple[str, str]]:
    return [(tool.name, tool.key) for tool in rail(political_codebook(), favourites, language)]


def test_without_favourites_the_labels_and_keys_of_the_codebook() -> None:
    assert shown(None)[:2] == [("Actor", "1"), ("Event", "2")]
    assert shown(None, "ar")[0] == ("فاعل", "1")


def test_favourites_stand_first_and_take_the_digits() -> None:
    sanction = {"label": "EVENT", "values": {"type": "SANCTION", "modes": ["expel"]}}
    found = shown([{"label": "TIME", "values": {}}, sanction])
    assert found[0] == ("Time", "1")
    assert found[1][0].startswith("Event · Sanction, reduce relations · ")
    assert found[1][1] == "2"
    assert found[2:] == [("Actor", ""), ("Event", ""), ("Implication", ""), ("Place", "")]


def test_what_the_codebook_does_not_know_is_left_out() -> None:
    unknown = [
        {"label": "NONE", "values": {}},
        {"label": "EVENT", "values": {"type": "NONE"}},
        {"label": "EVENT", "values": {"colour": "red"}},
        {"label": "IMPLICATION", "values": {"umbrella": True}},
    ]
    assert [name for name, _key in shown(unknown)][:2] == ["Implication · Announces several", "Actor"]


def test_the_choice_of_a_tool_is_what_the_page_sends_back() -> None:
    [tool, *_rest] = rail(political_codebook(), [{"label": "EVENT", "values": {"type": "AID"}}], "ar")
    assert tool.choice == '{"label": "EVENT", "values": {"type": "AID"}}'


def test_ten_favourites_have_nine_keys() -> None:
    options = political_codebook()["labels"][1]["attributes"][0]["options"][:10]
    keys = [key for _name, key in shown([{"label": "EVENT", "values": {"type": o["code"]}} for o in options])]
    assert keys[8:10] == ["9", ""]


def test_own_keys_are_shown_as_they_stand_on_the_keyboard() -> None:
    keys = {"label_ACTOR": ["Shift+KeyV", "KeyQ"], "label_EVENT": []}
    found = rail(political_codebook(), None, "en", keys)
    assert [tool.key for tool in found] == ["⇧ V", "", "3", "4", "5"]


def test_the_page_comes_with_the_keys_of_the_person(client: Client, transactional_db: None) -> None:
    of = build.project()
    member = build.member(of)
    document = build.document(of, "قمة العلا")
    build.assignment(document, member)
    member.workspace = {"keys": {"link": ["Control+Shift+KeyL", "KeyL"], "accept": [], "same": ["KeyZ"]}}
    member.save(update_fields=["workspace"])
    client.force_login(member)
    page = client.get(reverse("workspace", args=[document.pk])).content.decode()
    caps = dict(re.findall(r'data-cap="(\w+)"(?: hidden)?>([^<]*)<', page))
    assert caps["link"] == "Ctrl ⇧ L"
    assert caps["undo"] == "Ctrl Z"
    assert '<kbd data-cap="accept" hidden></kbd>' in page
    nothing = reverse("same", args=[of.pk])
    assert "<kbd>Z</kbd>" in client.get(nothing).content.decode()
    member.workspace = {"keys": {"same": []}}
    member.save(update_fields=["workspace"])
    assert "“Find all the same”" in client.get(nothing).content.decode()


def test_keys_are_named_the_same_by_the_server_and_in_the_page() -> None:
    source = (settings.BASE_DIR / "static" / "annotator" / "caps.js").read_text(encoding="utf-8")
    table = source[source.index("const CAPS = {") : source.index("};")]
    pairs = re.findall(r"(\w+): ([\"'`])(.+?)\2", table)
    assert {name: sign.replace("\\\\", "\\") for name, _quote, sign in pairs} == CAPS
