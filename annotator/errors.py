"""The refusals every room may raise. The web shows them in place, the API as problem+json.

Each carries a stable `code` for programs, a translated `detail` for people, `errors` by
field path where a field is to blame, and `extra` for what a client needs to go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """Something the person asked for that cannot be done; nothing was written."""

    status = 400
    code = "bad_request"

    def __init__(
        self,
        detail: object = "",
        *,
        code: str | None = None,
        errors: Mapping[str, list[str]] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.detail = detail or (_("Some values are not right.") if errors else _("This cannot be done."))
        self.code = code or self.code
        self.errors = dict(errors or {})
        self.extra = dict(extra or {})
        super().__init__(str(detail))

    def __str__(self) -> str:
        return str(self.detail)


class Invalid(DomainError):
    """The input is wrong; `errors` names the fields."""

    status = 422
    code = "invalid"


class Conflict(DomainError):
    """Somebody or something was first, or the thing is not in a state that allows it."""

    status = 409
    code = "state"


class Forbidden(DomainError):
    """The person sees the thing but may not do this with it."""

    status = 403
    code = "forbidden"


class Missing(DomainError):
    """The thing does not exist, or not for this person; the answer is the same."""

    status = 404
    code = "not_found"

    def __init__(self, detail: object = "", **kwargs: Any) -> None:
        super().__init__(detail or _("Not found."), **kwargs)


class TooLarge(DomainError):
    """More than the server takes in one go."""

    status = 413
    code = "too_large"


class TooMany(DomainError):
    """Asked too often."""

    status = 429
    code = "too_many"
