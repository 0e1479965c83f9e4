"""An Arabic article of some 600 words, annotated from the first word to the last without a mouse, and the keys counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from annotator.coding.models import Relation
from annotator.jobs import pretag
from annotator.teams.access import Actor
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk
from tests.jobs.helpers import perform

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]

ARTICLE = (
    "اختتم وزراء خارجية الأردن والعراق ومصر في عمّان، مساء الثلاثاء، اجتماعًا استمر يومين لبحث أمن المياه والطاقة، واتفقوا على إنشاء لجنة دائمة تنسّق مواقف الدول الثلاث قبل مؤتمر الأمم المتحدة للمناخ.\n"
    "وقال وزير الخارجية الأردني إن الاتفاق يعكس رغبة الدول الثلاث في تحويل التعاون من بيانات سياسية إلى مشروعات تمس حياة الناس، مضيفًا أن الأردن سيستضيف الاجتماع الأول للجنة في سبتمبر المقبل، وأن باب المشاركة يبقى مفتوحًا أمام دول الجوار.\n"
    "ورحّب الاتحاد الأوروبي بالاتفاق، وأعلن استعداده لتمويل دراسات الربط الكهربائي، بينما دعت الأمم المتحدة الأطراف إلى إشراك سوريا ولبنان في المشاورات المقبلة.\n"
    "ويأتي الاجتماع بعد أسابيع من خلاف بين بغداد وأنقرة على حصص المياه في نهري دجلة والفرات. واتهم العراق تركيا بخفض تدفق المياه خلال الصيف، ونفت أنقرة الاتهام وقالت إن الجفاف أصاب المنطقة كلها. وطالب نواب عراقيون الحكومة برفع شكوى إلى مجلس الأمن، غير أن وزارة الخارجية العراقية فضّلت مواصلة الحوار مع تركيا.\n"
    "ويرى مراقبون أن اللجنة الجديدة قد تمنح العراق سندًا عربيًا في مفاوضاته مع تركيا، وتتيح لمصر نقل خبرتها الطويلة في التفاوض على مياه النيل. ويضيف هؤلاء أن الأردن، وهو من أفقر دول العالم بالمياه، يحتاج إلى شركاء قبل أن يحتاج إلى الأموال.\n"
    "وقال مسؤول مصري إن القاهرة تسعى من خلال اللجنة إلى حشد موقف عربي موحد بشأن سد النهضة، وإن إثيوبيا رفضت مرارًا توقيع اتفاق ملزم. وأضاف أن مصر لن تقبل خطوة أحادية تهدد أمنها المائي، لكنها مستعدة لاستئناف المفاوضات متى عادت إثيوبيا إلى الطاولة.\n"
    "وفي المقابل، حذّر خبراء من أن يؤدي تعدد اللجان إلى إضعاف جامعة الدول العربية، ورأوا أن غياب السعودية عن الاجتماع يقلل فرص تمويل المشروعات. لكن مسؤولًا أردنيًا أكد أن الرياض تدعم الاتفاق، وأن وفدًا سعوديًا سيزور عمّان الشهر المقبل لبحث الاستثمار في محطات التحلية.\n"
    "واتفق الوزراء كذلك على تبادل المعلومات عن منسوب الأنهار، وعلى تدريب فرق مشتركة لمواجهة الجفاف، وعلى تقديم مساعدات عاجلة إلى المزارعين في جنوب العراق. وتعهدت الكويت بتقديم عشرة ملايين دولار لهذا الغرض، فيما وعدت ألمانيا بإرسال خبراء إلى البصرة.\n"
    "ووقّع الأردن والعراق على هامش الاجتماع مذكرة تفاهم لاستكمال خط الكهرباء بين البلدين. ويُتوقع أن يخفض الخط اعتماد العراق على الغاز الإيراني، وهو ما تؤيده واشنطن منذ سنوات. وانتقدت إيران المذكرة، وقالت وزارة خارجيتها إن بعض الدول تسيّس ملف الطاقة، ودعت بغداد إلى احترام العقود الموقعة بين البلدين.\n"
    "وفي بيروت، اعتبر رئيس الوزراء اللبناني أن دعوة لبنان إلى المشاورات تفتح الباب أمام عودته إلى مشروع الربط، وأعرب عن أمله في أن تسهم فرنسا والبنك الدولي في تمويل الشبكة. أما دمشق فالتزمت الصمت، واكتفت وكالة الأنباء السورية بنشر نص البيان.\n"
    "ويشير توقيت الاجتماع إلى أن الدول الثلاث تريد دخول مؤتمر المناخ بموقف واحد، مما يعزز مكانتها في مواجهة الدول الصناعية. ومن المرجح أن تعرض اللجنة تقريرها الأول على القمة العربية في بغداد مطلع العام المقبل، على أن يراجعه خبراء من الاتحاد الأوروبي قبل نشره.\n"
    "ويبقى نجاح اللجنة مرهونًا بقدرتها على حسم خلافات قديمة لم تنجح لجان سابقة في تسويتها، وبمدى التزام العواصم الثلاث تقديم التمويل في موعده. ويخشى دبلوماسيون أن يدفع أي تصعيد بين العراق وتركيا، أو انهيار المفاوضات بين مصر وإثيوبيا، إلى تجميد عملها قبل أن يبدأ، كما حدث لمبادرات أعلنتها المنطقة في السنوات الماضية ثم طواها النسيان.\n"
    "وكان وزراء الدول الثلاث قد التقوا في القاهرة في مارس الماضي، حين اتفقوا على تبادل الخبراء وأجّلوا الحديث عن التمويل. ومنذ ذلك الحين زار رئيس الوزراء العراقي عمّان مرتين، واستقبل الرئيس المصري وفدًا من البنك الدولي، فيما أوقفت بغداد مفاوضاتها مع شركات أجنبية كانت تطالب بضمانات إضافية.\n"
    "وفي ختام البيان، شدد الوزراء على أن المياه لا ينبغي أن تكون سببًا للنزاع، ودعوا تركيا وإيران وإثيوبيا إلى حوار إقليمي دائم. وأدان البيان الهجمات التي استهدفت محطات الضخ في شمال سوريا، وحمّل جماعات مسلحة مسؤوليتها، وطالب مجلس الأمن بحماية المنشآت المائية في مناطق الحرب."
)
KEYS = {"ACTOR": "1", "EVENT": "2", "IMPLICATION": "3", "PLACE": "4", "TIME": "5"}

# What the taggers got wrong, by the words and what stands behind them.
WRONG = {
    "لجنة دائمة",
    "التعاون",
    "مصر نقل خبرتها",
    "شركاء قبل",
    "دول العالم",
    "توقيع",
    "البلدين",
    "تمويل الشبكة",
    "التزمت",
}
# What they did not find: label, words, what is typed into the form or pressed there, how far its end lies inside the last word.
MISSED = (
    ("TIME", "مساء الثلاثاء", "", 0),
    ("TIME", "سبتمبر المقبل", "", 0),
    ("PLACE", "دجلة", "", 0),
    ("PLACE", "الفرات", "", 0),
    ("ACTOR", "عراقي", "", 2),  # عراقيون, without its plural
    ("PLACE", "النيل", "", 0),
    ("ACTOR", "المزارعين", "", 0),
    ("EVENT", "إضعاف", "آخر", 0),
    ("TIME", "الشهر المقبل", "", 0),
    ("TIME", "مطلع العام المقبل", "", 0),
    ("IMPLICATION", "تجميد عملها قبل أن يبدأ", ("ArrowDown",) * 4, 0),
    ("ACTOR", "جماعات مسلحة", "", 0),
    ("PLACE", "مناطق الحرب", "", 0),
)
# Mark, the words typed to find the other end, the digit of the role.
LINKS = (("اتهم", "العراق", "1"), ("اتهم", "تركيا", "2"), ("رحّب", "الاتحاد", "1"), ("تعهدت", "الكويت", "1"))


class Typist:
    """Hands on the keyboard, and what they have pressed for what."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.count: Counter[str] = Counter()
        self.purpose = "spans"

    def press(self, *keys: str) -> None:
        for key in keys:
            self.desk.page.keyboard.press(key)
            self.count[self.purpose] += 1

    def type(self, words: str) -> None:
        self.desk.page.keyboard.type(words)
        self.count[self.purpose] += len(words)

    # -- seeing, which takes no key

    def words(self) -> list[list[float]]:
        """Start, top and paragraph of each word."""
        found: list[list[float]] = self.desk.run(
            """return canvas.paper.paragraphs.flatMap((_, i) => canvas.selecting.stretches(i, "core").map(([from]) =>
                [from, Math.round(canvas.paper.range(from, from + 1).getBoundingClientRect().top + canvas.closest("[data-scroller]").scrollTop), i]))"""
        )
        return found

    def place(self) -> int:
        found: int = self.desk.run("return canvas.cursor.place")
        return found

    # -- going to a word by the shortest way that one sees

    def go(self, offset: int) -> None:
        words = self.words()
        order = [w[0] for w in words]
        target = order.index(offset)
        for _ in range(200):
            at = order.index(max(o for o in order if o <= self.place()))
            if at == target and self.desk.run("return canvas.selecting.some"):
                return
            self.press(self._step(words, at, target))
        raise AssertionError(f"never reached {ARTICLE[offset : offset + 20]}")

    def _step(self, words: list[list[float]], at: int, target: int) -> str:
        (_, top, paragraph), (_, goal, other) = words[at], words[target]
        if other > paragraph and target - at > 12:
            return "Control+ArrowDown"
        if goal > top + 20 and target - at > 7:
            return "ArrowDown"
        if goal < top - 20 and at - target > 7:
            return "ArrowUp"
        return "ArrowLeft" if target >= at else "ArrowRight"

    # -- marking

    def mark(self, label: str, quote: str, form: str | tuple[str, ...], inside: int) -> None:
        start = ARTICLE.index(quote)
        self.go(start)
        for _ in range(len(quote.split()) - 1):
            self.press("Shift+ArrowLeft")
        for _ in range(inside):
            self.press("Control+Shift+BracketRight")
        assert self.desk.run("return canvas.paper.quote(canvas.selecting.from, canvas.selecting.to)") == quote
        self.press(KEYS[label])
        if form:
            self.purpose = "attributes"
            self.press("Enter")
            if isinstance(form, str):
                self.type(form)
                self.press("Enter")
            else:  # a short list, gone through
                self.press(*form, "Escape")
            self.purpose = "spans"

    def decide(self) -> None:
        """Go through the suggestions: a key for a paragraph where all are right, else a key each."""
        self.press("n")
        current = """const s = canvas.store.suggestions.get(canvas.picking.current);
            return s && [s.id, canvas.store.suggestions.in(s.first).map((other) => canvas.store.quote(other))]"""
        while found := self.desk.run(current):
            wrong = [any(quote.startswith(words) for words in WRONG) for quote in found[1]]
            if not any(wrong):
                self.press("Shift+A")
            else:
                quote = self.desk.run("return canvas.store.quote(canvas.store.suggestions.get(x))", found[0])
                self.press("x" if any(quote.startswith(words) for words in WRONG) else "a")
            self.desk.until("return canvas.picking.current !== x", found[0])

    def link(self, quote: str, words: str, digit: str) -> None:
        self.go(ARTICLE.index(quote))
        self.press("Enter", "l")
        self.desk.until("return document.activeElement.id === 'link-end'")
        self.type(words)
        self.desk.until("return document.querySelector('#link-end-answers [role=option]')")
        self.press("Enter")
        self.desk.until("return document.activeElement.dataset?.field?.startsWith('way')")
        self.press(digit, "Escape")


@pytest.mark.timeout(500)
def test_the_whole_article_without_a_mouse(visit: Visit, annotator: User, record_property: Any) -> None:
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, ARTICLE, title="اتفاق المياه")
    build.assignment(document, annotator)
    perform(pretag.request(actor=Actor(of.created_by), project=of, documents=[document.pk]))
    desk = visit(document, annotator).open()
    desk.page.locator("annotation-canvas").focus()
    hands = Typist(desk)
    hands.decide()
    hands.press("Control+Home")
    taken = {(s.label, s.start, s.end) for s in decided(desk)}
    for label, quote, form, inside in sorted(MISSED, key=lambda row: ARTICLE.index(row[1])):
        start = ARTICLE.index(quote)
        if (label, start, start + len(quote)) not in taken:
            hands.mark(label, quote, form, inside)
    hands.purpose = "links"
    for words in LINKS:
        hands.link(*words)
    desk.saved()
    spans = desk.spans()
    figures = {"words": len(ARTICLE.split()), "marks": len(spans), **hands.count}
    each = hands.count["spans"] / len(spans)
    print(f"\n{figures}, {each:.2f} keys a mark")
    record_property("keys", figures)
    assert len(spans) >= 60
    assert each < 3, "fewer than three keys a mark, forms and links apart"
    assert Relation.objects.filter(set__document=document, set__author=annotator).count() == len(LINKS)
    quotes = {(s.label, s.quote) for s in spans}
    assert {(label, quote) for label, quote, *_ in MISSED} <= quotes
    incomplete = desk.run(
        """return import("#annotator/lacking.js").then(({ missing }) =>
            [...canvas.store.spans.byId.values()].filter((s) => missing(canvas.store, s).length).length)"""
    )
    assert incomplete == 0, "all that is required is filled in"
    nested = [(a, b) for a in spans for b in spans if a.start <= b.start and b.end <= a.end and a.pk != b.pk]
    assert len(nested) >= 10
    assert any(ARTICLE[s.end : s.end + 1].isalpha() for s in spans), "mid-word"
    hands.press("Control+Enter")
    desk.page.wait_for_url("**/documents/*/**")


def decided(desk: Desk) -> list[Any]:
    desk.saved()
    return list(desk.spans())
