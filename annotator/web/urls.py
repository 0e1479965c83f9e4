"""The pages."""

from django.urls import path

from annotator.web.views import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
]
