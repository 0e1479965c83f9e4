"""The machine-readable description of the REST door, and a page to try it on."""

from __future__ import annotations

from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.renderers import TemplateHTMLRenderer


class Schema(SpectacularAPIView):
    permission_classes = [AllowAny]
    authentication_classes = []


class Docs(SpectacularRedocView):
    """Redoc, from our own static files."""

    permission_classes = [IsAuthenticated]
    renderer_classes = [TemplateHTMLRenderer]
    template_name = "api/docs.html"
    url_name = "api:schema"
