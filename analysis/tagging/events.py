"""Event triggers by our own Arabic and English lexicon of the PLOVER types. A recall net: people sort the catch.

A verb that only carries an event noun (فرض … العقوبات) becomes the noun's `support`. Polarity, modality and tense are
given where the words just before the trigger settle them, else left at what is usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.tagging.base import View, Word, make_span
from analysis.tagging.lexicon import Hit, Sense, look_up
from analysis.tagging.words import SHARED, fingerprint
from analysis.text.clitics import readings
from analysis.types import Span, Tagging

_NEGATORS = {
    "ar": {"لم", "لن", "لا", "ليس", "ليست", "عدم", "دون", "بدون", "ولم", "ولن", "ولا", "فلم", "فلن", "فلا"},
    "en": {"not", "never", "n't", "no", "without", "neither", "nor", "cannot"},
}
_PLANS = {
    "ar": {
        "سوف", "يعتزم", "تعتزم", "ينوي", "تنوي", "قرر", "قررت", "مقرر", "المقرر", "خطه", "خطط", "بهدف", "يسعي", "تسعي", "سعي",
        "تستعد", "يستعد", "اعتزام", "عزم", "عزمها", "عزمه", "تعهد", "تعهدت", "وعد", "وعدت", "تخطط", "يخطط", "لاجل", "قبيل", "عشيه",
        "مرتقب", "المرتقب", "مرتقبه", "المرتقبه", "المقبل", "المقبله", "تمهيدا",
    },
    "en": {
        "will", "would", "shall", "plans", "plan", "planned", "intends", "intend", "pledged", "promised", "decided", "to-be",
        "upcoming", "agreed", "vowed", "promises", "next", "set", "expected", "due",
    },
}  # fmt: skip
_WISHES = {
    "ar": {
        "طلب", "طلبت", "طالب", "طالبت", "دعا", "دعت", "ينبغي", "يتعين", "يجب", "ضروره", "يتوجب", "ناشد", "ناشدت", "حث", "حثت",
        "يامل", "تامل", "يريد", "تريد", "لا بد", "ليت",
    },
    "en": {"should", "must", "ought", "urged", "asked", "demanded", "hopes", "hope", "wants", "want", "called", "urges", "calls"},
}  # fmt: skip
_CONDITIONS = {
    "ar": {
        "اذا",
        "لو",
        "ربما",
        "قد",
        "فقد",
        "احتمال",
        "احتمالات",
        "يحتمل",
        "المحتمل",
        "محتمل",
        "امكان",
        "امكانيه",
        "وقد",
    },
    "en": {"if", "may", "might", "could", "possible", "unless", "whether", "potential", "likely", "unlikely", "can"},
}
_CLAIMS = {
    "ar": {"زعم", "زعمت", "يزعم", "تزعم", "مزعوم", "المزعوم", "المزعومه", "يسمي", "ادعي", "ادعت", "بزعم", "مزاعم"},
    "en": {"alleged", "allegedly", "so-called", "claimed", "claims", "purported"},
}
_PREPOSITIONS_AR = {
    "في", "من", "الي", "علي", "عن", "مع", "بعد", "قبل", "منذ", "خلال", "حول", "بشان", "عقب", "اثر", "بسبب", "نتيجه", "عبر", "رغم",
    "ضد", "نحو", "وقف", "انهاء", "اعاده", "عمليه", "عمليات", "كل", "اي", "بعض", "حمله", "سلسله", "تجديد", "استمرار", "بدء", "نهايه",
    "تكثيف", "تعزيز", "مواصله",
}  # fmt: skip
_DETERMINERS_EN = {
    "the", "a", "an", "its", "their", "his", "her", "our", "this", "these", "those", "any", "some", "of", "no", "such", "more",
    "military", "new", "russian", "israeli", "american", "in", "on", "for", "with", "by", "after", "before", "during", "against",
}  # fmt: skip
# What may qualify an event noun itself; the verbs of the lists above speak of something else then.
_BEFORE_NOUNS_EN = {
    "planned",
    "upcoming",
    "next",
    "possible",
    "potential",
    "likely",
    "alleged",
    "so-called",
    "purported",
    "if",
}
_CARRY = "CARRY"
_REACH = 4  # words from a carrying verb to its noun
_LOOK_BACK = 3
_FAR_BACK = 6  # طلبت كازاخستان من المنظمة إرسال


class EventTriggers:
    name = "events"
    languages = ("ar", "en")

    def __init__(self) -> None:
        self.version = fingerprint(*SHARED, "events.py")

    def tag(self, view: View, covered: Sequence[tuple[int, int]] = ()) -> Tagging:
        """Triggers outside `covered`, the extents of names (معاهدة الأمن is no event of its own)."""
        words = view.words
        taken = _Covered(covered)
        spans: list[Span] = []
        carrier: tuple[int, int, int] | None = None  # word, start, end of the carrying verb seen last
        i = 0
        while i < len(words):
            hit = None if taken.contains(words[i].start) else look_up(words, i, view.language)
            sense = _sense(hit, words, view.language) if hit is not None else None
            if hit is None or sense is None:
                i += 1
                continue
            start = words[i].at(hit.cut) if hit.cut else words[i].start
            if sense.type == _CARRY:
                carrier = (i, start, words[hit.last - 1].end)
                i = hit.last
                continue
            support = carrier if carrier and sense.form == "noun" and _carries(words, carrier[0], i) else None
            spans.append(_span(view, hit, sense, start, support))
            carrier = None if support else carrier
            i = hit.last
        return Tagging(tuple(spans))


def _carries(words: Sequence[Word], verb: int, noun: int) -> bool:
    return noun - verb <= _REACH and all(words[j].joined for j in range(verb, noun))


def _sense(hit: Hit, words: Sequence[Word], language: str) -> Sense | None:
    """The sense that the words before the trigger allow."""
    before = words[hit.first - 1].norm if hit.first and words[hit.first - 1].joined else ""
    for sense in hit.senses:
        if language == "en":
            if sense.form == "verb_base" and before in _DETERMINERS_EN:
                continue
            if sense.form == "noun" and before in ("to", "will", "would", "could", "must", "should"):
                continue
        elif sense.form == "jussive":
            if before.lstrip("وف") not in ("لم", "لا"):
                continue
        elif sense.form.startswith("verb") and before in _PREPOSITIONS_AR and any(s.form == "noun" for s in hit.senses):
            continue
        return sense
    return None


def _span(view: View, hit: Hit, sense: Sense, start: int, support: tuple[int, int, int] | None) -> Span:
    words = view.words
    attributes: dict[str, Any] = {"type": sense.type, "polarity": "POS", "modality": "ASSERTED"}
    if sense.mode:
        attributes["modes"] = [sense.mode]
    if sense.contexts:
        attributes["contexts"] = list(sense.contexts)
    if sense.form != "noun":
        attributes["tense"] = "PAST" if sense.form in ("verb_past", "jussive") else "PRES"
    evidence = _judge(view, hit, sense, support, attributes)
    if support is not None:
        _word, from_, to = support
        attributes["support"] = {"start": from_, "end": to, "quote": view.text[from_:to]}
    rivals = len({(s.type, s.mode) for s in hit.senses if s.type != _CARRY}) - 1
    score = {"verb_past": 0.7, "verb_pres": 0.62, "verb_base": 0.6, "jussive": 0.65, "noun": 0.55}[sense.form]
    score += 0.1 * bool(sense.needs) + 0.1 * (support is not None) + 0.08 * (hit.last - hit.first > 1)
    score -= 0.08 * (rivals > 0) + 0.1 * (sense.type == "OTHER")
    return make_span(
        view, "EVENT", start, words[hit.last - 1].end, score=round(score, 2), attributes=attributes,
        reason={"rule": "event_lexicon", "matched": sense.lemma, "form": sense.form, "rivals": rivals, **evidence},
    )  # fmt: skip


def _judge(
    view: View, hit: Hit, sense: Sense, support: tuple[int, int, int] | None, attributes: dict[str, Any]
) -> dict[str, str]:
    """Set polarity and modality by the words just before; returns the words that decided, as evidence."""
    language = view.language
    at = support[0] if support else hit.first
    before = _before(view.words, at, _FAR_BACK if sense.form == "noun" and language == "ar" else _LOOK_BACK)
    evidence: dict[str, str] = {}
    near = before[-1:] if language == "ar" else before[-2:]
    if negator := next((w for w in near if w in _NEGATORS[language]), ""):
        following = view.words[hit.last : hit.last + _LOOK_BACK] if language == "ar" else []
        if not any(w.norm == "الا" for w in following):  # لم … إلا restricts, it does not deny
            attributes["polarity"] = "NEG"
            evidence["negator"] = negator
        if negator.lstrip("وف") == "لن":
            attributes["tense"] = "FUT"
    if language == "ar" and hit.proclitic.endswith("س"):
        attributes.update(modality="PLANNED", tense="FUT")
        return evidence | {"modality_word": "س"}
    for modality, table in (
        ("ALLEGED", _CLAIMS), ("HYPOTHETICAL", _CONDITIONS), ("DESIRED", _WISHES), ("PLANNED", _PLANS),
    ):  # fmt: skip
        near = before if modality == "DESIRED" else before[-_LOOK_BACK:]
        word = next((w for w in reversed(near) if _cue(w, language) in table[language]), "")
        if not word or (sense.form == "noun" and not _governs(word, hit, modality, language)):
            continue
        if language == "ar" and _cue(word, "ar") == "قد" and sense.form != "verb_pres":
            continue  # قد before a perfect only stresses it
        attributes["modality"] = modality
        if modality == "PLANNED" and sense.form != "noun":
            attributes["tense"] = "FUT"
        return evidence | {"modality_word": word}
    if language == "ar" and sense.form == "verb_pres" and hit.proclitic.endswith("ل"):
        attributes["modality"] = "PLANNED"
    return evidence


def _governs(word: str, hit: Hit, modality: str, language: str) -> bool:
    """Whether the word can bear on an event noun rather than on the verb between them."""
    if language == "en":
        return word in _BEFORE_NOUNS_EN
    return not hit.article or modality in ("ALLEGED", "HYPOTHETICAL")


def _before(words: Sequence[Word], at: int, most: int) -> list[str]:
    """Up to `most` words before, as far as nothing but spaces divides them."""
    out: list[str] = []
    j = at - 1
    while j >= 0 and len(out) < most and words[j].joined:
        out.append(words[j].norm)
        j -= 1
    return out[::-1]


def _cue(word: str, language: str) -> str:
    """The word without و and ف in front, for the lists above."""
    if language == "en":
        return word
    return next((rest for front, rest in readings(word) if front in ("و", "ف")), word)


class _Covered:
    """Whether a point lies in one of several extents, asked in rising order."""

    def __init__(self, extents: Sequence[tuple[int, int]]) -> None:
        self._extents = sorted(extents)
        self._at = 0

    def contains(self, point: int) -> bool:
        while self._at < len(self._extents) and self._extents[self._at][1] <= point:
            self._at += 1
        return self._at < len(self._extents) and self._extents[self._at][0] <= point
