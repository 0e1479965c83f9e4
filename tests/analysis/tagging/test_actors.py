"""Traps of names and descriptions, each with a sentence of its own."""

from __future__ import annotations

import pytest

from analysis.types import Span


def told(spans: list[Span]) -> list[tuple[str, str | None]]:
    return [(s.quote, s.entity) for s in spans]


# -- names and what is written together with them


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وصل الوفد إلى بيلاروسيا مساء", [("بيلاروسيا", "BLR")]),
        ("أقام الوفد بروسيا يومين", [("روسيا", "RUS")]),
        ("طلبت من بيلاروسيا وروسيا", [("بيلاروسيا", "BLR"), ("روسيا", "RUS")]),
        ("نقلت الرسالة لروسيا ولفرنسا", [("روسيا", "RUS"), ("فرنسا", "FRA")]),
        ("انتقادات للغرب", [("للغرب", "WEST")]),
        ("وللسودان حدود طويلة", [("للسودان", "SDN")]),
        ("كالصين وكاليابان", [("الصين", "CHN"), ("اليابان", "JPN")]),
        ("فالعراق جار", [("العراق", "IRQ")]),
        ("فرنسا وألمانيا وألبانيا", [("فرنسا", "FRA"), ("ألمانيا", "DEU"), ("ألبانيا", "ALB")]),
        ("أدان الأُردُنّ ذلك", [("الأُردُنّ", "JOR")]),
        ("عـــمّان ومسقط", [("عـــمّان", "JOR"), ("مسقط", "OMN")]),
        ("زار سلطنة عُمان", [("سلطنة عُمان", "OMN")]),
        ("في منظمة الأمن الجماعي", [("منظمة الأمن الجماعي", "CSTO")]),
        ("دول منظمة معاهدة الأمن الجماعي", [("دول منظمة معاهدة الأمن الجماعي", "CSTOSTATES"), ("منظمة معاهدة الأمن الجماعي", "CSTO")]),
        ("حلف الناتو", [("حلف الناتو", "NATO")]),
        ("الاتحاد السوفييتي السابق", [("الاتحاد السوفييتي السابق", "SUN")]),
    ],
)  # fmt: skip
def test_arabic_names_are_found_at_words(ask, text, expected):
    assert [(quote, key) for quote, key in told(ask("ACTOR", text)) if key] == expected


@pytest.mark.parametrize(
    "text",
    [
        "عاد المسافر إلى داره غرب المدينة",  # غرب is not الغرب
        "سار إلى الغرب من النهر",
        "قال شرق البلاد وغربها",
        "تقرير مالي عن الربع الأول",  # financial, not Mali
        "حماة الوطن في الميدان",  # defenders, not the city of Hama
        "سرت في الطريق وحدي",  # I walked, not Sirte
        "حليب وجبن وخبز",
        "قطرة ماء وقطار سريع",
        "القطر الدائري للكرة",
        "مصرف ومصروف ومصير",
        "على الطاولة وفوقها",
        "لبنة ولبن",
    ],
)
def test_words_that_only_look_like_names_are_left_alone(ask, text):
    assert told(ask("ACTOR", text) + ask("PLACE", text)) == []


def test_doubtful_names_need_a_word_that_vouches_for_them(ask):
    assert ("مالي", "MLI") in told(ask("ACTOR", "انسحبت القوات من مالي"))
    assert told(ask("PLACE", "قصف طال مدينة حماة")) == [("حماة", "P-HAMA")]


@pytest.mark.parametrize(
    ("text", "entity", "mention"),
    [
        ("الحرب الروسية", "RUS", "NISBA"),
        ("مدن سعودية كبيرة", "SAU", "NISBA"),
        ("أعلنت السعودية موقفها", "SAU", "NAM"),
        ("المبادرة السعودية", "SAU", "NISBA"),
        ("قال الروس كلمتهم", "RUS", "NISBA"),
        ("العاصمة الأمريكية", "USA", "NISBA"),
        ("العاصمة الأميركية", "USA", "NISBA"),
    ],
)
def test_a_nisba_is_told_from_a_name(ask, text, entity, mention):
    spans = [s for s in ask("ACTOR", text) if s.entity]
    assert [(s.entity, s.attributes["mention"]) for s in spans] == [(entity, mention)]


def test_a_state_in_which_something_happens_is_read_as_a_place(ask):
    found = {s.quote: s.attributes["reading"] for s in ask("ACTOR", "التقى وفد مصر في فرنسا ممثلين عن اليمن")}
    assert found["فرنسا"] == "LOC"
    assert found["اليمن"] == "ACT"


def test_a_capital_stands_for_its_state_unless_it_is_where_they_met(ask):
    deal, act = ask("ACTOR", "بعد اتفاق بكين رحبت موسكو")
    assert (deal.entity, deal.attributes["reading"], deal.attributes["metonymy"]) == ("CHN", "LOC", "CAPITAL")
    assert (act.entity, act.attributes["reading"]) == ("RUS", "ACT")


# -- titles, people, bodies


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("استقبل وزير الخارجية العراقي فؤاد حسين ضيوفه", "وزير الخارجية العراقي فؤاد حسين"),
        ("وقال الرئيس الفرنسي إيمانويل ماكرون إن", "الرئيس الفرنسي إيمانويل ماكرون"),
        ("التقى رئيس الوزراء الهندي ناريندرا مودي في دلهي", "رئيس الوزراء الهندي ناريندرا مودي"),
        ("وصل ولي العهد السعودي الأمير محمد بن سلمان إلى", "ولي العهد السعودي الأمير محمد بن سلمان"),
        ("بحث وزير الموارد المائية السوداني ياسر عباس", "وزير الموارد المائية السوداني ياسر عباس"),
        ("وصرح المتحدث باسم الحكومة التونسية", "المتحدث باسم الحكومة التونسية"),
        ("ووصل قائد الجيش الفريق أول سعد الدين منصور إلى", "قائد الجيش الفريق أول سعد الدين منصور"),
        ("وأضاف وزير النقل محمد إسلامي أن", "وزير النقل محمد إسلامي"),
        ("لكن المرشد الأعلى علي خامنئي لا يريد", "المرشد الأعلى علي خامنئي"),
    ],
)
def test_title_and_name_are_one_mention_and_the_nisba_inside_is_not_marked_again(ask, text, quote):
    spans = [s for s in ask("ACTOR", text) if s.start <= text.index(quote) + 1]
    assert quote in [s.quote for s in spans]
    assert not [s for s in spans if s.attributes["mention"] == "NISBA"]


def test_a_body_inside_a_title_is_marked_too(ask):
    found = [s.quote for s in ask("ACTOR", "وأكد أمين عام جامعة الدول العربية أحمد أبو الغيط ذلك")]
    assert "جامعة الدول العربية" in found
    assert any(q.endswith("أحمد أبو الغيط") for q in found)


def test_a_person_is_known_again_by_the_last_name(ask):
    text = "التقى وزير الدفاع سيرغي شويغو نظيره. ثم غادر شويغو العاصمة، وقالت صحيفة لشويغو كلمته."
    assert [s.quote for s in ask("ACTOR", text)].count("شويغو") == 2


@pytest.mark.parametrize(
    ("text", "quote", "entity"),
    [
        ("عقدت منظمة شنغهاي للتعاون قمتها، وأعلنت المنظمة نتائجها", "المنظمة", "SCO"),
        ("رفض الاتحاد الأفريقي ذلك، وقال الاتحاد إنه مستعد", "الاتحاد", "AU"),
    ],
)
def test_the_organisation_points_back_to_the_one_last_named(ask, text, quote, entity):
    assert (quote, entity) in told(ask("ACTOR", text))


def test_without_anything_to_point_back_to_the_organisation_is_nobody(ask):
    assert ask("ACTOR", "قالت المنظمة كلمتها") == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("خرج متظاهرون إلى الساحة", "متظاهرون"),
        ("اتفق الجانبان على الموعد", "الجانبان"),
        ("وقع البلدان الوثيقة", "البلدان"),
        ("تراجعت القوات الحكومية", "القوات"),
        ("وأشار البيان المشترك إلى الأمر", "البيان المشترك"),
        ("دعت الحكومة إلى الهدوء", "الحكومة"),
    ],
)
def test_descriptions_of_those_who_act_are_mentions(ask, text, quote):
    assert any(s.quote.startswith(quote) and s.attributes["mention"] == "NOM" for s in ask("ACTOR", text))


def test_a_document_that_does_not_speak_is_no_actor(ask):
    assert ask("ACTOR", "وضع البيان على الطاولة") == []


def test_date_line_and_byline_are_not_part_of_what_the_article_says(ask):
    text = (
        "خبر من بغداد\nالخميس 14 مارس 2024\nمكتب بيروت للأخبار\n\n"
        + "زار وفد من القاهرة بغداد وبحث ملفات عدة مع المسؤولين هناك. " * 3
    )
    assert "بيروت" not in "".join(s.quote for s in ask("ACTOR", text))
    assert min(s.start for s in ask("ACTOR", text)) < text.index("\n")
    assert ask("TIME", text) == []


# -- English


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Iran's parliament voted.", [("Iran", "IRN"), ("Iran's parliament", None)]),
        ("It told us that turkey is eaten in november", []),
        ("Turkey objected.", [("Turkey", "TUR")]),
        ("The US and the UK agreed; it is up to us.", [("US", "USA"), ("UK", "GBR")]),
        ("NATO met. The alliance said so.", [("NATO", "NATO"), ("alliance", "NATO")]),
        ("President Sauli Niinistö spoke.", [("President Sauli Niinistö", None)]),
        ("US Secretary of State Antony Blinken left.", [("US Secretary of State Antony Blinken", "USSECSTATE")]),
        ("The West and the Global South", [("West", "WEST"), ("Global South", "GLOBALSOUTH")]),
        ("Turkish lawmakers agreed", [("Turkish lawmakers", None)]),
        ("Erdogan and Erdoğan", []),
        ("Kyiv said the two sides met.", [("Kyiv", "UKR"), ("two sides", None)]),
    ],
)
def test_english_names_go_by_case_and_lose_the_article(ask, text, expected):
    assert told(ask("ACTOR", text, "en")) == expected


# -- evidence


def test_every_suggestion_says_why(ask):
    for span in ask("ACTOR", "قال الرئيس المصري إن القوات الروسية في سوريا"):
        assert 0 < (span.score or 0) < 1
        assert span.reason is not None
        assert {"rule", "matched"} <= span.reason.keys()
