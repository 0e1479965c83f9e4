"""Triggers, what kind they are, and whether they happened."""

from __future__ import annotations

import pytest

from analysis.tagging.lexicon import lexicon
from analysis.tagging.words import cells, rows


def entries(language: str) -> list[tuple[str, str]]:
    return [
        (kind, entry)
        for kind, _mode, _contexts, verbs, *nouns in rows(f"events_{language}.tsv")
        if kind not in ("CARRY", "DROP")
        for entry in (*cells(verbs), *cells(nouns[0] if nouns else ""))
    ]


@pytest.mark.parametrize(("language", "least"), [("ar", 300), ("en", 250)])
def test_the_lexicon_covers_all_types(language, least):
    found = entries(language)
    assert len(found) >= least
    assert {kind for kind, _entry in found} == {
        "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
        "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT", "STATEMENT", "OTHER",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["ar", "en"])
def test_modes_and_contexts_are_codes_of_the_codebook(language):
    from analysis.events.codebook import Codebook, political_codebook, validate_attributes

    codebook = Codebook(political_codebook())
    for kind, mode, contexts, *_cells in rows(f"events_{language}.tsv"):
        if kind not in ("CARRY", "DROP"):
            attributes = {"type": kind, "modes": [mode] if mode else [], "contexts": contexts.split()}
            assert validate_attributes(codebook, "EVENT", attributes) == []


def test_nobody_who_acts_is_a_trigger():
    for actor in ("متظاهرون", "متظاهرين", "محتجون", "مسلحون", "مقاتلون", "لاجئون", "معتقلون", "مفاوضون"):
        assert actor not in lexicon("ar"), actor


@pytest.mark.parametrize(
    ("text", "quote", "kind"),
    [
        ("رحبت بغداد بالخطوة", "رحبت", "SUPPORT"),
        ("ورحّب الوزير بالضيف", "رحّب", "SUPPORT"),
        ("سيجتمع الوزراء غدًا", "سيجتمع"[1:], "CONSULT"),
        ("انتهت القمة مساء", "القمة", "CONSULT"),
        ("شاركوا بالقمة", "القمة", "CONSULT"),
        ("أدانت الهجوم", "أدانت", "ACCUSE"),
        ("قطعت علاقاتها معها", "قطعت", "SANCTION"),
        ("أغلقت الحدود البرية", "أغلقت", "SANCTION"),
        ("فتحت المعابر أمام الناس", "فتحت", "RETREAT"),
        ("وقف إطلاق النار", "وقف إطلاق النار", "RETREAT"),
        ("أفرجت السلطات عنهم", "أفرجت", "RETREAT"),
        ("استقال الوزير", "استقال", "RETREAT"),
        ("انسحبت من الاتفاقية", "انسحبت", "SANCTION"),
        ("انسحبت القوات من المدينة", "انسحبت", "RETREAT"),
        ("هددت باستخدام القوة", "هددت", "THREATEN"),
        ("إضراب عن الطعام", "إضراب عن الطعام", "PROTEST"),
        ("نشرت قوات على الحدود", "نشرت", "MOBILIZE"),
        ("حربهم الطويلة", "حربهم", "ASSAULT"),
        ("اعتقالات واسعة", "اعتقالات", "COERCE"),
        ("رفضتها الحكومة", "رفضتها", "REJECT"),
        ("لم يقل شيئًا", "يقل", "STATEMENT"),
        ("هنأت الرئيس بفوزه", "هنأت", "SUPPORT"),
        ("والتقى الوزيران مساء", "التقى", "CONSULT"),
        ("التزمت الدولة بالموعد", "التزمت", "AGREE"),
    ],
)
def test_arabic_triggers_in_their_forms(ask, text, quote, kind):
    assert (quote, kind) in [(s.quote, s.attributes["type"]) for s in ask("EVENT", text)]


@pytest.mark.parametrize(
    "text",
    [
        "وقع حادث سير",  # it happened, nobody signed
        "نشر في: الخميس",
        "لم تعد تكفي",
        "جلس هنا طويلًا",
        "فتح بابًا للنقاش",
        "كانت أرعن من غيرها",
        "قل عدد الناس",
    ],
)
def test_what_is_no_event_is_left_alone(ask, text):
    assert [s.quote for s in ask("EVENT", text)] == []


@pytest.mark.parametrize(
    ("text", "quote", "attributes"),
    [
        ("لم يوقع الوزير شيئًا", "يوقع", {"polarity": "NEG"}),
        ("لن ترحب بذلك", "ترحب", {"polarity": "NEG", "tense": "FUT"}),
        ("لم يلتق إلا وزيرًا", "يلتق", {"polarity": "POS"}),
        ("سيزور الرئيس العاصمة", "يزور", {"modality": "PLANNED", "tense": "FUT"}),
        ("سوف يزور العاصمة", "يزور", {"modality": "PLANNED"}),
        ("قد يهاجم المدينة", "يهاجم", {"modality": "HYPOTHETICAL"}),
        ("وقد هاجم المدينة", "هاجم", {"modality": "ASSERTED", "tense": "PAST"}),
        ("إذا وقع هجوم جديد", "هجوم", {"modality": "HYPOTHETICAL"}),
        ("طلبت من الحلفاء إرسال قوات", "إرسال", {"modality": "DESIRED", "type": "AID"}),
        ("ما يسمى بالثورات", "الثورات", {"modality": "ALLEGED"}),
        ("زارت المدينة أمس", "زارت", {"modality": "ASSERTED", "polarity": "POS", "modes": ["visit"]}),
    ],
)
def test_polarity_and_modality_are_read_from_the_words_before(ask, text, quote, attributes):
    found = [s for s in ask("EVENT", text) if s.quote == quote]
    assert found, ask("EVENT", text)
    assert attributes.items() <= found[0].attributes.items()


@pytest.mark.parametrize(
    ("text", "trigger", "support", "language"),
    [
        ("فرضت الدول سلسلة من العقوبات", "العقوبات", "فرضت", "ar"),
        ("واستضافت المدينة قمة", "قمة", "استضافت", "ar"),
        ("وتم إرسال قوات", "إرسال", "تم", "ar"),
        ("They launched an invasion", "invasion", "launched", "en"),
    ],
)
def test_a_verb_that_carries_an_event_noun_is_its_support(ask, text, trigger, support, language):
    (event,) = ask("EVENT", text, language)
    assert event.quote == trigger
    extent = event.attributes["support"]
    assert extent["quote"] == support == text[extent["start"] : extent["end"]]


def test_masdars_inside_names_are_no_events(ask):
    assert ask("EVENT", "منظمة معاهدة الأمن الجماعي") == []
    assert ask("EVENT", "مجلس التعاون الخليجي") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The states condemned the attack.", [("condemned", "ACCUSE"), ("attack", "ASSAULT")]),
        ("She met her counterpart.", [("met", "CONSULT")]),
        ("The offer met a need.", []),
        ("They withdrew from the treaty.", [("withdrew", "SANCTION"), ("treaty", "SUPPORT")]),
        ("Troops withdrew at dawn.", [("withdrew", "RETREAT")]),
        ("Arms and notes.", []),
        ("They signed a ceasefire.", [("signed", "SUPPORT"), ("ceasefire", "RETREAT")]),
        ("The summit was held.", [("summit", "CONSULT")]),
    ],
)
def test_english_triggers(ask, text, found):
    assert [(s.quote, s.attributes["type"]) for s in ask("EVENT", text, "en")] == found


@pytest.mark.parametrize(
    ("text", "quote", "attributes"),
    [
        ("They did not sign it", "sign", {"polarity": "NEG"}),
        ("They will invade soon", "invade", {"modality": "PLANNED"}),
        ("They may invade soon", "invade", {"modality": "HYPOTHETICAL"}),
        ("an alleged attack", "attack", {"modality": "ALLEGED"}),
        ("It hopes to soften the sanctions", "sanctions", {"modality": "ASSERTED"}),
    ],
)
def test_english_polarity_and_modality(ask, text, quote, attributes):
    (event,) = [s for s in ask("EVENT", text, "en") if s.quote == quote]
    assert attributes.items() <= event.attributes.items()
