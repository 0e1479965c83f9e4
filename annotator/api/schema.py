"""The machine-readable description of the REST door, and what stands at addresses that do not exist."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from annotator.api.base import Endpoint, operation
from annotator.errors import Missing


@lru_cache(maxsize=1)
def description() -> bytes:
    """The OpenAPI document. It follows from the code alone, so it is made once a process."""
    made = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return json.dumps(made, ensure_ascii=False).encode()


class Schema(Endpoint):
    permission_classes = [AllowAny]
    authentication_classes: ClassVar[list[Any]] = []

    @operation("This description", answer={(200, "application/vnd.oai.openapi+json"): OpenApiTypes.OBJECT})
    def get(self, request: Request) -> HttpResponse:
        response = HttpResponse(description(), content_type="application/vnd.oai.openapi+json")
        response["Cache-Control"] = "no-cache"
        return response


class Nowhere(Endpoint):
    """Any other address below the API: a problem document, not a page."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super(Endpoint, self).initial(request, *args, **kwargs)
        raise Missing()
