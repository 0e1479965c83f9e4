"""Where everything is. Pages at the root, REST under /api/v1/."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("annotator.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("annotator.web.urls")),
]
