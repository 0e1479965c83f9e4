"""JSON in, JSON out, and every refusal as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import datetime as dt
import json
import logging
import math
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import IO, Any

from django.conf import settings
from django.core import exceptions as core
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework import exceptions, negotiation, parsers, renderers
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.errors import DomainError, Invalid, Missing, TooLarge, TooMany

log = logging.getLogger(__name__)

MAX_DEPTH = 32
MAX_KEY = 256
MAX_DIGITS = 19
PROBLEM_TYPE = "application/problem+json"


class Malformed(DomainError):
    """The request cannot be read at all."""

    status = 400
    code = "malformed"


# -- in

# Only these escapes can smuggle in what UTF-8 and JSON forbid as plain bytes: NUL and halves of characters.
_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class StrictJSONParser(parsers.BaseParser):
    """JSON that means one thing only.

    Refuses what other parsers read differently or what cannot be stored: duplicate keys, NaN, huge numbers, a byte
    order mark, other encodings than UTF-8, deep nesting, NUL and lone surrogates. A view may set `max_body` in bytes.
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        view = (parser_context or {}).get("view")
        limit = getattr(view, "max_body", None) or settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        charset = re.search(r"charset=\"?([^\s;\"]+)", media_type or "", re.IGNORECASE)
        if charset and charset.group(1).lower() not in ("utf-8", "utf8"):
            raise Malformed(_("The body must be UTF-8."))
        announced = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced) > limit:
            raise body_too_large(limit)
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise body_too_large(limit)
        return read_json(raw)


def body_too_large(limit: int) -> TooLarge:
    return TooLarge(_("The body is too large: at most %(most)s MB.") % {"most": max(1, limit >> 20)})


def read_json(raw: bytes) -> Any:
    """The value of a JSON body. Raises Malformed, or Invalid with the path of a text that cannot be stored."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(_("The body is not UTF-8 (byte %(position)s).") % {"position": error.start}) from None
    if text.startswith("\ufeff"):
        raise Malformed(_("The body begins with a byte order mark."))
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise Malformed(_("The JSON is nested too deeply.")) from None
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        raise Malformed(_("The body is not JSON (line %(line)s, column %(column)s).") % where) from None
    _check_depth(value)
    if _SUSPECT.search(text) and (errors := dict(_unstorable(value, ""))):
        raise Invalid(_("Some values are not right."), errors=errors)
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Malformed(_("A key stands twice in one object."))
    if any(len(key) > MAX_KEY for key in found):
        raise Malformed(_("A key is too long."))
    return found


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise Malformed(_("A number is too large."))
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value) or len(digits) > 400:
        raise Malformed(_("A number is too large."))
    return value


def _constant(name: str) -> Any:
    raise Malformed(_("%(name)s is not a JSON number.") % {"name": name})


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=_integer, parse_float=_number, parse_constant=_constant)


def _check_depth(value: Any) -> None:
    level = [value] if isinstance(value, dict | list) else []
    depth = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise Malformed(_("The JSON is nested too deeply."))
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]


def bad_character(text: str) -> int | None:
    """Where the first character stands that cannot be stored, None when there is none."""
    for i, c in enumerate(text):
        if c == "\0" or "\ud800" <= c <= "\udfff":
            return i
    return None


def _unstorable(value: Any, path: str) -> Iterator[tuple[str, list[str]]]:
    if isinstance(value, str):
        at = bad_character(value)
        if at is not None:
            yield (
                path or "body",
                [_("There is a character that cannot be stored at position %(position)s.") % {"position": at}],
            )
    elif isinstance(value, dict):
        for key, inner in value.items():
            if bad_character(key) is not None:
                raise Malformed(_("A key contains a character that cannot be stored."))
            yield from _unstorable(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _unstorable(inner, f"{path}.{i}" if path else str(i))


class UploadParser(parsers.MultiPartParser):
    """Files. Refused before they are read when the request says that it is larger than any import may be."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit = settings.MAX_IMPORT_BYTES + (1 << 20)
        announced = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced) > limit:
            raise body_too_large(limit)
        try:
            return super().parse(stream, media_type, parser_context)
        except (MultiPartParserError, UnicodeError):
            raise Malformed(_("The form data cannot be read.")) from None


# -- out


class JSONRenderer(renderers.BaseRenderer):
    """Compact JSON with letters as they are."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else _ENCODER.encode(data).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID | Promise):
        return str(value)
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain)


class AlwaysJSON(negotiation.DefaultContentNegotiation):
    """There is one form of answer, so neither `Accept` nor `?format=` chooses another; `format` stays free for exports."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[renderers.BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


# -- refusals


def problem(exc: Exception, context: Mapping[str, Any]) -> Response:
    """Any exception as a problem document. What is not foreseen is logged and says nothing about the inside."""
    domain, headers = _as_domain_error(exc)
    if domain.status >= 500:
        log.error("%s in %s", type(exc).__name__, type(context.get("view")).__name__, exc_info=exc)
    body = {
        **domain.extra,
        "type": "about:blank",
        "title": HTTPStatus(domain.status).phrase,
        "status": domain.status,
        "code": domain.code,
        "detail": str(domain),
    }
    if domain.errors:
        body["errors"] = domain.errors
    return Response(body, status=domain.status, headers=headers, content_type=PROBLEM_TYPE)


class Unforeseen(DomainError):
    status = 500
    code = "error"


class Unavailable(DomainError):
    status = 503
    code = "unavailable"


class Refused(DomainError):
    """What the framework refuses, with its own status and code."""

    def __init__(self, status: int, code: str, detail: object = "", **kwargs: Any) -> None:
        self.status = status
        super().__init__(detail, code=code, **kwargs)


def _as_domain_error(exc: Exception) -> tuple[DomainError, dict[str, str]]:
    if isinstance(exc, DomainError):
        return exc, {"Retry-After": "5"} if isinstance(exc, TooMany) else {}
    if isinstance(exc, exceptions.APIException):
        return _from_framework(exc)
    if isinstance(exc, Http404):
        return Missing(), {}
    if isinstance(exc, core.PermissionDenied):
        return Refused(403, "forbidden", _("You may not do this.")), {}
    if isinstance(exc, core.RequestDataTooBig | core.TooManyFieldsSent | core.TooManyFilesSent):
        return TooLarge(_("The request is too large.")), {}
    if isinstance(exc, core.SuspiciousOperation | UnreadablePostError):
        return Malformed(_("The request cannot be read.")), {}
    if isinstance(exc, IntegrityError):
        log.warning("a rule of the database refused a write", exc_info=exc)
        return Refused(409, "conflict", _("This does not fit what is stored already.")), {}
    if isinstance(exc, DataError):
        log.warning("the database cannot hold a value", exc_info=exc)
        return Invalid(_("A value cannot be stored.")), {}
    if isinstance(exc, OperationalError):
        return Unavailable(_("The server cannot answer now. Try again in a moment.")), {"Retry-After": "2"}
    return Unforeseen(_("Something went wrong on the server. The error was logged.")), {}


def _from_framework(exc: exceptions.APIException) -> tuple[DomainError, dict[str, str]]:
    headers: dict[str, str] = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if isinstance(exc, exceptions.ValidationError):
        return Invalid(_("Some values are not right."), errors=flat_errors(exc.detail)), headers
    if isinstance(exc, exceptions.NotFound):
        return Missing(), headers
    if isinstance(exc, exceptions.Throttled):
        headers["Retry-After"] = str(max(1, math.ceil(getattr(exc, "wait", None) or 1)))
    code = {
        400: "malformed", 401: "unauthenticated", 405: "method_not_allowed",
        406: "not_acceptable", 415: "media_type", 429: "too_many",
    }.get(exc.status_code, "")  # fmt: skip
    if not code or isinstance(exc, exceptions.AuthenticationFailed):
        codes = exc.get_codes()
        code = codes if isinstance(codes, str) and codes != "authentication_failed" else code or "refused"
    if code == "permission_denied":
        code = "forbidden"
    return Refused(exc.status_code, code, str(exc.detail)), headers


def flat_errors(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Nested errors of a serializer by dotted path; what belongs to no field stands under `body`."""
    out: dict[str, list[str]] = {}
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            place = path if key == "non_field_errors" else f"{path}.{key}" if path else str(key)
            out.update(flat_errors(inner, place))
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        for i, inner in enumerate(detail):
            if isinstance(inner, Mapping | list):
                out.update(flat_errors(inner, f"{path}.{i}" if path else str(i)))
            else:
                out.setdefault(path or "body", []).append(str(inner))
    else:
        out[path or "body"] = [str(detail)]
    return out
