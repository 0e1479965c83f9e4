"""REST. Names are the contract; what is written here once stays."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from annotator.api import documents, projects, schema, work
from annotator.api.base import View

app_name = "api"


def _open(view: type[View] | type[schema.Schema], **options: object):  # type: ignore[no-untyped-def]
    """DRF asks who calls, and answers 401 as JSON; the log-in page is for people."""
    return login_not_required(view.as_view(**options))


urlpatterns = [
    path("schema/", _open(schema.Schema), name="schema"),
    path("projects/", _open(projects.Projects), name="projects"),
    path("projects/<int:project_id>/", _open(projects.ProjectDetail), name="project"),
    path("projects/<int:project_id>/codebook/", _open(projects.Codebook), name="codebook"),
    path("projects/<int:project_id>/members/", _open(projects.Members), name="members"),
    path("projects/<int:project_id>/assignments/", _open(projects.Assignments), name="assignments"),
    path("projects/<int:project_id>/documents/", _open(documents.Documents), name="documents"),
    path("projects/<int:project_id>/imports/", _open(work.Imports), name="imports"),
    path("projects/<int:project_id>/pretag/", _open(work.Pretag), name="pretag"),
    path("projects/<int:project_id>/actors/", _open(work.Actors), name="actors"),
    path("projects/<int:project_id>/exports/", _open(work.Exports), name="exports"),
    path("projects/<int:project_id>/export/", _open(work.DirectExport), name="export"),
    path("documents/<int:document_id>/", _open(documents.DocumentDetail), name="document"),
    path("documents/<int:document_id>/annotations/", _open(documents.Annotations), name="annotations"),
    path("documents/<int:document_id>/edits/", _open(documents.Edits), name="edits"),
    path("documents/<int:document_id>/suggestions/", _open(documents.DecideSuggestions), name="suggestions"),
    path("documents/<int:document_id>/submit/", _open(documents.Submit), name="submit"),
    path("documents/<int:document_id>/return/", _open(documents.Return), name="return"),
    path("documents/<int:document_id>/accept/", _open(documents.Accept), name="accept"),
    path("documents/<int:document_id>/conflicts/", _open(documents.Conflicts), name="conflicts"),
    path("suggestions/<uuid:suggestion_id>/accept/", _open(documents.DecideSuggestion), name="suggestion_accept"),
    path(
        "suggestions/<uuid:suggestion_id>/reject/",
        _open(documents.DecideSuggestion, accept=False),
        name="suggestion_reject",
    ),
    path("actors/<int:entity_id>/merge/", _open(work.ActorMerge), name="actor_merge"),
    path("exports/<int:export_id>/download/", _open(work.ExportDownload), name="export_download"),
    path("jobs/<uuid:job_id>/", _open(work.JobDetail), name="job"),
    path("jobs/<uuid:job_id>/cancel/", _open(work.JobCancel), name="job_cancel"),
]
