"""The pages. One verb, one address."""

from django.urls import path

from annotator.api.schema import Docs
from annotator.web.views import actors, documents, health, home, projects, review, workspace

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("language/", home.set_language, name="set_language"),
    path("theme/", home.set_theme, name="set_theme"),
    path("account/", home.account, name="account"),
    path("account/tokens/<int:token_id>/revoke/", home.revoke, name="token_revoke"),
    path("access/", home.access, name="access"),
    path("api/", Docs.as_view(), name="api_docs"),
    path("invitations/<int:invitation_id>/join/", home.join, name="join"),
    path("projects/new/", home.new_project, name="project_new"),
    path("projects/<int:project_id>/", projects.overview, name="project"),
    path("projects/<int:project_id>/documents/", documents.table, name="documents"),
    path("projects/<int:project_id>/documents/act/", documents.act, name="documents_act"),
    path("projects/<int:project_id>/import/", documents.bring_in, name="import"),
    path("projects/<int:project_id>/review/", review.waiting, name="review"),
    path("projects/<int:project_id>/actors/", actors.registry, name="actors"),
    path("projects/<int:project_id>/actors/new/", actors.new, name="actor_new"),
    path("projects/<int:project_id>/codebook/", projects.codebook, name="codebook"),
    path("projects/<int:project_id>/codebook/<int:version>.css", workspace.style_sheet, name="codebook_css"),
    path("projects/<int:project_id>/pretagging/", projects.pretagging, name="pretagging"),
    path("projects/<int:project_id>/exports/", projects.exports, name="exports"),
    path("projects/<int:project_id>/members/", projects.people, name="members"),
    path("projects/<int:project_id>/members/<int:membership_id>/", projects.member, name="member"),
    path("projects/<int:project_id>/invitations/<int:invitation_id>/", projects.uninvite, name="uninvite"),
    path("projects/<int:project_id>/activity/", projects.activity, name="activity"),
    path("projects/<int:project_id>/settings/", projects.settings, name="settings"),
    path("documents/<int:document_id>/", workspace.workspace, name="workspace"),
    path("documents/<int:document_id>/submit/", workspace.submit, name="submit"),
    path("documents/<int:document_id>/withdraw/", workspace.withdraw, name="withdraw"),
    path("documents/<int:document_id>/restore/", documents.restore, name="restore"),
    path("documents/<int:document_id>/compare/", review.side_by_side, name="compare"),
    path("assignments/<int:assignment_id>/decline/", workspace.decline, name="decline"),
    path("submissions/<int:submission_id>/", review.submission, name="submission"),
    path("actors/<int:entity_id>/", actors.detail, name="actor"),
    path("actors/<int:entity_id>/merge/", actors.merge, name="actor_merge"),
    path("exports/<int:export_id>/", projects.export_file, name="export_file"),
    path("jobs/<uuid:job_id>/", projects.job, name="job"),
    path("jobs/<uuid:job_id>/cancel/", projects.job_cancel, name="job_cancel"),
]
