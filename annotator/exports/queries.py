"""What an export is made of. PostgreSQL writes the JSON, so that ten thousand documents stream in little memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from annotator.errors import Missing
from annotator.exports.models import Export
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import Project

# Which sets belong to an export. `author` is the person who asks.
_WHICH = {
    "gold": "s.origin = 'GOLD' AND s.round = (SELECT max(g.round) FROM coding_annotationset g"
    " WHERE g.document_id = d.id AND g.origin = 'GOLD')",
    "mine": "s.origin = 'HUMAN' AND s.author_id = %(author)s",
    "suggestions": "s.origin = 'MODEL' AND s.id = (SELECT max(m.id) FROM coding_annotationset m"
    " WHERE m.document_id = d.id AND m.origin = 'MODEL' AND m.tagger = s.tagger)",
}

_ENTITY_KEY = "(SELECT coalesce(t.key, e.key) FROM registry_entity e LEFT JOIN registry_entity t ON t.id = e.merged_into_id WHERE e.id = {})"

_DOCUMENT = """
json_build_object('format', 'dalala-jsonl/1', 'id', d.id, 'external_id', d.external_id, 'title', d.title,
  'text', d.text, 'text_sha256', d.text_sha256, 'language', d.language, 'direction', d.direction, 'author', d.author,
  'source', d.source, 'source_url', d.source_url, 'published_on', d.published_on, 'body_start', d.body_start,
  'metadata', d.metadata,
  'set', {set},
  'spans', {spans},
  'relations', {relations})::text
"""

_SET = """CASE WHEN s.id IS NULL THEN NULL ELSE json_build_object('id', s.id, 'origin', s.origin, 'author',
  (SELECT u.email FROM teams_user u WHERE u.id = s.author_id), 'tagger', nullif(s.tagger, ''),
  'tagger_version', nullif(s.tagger_version, ''), 'round', s.round, 'codebook_version',
  (SELECT c.number FROM corpus_codebookversion c WHERE c.id = s.codebook_version_id)) END"""

_SPANS = f"""coalesce((SELECT json_agg(json_build_object('id', x.id, 'label', x.label, 'start', x.start, 'end', x."end",
  'quote', x.quote, 'attributes', x.attributes,
  'entity', CASE WHEN x.entity_id IS NULL THEN NULL ELSE {_ENTITY_KEY.format("x.entity_id")} END,
  'note', x.note, 'confidence', x.confidence, 'fragments', x.fragments,
  'provenance', json_build_object('origin', x.origin, 'tagger', x.tagger, 'tagger_version', x.tagger_version,
    'score', x.score, 'suggestion', x.suggestion_id)) ORDER BY x.start, x.id)
  FROM coding_span x WHERE x.set_id = s.id), '[]'::json)"""

_RELATIONS = f"""coalesce((SELECT json_agg(json_build_object('id', r.id, 'type', r.type,
  'from', CASE WHEN r.source_span_id IS NOT NULL THEN json_build_object('span', r.source_span_id)
    ELSE json_build_object('entity', {_ENTITY_KEY.format("r.source_entity_id")}) END,
  'to', CASE WHEN r.target_span_id IS NOT NULL THEN json_build_object('span', r.target_span_id)
    ELSE json_build_object('entity', {_ENTITY_KEY.format("r.target_entity_id")}) END,
  'attributes', r.attributes, 'note', r.note) ORDER BY r.id)
  FROM coding_relation r WHERE r.set_id = s.id), '[]'::json)"""


def _where(filters: Mapping[str, Any]) -> str:
    clauses = ["d.project_id = %(project)s", "d.archived_at IS NULL"]
    if filters.get("language"):
        clauses.append("d.language = %(language)s")
    if filters.get("documents"):
        clauses.append("d.id = ANY(%(documents)s)")
    return " AND ".join(clauses)


def _params(project: Project, actor: Actor, filters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "project": project.pk,
        "author": actor.user.pk,
        "language": filters.get("language"),
        "documents": list(filters.get("documents") or []),
    }


def json_lines(*, actor: Actor, project: Project, which: str, filters: Mapping[str, Any]) -> Iterator[str]:
    """One JSON text a document and set. Documents without such a set come with no spans, for gold and mine."""
    params = _params(project, actor, filters)
    if which in ("gold", "mine", "suggestions"):
        join = "JOIN" if which == "suggestions" else "LEFT JOIN"
        body = _DOCUMENT.format(set=_SET, spans=_SPANS, relations=_RELATIONS)
        yield from _rows(
            f"SELECT {body} FROM corpus_document d {join} coding_annotationset s"
            f" ON s.document_id = d.id AND {_WHICH[which]} WHERE {_where(filters)} ORDER BY d.id, s.id",
            params,
        )
    if which == "submitted":
        yield from _submitted(params, filters)
    if which == "all":
        for one in ("gold", "mine", "suggestions"):
            body = _DOCUMENT.format(set=_SET, spans=_SPANS, relations=_RELATIONS)
            yield from _rows(
                f"SELECT {body} FROM corpus_document d JOIN coding_annotationset s"
                f" ON s.document_id = d.id AND {_WHICH[one]} WHERE {_where(filters)} ORDER BY d.id, s.id",
                params,
            )
        yield from _submitted(params, filters)


def _submitted(params: Mapping[str, Any], filters: Mapping[str, Any]) -> Iterator[str]:
    """The latest snapshot of each person. Registry links are ids in a snapshot; they leave as keys."""
    about = """json_build_object('id', s.id, 'origin', 'HUMAN', 'author', (SELECT u.email FROM teams_user u WHERE u.id = s.author_id),
      'round', s.round, 'submission', b.number, 'submitted_at', b.at, 'sha256', b.sha256,
      'codebook_version', (SELECT c.number FROM corpus_codebookversion c WHERE c.id = s.codebook_version_id))"""
    key = _ENTITY_KEY.format("(x->>'entity')::bigint")
    spans = f"""coalesce((SELECT json_agg((x || jsonb_build_object('entity', {key}))::json)
      FROM jsonb_array_elements(b.snapshot->'spans') x), '[]'::json)"""
    end = "CASE WHEN r->'{0}' ? 'span' THEN r->'{0}' ELSE jsonb_build_object('entity', {1}) END"
    sides = {
        side: end.format(side, _ENTITY_KEY.format(f"(r->'{side}'->>'entity')::bigint")) for side in ("from", "to")
    }
    relations = f"""coalesce((SELECT json_agg((r || jsonb_build_object('from', {sides["from"]}, 'to', {sides["to"]}))::json)
      FROM jsonb_array_elements(b.snapshot->'relations') r), '[]'::json)"""
    body = _DOCUMENT.format(set=about, spans=spans, relations=relations)
    yield from _rows(
        f"SELECT {body} FROM coding_submission b JOIN coding_annotationset s ON s.id = b.set_id"
        f" JOIN corpus_document d ON d.id = s.document_id WHERE {_where(filters)}"
        " AND b.number = (SELECT max(n.number) FROM coding_submission n WHERE n.set_id = b.set_id) ORDER BY d.id, s.id",
        params,
    )


def _rows(sql: str, params: Mapping[str, Any]) -> Iterator[str]:
    """Through a cursor of the server, so that only a few rows are in memory at a time."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(200):
            for (row,) in rows:
                yield row


def exports_of(*, actor: Actor, project: Project) -> QuerySet[Export]:
    """The exports of the project, the newest first."""
    require(actor, Action.EXPORT, project)
    return Export.objects.filter(project=project).select_related("job", "created_by").order_by("-id")


def export_for(*, actor: Actor, export_id: int) -> Export:
    """The export if the actor may export there now. Raises Missing for strangers."""
    found = Export.objects.visible_to(actor).select_related("project", "job").filter(pk=export_id).first()
    if found is None:
        raise Missing()
    require(actor, Action.EXPORT, found.project)
    if found.which == Export.Which.MINE and found.created_by_id != actor.user.pk:
        raise Missing()
    return found
