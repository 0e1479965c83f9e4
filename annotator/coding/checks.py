"""Checking spans and relations against document, codebook and registry; errors are collected by path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connection
from django.utils.translation import gettext as _

from analysis.events.codebook import Codebook, validate_attributes, validate_relation
from annotator.coding.wire import Data
from annotator.corpus.models import Document
from annotator.corpus.problems import say
from annotator.registry.models import Entity
from annotator.teams.models import Project


class Checker:
    """Gathers what must be asked from the database, asks once, and notes what is wrong in `errors`."""

    def __init__(self, codebook: Codebook, document: Document, project: Project, errors: dict[str, list[str]]) -> None:
        self.codebook = codebook
        self.document = document
        self.project = project
        self.errors = errors
        self._extents: list[tuple[str, int, int, str]] = []
        self._entities: dict[int, list[str]] = {}

    def wrong(self, path: str, why: str) -> None:
        self.errors.setdefault(path, []).append(why)

    def span(self, path: str, span: Data, *, extent: bool) -> None:
        """Check label, attributes and link of a span, and its quote when the `extent` is new."""
        path = f"{path}.span"
        label = self.codebook.label(span["label"])
        if label is None:
            self.wrong(f"{path}.label", _("The codebook has no label “%(code)s”.") % {"code": span["label"]})
            return
        for problem in validate_attributes(self.codebook, span["label"], span["attributes"]):
            self.wrong(f"{path}.attributes.{problem.path}".rstrip("."), say(problem))
        for code, value in span["attributes"].items():
            if isinstance(value, Mapping) and {"start", "end", "quote"} <= value.keys():
                self.extent(f"{path}.attributes.{code}", value["start"], value["end"], value["quote"])
        if extent:
            self.extent(path, span["start"], span["end"], span["quote"])
        if span["entity"] is not None:
            if not label.get("entity"):
                self.wrong(f"{path}.entity", _("Spans of this label are not linked to the registry."))
            self._entities.setdefault(span["entity"], []).append(f"{path}.entity")

    def extent(self, path: str, start: object, end: object, quote: object) -> None:
        """Note an extent whose quote is to be compared with the text. Shapes were checked by the codebook."""
        if not (isinstance(start, int) and isinstance(end, int) and isinstance(quote, str)):
            return
        if end > self.document.length:
            length = self.document.length
            self.wrong(f"{path}.end", _("The text ends at %(length)s.") % {"length": length})
        elif 0 <= start < end:
            self._extents.append((path, start, end, quote))

    def relation(self, path: str, relation: Data, spans: Mapping[str, Data]) -> None:
        """Check type, ends and attributes of a relation; its spans must be among `spans`."""
        path = f"{path}.relation"
        labels: list[str | None] = []
        for key in ("from", "to"):
            end = relation[key]
            if end.get("span"):
                span = spans.get(end["span"])
                if span is None:
                    self.wrong(f"{path}.{key}.span", _("There is no such span in your set."))
                    return
                labels.append(span["label"])
            else:
                labels.append(None)
                self._entities.setdefault(end["entity"], []).append(f"{path}.{key}.entity")
        if relation["from"] == relation["to"]:
            self.wrong(f"{path}.to", _("A relation needs two different ends."))
        for problem in validate_relation(self.codebook, relation["type"], labels[0], labels[1], relation["attributes"]):
            self.wrong(f"{path}.{problem.path}".rstrip("."), say(problem))

    def finish(self, spans: Mapping[str, Data]) -> None:
        """Ask the database what is still open: the quotes, and whether the entities are this project's."""
        if self._extents:
            found = quotes(self.document.pk, ((s, e) for _p, s, e, _q in self._extents))
            for (path, _s, _e, quote), there in zip(self._extents, found, strict=True):
                if quote != there:
                    shown = there if len(there) <= 80 else there[:79] + "…"
                    self.wrong(f"{path}.quote", _("At these offsets the text says “%(there)s”.") % {"there": shown})
        if self._entities:
            ours = Entity.objects.filter(project_id=self.project.pk, pk__in=self._entities).values_list("pk", flat=True)
            known = set(ours)
            for entity_id, paths in self._entities.items():
                if entity_id not in known:
                    for path in paths:
                        self.wrong(path, _("The registry of this project has no such entry."))


def quotes(document_id: int, extents: Iterable[tuple[int, int]]) -> list[str]:
    """What stands at the extents, read in the database so that a long text need not travel."""
    pairs = list(extents)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT substr(d.text, e.s + 1, e.e - e.s) FROM corpus_document d,"
            " unnest(%s::int[], %s::int[]) WITH ORDINALITY AS e(s, e, n) WHERE d.id = %s ORDER BY e.n",
            [[s for s, _e in pairs], [e for _s, e in pairs], document_id],
        )
        return [row[0] for row in cursor.fetchall()]
