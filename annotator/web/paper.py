"""A document's text as HTML: sections of paragraphs, each paragraph one text node, so that offsets can be found again."""

from __future__ import annotations

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

PARAGRAPHS_A_SECTION = 16


def canvas_html(text: str, body_start: int = 0) -> SafeString:
    """The text for the canvas: joined by line feeds the paragraphs are exactly the text.

    Lines before `body_start` are the header; the first of them is shown as the title.
    """
    parts: list[str] = []
    at = number = 0
    titled = False
    lines = list(zip(text.split("\n"), escape(text).split("\n"), strict=True))  # one call: a long text has thousands
    for first in range(0, len(lines), PARAGRAPHS_A_SECTION):
        parts.append(f'<section data-offset="{at}">')
        for line, escaped in lines[first : first + PARAGRAPHS_A_SECTION]:
            if not line.strip():
                kind = ' class="blank"'
            elif at < body_start:
                kind = ' class="meta"' if titled else ' class="title"'
                titled = True
            else:
                number += 1
                kind = f' data-n="{number}"'
            parts.append(f"<p{kind}>{escaped}</p>")
            at += len(line) + 1
        parts.append("</section>")
    return mark_safe("".join(parts))  # noqa: S308  built from escaped lines only
