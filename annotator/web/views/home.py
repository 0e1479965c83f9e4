"""The first page, the person's preferences, and the page about rights."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotator.coding.queries import my_work
from annotator.errors import Invalid
from annotator.registry.services import create_project
from annotator.review.feedback import feedback_for
from annotator.review.talk import mentions_of, unread_mentions
from annotator.teams.access import MATRIX, Actor, Scope
from annotator.teams.models import ApiToken, Invitation, Project, Role, User
from annotator.teams.preferences import update_me
from annotator.teams.queries import invitations_for, projects_of, tokens_of
from annotator.teams.services import accept_invitation, create_token, revoke_token
from annotator.web.middleware import THEME_COOKIE, THEMES
from annotator.web.request import Request, actor_of, back, ids_in
from annotator.web.words import ACTIONS

YEAR = 365 * 24 * 3600


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "home/stranger.html")
    actor = actor_of(request)
    return render(
        request,
        "home/member.html",
        {
            "projects": list(projects_of(actor=actor)[:50]),
            "work": list(my_work(actor=actor)[:20]),
            "mentions": list(mentions_of(actor=actor)[:10]),
            "unread": unread_mentions(actor=actor),
            "feedback": list(feedback_for(actor=actor)[:5]),
            "invitations": list(invitations_for(actor=actor)),
        },
    )


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    language = request.POST.get("language", "")
    response = back(request)
    if language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            update_me(actor=actor_of(request), language=language)
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    response = back(request)
    if theme in THEMES:
        if request.user.is_authenticated:
            update_me(actor=actor_of(request), theme=theme)
        _remember(response, THEME_COOKIE, theme)
    return response


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.HTTPS)


def new_project(request: Request) -> HttpResponse:
    error = None
    if request.method == "POST":
        try:
            project = create_project(
                actor=actor_of(request),
                name=request.POST.get("name", ""),
                description=request.POST.get("description", ""),
            )
        except Invalid as invalid:
            error = invalid
        else:
            messages.success(request, _("The project is ready. Bring in your first articles."))
            return redirect("import", project.pk)
    return render(request, "projects/new.html", {"error": error, "given": request.POST}, status=422 if error else 200)


@require_POST
def join(request: Request, invitation_id: int) -> HttpResponse:
    invitation = Invitation.objects.filter(pk=invitation_id, email=request.user.email).select_related("project").first()
    if invitation is None:
        return render(request, "404.html", status=404)
    membership = accept_invitation(actor=actor_of(request), invitation=invitation)
    return redirect("project", membership.project_id)


def account(request: Request) -> HttpResponse:
    actor = actor_of(request)
    key, error = None, None
    if request.method == "POST":
        try:
            if "name" in request.POST:
                return _save_me(request)
            _token, key = create_token(
                actor=actor,
                name=request.POST.get("token_name", ""),
                scopes=request.POST.getlist("scopes"),
                project=_chosen_project(request, actor),
            )
        except Invalid as invalid:
            error = invalid
    context = {
        "tokens": list(tokens_of(actor=actor)[:100]),
        "projects": list(projects_of(actor=actor)[:100]),
        "scopes": [s.value for s in Scope],
        "languages": User.Language.choices,
        "themes": User.Theme.choices,
        "key": key,
        "error": error,
        "given": request.POST if error else {},
    }
    return render(request, "home/account.html", context, status=422 if error else 200)


def _chosen_project(request: Request, actor: Actor) -> Project | None:
    """The project a token is bound to; never silently none, which would mean all."""
    given = request.POST.get("project", "")
    if not given:
        return None
    found = Project.objects.visible_to(actor).filter(pk__in=ids_in([given])).first()
    if found is None:
        raise Invalid(errors={"project": [_("Unknown choice.")]})
    return found


def _save_me(request: Request) -> HttpResponse:
    user = update_me(
        actor=actor_of(request),
        name=request.POST["name"],
        language=request.POST.get("language"),
        theme=request.POST.get("theme"),
    )
    with translation.override(user.language or None):
        messages.success(request, _("Saved."))
    response = redirect("account")
    # The cookies speak for the person on the log-in page too.
    if user.language:
        _remember(response, settings.LANGUAGE_COOKIE_NAME, user.language)
    _remember(response, THEME_COOKIE, user.theme)
    return response


@require_POST
def revoke(request: Request, token_id: int) -> HttpResponse:
    token = ApiToken.objects.filter(pk=token_id, user=request.user).select_related("project").first()
    if token is None:
        return render(request, "404.html", status=404)
    revoke_token(actor=actor_of(request), token=token)
    messages.success(request, _("The token no longer works."))
    return redirect("account")


@require_safe
def access(request: Request) -> HttpResponse:
    """Who may do what, straight from the table the code uses."""
    rows = [
        {"name": ACTIONS[action], "allowed": [role in roles for role in Role], "scope": scope.value if scope else "–"}
        for action, (roles, scope, _frozen) in MATRIX.items()
    ]
    return render(request, "home/access.html", {"roles": Role.choices, "rows": rows})
