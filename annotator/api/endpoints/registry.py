"""The actors and places that mentions are linked to."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.api.base import PAGING, Choice, Endpoint, In, Text, Whole, choice_param, operation, page_of, text_param
from annotator.errors import Invalid, Missing
from annotator.registry.models import Entity, EntityName
from annotator.registry.queries import entities_page, entity_data, entity_for, search
from annotator.registry.services import MAX_NAMES, add_entity, merge_entities, update_entity
from annotator.teams.access import Action

_MOST_FOUND = 50


class NameIn(In):
    lang = Choice(choices=[("ar", "ar"), ("en", "en")])
    form = Text(max_length=200)
    role = Choice(choices=EntityName.Role.choices, default="ALIAS")


class ActorIn(In):
    kind = Choice(choices=Entity.Kind.choices)
    names = serializers.ListField(child=NameIn(), min_length=1, max_length=MAX_NAMES)
    country = Text(required=False, allow_blank=True, max_length=3, help_text="ISO 3166-1 alpha-3.")
    sectors = serializers.ListField(child=Text(max_length=3), required=False, max_length=10)
    note = Text(required=False, allow_blank=True, max_length=10_000)


class ActorPatch(In):
    kind = Choice(choices=Entity.Kind.choices, required=False)
    names = serializers.ListField(
        child=NameIn(), required=False, min_length=1, max_length=MAX_NAMES, help_text="Takes the place of all names."
    )
    country = Text(required=False, allow_blank=True, max_length=3)
    sectors = serializers.ListField(child=Text(max_length=3), required=False, max_length=10)
    note = Text(required=False, allow_blank=True, max_length=10_000)


class MergeIn(In):
    into = Whole(help_text="The id of the entry that stays.")


class NameOut(serializers.Serializer[Any]):
    lang = serializers.ChoiceField(choices=["ar", "en"])
    form = serializers.CharField()
    role = serializers.ChoiceField(choices=EntityName.Role.choices)


class ShownName(serializers.Serializer[Any]):
    ar = serializers.CharField()
    en = serializers.CharField()


class ActorOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    key = serializers.CharField(help_text="Stable; what exports use.")
    kind = serializers.ChoiceField(choices=Entity.Kind.choices)
    country = serializers.CharField()
    sectors = serializers.ListField(child=serializers.CharField())
    wikidata_id = serializers.CharField()
    note = serializers.CharField()
    seeded = serializers.BooleanField()
    merged_into = serializers.IntegerField(allow_null=True)
    name = ShownName()
    names = NameOut(many=True)


class Actors(Endpoint):
    @operation(
        "The registry of a project",
        query=[
            *PAGING,
            text_param(
                "q", "Any name in either language: then the best entries come first, at most 50, without pages."
            ),
            choice_param("kind", "Only this kind.", Entity.Kind.values),
        ],
        answer=page_of(ActorOut),
    )
    def get(self, request: Request, project_id: int) -> Response:
        project = self.project(project_id)
        if self.query["q"]:
            if self.query["kind"] or self.query["cursor"]:
                raise Invalid(errors={"q": [_("A search cannot be combined with other filters.")]})
            found = search(project=project, q=self.query["q"], limit=min(self.query["page_size"], _MOST_FOUND))
            return Response({"next": None, "previous": None, "results": [entity_data(e) for e in found]})
        rows = entities_page(actor=self.actor, project=project, kind=self.query["kind"])
        return self.page(rows, entity_data)

    @operation("Add an entry", body=ActorIn, answer=ActorOut, status=201)
    def post(self, request: Request, project_id: int) -> Response:
        """409 `exists` when the canonical name is taken."""
        entity = add_entity(actor=self.actor, project=self.project(project_id, Action.ADD_ACTOR), **self.body(ActorIn))
        return self.created(
            entity_data(entity_for(actor=self.actor, entity_id=entity.pk)), reverse("api:actor", args=[entity.pk])
        )


class ActorDetail(Endpoint):
    @operation("One entry", answer=ActorOut)
    def get(self, request: Request, entity_id: int) -> Response:
        return Response(entity_data(entity_for(actor=self.actor, entity_id=entity_id)))

    @operation("Change an entry", body=ActorPatch, answer=ActorOut)
    def patch(self, request: Request, entity_id: int) -> Response:
        entity = entity_for(actor=self.actor, entity_id=entity_id)
        update_entity(actor=self.actor, entity=entity, **self.body(ActorPatch))
        return Response(entity_data(entity_for(actor=self.actor, entity_id=entity_id)))


class ActorMerge(Endpoint):
    @operation("Merge an entry into another", body=MergeIn, answer=ActorOut)
    def post(self, request: Request, entity_id: int) -> Response:
        """Its mentions keep their link and are read through the redirect."""
        source = entity_for(actor=self.actor, entity_id=entity_id)
        target = entity_for(actor=self.actor, entity_id=self.body(MergeIn)["into"])
        if target.project_id != source.project_id:
            raise Missing()
        merge_entities(actor=self.actor, source=source, target=target)
        return Response(entity_data(entity_for(actor=self.actor, entity_id=target.pk)))
