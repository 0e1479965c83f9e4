"""Event triggers by our own Arabic and English lexicon of the PLOVER types. A recall net: people sort the catch."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analysis.tagging.base import View, make_span
from analysis.text.clitics import readings
from analysis.text.normalise import norm_key, normalise
from analysis.text.tokens import Token
from analysis.types import Span, Tagging

RULES = "1"
_DATA = Path(__file__).parent / "data"
_NEGATORS_AR = {"لم", "لن", "لا", "ليس", "ما"}
_FUTURE_AR = {"سوف"}
_SUFFIXES_AR = ("ت", "وا", "ا", "ون", "ان", "تا", "ه", "ها", "هم", "ته", "تها", "تهم", "وه", "وها", "نا")
_POSSESSIVES_AR = ("ه", "ها", "هم", "هما", "نا")
_NEGATORS_EN = {"not", "never", "n't"}
_FUTURE_EN = {"will", "would", "shall", "plans", "plan", "intends", "intend"}


@dataclass(frozen=True, slots=True)
class Sense:
    """What a trigger says: PLOVER type, mode, contexts; `form` is how the lexicon found it."""

    type: str
    mode: str
    contexts: tuple[str, ...]
    form: str  # verb_past, verb_pres, noun
    lemma: str


def _rows(language: str) -> Iterator[tuple[str, str, tuple[str, ...], list[str], list[str]]]:
    for line in (_DATA / f"events_{language}.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, mode, contexts, verbs, nouns = (line.split("\t") + [""] * 5)[:5]
            yield kind, mode, tuple(contexts.split()), _cells(verbs), _cells(nouns)


def _cells(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


@lru_cache(maxsize=2)
def _lexicon(language: str) -> dict[str, tuple[Sense, ...]]:
    """Normalised word or words -> senses, all inflected forms written out."""
    found: dict[str, list[Sense]] = {}

    def put(form: str, sense: Sense) -> None:
        key = norm_key(form, language) if language == "en" else normalise(form).text
        senses = found.setdefault(key, [])
        if all((s.type, s.mode) != (sense.type, sense.mode) for s in senses):
            senses.append(sense)

    for kind, mode, contexts, verbs, nouns in _rows(language):
        for verb in verbs:
            for form, tense in _inflect_ar(verb) if language == "ar" else _inflect_en(verb):
                put(form, Sense(kind, mode, contexts, tense, verb.split(",")[0].split("/")[0]))
        for noun in nouns:
            put(noun, Sense(kind, mode, contexts, "noun", noun))
            if language == "ar" and " " not in noun:
                stem = noun[:-1] + "ت" if noun.endswith("ة") else noun
                for suffix in _POSSESSIVES_AR:
                    put(stem + suffix, Sense(kind, mode, contexts, "noun", noun))
    return {key: tuple(senses) for key, senses in found.items()}


def _inflect_ar(verb: str) -> Iterator[tuple[str, str]]:
    past, stem = verb.split(",")
    head, _space, tail = past.partition(" ")
    _stem, _space, stem_tail = stem.partition(" ")
    yield past, "verb_past"
    base = head[:-1] + "ا" if head.endswith("ى") else head
    for suffix in _SUFFIXES_AR:
        yield f"{base}{suffix} {tail}".strip(), "verb_past"
    if head.endswith(("ى", "ا")):
        yield f"{head[:-1]}ت {tail}".strip(), "verb_past"
    for prefix in "يتن":
        yield f"{prefix}{_stem} {stem_tail}".strip(), "verb_pres"
        for suffix in ("ون", "ان", "وا", "ه", "ها", "هم"):
            yield f"{prefix}{_stem}{suffix} {stem_tail}".strip(), "verb_pres"


def _inflect_en(verb: str) -> Iterator[tuple[str, str]]:
    base, *irregular = verb.split("/")
    head, _space, tail = base.partition(" ")
    doubled = head + head[-1] if re.fullmatch(r"[^aeiou]*[aeiou][bdgmnpt]", head) else head
    if head.endswith("e"):
        past, ing = head + "d", head[:-1] + "ing"
    elif re.search(r"[^aeiou]y$", head):
        past, ing = head[:-1] + "ied", head + "ing"
    else:
        past, ing = doubled + "ed", doubled + "ing"
    third = (
        head[:-1] + "ies"
        if re.search(r"[^aeiou]y$", head)
        else head + ("es" if re.search(r"(s|sh|ch|x)$", head) else "s")
    )
    for form in irregular or [past]:
        yield f"{form} {tail}".strip(), "verb_past"
    for form in (base if not tail else "", f"{third} {tail}".strip(), f"{ing} {tail}".strip()):
        if form:
            yield form, "verb_pres"


class EventTriggers:
    name = "events"
    languages = ("ar", "en")

    def __init__(self) -> None:
        digest = hashlib.sha256(RULES.encode())
        for language in self.languages:
            digest.update((_DATA / f"events_{language}.tsv").read_bytes())
        self.version = f"{RULES}-{digest.hexdigest()[:10]}"

    def tag(self, view: View, covered: Sequence[tuple[int, int]] = ()) -> Tagging:
        """Triggers outside `covered`, the extents of names (معاهدة الأمن is no event of its own)."""
        language = "ar" if view.language == "ar" else "en"
        lexicon = _lexicon(language)
        words = [t for t in view.tokens if t.is_word]
        taken = _Covered(covered)
        spans: list[Span] = []
        i = 0
        while i < len(words):
            found = _look_up(lexicon, words, i, view.text, language)
            if found is None or taken.contains(words[i].start):
                i += 1
                continue
            senses, start, length, proclitic = found
            spans.append(self._span(view, senses, start, words, i, length, proclitic, language))
            i += length
        return Tagging(tuple(spans))

    def _span(
        self, view: View, senses: tuple[Sense, ...], start: int, words: Sequence[Token], i: int, length: int,
        proclitic: str, language: str,
    ) -> Span:  # fmt: skip
        sense = senses[0]
        before = [normalise(w.text).text for w in words[max(0, i - 2) : i]]
        attributes: dict[str, object] = {"type": sense.type, "polarity": "POS", "modality": "ASSERTED"}
        if sense.mode:
            attributes["modes"] = [sense.mode]
        if sense.contexts:
            attributes["contexts"] = list(sense.contexts)
        if sense.form == "verb_past":
            attributes["tense"] = "PAST"
        elif sense.form == "verb_pres":
            attributes["tense"] = "PRES"
        last = before[-1].lstrip("وف") if before and language == "ar" else (before[-1] if before else "")
        negators = _NEGATORS_AR if language == "ar" else _NEGATORS_EN
        if last in negators and sense.form != "noun":
            attributes["polarity"] = "NEG"
        futures = _FUTURE_AR if language == "ar" else _FUTURE_EN
        if sense.form != "noun" and (last in futures or (language == "ar" and proclitic.endswith("س"))):
            attributes.update(modality="PLANNED", tense="FUT")
        score = {"verb_past": 0.72, "verb_pres": 0.62, "noun": 0.55}[sense.form]
        score -= 0.1 * (len(senses) > 1) + 0.1 * (sense.type == "STATEMENT" and sense.form == "noun")
        return make_span(
            view, "EVENT", start, words[i + length - 1].end, score=round(score, 2), attributes=attributes,
            reason={"rule": "event_lexicon", "matched": sense.lemma, "form": sense.form, "rivals": len(senses) - 1},
        )  # fmt: skip


class _Covered:
    """Whether a point lies in one of several extents, asked in rising order."""

    def __init__(self, extents: Sequence[tuple[int, int]]) -> None:
        self._extents = sorted(extents)
        self._at = 0

    def contains(self, point: int) -> bool:
        while self._at < len(self._extents) and self._extents[self._at][1] <= point:
            self._at += 1
        return self._at < len(self._extents) and self._extents[self._at][0] <= point


def _look_up(
    lexicon: dict[str, tuple[Sense, ...]], words: Sequence[Token], i: int, text: str, language: str
) -> tuple[tuple[Sense, ...], int, int, str] | None:
    """The longest entry that begins at word i: senses, where the span begins, words used, proclitics."""
    for length in (3, 2, 1):
        if i + length > len(words) or any(
            text[words[j].end : words[j + 1].start].strip(" ") for j in range(i, i + length - 1)
        ):
            continue
        rest = [words[j].text for j in range(i + 1, i + length)]
        if language == "en":
            senses = lexicon.get(" ".join([words[i].text, *rest]).casefold())
            if senses:
                return senses, words[i].start, length, ""
            continue
        normal = normalise(words[i].text)
        tail = [normalise(w).text for w in rest]
        for proclitic, word in readings(normal.text):
            for form in {word, word.removeprefix("ال")}:
                senses = lexicon.get(" ".join([form, *tail]))
                if senses is None and length == 1:
                    continue
                if senses is None:
                    senses = lexicon.get(" ".join([form, *(t.removeprefix("ال") for t in tail)]))
                if senses and not (proclitic and senses[0].form != "noun" and set(proclitic) & set("بكل")):
                    merged = proclitic.endswith("ل") and word.startswith("ال") and normal.text[len(proclitic)] == "ل"
                    at = len(proclitic) - 1 if merged else len(proclitic)
                    return senses, words[i].start + normal.starts[at], length, proclitic
    return None
