"""The machine-readable description of the REST door, and what stands at addresses that do not exist."""

from __future__ import annotations

import inspect
import json
import re
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.utils.translation import override
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from annotator.api.base import Endpoint, operation
from annotator.errors import Missing

MEDIA_TYPE = "application/vnd.oai.openapi+json"


class Operation(AutoSchema):
    """Operations are named after method and endpoint, and grouped by the module they stand in."""

    def get_operation_id(self) -> str:
        words = re.sub(r"(?<!^)(?=[A-Z])", "_", type(self.view).__name__).lower()
        return f"{self.method.lower()}_{words}"

    def get_description(self) -> str:  # type: ignore[override]
        return inspect.getdoc(getattr(self.view, self.method.lower())) or ""

    def get_tags(self) -> list[str]:
        return [type(self.view).__module__.rpartition(".")[2]]


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "annotator.api.auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "annotator.api.auth.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "session",
            "description": "A person's log-in. Requests that change something send the CSRF token as X-CSRFToken.",
        }


@lru_cache(maxsize=1)
def description() -> bytes:
    """The OpenAPI document. It follows from the code alone, so it is made once a process."""
    with override("en"):
        made = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return json.dumps(made, ensure_ascii=False).encode()


class Schema(Endpoint):
    permission_classes = [AllowAny]
    authentication_classes = []

    @operation("This description", answer={(200, MEDIA_TYPE): OpenApiTypes.OBJECT}, refusals=None)
    def get(self, request: Request) -> HttpResponse:
        response = HttpResponse(description(), content_type=MEDIA_TYPE)
        response["Cache-Control"] = "no-cache"
        return response


class Nowhere(Endpoint):
    """Any other address below the API: a problem document, not a page."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super(Endpoint, self).initial(request, *args, **kwargs)
        raise Missing()
