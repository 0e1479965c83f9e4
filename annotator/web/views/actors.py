"""The registry: finding, reading, adding, changing and merging actors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from analysis.text.direction import direction_of
from annotator.coding.mentions import mentions_of
from annotator.errors import Conflict, Invalid
from annotator.registry.models import Entity, EntityName
from annotator.registry.queries import entities_page, entity_for, search
from annotator.registry.services import add_entity, merge_entities, update_entity
from annotator.teams.access import Action, require
from annotator.web.request import Request, actor_of, plain
from annotator.web.views.projects import frame, opened, paged

MORE_NAMES = {
    "abbrev": gettext_lazy("Abbreviations"),
    "nisba": gettext_lazy("Relational adjectives"),
    "metonym": gettext_lazy("Metonyms"),
    "title": gettext_lazy("Titles"),
}


@require_safe
def registry(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id)
    q, kind = plain(request.GET.get("q", "")), request.GET.get("kind", "")
    rows = entities_page(actor=actor, project=project, q=q, kind=kind if kind in Entity.Kind.values else "")
    context = frame(actor, project, "actors", q=q, kind=kind, kinds=Entity.Kind.choices, **paged(request, rows, 50))
    return render(request, "actors/list.html#rows" if request.htmx else "actors/list.html", context)


def _given_names(request: Request) -> list[dict[str, str]]:
    """The names of the form: canonical ones, and aliases one a line."""
    names = []
    for lang in ("ar", "en"):
        if form := request.POST.get(f"name_{lang}", "").strip():
            names.append({"lang": lang, "form": form, "role": "CANONICAL"})
        for role in ("ALIAS", *(role.upper() for role in MORE_NAMES)):
            lines = request.POST.get(f"{role.lower()}_{lang}", "").split("\n")
            names += [{"lang": lang, "form": line.strip(), "role": role} for line in lines if line.strip()]
    return names


def _form(values: Mapping[str, Any]) -> dict[str, Any]:
    """What `actors/form.html` shows: the values, and the boxes of the names that few actors have."""
    boxes = [
        {
            "name": f"{role}_{lang}",
            "label": f"{shown} · {'العربية' if lang == 'ar' else 'English'}",
            "lang": lang,
            "dir": "rtl" if lang == "ar" else "ltr",
            "value": values.get(f"{role}_{lang}", ""),
        }
        for role, shown in MORE_NAMES.items()
        for lang in ("ar", "en")
    ]
    return {"values": values, "boxes": boxes, "kinds": Entity.Kind.choices}


def _typed(request: Request) -> dict[str, Any]:
    """The form as it was sent, under the names `_form` knows."""
    sent = request.POST.dict()
    return {**sent, "canonical_ar": sent.get("name_ar", ""), "canonical_en": sent.get("name_en", "")}


def new(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id, Action.ADD_ACTOR)
    error = None
    if request.method == "POST":
        try:
            made = add_entity(
                actor=actor, project=project, kind=request.POST.get("kind", ""), names=_given_names(request),
                country=request.POST.get("country", "").strip().upper(), note=request.POST.get("note", ""),
            )  # fmt: skip
            messages.success(request, _("Added."))
            return redirect("actor", made.pk)
        except (Invalid, Conflict) as refusal:
            error = refusal
    name = plain(request.GET.get("name", ""))
    lang = "ar" if direction_of(name) == "rtl" else "en"
    values = _typed(request) if error else {f"canonical_{lang}": name}
    context = frame(actor, project, "actors", error=error, **_form(values))
    return render(request, "actors/new.html", context, status=error.status if error else 200)


def detail(request: Request, entity_id: int) -> HttpResponse:
    actor = actor_of(request)
    entity = entity_for(actor=actor, entity_id=entity_id)
    error = None
    if request.method == "POST":
        try:
            update_entity(
                actor=actor, entity=entity, kind=request.POST.get("kind", ""), names=_given_names(request),
                country=request.POST.get("country", "").strip().upper(), note=request.POST.get("note", ""),
            )  # fmt: skip
            messages.success(request, _("Saved."))
            return redirect("actor", entity.pk)
        except (Invalid, Conflict) as refusal:
            error = refusal
    roles = EntityName.Role.values
    names = sorted(entity.names.all(), key=lambda n: (n.lang, roles.index(n.role), n.pk))
    values: dict[str, Any] = {
        f"{role.lower()}_{lang}": "\n".join(n.form for n in names if n.role == role and n.lang == lang)
        for role in EntityName.Role.values
        for lang in ("ar", "en")
    }
    values |= {"kind": entity.kind, "country": entity.country, "note": entity.note}
    sides = [
        {"lang": lang, "dir": "rtl" if lang == "ar" else "ltr", "names": [n for n in names if n.lang == lang]}
        for lang in ("ar", "en")
    ]
    context = frame(
        actor, entity.project, "actors", entity=entity, sides=sides, error=error,
        **_form(_typed(request) if error else values), **paged(request, mentions_of(actor, entity), 30),
    )  # fmt: skip
    return render(request, "actors/detail.html", context, status=error.status if error else 200)


@require_safe
def pick(request: Request, entity_id: int) -> HttpResponse:
    """Choices for “merge into”: what the typed name finds, without the actor itself."""
    actor = actor_of(request)
    entity = entity_for(actor=actor, entity_id=entity_id)
    require(actor, Action.EDIT_REGISTRY, entity.project)
    q = plain(request.GET.get("q", ""))
    found = [one for one in search(project=entity.project, q=q) if one.pk != entity.pk]
    return render(request, "actors/pick.html", {"found": found, "q": q.strip()})


@require_POST
def merge(request: Request, entity_id: int) -> HttpResponse:
    actor = actor_of(request)
    source = entity_for(actor=actor, entity_id=entity_id)
    key = request.POST.get("into", "").strip()
    ours = Entity.objects.visible_to(actor).filter(project=source.project)
    # Our own keys are capitals, and people type them small; those that came with an import may be small.
    target = ours.filter(key=key).first() or ours.filter(key=key.upper()).first()
    if target is None:
        messages.error(request, _("There is no actor with the key “%(key)s”.") % {"key": key[:40]})
        return redirect("actor", source.pk)
    merge_entities(actor=actor, source=source, target=target)
    messages.success(request, _("Merged. Mentions of both are read as one now."))
    return redirect("actor", target.pk)
