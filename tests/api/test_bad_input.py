"""What no body may be, at every door that takes one; every refusal is a problem document and nothing is written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from annotator.activity.models import Activity
from tests.api.world import CALLS, Call, World, problem, say

JSON_CALLS = [call for call in CALLS if call.body is not None and not call.path.endswith("imports/")]

TOO_LONG = b'"' + b"a" * (13 << 20) + b'"'
MALFORMED = {
    "no JSON": b"{",
    "two values": b"{} {}",
    "duplicate keys": b'{"name": "a", "name": "b"}',
    "duplicate keys inside": b'{"a": [{"b": 1, "b": 1}]}',
    "100k deep": b'{"name":' * 100_000 + b"1" + b"}" * 100_000,
    "100k deep lists": b"[" * 100_000 + b"]" * 100_000,
    "33 deep": b'{"name":' + b"[" * 33 + b"]" * 33 + b"}",
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"name": -Infinity}',
    "1e999": b'{"name": 1e999}',
    "10^400": b'{"name": 1' + b"0" * 400 + b"}",
    "100k digits": b'{"name": ' + b"9" * 100_000 + b"}",
    "byte order mark": b'\xef\xbb\xbf{"name": "a"}',
    "UTF-16": '{"name": "a"}'.encode("utf-16"),
    "Windows-1256": '{"name": "خبر"}'.encode("windows-1256"),
    "NUL in a key": b'{"a\\u0000": 1}',
    "half a character in a key": b'{"a\\ud800": 1}',
    "huge key": b'{"' + b"k" * 5000 + b'": 1}',
    "single quotes": b"{'name': 'a'}",
    "comment": b'{"name": "a" /* no */}',
    "trailing comma": b'{"name": "a",}',
}


@pytest.mark.parametrize("call", JSON_CALLS, ids=str)
def test_what_is_no_json_is_refused_everywhere(world: World, call: Call) -> None:
    path = call.path.format(**world.ids)
    world.key(call.somebody())
    before = Activity.objects.count()
    for what, raw in MALFORMED.items():
        answer = world.ask(call.somebody(), call.method, path, raw)
        assert problem(answer, 400, "malformed"), what
    problem(world.ask(call.somebody(), call.method, path, b"name=a", content_type="text/plain"), 415, "media_type")
    form = "application/x-www-form-urlencoded"
    problem(world.ask(call.somebody(), call.method, path, b"name=a", content_type=form), 415, "media_type")
    latin = "application/json; charset=latin-1"
    problem(world.ask(call.somebody(), call.method, path, b"{}", content_type=latin), 400, "malformed")
    for what in ([], [1], "text", 1, None, True):
        raw = json.dumps(what).encode()
        problem(world.ask(call.somebody(), call.method, path, raw), 422, "invalid")
    assert "MB" in problem(world.ask(call.somebody(), call.method, path, TOO_LONG), 413, "too_large")["detail"]
    assert Activity.objects.count() == before


@pytest.mark.parametrize("call", JSON_CALLS, ids=str)
def test_each_field_refuses_what_it_is_not(world: World, call: Call) -> None:
    """Every field of every body with values of other kinds: a refusal that names the field, or a good answer."""
    assert call.body is not None
    good = call.body(world)
    path = call.path.format(**world.ids)
    strange: list[Any] = [
        None, True, -1, 2**31, 2**63, 1.5, "", " ", "3", "\u202e", "a" * 20_000, [], [None], [[]], {}, {"": {}}, [2**63],
        {"a": {"b": ["\u200f"]}},
    ]  # fmt: skip
    for field in good:
        for value in strange:
            answer = world.ask(call.somebody(), call.method, path, {**good, field: value})
            if answer.status_code >= 300 and answer.status_code not in (404, 409):
                assert answer.status_code in (413, 422)
                problem(answer, answer.status_code, say(answer)["code"])
        for raw in ("a\\u0000b", "\\ud83d", "\\udc00\\ud83d"):
            body = json.dumps({**good, field: "@"}).replace('"@"', f'"{raw}"').encode()
            refused = problem(world.ask(call.somebody(), call.method, path, body), 422, "invalid")
            assert list(refused["errors"]) == [field]


def test_characters_that_cannot_be_stored_are_named_with_their_place(world: World) -> None:
    raw = b'{"text": "ab\\u0000", "metadata": {"a": ["x", "\\ud800"]}}'
    refused = problem(world.ask("owner", "POST", f"projects/{world.project.pk}/documents/", raw), 422, "invalid")
    assert refused["errors"].keys() == {"text", "metadata.a.1"}
    assert "2" in refused["errors"]["text"][0]


def test_a_whole_character_by_escapes_is_fine(world: World) -> None:
    raw = b'{"text": "peace \\ud83d\\udd4a at last", "title": "\\u0633\\u0644\\u0627\\u0645"}'
    answer = world.ask("owner", "POST", f"projects/{world.project.pk}/documents/", raw)
    assert answer.status_code == 201
    assert "🕊" in answer.content.decode()


def test_errors_speak_the_language_asked_for(world: World) -> None:
    path = f"projects/{world.project.pk}/documents/"
    arabic = problem(world.ask("owner", "POST", path, {}, HTTP_ACCEPT_LANGUAGE="ar"), 422, "invalid")
    english = problem(world.ask("owner", "POST", path, {}, HTTP_ACCEPT_LANGUAGE="en"), 422, "invalid")
    assert arabic["errors"].keys() == english["errors"].keys() == {"text"}
    assert arabic["detail"] != english["detail"]


def test_accept_and_format_choose_nothing(world: World) -> None:
    path = f"projects/{world.project.pk}/"
    for accept in ("text/html", "application/xml", "nonsense"):
        answer = world.ask("owner", "GET", path, HTTP_ACCEPT=accept)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


def test_a_failure_inside_says_nothing_about_the_inside(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("annotator.api.endpoints.projects.codebook_for", broken)
    answer = world.ask("owner", "GET", f"projects/{world.project.pk}/codebook/")
    problem(answer, 500, "error")
    assert "secret" not in answer.content.decode()
    assert "RuntimeError in Codebook" in caplog.text
