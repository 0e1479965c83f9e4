"""REST. Names are the contract; what is written here once stays."""

from django.urls import path, re_path

from annotator.api.endpoints import coding, documents, exports, jobs, members, occurrences, projects, registry, workflow
from annotator.api.schema import Nowhere, Schema

app_name = "api"

project_urls = [
    path("projects/", projects.Projects.as_view(), name="projects"),
    path("projects/<int:project_id>/", projects.ProjectDetail.as_view(), name="project"),
    path("projects/<int:project_id>/codebook/", projects.Codebook.as_view(), name="codebook"),
    path("projects/<int:project_id>/members/", members.Members.as_view(), name="members"),
    path("projects/<int:project_id>/members/<int:member_id>/", members.Member.as_view(), name="member"),
    path("projects/<int:project_id>/invitations/", members.Invitations.as_view(), name="invitations"),
    path(
        "projects/<int:project_id>/invitations/<int:invitation_id>/",
        members.InvitationDetail.as_view(),
        name="invitation",
    ),
    path("projects/<int:project_id>/assignments/", workflow.Assignments.as_view(), name="assignments"),
    path("projects/<int:project_id>/documents/", documents.Documents.as_view(), name="documents"),
    path("projects/<int:project_id>/imports/", jobs.Imports.as_view(), name="imports"),
    path("projects/<int:project_id>/pretag/", jobs.Pretag.as_view(), name="pretag"),
    path("projects/<int:project_id>/actors/", registry.Actors.as_view(), name="actors"),
    path("projects/<int:project_id>/occurrences/", occurrences.InProject.as_view(), name="occurrences"),
    path("projects/<int:project_id>/exports/", exports.Exports.as_view(), name="exports"),
    path("projects/<int:project_id>/export/", exports.DirectExport.as_view(), name="export"),
]

document_urls = [
    path("documents/<int:document_id>/", documents.DocumentDetail.as_view(), name="document"),
    path("documents/<int:document_id>/annotations/", coding.Annotations.as_view(), name="annotations"),
    path("documents/<int:document_id>/reveal/", coding.Reveal.as_view(), name="reveal"),
    path("documents/<int:document_id>/edits/", coding.Edits.as_view(), name="edits"),
    path("documents/<int:document_id>/suggestions/", coding.DecideSuggestions.as_view(), name="suggestions"),
    path("documents/<int:document_id>/occurrences/", occurrences.InDocument.as_view(), name="document_occurrences"),
    path("documents/<int:document_id>/submit/", workflow.Submit.as_view(), name="submit"),
    path("documents/<int:document_id>/withdraw/", workflow.Withdraw.as_view(), name="withdraw"),
    path("documents/<int:document_id>/return/", workflow.Return.as_view(), name="return"),
    path("documents/<int:document_id>/accept/", workflow.Accept.as_view(), name="accept"),
    path("documents/<int:document_id>/conflicts/", workflow.Conflicts.as_view(), name="conflicts"),
]

urlpatterns = [
    path("schema/", Schema.as_view(), name="schema"),
    *project_urls,
    *document_urls,
    path("suggestions/<uuid:suggestion_id>/accept/", coding.AcceptSuggestion.as_view(), name="suggestion_accept"),
    path("suggestions/<uuid:suggestion_id>/reject/", coding.RejectSuggestion.as_view(), name="suggestion_reject"),
    path("actors/<int:entity_id>/", registry.ActorDetail.as_view(), name="actor"),
    path("actors/<int:entity_id>/merge/", registry.ActorMerge.as_view(), name="actor_merge"),
    path("exports/<int:export_id>/", exports.ExportDetail.as_view(), name="export_detail"),
    path("exports/<int:export_id>/download/", exports.ExportDownload.as_view(), name="export_download"),
    path("jobs/<uuid:job_id>/", jobs.JobDetail.as_view(), name="job"),
    path("jobs/<uuid:job_id>/cancel/", jobs.JobCancel.as_view(), name="job_cancel"),
    path("jobs/<uuid:job_id>/undo/", occurrences.TakeBack.as_view(), name="job_undo"),
    re_path(r"", Nowhere.as_view(), name="nowhere"),
]
