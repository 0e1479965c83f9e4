"""Where everything is. Pages at the root, REST under /api/v1/ and its description at /api/."""

from django.urls import include, path

from annotator.api.docs import docs

urlpatterns = [
    path("api/", docs, name="api_docs"),
    path("api/v1/", include("annotator.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("annotator.web.urls")),
]

handler400 = "annotator.web.views.refusals.bad_request"
