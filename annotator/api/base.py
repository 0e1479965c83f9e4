"""What all endpoints share: the caller, query parameters by allow-list, bodies without unknown fields, pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, TypeVar

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api.auth import actor_of
from annotator.api.http import AlwaysJSON, Refused, bad_character, flat_errors
from annotator.errors import Invalid
from annotator.teams.access import Action, Actor
from annotator.teams.models import Project
from annotator.teams.queries import project_for

MAX_PAGE = 200
_PAGE = 50
_F = TypeVar("_F", bound=Callable[..., Any])


# -- query parameters


@dataclass(frozen=True)
class Param:
    """A query parameter: how it is read (ValueError says why not) and how the schema tells of it."""

    name: str
    read: Callable[[str], Any]
    about: str
    type: Any = OpenApiTypes.STR
    enum: tuple[str, ...] | None = None
    default: Any = None
    required: bool = False

    def documented(self) -> OpenApiParameter:
        shown = self.default if self.default not in (None, "") else None
        return OpenApiParameter(
            self.name, self.type, description=self.about, enum=self.enum, default=shown, required=self.required
        )


def text_param(name: str, about: str, longest: int = 200) -> Param:
    def read(value: str) -> str:
        if len(value) > longest:
            raise ValueError(_("At most %(longest)s characters.") % {"longest": longest})
        return value

    return Param(name, read, about, default="")


def choice_param(name: str, about: str, choices: Sequence[str], default: str = "") -> Param:
    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(_("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)})
        return value

    return Param(name, read, about, enum=tuple(choices), default=default)


def number_param(name: str, about: str, low: int = 1, high: int = 2**63 - 1, default: int | None = None) -> Param:
    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,19}", value) or not low <= int(value) <= high:
            raise ValueError(_("A whole number from %(low)s to %(high)s is needed.") % {"low": low, "high": high})
        return int(value)

    return Param(name, read, about, type=OpenApiTypes.INT, default=default)


def _read_cursor(value: str) -> tuple[bool, int]:
    match = re.fullmatch(r"([nb])([0-9]{1,18})", value)
    if match is None:
        raise ValueError(_("This cursor is not one that was given out."))
    return match.group(1) == "b", int(match.group(2))


PAGING = (
    Param("cursor", _read_cursor, "Where the page begins; take it from `next` or `previous`."),
    number_param("page_size", "How many entries a page has.", 1, MAX_PAGE, _PAGE),
)


# -- bodies


class In(serializers.Serializer[Any]):
    """A request body. Unknown fields are refused, so that nothing can be set that is not offered."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [key for key in data if key not in self.fields]
            if unknown:
                raise serializers.ValidationError({key: [_("Unknown field.")] for key in unknown})
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A string and nothing that could be turned into one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError(_("A text is needed."))
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A JSON integer; neither "3" nor 3.0 nor true."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": 2**63 - 1, **kwargs})

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            raise serializers.ValidationError(_("A whole number is needed."))
        return data


class Choice(serializers.ChoiceField):
    """One of the strings, spelled exactly so."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choices:
            shown = ", ".join(map(str, self.choices))
            raise serializers.ValidationError(_("Choose one of: %(choices)s.") % {"choices": shown})
        return data


class Flag(serializers.BooleanField):
    """true or false."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise serializers.ValidationError(_("Yes or no is needed."))
        return data


# -- what an operation is


class ProblemOut(serializers.Serializer[Any]):
    """A refusal (RFC 9457). Some codes bring further members, such as `current` and `yours` with `stale`."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable, for programs.")
    detail = serializers.CharField(help_text="For people, in their language.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False, help_text="By path of the field."
    )


@cache
def page_of(shape: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """How the schema shows a page of a list."""
    fields = {
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": shape(many=True),
        "__module__": shape.__module__,
    }
    return type(f"{shape.__name__.removesuffix('Out')}Page", (serializers.Serializer,), fields)


def operation(
    summary: str,
    *,
    query: Sequence[Param] = (),
    body: Any = None,
    answer: Any = None,
    status: int = 200,
    refusals: Sequence[int] | None = (),
) -> Callable[[_F], _F]:
    """Document a handler, and say which query parameters it takes: any other is refused.

    `answer` is a shape, or a mapping for other media types. `refusals` are those beyond the common ones; None: there are
    none at all.
    """
    refused = set() if refusals is None else {400, 401, 403, 404, *refusals}
    if body is not None:
        refused |= {409, 413, 415, 422}
    responses: dict[Any, Any] = dict(answer) if isinstance(answer, dict) else {status: answer}
    responses.update({(code, "application/problem+json"): ProblemOut for code in sorted(refused)})

    def decorate(handler: _F) -> _F:
        handler.query = {p.name: p for p in query}  # type: ignore[attr-defined]
        return extend_schema(
            summary=summary,
            parameters=[p.documented() for p in query],
            request=body,
            responses=responses,
        )(handler)

    return decorate


class Endpoint(APIView):
    """The base of all endpoints. `query` holds the checked query parameters of this request."""

    content_negotiation_class = AlwaysJSON
    max_body: ClassVar[int | None] = None
    query: dict[str, Any]

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = "get" if request.method == "HEAD" else (request.method or "").lower()
        handler = getattr(self, method, None)
        self.query = _read_query(request, getattr(handler, "query", {}))

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]
        """The methods, in `Allow`; nothing about the thing itself."""
        return Response(status=204)

    def finalize_response(self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any) -> Any:
        done = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        if not done.has_header("Cache-Control"):
            done["Cache-Control"] = "no-store"
        patch_vary_headers(done, ["Authorization"])
        return done

    def project(self, project_id: int, action: Action = Action.VIEW) -> Project:
        """The project in the path. Raises Missing for strangers, Forbidden when the actor may not do `action`."""
        return project_for(actor=self.actor, project_id=project_id, action=action)

    def body(self, shape: type[In]) -> dict[str, Any]:
        """The checked body. Raises Invalid with errors by path."""
        reader = shape(data=self.request.data)
        if not reader.is_valid():
            raise Invalid(_("Some values are not right."), errors=flat_errors(reader.errors))
        data: dict[str, Any] = reader.validated_data
        return data

    def page(
        self, rows: QuerySet[Any, Any], show: Callable[[Any], dict[str, Any]], *, newest_first: bool = True
    ) -> Response:
        """One page of rows with a numeric id, and links to the ones around it. The page is found by id, never by counting."""
        size: int = self.query["page_size"]
        backwards, position = self.query["cursor"] or (False, None)
        descending = newest_first != backwards
        if position is not None:
            rows = rows.filter(id__lt=position) if descending else rows.filter(id__gt=position)
        found = list(rows.order_by("-id" if descending else "id")[: size + 1])
        more = len(found) > size
        found = found[:size]
        if backwards:
            found.reverse()
        following = preceding = None
        if found:
            if more or backwards:
                following = self._link("n", _id(found[-1]))
            if (more and backwards) or (position is not None and not backwards):
                preceding = self._link("b", _id(found[0]))
        answer = Response({"next": following, "previous": preceding, "results": [show(row) for row in found]})
        if following:
            answer["Link"] = f'<{following}>; rel="next"'
        return answer

    def _link(self, direction: str, position: int) -> str:
        given = {k: str(v) for k, v in self.request.query_params.items() if k != "cursor"}
        path = f"{self.request.path}?{urlencode({**given, 'cursor': f'{direction}{position}'})}"
        return self.request.build_absolute_uri(path)

    def created(self, data: dict[str, Any], path: str, status: int = 201) -> Response:
        """An answer that says where the new thing is."""
        return Response(data, status=status, headers={"Location": self.request.build_absolute_uri(path)})


def _id(row: Any) -> int:
    found: int = row["id"] if isinstance(row, dict) else row.pk
    return found


def _read_query(request: Request, allowed: Mapping[str, Param]) -> dict[str, Any]:
    out = {name: param.default for name, param in allowed.items()}
    errors: dict[str, list[str]] = {}
    for name, values in request.query_params.lists():
        param = allowed.get(name)
        if param is None:
            shown = "".join(c if c.isprintable() else "\ufffd" for c in name[:80])
            errors[shown] = [_("There is no such query parameter here.")]
        elif len(values) > 1:
            errors[name] = [_("This parameter stands twice.")]
        elif bad_character(values[0]) is not None:
            errors[name] = [_("The text contains characters that cannot be stored.")]
        else:
            try:
                out[name] = param.read(values[0])
            except ValueError as error:
                errors[name] = [str(error)]
    for name, param in allowed.items():
        if param.required and name not in request.query_params:
            errors[name] = [_("This parameter is needed.")]
    if errors:
        first = ", ".join(errors)
        raise Refused(400, "query", _("Wrong query parameter: %(names)s.") % {"names": first}, errors=errors)
    return out
