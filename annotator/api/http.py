"""JSON in, JSON out, problems as RFC 9457: nothing hostile gets past the parser, nothing private into an answer."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response

from annotator.errors import DomainError

log = logging.getLogger(__name__)
MAX_BODY = 12 * 1024 * 1024
MAX_DEPTH = 32
MAX_DIGITS = 18


class BodyTooLarge(exceptions.APIException):
    status_code = 413
    default_code = "too_large"


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str).encode()


class StrictJSONParser(BaseParser):
    """UTF-8 JSON without what two readers could understand differently or a database could not hold."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            raw = stream.read(MAX_BODY + 1)
        except RequestDataTooBig:
            raise BodyTooLarge(_("The request is too large.")) from None
        if len(raw) > MAX_BODY:
            raise BodyTooLarge(_("The request is too large."))
        return parse_strictly(raw)


def parse_strictly(raw: bytes) -> Any:
    """The value of a JSON text. Raises ParseError for bad UTF-8, repeated keys, NaN, huge numbers, deep nesting,
    NUL and halves of characters.
    """
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_float,
        )
        _check(value, 0)
    except UnicodeDecodeError:
        raise exceptions.ParseError(_("The body is not UTF-8.")) from None
    except RecursionError:
        raise exceptions.ParseError(_("The JSON is nested too deeply.")) from None
    except ValueError as error:
        raise exceptions.ParseError(_("The body is not JSON: %(why)s") % {"why": str(error)[:200]}) from None
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) < len(pairs):
        raise ValueError("a key stands twice")
    return out


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError("a number is too large")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def _check(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        # A NUL or half a character may be meant for a text field, which words it better; keys may hold neither.
        return
    if isinstance(value, dict):
        for key, item in value.items():
            if "\0" in key or any("\ud800" <= c <= "\udfff" for c in key):
                raise ValueError("a key holds a character that cannot be stored")
            _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)


_TITLES = {
    400: "Bad request", 401: "Unauthorized", 403: "Forbidden", 404: "Not found", 405: "Method not allowed",
    406: "Not acceptable", 409: "Conflict", 413: "Too large", 415: "Unsupported media type", 422: "Invalid",
    429: "Too many requests", 503: "Unavailable",
}  # fmt: skip


def body(status: int, code: str, detail: object, errors: Mapping[str, Any] | None = None, **extra: Any) -> dict[str, Any]:
    """The body of a problem."""
    out: dict[str, Any] = {
        "type": "about:blank", "title": _TITLES.get(status, "Error"), "status": status, "code": code, "detail": str(detail),
    }  # fmt: skip
    if errors:
        out["errors"] = errors
    return {**out, **extra}


def problem(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal becomes application/problem+json with a stable code."""
    headers: dict[str, str] = {}
    if isinstance(exc, DomainError):
        data = body(exc.status, exc.code, exc, exc.errors, **exc.extra)
    elif isinstance(exc, Http404 | exceptions.NotFound):
        data = body(404, "not_found", _("Not found."))
    elif isinstance(exc, PermissionDenied):
        data = body(403, "forbidden", _("You may not do this."))
    elif isinstance(exc, exceptions.ValidationError):
        data = body(422, "invalid", _("Some values are not right."), flatten(exc.detail))
    elif isinstance(exc, exceptions.APIException):
        if isinstance(exc, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
            headers["WWW-Authenticate"] = "Bearer"
        if isinstance(exc, exceptions.Throttled) and exc.wait:
            headers["Retry-After"] = str(math.ceil(exc.wait))
        code = exc.default_code if isinstance(exc.default_code, str) else "error"
        data = body(exc.status_code, code, exc.detail)
    elif isinstance(exc, RequestDataTooBig):
        data = body(413, "too_large", _("The request is too large."))
    elif isinstance(exc, IntegrityError):
        log.warning("constraint refused a write: %s", type(exc.__cause__).__name__)
        data = body(409, "conflict", _("This does not go together with what is stored already."))
    elif isinstance(exc, DataError):
        data = body(422, "invalid", _("A value cannot be stored."))
    elif isinstance(exc, OperationalError):
        log.exception("database unavailable")
        data, headers["Retry-After"] = body(503, "unavailable", _("The database is not available just now.")), "5"
    else:
        return None
    response = Response(data, status=data["status"], headers=headers)
    response.content_type = "application/problem+json"
    return response


def flatten(detail: Any, path: str = "") -> dict[str, list[str]]:
    """DRF's nested errors as lists by dotted path."""
    if isinstance(detail, Mapping):
        out: dict[str, list[str]] = {}
        for key, value in detail.items():
            out.update(flatten(value, f"{path}.{key}".lstrip(".")))
        return out
    if isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        out = {}
        for i, item in enumerate(detail):
            if item:
                out.update(flatten(item, f"{path}.{i}".lstrip(".")))
        return out
    return {path: [str(item) for item in (detail if isinstance(detail, list) else [detail])]}
