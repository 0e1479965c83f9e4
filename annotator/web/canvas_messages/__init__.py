"""The words the canvas and its panel use, in the page's language: one module an area."""

from __future__ import annotations

from annotator.web.canvas_messages import finding, keys, marking, reading, relations, same, saving, suggestions, talk

AREAS = (marking, saving, suggestions, relations, reading, finding, same, talk, keys)


def canvas_messages() -> dict[str, str]:
    """Message key -> text. Areas do not share a key."""
    return {key: text for area in AREAS for key, text in area.words().items()}
