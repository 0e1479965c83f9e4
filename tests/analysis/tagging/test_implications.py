"""Cues of the seven kinds, and where the proposition they announce begins and ends."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "quote", "kind"),
    [
        ("ويدل غياب الوفد على أن الخلاف لم ينته.", "الخلاف لم ينته", "SIGNIFICANCE"),
        ("مما يعني أن الموعد تأخر، بحسب الصحيفة.", "الموعد تأخر", "SIGNIFICANCE"),
        ("وأدى ذلك إلى ارتفاع أسعار الخبز؛ ثم هدأت السوق.", "ارتفاع أسعار الخبز", "CONSEQUENCE"),
        ("وتسعى العاصمة من خلال الزيارة إلى كسب أصدقاء جدد.", "كسب أصدقاء جدد", "INTENT"),
        ("بهدف تخفيف الأعباء عن الناس، كما قيل.", "تخفيف الأعباء عن الناس", "INTENT"),
        ("ويتيح الاتفاق فرصة لعودة التجارة بينهما.", "عودة التجارة بينهما", "OPPORTUNITY"),
        ("وهذا يُنذر بانهيار الهدنة الهشة.", "انهيار الهدنة الهشة", "RISK"),
        ("ومن المرجَّح أن تتأخر الانتخابات عامًا.", "تتأخر الانتخابات عامًا", "FORECAST"),
        ("وينبغي للبرلمان أن يراجع القانون.", "للبرلمان أن يراجع القانون", "RECOMMENDATION"),
        ("ويتعين على الحكومة نشر الأرقام كاملة.", "الحكومة نشر الأرقام كاملة", "RECOMMENDATION"),
        ("وقد يتعثر المشروع في مراحله الأولى.", "يتعثر المشروع في مراحله الأولى", "RISK"),
        ("وقد تستفيد الموانئ من هذا الطريق.", "تستفيد الموانئ من هذا الطريق", "OPPORTUNITY"),
        ("ومن شأن القرار أن يخفف الضغط على الحدود.", "يخفف الضغط على الحدود", "OPPORTUNITY"),
    ],
)
def test_arabic_cues(ask, text, quote, kind):
    assert [(s.quote, s.attributes["kind"]) for s in ask("IMPLICATION", text)] == [(quote, kind)]


@pytest.mark.parametrize(
    ("text", "quote", "kind"),
    [
        ("The vote shows that patience is running out.", "patience is running out", "SIGNIFICANCE"),
        ("The ruling led to a new wave of claims; nobody expected it.", "a new wave of claims", "CONSEQUENCE"),
        ("They met in order to settle the dispute, officials said.", "settle the dispute", "INTENT"),
        ("It opens the door to a wider settlement.", "a wider settlement", "OPPORTUNITY"),
        ("There is a danger that the truce will not last.", "the truce will not last", "RISK"),
        ("The talks are likely to drag on for months.", "The talks are likely to drag on for months", "FORECAST"),
        ("Both capitals should publish the text.", "Both capitals should publish the text", "RECOMMENDATION"),
    ],
)
def test_english_cues(ask, text, quote, kind):
    assert [(s.quote, s.attributes["kind"]) for s in ask("IMPLICATION", text, "en")] == [(quote, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "وقد تنازلوا عن المقاعد.",  # قد before a perfect
        "ذهب الرجل إلى السوق واشترى خبزًا.",
        "كان قد وصل قبل يوم.",
    ],
)
def test_background_is_left_alone(ask, text):
    assert ask("IMPLICATION", text) == []


def test_a_second_proposition_of_the_same_kind_is_a_span_of_its_own(ask):
    text = "وتدل الزيارة على أن الطريق مفتوح، وأن الثقة عادت بين الجارين."
    assert [s.quote for s in ask("IMPLICATION", text)] == ["الطريق مفتوح", "الثقة عادت بين الجارين"]
    goals = "وتهدف الخطة إلى خفض الأسعار، وطمأنة المستثمرين في الخارج."
    assert [s.quote for s in ask("IMPLICATION", goals)] == ["خفض الأسعار", "طمأنة المستثمرين في الخارج"]


def test_wa_in_concedes_and_is_no_second_proposition(ask):
    text = "ويعكس ذلك تغيرًا في الموقف، وإن رحب بعضهم بالأمر."
    assert len(ask("IMPLICATION", text)) == 1


def test_the_cue_is_the_signal_and_stays_outside_the_span(ask):
    text = "وتسعى أنقرة بعد اللقاء إلى تحسين صورتها."
    (span,) = ask("IMPLICATION", text)
    signal = span.attributes["signal"]
    assert text[signal["start"] : signal["end"]] == signal["quote"] == "تسعى أنقرة بعد اللقاء إلى"
    assert signal["end"] <= span.start


def test_who_says_it_is_told_apart(ask):
    (said,) = ask("IMPLICATION", "وقال الخبير إن القرار سيؤدي إلى تراجع الثقة بالسوق.")
    assert said.attributes["explicitness"] == "ATTRIBUTED"
    (stated,) = ask("IMPLICATION", "وأدى القرار إلى تراجع الثقة بالسوق.")
    assert stated.attributes["explicitness"] == "STATED"


@pytest.mark.parametrize(
    ("text", "likelihood", "language"),
    [
        ("من المرجح أن تعود الوفود قريبًا.", "LIKELY", "ar"),
        ("من المستبعد أن تعود الوفود قريبًا.", "UNLIKELY", "ar"),
        ("The delegations are unlikely to return.", "UNLIKELY", "en"),
    ],
)
def test_words_of_probability_are_kept(ask, text, likelihood, language):
    assert [s.attributes["likelihood"] for s in ask("IMPLICATION", text, language)] == [likelihood]


def test_marks_in_the_text_do_not_hide_a_cue(ask):
    text = "ومِنَ المُتَوَقَّعِ أَنْ تَعُودَ الوُفُودُ غَدًا."
    assert [text[s.start : s.end] for s in ask("IMPLICATION", text)] == ["تَعُودَ الوُفُودُ غَدًا"]


def test_a_clause_has_an_end_even_where_the_text_has_none(ask):
    (span,) = ask("IMPLICATION", "مما يعني أن " + "الأمر طويل " * 100)
    assert len(span.quote) <= 260
    assert span.quote.endswith(("الأمر", "طويل"))
