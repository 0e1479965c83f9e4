"""What all endpoints share: the actor, checked query parameters, cursor pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.activity.models import Job
from annotator.api.auth import actor_of
from annotator.api.shapes import In
from annotator.teams.access import Actor
from annotator.teams.models import Project
from annotator.teams.queries import project_for

T = TypeVar("T")


class Pages(CursorPagination):
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-id"


class View(APIView):
    """One endpoint. `params` are the query parameters it knows; any other is refused by name."""

    params: tuple[str, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known = {*self.params, "cursor", "page_size"} if request.method == "GET" else set()
        for name in request.query_params:
            if name not in known:
                raise exceptions.ParseError(_("Unknown query parameter “%(name)s”.") % {"name": name[:60]})

    @property
    def actor(self) -> Actor:
        found: Actor | None = getattr(self, "_actor", None)
        if found is None:
            found = self._actor = actor_of(self.request)
        return found

    def project(self, project_id: int) -> Project:
        return project_for(actor=self.actor, project_id=project_id)

    def read(self, shape: type[In]) -> dict[str, Any]:
        """The checked body. Raises ValidationError by field."""
        serializer = shape(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def param(self, name: str, default: str = "") -> str:
        value = self.request.query_params.get(name, default)
        if "\0" in value:
            raise exceptions.ParseError(_("A query parameter holds a character that is not allowed."))
        return str(value)

    def page(
        self, rows: QuerySet[Any, Any], show: Callable[[Any], Any], order: str | tuple[str, ...] = "-id"
    ) -> Response:
        """One cursor page of rows in the order of their ids."""
        pages = Pages()
        pages.ordering = order
        found: Iterable[Any] = pages.paginate_queryset(rows, self.request, view=self) or []
        return pages.get_paginated_response([show(row) for row in found])

    def accepted(self, job: Job, **more: Any) -> Response:
        """202 with the place where the job can be followed."""
        location = self.request.build_absolute_uri(f"/api/v1/jobs/{job.pk}/")
        return Response({**job_data(job), **more}, status=202, headers={"Location": location})


def job_data(job: Job) -> dict[str, Any]:
    return {
        "id": str(job.pk),
        "kind": job.kind,
        "state": job.state.lower(),
        "progress": {"done": job.done, "total": job.total},
        "errors": job.errors,
        "result": job.result,
        "failure": job.failure,
    }
