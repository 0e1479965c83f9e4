"""The statements of exports. PostgreSQL writes the JSON, so that ten thousand documents stream in little memory.

Only texts of this module are put into one another; what people say comes as parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_STATEMENT = """
SELECT json_build_object(
  'format', 'dalala-jsonl/1', 'id', d.id, 'external_id', d.external_id, 'title', d.title, 'text', d.text,
  'text_sha256', d.text_sha256, 'language', d.language, 'direction', d.direction, 'author', d.author,
  'source', d.source, 'source_url', d.source_url, 'published_on', d.published_on, 'body_start', d.body_start,
  'metadata', d.metadata,
  'set', {set},
  'spans', coalesce({spans}, '[]'::json),
  'relations', coalesce({relations}, '[]'::json),
  'entities', {entities})::text
FROM {source} WHERE {where} ORDER BY d.id, s.id
"""

_CODEBOOK = "(SELECT c.number FROM corpus_codebookversion c WHERE c.id = s.codebook_version_id)"
_AUTHOR = "(SELECT u.email FROM teams_user u WHERE u.id = s.author_id)"
# A mention keeps its link when its entry is merged into another one; it leaves with the key of that one.
_KEY = """(SELECT coalesce(t.key, e.key) FROM registry_entity e
  LEFT JOIN registry_entity t ON t.id = e.merged_into_id WHERE e.id = {id})"""

_SET = """
CASE WHEN s.id IS NULL THEN NULL ELSE json_build_object('id', s.id, 'origin', s.origin, 'author', {author},
  'tagger', nullif(s.tagger, ''), 'tagger_version', nullif(s.tagger_version, ''), 'round', s.round,
  'codebook_version', {codebook}) END
"""
_SPANS = """
(SELECT json_agg(json_build_object('id', x.id, 'label', x.label, 'start', x.start, 'end', x."end", 'quote', x.quote,
    'attributes', x.attributes, 'entity', CASE WHEN x.entity_id IS NULL THEN NULL ELSE {key} END, 'note', x.note,
    'confidence', x.confidence, 'fragments', x.fragments,
    'provenance', json_build_object('origin', x.origin, 'tagger', nullif(x.tagger, ''),
      'tagger_version', nullif(x.tagger_version, ''), 'score', x.score, 'suggestion', x.suggestion_id))
  ORDER BY x.start, x."end" DESC, x.id) FROM coding_span x WHERE x.set_id = s.id)
"""
_RELATIONS = """
(SELECT json_agg(json_build_object('id', r.id, 'type', r.type,
    'from', CASE WHEN r.source_span_id IS NOT NULL THEN json_build_object('span', r.source_span_id)
      ELSE json_build_object('entity', {from_key}) END,
    'to', CASE WHEN r.target_span_id IS NOT NULL THEN json_build_object('span', r.target_span_id)
      ELSE json_build_object('entity', {to_key}) END,
    'attributes', r.attributes, 'note', r.note) ORDER BY r.id) FROM coding_relation r WHERE r.set_id = s.id)
"""
_LINKED = """
SELECT x.entity_id FROM coding_span x WHERE x.set_id = s.id
UNION SELECT r.source_entity_id FROM coding_relation r WHERE r.set_id = s.id
UNION SELECT r.target_entity_id FROM coding_relation r WHERE r.set_id = s.id
"""

_SUBMITTED_SET = """
json_build_object('id', s.id, 'origin', 'HUMAN', 'author', {author}, 'tagger', NULL, 'tagger_version', NULL,
  'round', s.round, 'codebook_version', {codebook}, 'submission', b.number, 'submitted_at', b.at, 'sha256', b.sha256)
"""
_SUBMITTED_SPANS = """
(SELECT json_agg(json_build_object('id', x->'id', 'label', x->'label', 'start', x->'start', 'end', x->'end',
    'quote', x->'quote', 'attributes', x->'attributes', 'entity', {key}, 'note', x->'note',
    'confidence', x->'confidence', 'fragments', x->'fragments',
    'provenance', json_build_object('origin', x->'origin', 'tagger', nullif(x->>'tagger', ''),
      'tagger_version', nullif(x->>'tagger_version', ''), 'score', x->'score', 'suggestion', x->'suggestion'))
  ORDER BY (x->>'start')::int, (x->>'end')::int DESC, x->>'id') FROM jsonb_array_elements(b.snapshot->'spans') x)
"""
_SUBMITTED_RELATIONS = """
(SELECT json_agg(json_build_object('id', r->'id', 'type', r->'type',
    'from', CASE WHEN r->'from' ? 'span' THEN r->'from' ELSE jsonb_build_object('entity', {from_key}) END,
    'to', CASE WHEN r->'to' ? 'span' THEN r->'to' ELSE jsonb_build_object('entity', {to_key}) END,
    'attributes', r->'attributes', 'note', r->'note') ORDER BY r->>'id')
  FROM jsonb_array_elements(b.snapshot->'relations') r)
"""
_SUBMITTED_LINKED = """
SELECT (x->>'entity')::bigint FROM jsonb_array_elements(b.snapshot->'spans') x
UNION SELECT (r->'from'->>'entity')::bigint FROM jsonb_array_elements(b.snapshot->'relations') r
UNION SELECT (r->'to'->>'entity')::bigint FROM jsonb_array_elements(b.snapshot->'relations') r
"""

_ENTITIES = """
coalesce((SELECT json_object_agg(e.key, json_build_object('kind', e.kind, 'country', e.country, 'sectors', e.sectors,
    'note', e.note, 'names', (SELECT json_agg(json_build_object('lang', n.lang, 'form', n.form, 'role', n.role)
      ORDER BY n.lang, n.role, n.form) FROM registry_entityname n WHERE n.entity_id = e.id)) ORDER BY e.key)
  FROM registry_entity e WHERE NOT e.seeded AND e.id IN
    (SELECT coalesce(m.merged_into_id, m.id) FROM registry_entity m WHERE m.id IN ({linked}))), '{{}}'::json)
"""

_DOCUMENTS_WITH = "corpus_document d JOIN coding_annotationset s ON s.document_id = d.id AND {sets}"
_DOCUMENTS_EVEN_WITHOUT = "corpus_document d LEFT JOIN coding_annotationset s ON s.document_id = d.id AND {sets}"
_SUBMISSIONS = """
coding_submission b JOIN coding_annotationset s ON s.id = b.set_id JOIN corpus_document d ON d.id = s.document_id
  AND b.number = (SELECT max(n.number) FROM coding_submission n WHERE n.set_id = b.set_id)
JOIN coding_assignment a ON a.id = b.assignment_id AND a.state = ANY(%(handed_in)s)
"""
# Which sets belong to an export. `author` is the person who asks, `handed_in` are the states of work that counts.
_SETS = {
    "gold": "s.origin = 'GOLD' AND s.round = (SELECT max(g.round) FROM coding_annotationset g"
    " WHERE g.document_id = d.id AND g.origin = 'GOLD')",
    "mine": "s.origin = 'HUMAN' AND s.author_id = %(author)s",
    "suggestions": "s.origin = 'MODEL' AND s.id = (SELECT max(m.id) FROM coding_annotationset m"
    " WHERE m.document_id = d.id AND m.origin = 'MODEL' AND m.tagger = s.tagger)",
}


def statement(which: str, filters: Mapping[str, Any], *, only_coded: bool, entities: bool) -> str:
    """The query for `gold`, `mine`, `suggestions` or `submitted`: a row is one JSON text, of a document and a set.

    `only_coded` leaves out documents without such a set. `entities`: the project has entries beyond the built-in ones.
    """
    where = ["d.project_id = %(project)s", "d.archived_at IS NULL"]
    if filters.get("language"):
        where.append("d.language = %(language)s")
    if filters.get("documents") is not None:
        where.append("d.id = ANY(%(documents)s)")
    if which == "submitted":
        return _STATEMENT.format(
            set=_SUBMITTED_SET.format(author=_AUTHOR, codebook=_CODEBOOK),
            spans=_SUBMITTED_SPANS.format(key=_KEY.format(id="(x->>'entity')::bigint")),
            relations=_SUBMITTED_RELATIONS.format(
                from_key=_KEY.format(id="(r->'from'->>'entity')::bigint"),
                to_key=_KEY.format(id="(r->'to'->>'entity')::bigint"),
            ),
            entities=_ENTITIES.format(linked=_SUBMITTED_LINKED) if entities else "'{}'::json",
            source=_SUBMISSIONS,
            where=" AND ".join(where),
        )
    return _STATEMENT.format(
        set=_SET.format(author=_AUTHOR, codebook=_CODEBOOK),
        spans=_SPANS.format(key=_KEY.format(id="x.entity_id")),
        relations=_RELATIONS.format(
            from_key=_KEY.format(id="r.source_entity_id"), to_key=_KEY.format(id="r.target_entity_id")
        ),
        entities=_ENTITIES.format(linked=_LINKED) if entities else "'{}'::json",
        source=(_DOCUMENTS_WITH if only_coded else _DOCUMENTS_EVEN_WITHOUT).format(sets=_SETS[which]),
        where=" AND ".join(where),
    )
