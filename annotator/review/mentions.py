"""Naming people with @: whom one can name, and how names stand in a stored comment.

A comment keeps `@{7}` for the person 7, so that a changed name changes everywhere. People type "@" and a name, or the
e-mail address where two have the same name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from annotator.coding.models import Assignment
from annotator.review.models import Thread
from annotator.teams.access import MATRIX, Action
from annotator.teams.models import Membership, User

_MARK = re.compile(r"@\{(\d{1,18})\}")


@dataclass(frozen=True)
class Part:
    """A stretch of a comment: plain text, or a person who is named."""

    text: str
    person: User | None = None


def mentionable(thread: Thread, *, but: User) -> list[User]:
    """Who reads the thread and so can be named in it, in order of names."""
    project = thread.document.project
    rows = Membership.objects.filter(project=project, user__is_active=True).exclude(user=but)
    reviewing = Q(role__in=MATRIX[Action.VIEW_SUBMISSIONS][0])
    if thread.work_of_id is not None:
        rows = rows.filter(reviewing | Q(user=thread.work_of_id))
    elif not project.open_documents:
        seeing = Assignment.objects.filter(document=thread.document).exclude(state__in=["REVOKED", "DECLINED"])
        wide = Q(role__in=MATRIX[Action.VIEW_ALL_DOCUMENTS][0])
        rows = rows.filter(wide | Q(user__in=seeing.values("user")))
    return [row.user for row in rows.select_related("user").order_by("user__name", "user_id")]


def handles(people: Iterable[User]) -> dict[str, User]:
    """What each is called behind an @: the name where nobody else has it, and always the address."""
    people = list(people)
    same = Counter(person.name.casefold() for person in people)
    named = {person.name: person for person in people if person.name and same[person.name.casefold()] == 1}
    return named | {person.email: person for person in people}


def encode(body: str, people: Iterable[User]) -> tuple[str, list[User]]:
    """The body as it is stored, and who is named in it."""
    known = {handle.casefold(): person for handle, person in handles(people).items()}
    if "@" not in body or not known:
        return body, []
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile(
        r"(?<![A-Za-z0-9._@-])@(" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE
    )
    found: dict[int, User] = {}

    def mark(match: re.Match[str]) -> str:
        person = known[match[1].casefold()]
        found[person.pk] = person
        return f"@{{{person.pk}}}"

    return pattern.sub(mark, body), list(found.values())


def parts(body: str, named: Iterable[User]) -> list[Part]:
    """The stored body for showing. A mark without its mention is plain text: somebody typed it."""
    people = {person.pk: person for person in named}
    out: list[Part] = []
    end = 0
    for match in _MARK.finditer(body):
        person = people.get(int(match[1]))
        if person is None:
            continue
        out += [Part(body[end : match.start()]), Part(f"@{person}", person)]
        end = match.end()
    return [part for part in [*out, Part(body[end:])] if part.text]


def decode(body: str, named: Iterable[User], people: Iterable[User]) -> str:
    """The stored body as its author types it. `people` are those who can be named: it says who needs the address."""
    unique = {person.pk: handle for handle, person in reversed(handles(people).items())}
    return "".join(f"@{unique.get(p.person.pk, p.person.email)}" if p.person else p.text for p in parts(body, named))
