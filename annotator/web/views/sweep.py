"""Deciding the suggestions of one label over many documents, one card at a time."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from annotator.coding import sweep as coding
from annotator.coding.sweep import Topic
from annotator.corpus.queries import codebook_for
from annotator.errors import Invalid
from annotator.teams.access import Action
from annotator.web.canvas_messages import saving, suggestions
from annotator.web.keycaps import cap
from annotator.web.request import Request
from annotator.web.views.projects import frame, opened

# As in the workspace, where a person may have given other ones.
KEYS = {"accept": ["KeyA"], "reject": ["KeyX"], "skip": ["Space"], "undo": ["KeyZ", "Control+KeyZ", "Backspace"]}


def _topic(request: Request) -> Topic:
    return Topic(request.GET.get("label", "")[:40], request.GET.get("kind", "")[:60])


@require_safe
@never_cache
def sweep(request: Request, project_id: int) -> HttpResponse:
    """Choose what to sweep; with `label`, and `kind` where it has kinds, the sweep itself."""
    actor, project = opened(request, project_id, Action.ANNOTATE)
    book = codebook_for(actor=actor, project=project)
    labels = {x["code"]: x for x in book.body["labels"]}
    language = get_language() or "en"
    found = coding.topics(actor=actor, project=project)
    rows = [
        {
            "topic": topic,
            "name": _name(labels[topic.label], language),
            "kind": _kind_name(labels[topic.label], topic.kind, language),
            "count": count,
        }
        for topic, count in found
    ]
    wanted = _topic(request)
    now = next((row for row in rows if row["topic"] == wanted), None)
    context = frame(actor, project, "pretagging", topics=rows, now=now, codebook=book)
    if now is not None:
        own = request.user.workspace.get("keys", {})
        keys = {name: own.get(name, presses) for name, presses in KEYS.items()}
        context["state"] = {
            "user": request.user.pk,
            "csrf": get_token(request),
            "language": language,
            "label": wanted.label,
            "keys": keys,
            "caps": {name: cap(presses[0]) for name, presses in keys.items() if presses},
            "color": labels[wanted.label]["code"].lower(),
            "count": now["count"],
            "cards": f"{reverse('sweep_cards', args=[project.pk])}?{request.GET.urlencode()}",
            "edits": reverse("api:edits", args=[0]),
            "workspace": reverse("workspace", args=[0]),
            "session": reverse("session"),
            "login": reverse("account_login"),
            "messages": {**saving.words(), **suggestions.words()},
        }
    return render(request, "projects/sweep.html", context)


@require_safe
@never_cache
def sweep_cards(request: Request, project_id: int) -> JsonResponse:
    """The next cards behind the one whose `at` is given."""
    actor, project = opened(request, project_id, Action.ANNOTATE)
    found = coding.cards(actor=actor, project=project, topic=_topic(request), after=_after(request))
    return JsonResponse({"cards": found})


def _after(request: Request) -> tuple[float, UUID] | None:
    """Read `distance,id`. Raises Invalid."""
    text = request.GET.get("after", "")
    if not text:
        return None
    distance, _comma, last = text.partition(",")
    try:
        place = float(distance), UUID(last)
    except ValueError:
        raise Invalid(errors={"after": [text]}) from None
    if not 0 <= place[0] <= 1:
        raise Invalid(errors={"after": [text]})
    return place


def _name(thing: dict[str, dict[str, str]], language: str) -> str:
    names = thing["name"]
    return names.get(language) or next(iter(names.values()), "")


def _kind_name(label: dict[str, list[dict[str, object]]], kind: str, language: str) -> str:
    if not kind:
        return ""
    attribute = coding.kinds({"labels": [label]}, str(label["code"])) or {}
    option = next((o for o in attribute.get("options", []) if o["code"] == kind), None)
    return _name(option, language) if option else kind
