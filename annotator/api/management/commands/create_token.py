"""Make a token for a program, from the machine the site runs on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotator.errors import DomainError
from annotator.teams.access import Actor, Scope
from annotator.teams.models import User
from annotator.teams.queries import project_for
from annotator.teams.services import create_token

SCOPES = [scope.value for scope in Scope]


class Command(BaseCommand):
    help = "Make an API token for a person. It is printed once, as the last word, and cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, metavar="EMAIL", help="the person whose rights the token has")
        parser.add_argument(
            "--scopes", default=",".join(SCOPES), metavar="A,B", help="some of: %(default)s; all when left out"
        )
        parser.add_argument("--project", type=int, metavar="ID", help="bind the token to one project")
        parser.add_argument("--name", default="create_token", help="what the person's list of tokens calls it")

    def handle(self, *args: Any, user: str, scopes: str, project: int | None, name: str, **options: Any) -> None:
        person = User.objects.filter(email=user.strip().lower(), is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {user}.")
        actor = Actor(person)
        wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
        if unknown := [scope for scope in wanted if scope not in SCOPES]:
            raise CommandError(f"Unknown scope {unknown[0]}. There are: {', '.join(SCOPES)}.")
        if not wanted:
            raise CommandError(f"Name at least one scope of: {', '.join(SCOPES)}.")
        try:
            bound = project_for(actor=actor, project_id=project) if project is not None else None
            token, key = create_token(actor=actor, name=name, scopes=wanted, project=bound)
        except DomainError as error:
            where = f" (project {project})" if project is not None else ""
            reasons = [why for reasons in error.errors.values() for why in reasons] or [str(error)]
            raise CommandError(f"{' '.join(reasons)}{where}") from None
        self.stdout.write(f"A token for {person.email} with {', '.join(token.scopes)}: {key}")
