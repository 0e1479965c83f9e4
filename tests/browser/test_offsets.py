"""Offsets: what Python counts in code points is the same stretch in the page, whatever the text is made of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from annotator.coding.models import Span
from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk
from tests.browser.fuzz import wrong_offsets

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]


def test_ranges_are_the_same_in_python_and_in_the_page(visit: Visit, article: Document, annotator: User) -> None:
    """The benchmark asks for 20,000."""
    desk = visit(article, annotator)

    def show(text: str) -> str:
        document = build.document(article.project, text, title="T")
        build.assignment(document, annotator)
        desk.document = document
        desk.open()
        return Document.objects.get(pk=document.pk).text

    assert wrong_offsets(desk.page, show, texts=3, ranges=6000) == 0


HARD = [
    ("قال 😀🇸🇦👨‍👩‍👧 إن القمة ناجحة.", "القمة"),
    ("وصل 𐤀𐤁𐤂 الوفد\r\nثم قَالَ الوَزِيرُ كلمة.", "الوَزِيرُ"),
    ("\u202bنص\u202c می‌شود \u2067ABC\u2069 ثم می‌گوید هنا.", "می‌گوید"),
    ("ﷺ ﺍﻟﺴﻼﻡ عليكم يا أهل الدار.", "ﺍﻟﺴﻼﻡ"),
    ("A 👩🏽‍🚀 flew to Geneva on Monday.", "Geneva"),
]


@pytest.mark.parametrize(("text", "quote"), HARD)
def test_a_mark_made_with_the_mouse_has_the_offsets_of_python(
    visit: Visit, article: Document, annotator: User, text: str, quote: str
) -> None:
    document = build.document(article.project, text, title="T")
    build.assignment(document, annotator)
    desk = visit(document, annotator).open()
    desk.select(quote)
    desk.press("Digit1", "١")
    desk.saved()
    [span] = Span.objects.filter(set__document=document)
    stored = Document.objects.get(pk=document.pk).text
    assert (stored[span.start : span.end], span.quote) == (quote, quote)


def test_a_stored_mark_is_painted_on_its_own_letters(visit: Visit, article: Document, annotator: User) -> None:
    text = " ".join(text for text, _quote in HARD)
    document = build.document(article.project, text, title="T")
    build.assignment(document, annotator)
    stored = Document.objects.get(pk=document.pk).text
    starts = [(stored.index(quote), quote) for _text, quote in HARD]
    build.edit(annotator, document, *[build.add_span(document, at, at + len(quote), "ACTOR") for at, quote in starts])
    desk = visit(document, annotator).open()
    assert desk.painted("ac-actor-0") == [quote for _text, quote in HARD]
