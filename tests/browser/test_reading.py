"""Reading: how the text is set, finding in it, the map of a long text, guidelines, going to other documents."""

from __future__ import annotations

import random
import re
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, expect

from analysis.text.normalise import normalise
from annotator.corpus.models import Document
from annotator.errors import Invalid
from annotator.teams.access import Actor
from annotator.teams.models import User
from annotator.teams.preferences import update_workspace
from tests import build
from tests.browser.conftest import Desk
from tests.browser.ink import HARD_ONES, lost_ink, own_words

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]
LINE = "وقّع قادة دول مجلس التعاون في مدينة العُلا بيانًا أنهى خلافًا دام أكثر من ثلاث سنوات مع قطر. "


def long_document(person: User, *, lines: int = 400, title: str = "طويل") -> Document:
    of = build.project()
    build.member(of, person=person)
    document = build.document(of, "\n".join(f"{n} {LINE * 3}" for n in range(lines)), title=title)
    build.assignment(document, person)
    return document


def at_hit(desk: Desk, at: int, of: int) -> None:
    """Wait until the bar says so, in whatever language."""
    expect(desk.page.locator(".finder output")).to_have_text(re.compile(rf"^{at}\D+{of}$"))


def kept(desk: Desk, key: str, value: Any) -> None:
    """Wait until the server has kept a choice."""
    end = time.monotonic() + 8
    while User.objects.get(pk=desk.person.pk).workspace.get(key) != value:
        assert time.monotonic() < end, User.objects.get(pk=desk.person.pk).workspace
        desk.page.wait_for_timeout(50)


# -- the shipped face


@pytest.mark.parametrize(("weight", "share"), [(400, 4), (700, 12)])
def test_the_shipped_face_loses_no_ink_where_highlights_begin_and_end(
    chromium: Browser, weight: int, share: int
) -> None:
    """A share of the words of the sample articles, with all that are hard; `make bench NAME=workspace` takes every word."""
    font = finders.find(f"fonts/noto-sans-arabic-{weight}.woff2")
    assert font is not None
    words = list(dict.fromkeys([*HARD_ONES.split(), *own_words()[::share]]))
    tried, lost = lost_ink(chromium, Path(font), words)
    assert tried > 8 * len(words)
    assert lost == []
    _, bare = lost_ink(chromium, Path(font), ["لا", "الأمن"], snapped=False)
    assert {loss.word for loss in bare} == {"لا", "الأمن"}, "the measure sees what is lost without the snap"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_text_is_set_in_the_shipped_face(visit: Visit, article: Document, annotator: User, language: str) -> None:
    desk = visit(article, annotator, language=language).open()
    desk.until("return document.fonts.check('19px \"Dalala Arabic\"', 'لا')")
    assert desk.run("return getComputedStyle(canvas.paper.paragraphs[0].element).fontFamily").startswith(
        '"Dalala Arabic"'
    )
    loaded = desk.run("return [...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family)")
    assert any("Dalala Arabic" in family for family in loaded)


# -- how the text is set


def test_type_is_chosen_kept_and_there_before_the_first_paint(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    size = "return parseFloat(getComputedStyle(canvas.paper.paragraphs[0].element).fontSize)"
    before = desk.run(size)
    desk.page.locator(".type > summary").click()
    desk.page.locator('[name="measure"][value="narrow"]').check()
    desk.page.locator('[name="leading"][value="wide"]').check()
    desk.page.locator('[name="numbers"]').uncheck()
    desk.page.locator("#type-size").focus()
    desk.page.keyboard.press("ArrowUp")
    kept(desk, "reading", {"size": 4, "leading": "wide", "measure": "narrow", "numbers": False})
    assert desk.run(size) > before
    answer = desk.page.request.get(f"{desk.url}/documents/{article.pk}/").text()
    assert 'data-size="4" data-leading="wide" data-measure="narrow" data-bare' in answer
    desk.open()
    assert desk.run(size) > before
    assert desk.run("return getComputedStyle(canvas.paper.paragraphs[0].element, '::before').content") == "none"
    assert desk.run("return document.querySelector('.sheet').getBoundingClientRect().width") == 36 * 16


@pytest.mark.parametrize("language", ["ar", "en"])
def test_letters_grow_by_key_and_what_is_read_stays_in_place(visit: Visit, annotator: User, language: str) -> None:
    desk = visit(long_document(annotator, lines=60), annotator, language=language).open()
    desk.run("canvas.cursor.reveal(canvas.paper.paragraphs[30].start)")
    desk.page.wait_for_timeout(100)
    top = "return canvas.paper.indexAt(canvas.reading.place().unit)"
    place = desk.run(top)
    desk.page.locator("annotation-canvas").focus()
    for _ in range(9):
        desk.press("Equal", "=")
    assert desk.run("return document.querySelector('.reading').dataset.size") == "7"
    assert abs(desk.run(top) - place) <= 1
    for _ in range(9):
        desk.press("Minus", "-")
    assert desk.run("return document.querySelector('.reading').dataset.size") == "1"
    assert abs(desk.run(top) - place) <= 1


@pytest.mark.parametrize("size", [1, 3, 7])
def test_lines_are_never_nearer_than_three_lanes_need(
    visit: Visit, article: Document, annotator: User, size: int
) -> None:
    annotator.workspace = {"reading": {"size": size, "leading": "close", "measure": "normal", "numbers": True}}
    annotator.save(update_fields=["workspace"])
    desk = visit(article, annotator).open()
    found = desk.run(
        "const s = getComputedStyle(canvas.paper.paragraphs[0].element); return [s.fontSize, s.lineHeight].map(parseFloat)"
    )
    letters, height = found
    assert height >= 0.95 * letters + 19 + 2 + 2  # above the base line, then the third line and its own two strokes


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": 8, "leading": "close", "measure": "full", "numbers": True},
        {"size": 3},
        "large",
        {"size": True, "leading": "close", "measure": "full", "numbers": True},
    ],
)
def test_only_what_is_offered_is_kept(transactional_db: None, annotator: User, wrong: Any) -> None:
    with pytest.raises(Invalid):
        update_workspace(actor=Actor(annotator), changes={"reading": wrong})


# -- finding


def test_the_page_and_python_have_the_same_normal_forms(visit: Visit, article: Document, annotator: User) -> None:
    chance = random.Random(5)
    blocks = [
        *range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x600, 0x700), *range(0x600, 0x700), *range(0x966, 0x970),
        *range(0x9E6, 0x9F0), *range(0x1E00, 0x1F00), *range(0x200B, 0x2010), *range(0xFB50, 0xFDFE), *range(0xFE70, 0xFEFD), 0x1F600, 0xFEFF,
    ]  # fmt: skip
    letters = [chr(code) for code in blocks if unicodedata.category(chr(code)) not in ("Cn", "Cc")]
    texts = ["".join(chance.choice(letters) for _ in range(80)) for _ in range(400)]
    texts += ["".join(letters[i : i + 60]) for i in range(0, len(letters), 60)]
    desk = visit(article, annotator).open()
    found = desk.run(
        """return import("#annotator/normal.js").then(({ Normal }) => Promise.all(x.map(async (text) => {
            const made = await Normal.of(text);
            return [made.text, Array.from(made.starts.slice(0, made.length))];
        })))""",
        texts,
    )
    for text, (form, starts) in zip(texts, found, strict=True):
        wanted = normalise(text)
        assert form == wanted.text
        units = [len(text[:at].encode("utf-16-le")) // 2 for at in range(len(text))]
        source = [
            units[at] for at, c in zip(wanted.starts, wanted.text, strict=True) for _ in c.encode("utf-16-le")[::2]
        ]
        assert starts == source


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("الأمن", ["الأمن", "الآمِن", "الامن"]),
        ("قمه", ["قمّة", "قِمَّةٌ"]),
        ("على", ["علي", "على"]),
        ("محمد", ["مُحَمَّد", "محـــمد"]),
        ("2022", ["٢٠٢٢", "2022"]),
        ("NATO", ["Nato"]),
        ("مجلس   التعاون", ["مجلس\nالتعاون"]),
        ("(a+b)*", ["(A+b)*"]),
        ("لا شيء كهذا", []),
    ],
)
def test_words_are_found_whatever_their_marks(visit: Visit, annotator: User, query: str, hits: list[str]) -> None:
    of = build.project()
    build.member(of, person=annotator)
    text = (
        "عقدت قمّة الأمن و قِمَّةٌ أخرى حول الآمِن 😀 الامن قال علي على مُحَمَّد محـــمد عام ٢٠٢٢ أو 2022 مع Nato في مجلس\n"
        "التعاون (A+b)*"
    )
    document = build.document(of, text, title="بحث")
    build.assignment(document, annotator)
    desk = visit(document, annotator).open()
    desk.press("Slash", "ظ")
    field = desk.page.locator(".finder input")
    expect(field).to_be_focused()
    field.fill(query)
    if hits:
        at_hit(desk, 1, len(hits))
    else:
        expect(desk.page.locator(".finder output")).to_have_attribute("data-none", "")
    desk.until("return canvas.reading.finding.painted !== null")
    painted = [*desk.painted("ac-on-found"), *desk.painted("ac-on-find")]
    assert sorted("".join(p.split()) for p in painted) == sorted(
        "".join(h.split()) for h in ("\n".join(hits).split("\n") if hits else [])
    )


@pytest.mark.parametrize("language", ["ar", "en"])
def test_one_goes_from_hit_to_hit_and_back_to_where_one_was(visit: Visit, annotator: User, language: str) -> None:
    document = long_document(annotator, lines=100)
    desk = visit(document, annotator, language=language).open()
    desk.run("canvas.cursor.reveal(canvas.paper.paragraphs[50].start)")
    desk.page.wait_for_timeout(150)
    where = "const { unit, top } = canvas.reading.place(); return [unit, Math.round(top)]"
    place = desk.run(where)
    desk.page.locator("annotation-canvas").evaluate("(e) => e.focus({preventScroll: true})")
    desk.page.keyboard.press("Control+f")
    desk.page.keyboard.type("العلا")
    count = desk.page.locator(".finder output")
    desk.until("return canvas.reading.finding?.query === x", "العلا")
    expect(count).to_have_text(re.compile(r"\D300$"))
    first = int(count.inner_text().split()[0])
    assert 130 < first < 170, "from where one reads"
    for key, step in (("Enter", 1), ("Enter", 2), ("Shift+Enter", 1)):
        desk.page.keyboard.press(key)
        at_hit(desk, first + step, 300)
    for _ in range(first + 2):
        desk.page.keyboard.press("Shift+Enter")
    at_hit(desk, 299, 300)  # round the end
    desk.until("return [...CSS.highlights.get('ac-on-found') ?? []].length === 1")
    desk.until(
        "const { top } = [...CSS.highlights.get('ac-on-found')][0].getBoundingClientRect(); return top > 60 && top < 800"
    )
    live = desk.run("return [...CSS.highlights.get('ac-on-find')].length")
    assert 0 < live < 200, "only near hits are painted"
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator(".finder")).to_be_hidden()
    expect(desk.page.locator("annotation-canvas")).to_be_focused()
    desk.until("const { unit, top } = canvas.reading.place(); return unit === x[0] && Math.abs(top - x[1]) <= 2", place)
    assert desk.painted("ac-on-find") == desk.painted("ac-on-found") == []


def test_the_selection_is_looked_for_and_a_hit_can_be_marked(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.select("مجلس")
    desk.page.keyboard.press("Control+f")
    expect(desk.page.locator(".finder input")).to_have_value("مجلس")
    at_hit(desk, 1, 2)
    desk.page.keyboard.press("Enter")
    at_hit(desk, 2, 2)
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator(".finder")).to_be_hidden()
    desk.press("Digit1", "١")
    desk.saved()
    second = article.text.rindex("مجلس")
    assert second - 2 <= desk.spans("ACTOR")[0].start <= second


def test_a_text_of_a_million_characters_is_searched_without_a_standstill(visit: Visit, annotator: User) -> None:
    of = build.project()
    build.member(of, person=annotator)
    line = f"{LINE * 6}\n"
    text = (line * (1_000_000 // len(line) + 1))[:999_990] + " مفتاح"
    document = build.document(of, text, title="مليون")
    build.assignment(document, annotator)
    desk = visit(document, annotator).open()
    desk.run(
        """window.longest = 0; let last = performance.now();
        const tick = () => { const now = performance.now(); window.longest = Math.max(window.longest, now - last); last = now; setTimeout(tick); };
        tick();"""
    )
    desk.press("Slash", "/")
    desk.page.keyboard.type("مفتاح")
    desk.until("return canvas.part('find').querySelector('output').textContent !== ''")
    at_hit(desk, 1, 1)
    desk.until(
        "return canvas.reading.finding.canvas.picking && [...CSS.highlights.get('ac-on-found') ?? []].length === 1"
    )
    box = desk.run("return [...CSS.highlights.get('ac-on-found')][0].getBoundingClientRect().toJSON()")
    assert 0 < box["top"] < 860
    desk.page.locator(".finder input").fill("ا")
    expect(desk.page.locator(".finder output")).to_have_text(re.compile(r"^\d+\D+\d{5,}$"))
    assert desk.run("return window.longest") < 1500  # a page that is read in one go stands still for many seconds


# -- the map


def test_a_long_text_has_a_map_and_a_click_on_it_goes_there(visit: Visit, annotator: User) -> None:
    document = long_document(annotator, lines=300)
    at = document.text.index("150 ")
    build.edit(annotator, document, build.add_span(document, at, at + 3, "ACTOR"))
    desk = visit(document, annotator).open()
    strip = desk.page.locator(".minimap")
    expect(strip).to_be_visible()
    assert strip.get_attribute("aria-hidden") == "true"
    ink = """const c = document.querySelector(".minimap canvas"), copy = new OffscreenCanvas(c.width, c.height);
        const pen = copy.getContext("2d", { willReadFrequently: true });
        pen.drawImage(c, 0, 0);
        const p = pen.getImageData(0, 0, c.width, c.height);
        const rows = []; for (let y = 0; y < c.height; y++) for (let x = 0; x < c.width; x++) if (p.data[4 * (y * c.width + x) + 3]) { rows.push(y / c.height); break; }
        return rows;"""
    desk.until(f"return (() => {{ {ink} }})().length > 0")
    rows = desk.run(ink)
    assert all(abs(row - 0.5) < 0.02 for row in rows), "one mark in the middle of the text"
    box = strip.bounding_box()
    assert box is not None
    desk.page.mouse.click(box["x"] + 6, box["y"] + box["height"] * 0.75)
    desk.until("return Math.abs(canvas.paper.indexAt(canvas.reading.place().unit) - 225) < 12")
    desk.page.mouse.move(box["x"] + 6, box["y"] + box["height"] * 0.75)
    desk.page.mouse.down()
    desk.page.mouse.move(box["x"] + 6, box["y"] + box["height"] * 0.25, steps=6)
    desk.page.mouse.up()
    desk.until("return Math.abs(canvas.paper.indexAt(canvas.reading.place().unit) - 75) < 12")
    desk.page.locator("annotation-canvas").evaluate("(e) => e.focus({preventScroll: true})")
    desk.press("Slash", "/")
    desk.page.keyboard.type("299")
    expect(desk.page.locator(".finder output")).to_contain_text("1")
    desk.until(f"return (() => {{ {ink} }})().some((row) => row > 0.98)")


def test_a_short_text_and_a_small_screen_have_no_map(visit: Visit, article: Document, annotator: User) -> None:
    expect(visit(article, annotator).open().page.locator(".minimap")).to_be_hidden()
    document = long_document(annotator, lines=80)
    expect(visit(document, annotator, width=400).open().page.locator(".minimap")).to_be_hidden()


# -- guidelines


@pytest.mark.parametrize(("language", "words"), [("ar", "حدِّد كل ما يستطيع أن يفعل"), ("en", "Mark whatever can act")])
def test_the_guidelines_follow_what_one_is_at(
    visit: Visit, article: Document, annotator: User, language: str, words: str
) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "EVENT"))
    desk = visit(article, annotator, language=language).open()
    desk.page.locator("annotation-canvas").focus()
    desk.press("KeyH", "ا")
    body = desk.page.locator("[data-guide=body]")
    expect(body).to_contain_text(words)
    desk.click("وقّع")
    expect(body).to_contain_text("أقصر كلمة تسمّي" if language == "ar" else "the shortest word that names")
    desk.page.locator('[data-label="IMPLICATION"]').hover()
    expect(body).to_contain_text("حدِّد العبارة كاملة" if language == "ar" else "Mark the whole statement")
    desk.page.mouse.move(600, 500)
    expect(body).to_contain_text("أقصر كلمة تسمّي" if language == "ar" else "the shortest word that names")
    desk.page.locator('[data-field="a-type"]').first.focus()
    expect(body.locator("h4")).to_have_text("النوع" if language == "ar" else "Type")
    expect(body).to_contain_text("وعدٌ بتعاون لاحق" if language == "ar" else "Promises, offers or accepts cooperation")
    desk.page.keyboard.press("Escape")
    kept(desk, "guide", True)
    desk.open()
    expect(desk.page.locator(".guide")).to_have_attribute("open", "")
    expect(body).to_contain_text(words)
    desk.press("KeyH", "ا")
    expect(body).to_be_hidden()


# -- other documents


def test_one_goes_to_the_next_document_and_back_to_the_list_one_came_from(visit: Visit, annotator: User) -> None:
    of = build.project()
    build.member(of, person=annotator)
    documents = [build.document(of, f"نص رقم {n} عن القمة.", title=f"وثيقة {n}") for n in range(3)]
    for document in documents:
        build.assignment(document, annotator)
    desk = visit(documents[0], annotator)
    desk.page.goto(f"{desk.url}/projects/{of.pk}/documents/?language=ar")
    desk.page.locator(f'a[href*="/documents/{documents[0].pk}/"]').first.click()
    desk.page.wait_for_selector("annotation-canvas[data-ready]")
    desk.press("PageDown", "PageDown", altKey=True)
    desk.page.wait_for_url(f"**/documents/{documents[1].pk}/")
    desk.page.wait_for_selector("annotation-canvas[data-ready]")
    desk.press("KeyN", "ى", altKey=True)
    desk.page.wait_for_url(f"**/documents/{documents[2].pk}/")
    desk.page.wait_for_selector("annotation-canvas[data-ready]")
    desk.press("KeyP", "ح", altKey=True)
    desk.page.wait_for_url(f"**/documents/{documents[1].pk}/")
    desk.page.wait_for_selector("annotation-canvas[data-ready]")
    desk.press("KeyU", "ع", altKey=True)
    desk.page.wait_for_url("**/documents/?language=ar")


def test_the_text_stays_where_it_is_when_the_focus_comes_back_to_it(visit: Visit, annotator: User) -> None:
    desk = visit(long_document(annotator, lines=60), annotator).open()
    desk.run("canvas.cursor.reveal(canvas.paper.paragraphs[30].start)")
    desk.page.wait_for_timeout(100)
    desk.run("const { start } = canvas.paper.paragraphs[30]; canvas.selecting.set(start, start + 4)")
    desk.page.keyboard.press("1")
    place = "return canvas.closest('[data-scroller]').scrollTop"
    before = desk.run(place)
    assert before > 500
    desk.page.locator("#mark-note").focus()
    desk.page.keyboard.press("Escape")
    desk.until("return document.activeElement === canvas")
    assert desk.run(place) == before


def test_a_search_begins_at_the_mark_that_is_picked(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.select("الأمم المتحدة")
    desk.label("ACTOR")
    desk.saved()
    desk.press("Slash", "ظ")
    desk.page.locator('[data-part="find"] input').fill("من")
    found = desk.page.locator('[data-part="find"] output')
    expect(found).to_have_text(re.compile(r"^[2-9]"))
    assert desk.run("return canvas.reading.finding.current") > article.text.index("الأمم")
