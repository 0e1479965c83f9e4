"""Edits in words: what was done to which mark, and each thing that changed as it was and as it became."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotator.coding.models import AnnotationSet, Edit, Span
from annotator.coding.queries import entity_cards
from annotator.coding.wire import Data
from annotator.web.comparison import Names

ACTS = {
    "add_span": gettext_lazy("Marked"),
    "update_span": gettext_lazy("Changed a mark"),
    "delete_span": gettext_lazy("Removed a mark"),
    "restore_span": gettext_lazy("Brought a mark back"),
    "add_relation": gettext_lazy("Added a link"),
    "update_relation": gettext_lazy("Changed a link"),
    "delete_relation": gettext_lazy("Removed a link"),
    "accept_suggestion": gettext_lazy("Accepted a suggestion"),
    "reject_suggestion": gettext_lazy("Rejected a suggestion"),
    "undo": gettext_lazy("Undid"),
    "redo": gettext_lazy("Redid"),
}
LONGEST = 160  # characters of a quote


@dataclass
class Row:
    """One thing that changed; empty where there was nothing."""

    name: str
    before: str = ""
    after: str = ""


@dataclass
class Change:
    """What an edit did to one mark, link or suggestion."""

    kind: str  # added, changed, removed, rejected
    title: str  # the label, or the kind of link
    code: str  # of the label, for its colour; empty for links
    quote: str
    span_id: str
    rows: list[Row] = field(default_factory=list)


@dataclass
class Line:
    """An edit as it is shown."""

    edit: Edit
    words: Any
    changes: list[Change]


class Words:
    """The words for what edits of one set hold; all names are asked for at once."""

    def __init__(self, found: AnnotationSet, language: str, edits: Sequence[Edit], spans: Iterable[Data] = ()) -> None:
        rows = [row for edit in edits for state in (edit.before, edit.after) for row in state["spans"]]
        links = [row for edit in edits for state in (edit.before, edit.after) for row in state["relations"]]
        linked = {row["entity"] for row in [*rows, *spans]} | {
            r[end].get("entity") for r in links for end in ("from", "to")
        }
        body = found.codebook_version.body
        self.names = Names(body, language, entity_cards(linked))
        self.types = {relation["code"]: relation for relation in body["relations"]}
        ends = {r[end]["span"] for r in links for end in ("from", "to") if r[end].get("span")}
        decided = {d["suggestion"] for e in edits for s in (e.before, e.after) for d in s["decisions"]}
        known = {row["id"]: row["quote"] for row in rows}
        for pk, quote in Span.objects.filter(pk__in=(ends | decided) - known.keys()).values_list("pk", "quote"):
            known[str(pk)] = quote
        self.quotes = known

    def lines(self, edits: Sequence[Edit]) -> list[Line]:
        return [Line(edit, ACTS.get(edit.verb, edit.verb), self._changes(edit)) for edit in edits]

    def _changes(self, edit: Edit) -> list[Change]:
        out = []
        for kind, describe in (("spans", self.span), ("relations", self._link)):
            was = {row["id"]: row for row in edit.before[kind]}
            became = {row["id"]: row for row in edit.after[kind]}
            out += [describe(was.get(key), became.get(key)) for key in {**was, **became}]
        if edit.verb == "reject_suggestion":
            out += [
                Change("rejected", "", "", self._short(self.quotes.get(d["suggestion"], "")), "")
                for d in edit.after["decisions"]
            ]
        return out

    def span(self, was: Data | None, became: Data | None) -> Change:
        """What became of a mark; with one of the two only, what it was or is."""
        now = became or was or {}
        change = Change(
            _kind(was, became), self.names.label(now["label"]), now["label"], self._short(now["quote"]), now["id"]
        )
        pairs = [
            (name, _value(was, describe), _value(became, describe)) for name, describe in self._fields(was, became)
        ]
        change.rows = [Row(name, a, b) for name, a, b in pairs if a != b]
        return change

    def _fields(self, was: Data | None, became: Data | None) -> list[tuple[str, Any]]:
        names = self.names
        fields: list[tuple[str, Any]] = []
        if was is not None and became is not None:  # what is added or removed says both in its title
            fields = [(_("Label"), lambda s: names.label(s["label"])), (_("Extent"), lambda s: self._short(s["quote"]))]
            if (was["start"], was["end"]) != (became["start"], became["end"]) and was["quote"] == became["quote"]:
                fields[1] = (_("Extent"), lambda s: f"{s['start']}–{s['end']}")
        seen: dict[str, Any] = {}
        for row in (was, became):
            for attribute in names.attributes(row["label"]) if row else ():
                seen.setdefault(attribute["code"], attribute)
        for code, attribute in seen.items():
            fields.append((names.of(attribute, code), _reader(names, attribute)))
        fields.append((_("Linked to"), lambda s: names.actor(s["entity"])))
        fields.append((_("Note"), lambda s: s["note"]))
        fields.append((_("Confidence"), lambda s: str(s["confidence"] or "")))
        return fields

    def _link(self, was: Data | None, became: Data | None) -> Change:
        now = became or was or {}
        title = self.names.of(self.types.get(now["type"]), now["type"])
        change = Change(_kind(was, became), title, "", "", "")
        change.rows = [
            Row(name, _value(was, describe), _value(became, describe))
            for name, describe in (
                (_("From"), lambda r: self._end(r["from"])),
                (_("To"), lambda r: self._end(r["to"])),
                (_("Note"), lambda r: r["note"]),
            )
        ]
        change.rows = [row for row in change.rows if row.before != row.after]
        return change

    def _end(self, end: Data) -> str:
        if end.get("span"):
            return self._short(self.quotes.get(end["span"], "?"))
        return self.names.actor(end.get("entity"))

    @staticmethod
    def _short(quote: str) -> str:
        flat = " ".join(quote.split())
        return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1]}…"


def _kind(was: Data | None, became: Data | None) -> str:
    if was is None:
        return "added"
    return "removed" if became is None else "changed"


def _value(row: Data | None, describe: Any) -> str:
    return str(describe(row)) if row is not None else ""


def _reader(names: Names, attribute: Any) -> Any:
    return lambda span: names.value(attribute, span["attributes"].get(attribute["code"]))
