"""Signing up and logging in, on top of allauth."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from annotator.errors import Invalid
from annotator.teams.services import checked_name


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)


class SignupNameForm(forms.Form):
    """Asks for a name beside what allauth asks."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))

    def clean_name(self) -> str:
        """The same rules as for every other name: nothing that makes one person look like another."""
        try:
            return checked_name(self.cleaned_data["name"])
        except Invalid as refusal:
            raise forms.ValidationError(refusal.errors["name"]) from None

    def signup(self, request: HttpRequest, user: Any) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
