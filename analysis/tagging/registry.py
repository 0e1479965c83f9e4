"""The taggers a project has, and running them over a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from analysis.tagging import NAMES
from analysis.tagging.base import View
from analysis.tagging.events import EventTriggers
from analysis.tagging.gazetteer import Gazetteer, Name, without_nested
from analysis.tagging.implications import ImplicationCues
from analysis.text.header import read_header
from analysis.types import Document, Tagging


class Taggers:
    """Built once for a registry; `tag` may be called for any number of documents."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._gazetteer = Gazetteer(names)
        self._events = EventTriggers()
        self._implications = ImplicationCues()

    def versions(self, wanted: Sequence[str] = NAMES) -> Mapping[str, str]:
        """Name -> version of the taggers asked for. Raises KeyError for an unknown one."""
        names = self._gazetteer.version
        known = {
            "gazetteer": names,
            "events": f"{self._events.version}-{names}",  # what is a name is no trigger
            "implications": self._implications.version,
        }
        return {name: known[name] for name in wanted}

    def tag(self, document: Document, wanted: Sequence[str] = NAMES) -> Mapping[str, Tagging]:
        """What each tagger says. Triggers inside names are left out, so names are looked up in any case."""
        view = View(document)
        if document.language not in ("ar", "en"):
            return {name: Tagging() for name in wanted}
        out: dict[str, Tagging] = {}
        names = self._gazetteer.tag(view)
        if "gazetteer" in wanted:
            out["gazetteer"] = names
        if "events" in wanted:
            out["events"] = self._events.tag(view, without_nested(names.spans))
        if "implications" in wanted:
            out["implications"] = self._implications.tag(view)
        title_end, body = _header(document.text)
        return {name: _outside(tagging, title_end, body) for name, tagging in out.items()}


def _header(text: str) -> tuple[int, int]:
    """The date line and byline: they speak of the article and are not part of what it says."""
    header = read_header(text)
    title_end = text.find(header.title) + len(header.title) if header.title else 0
    return title_end, header.body_start


def _outside(tagging: Tagging, start: int, end: int) -> Tagging:
    return Tagging(tuple(s for s in tagging.spans if not (start <= s.start < end)), tagging.relations)
