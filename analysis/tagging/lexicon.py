"""The trigger lexicon: entries of `data/events_*.tsv` written out in all their forms, and looking them up in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from analysis.tagging.base import Word
from analysis.tagging.names import arabic_readings
from analysis.tagging.words import cells, rows
from analysis.text.normalise import normalise

_PRONOUNS_AR = ("ه", "ها", "هم", "هما", "نا")
_WINDOW = 4  # how many words behind a trigger may fulfil its condition


@dataclass(frozen=True, slots=True)
class Sense:
    """What a trigger says: PLOVER type, mode, contexts; `form` is verb_past, verb_pres, jussive or noun.

    `needs`: one of these must begin a word soon after; `bars`: none of these may.
    """

    type: str
    mode: str
    contexts: tuple[str, ...]
    form: str
    lemma: str
    needs: tuple[str, ...]
    bars: tuple[str, ...]
    exact: str  # so it must be written, hamza and all; empty when spelling is free


@dataclass(frozen=True, slots=True)
class Hit:
    """A trigger over words first … last-1. `cut` letters of the first word are proclitics. `senses`: the best first."""

    first: int
    last: int
    cut: int
    proclitic: str
    article: bool
    senses: tuple[Sense, ...]


_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")
Lexicon = dict[str, tuple[Sense, ...]]


def _plain(text: str) -> str:
    return normalise(text).text.lower()


def _condition(entry: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """(entry, needs, bars) of `entry@a|b!c|d`."""
    head, _mark, bars = entry.partition("!")
    head, _mark, needs = head.partition("@")
    return head, tuple(_plain(n) for n in needs.split("|") if n), tuple(_plain(b) for b in bars.split("|") if b)


@lru_cache(maxsize=2)
def lexicon(language: str) -> Lexicon:
    """Normal form of a word or of several -> its senses, those with a condition first."""
    found: dict[str, list[Sense]] = {}
    drop: set[str] = set()
    for line in rows(f"events_{language}.tsv"):
        kind, mode, contexts, verbs, nouns = (line + [""] * 5)[:5]
        if kind == "DROP":
            drop.update(map(_plain, cells(verbs)))
            continue
        for entry, forms_of in [(v, _verb_forms) for v in cells(verbs)] + [(n, _noun_forms) for n in cells(nouns)]:
            head, needs, bars = _condition(entry)
            exact, head = head.startswith("^"), head.removeprefix("^")
            lemma = head.split(",")[0].split("/")[0].lstrip("=")
            for form, how in forms_of(head, language):
                key = _plain(form)
                sense = Sense(kind, mode, tuple(contexts.split()), how, lemma, needs, bars, form if exact else "")
                found.setdefault(key, []).append(sense)
    return {key: _ranked(senses) for key, senses in found.items() if key not in drop and len(key) > 1}


def _ranked(senses: Sequence[Sense]) -> tuple[Sense, ...]:
    """Without repetitions; conditional senses first, else in the order of the file."""
    seen: dict[tuple[object, ...], Sense] = {}
    for sense in sorted(senses, key=lambda s: not s.needs):
        seen.setdefault((sense.type, sense.mode, sense.needs, sense.form == "noun"), sense)
    return tuple(seen.values())


def _verb_forms(entry: str, language: str) -> Iterator[tuple[str, str]]:
    return _inflect_ar(entry) if language == "ar" else _inflect_en(entry)


def _noun_forms(entry: str, language: str) -> Iterator[tuple[str, str]]:
    """The noun itself with its number and, in Arabic, case and possessives."""
    if language == "en":
        noun = entry.lstrip("=")
        yield noun, "noun"
        if not entry.startswith("=") and not noun.endswith("s"):
            yield _third_person(noun), "noun"
        return
    yield entry, "noun"
    if " " in entry:
        return
    stem = entry[:-1] + "ت" if entry.endswith("ة") else entry
    plural = entry[:-1] + "ات" if entry.endswith("ة") else entry + "ات"
    base = entry[:-1] if entry.endswith("ة") else entry
    endings = ("تان", "تين", "تا", "تي") if entry.endswith("ة") else ("ان", "ين", "ا")
    if not entry.endswith("ات"):
        yield plural, "noun"
        yield from ((base + ending, "noun") for ending in endings)
    yield from ((stem + suffix, "noun") for suffix in _PRONOUNS_AR)
    if not entry.endswith("ات"):
        yield from ((plural + suffix, "noun") for suffix in _PRONOUNS_AR)


def _inflect_ar(verb: str) -> Iterator[tuple[str, str]]:
    past, stem, *others = verb.split(",")
    yield past, "verb_past"
    for form in others:
        yield form, "verb_past"
    defective = past.endswith(("ى", "ا")) and len(past) > 2
    root = past[:-1] if defective else past
    joined = root + "ا" if defective else root  # before a suffix: رماه
    yield from ((f"{root}{s}", "verb_past") for s in ("ت", "وا", "تا"))
    yield from ((f"{joined}{s}", "verb_past") for s in _PRONOUNS_AR)
    yield from ((f"{root}{'يا' if defective else 'ا'}", "verb_past") for _ in (0,))
    yield from ((f"{root}ت{s}", "verb_past") for s in _PRONOUNS_AR)
    yield from ((f"{root}و{s}", "verb_past") for s in _PRONOUNS_AR)
    short = stem[:-1] if stem.endswith(("ى", "ي", "و")) else stem
    for prefix in "يت":
        yield f"{prefix}{stem}", "verb_pres"
        yield from ((f"{prefix}{short}{s}", "verb_pres") for s in ("ون", "ان", "وا", "ا"))
        yield from ((f"{prefix}{stem}{s}", "verb_pres") for s in _PRONOUNS_AR)
        yield from ((f"{prefix}{short}ون{s}", "verb_pres") for s in _PRONOUNS_AR)
        if short != stem:
            yield f"{prefix}{short}", "jussive"
        elif len(stem) >= 3 and stem[-2] in "وي" and past[-2] == "ا":
            yield f"{prefix}{stem[:-2]}{stem[-1]}", "jussive"  # لم يقل
    yield f"ن{stem}", "verb_pres"


def _third_person(word: str) -> str:
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(s|sh|ch|x|z)$", word) else "s")


def _inflect_en(verb: str) -> Iterator[tuple[str, str]]:
    base, *irregular = verb.split("/")
    head, _space, tail = base.partition(" ")
    doubled = head + head[-1] if re.fullmatch(r"[^aeiou]*[aeiou][bdgmnpt]", head) else head
    if head.endswith("e"):
        past, ing = head + "d", (head if head.endswith("ee") else head[:-1]) + "ing"
    elif re.search(r"[^aeiou]y$", head):
        past, ing = head[:-1] + "ied", head + "ing"
    else:
        past, ing = doubled + "ed", doubled + "ing"
    for form in irregular or [f"{past} {tail}".strip()]:
        yield form, "verb_past"
    yield base, "verb_base"
    yield f"{_third_person(head)} {tail}".strip(), "verb_pres"
    yield f"{ing} {tail}".strip(), "verb_pres"


@lru_cache(maxsize=2)
def _reach(language: str) -> dict[str, int]:
    """The first word of each entry -> the most words an entry that begins so has."""
    out: dict[str, int] = {}
    for key in lexicon(language):
        first, *more = key.split(" ")
        out[first] = max(out.get(first, 0), 1 + len(more))
    return out


def look_up(words: Sequence[Word], i: int, language: str) -> Hit | None:
    """The longest entry that begins at word i and whose condition holds."""
    reach = _reach(language)
    if language == "en":
        first = words[i].norm
        for length in range(_joined(words, i, reach.get(first, 0)), 0, -1):
            senses = lexicon("en").get(" ".join(w.norm for w in words[i : i + length]))
            if senses and (hit := _fitting(senses, words, i, i + length, 0, "", article=False)):
                return hit
        return None
    table = lexicon("ar")
    readings = [(r, reach[r.core]) for r in arabic_readings(words[i].norm) if r.core in reach]
    if not readings:
        return None
    for length in range(_joined(words, i, max(n for _reading, n in readings)), 0, -1):
        tail = [w.norm for w in words[i + 1 : i + length]]
        bare = [t.removeprefix("ال") for t in tail]
        for reading, most in readings:
            if length > most:
                continue
            senses = table.get(" ".join([reading.core, *tail]))
            if senses is None and tail:
                senses = table.get(" ".join([reading.core, *bare]))
            if senses is None:
                continue
            senses = tuple(s for s in senses if _writable(s, reading.proclitic, article=reading.article))
            hit = _fitting(senses, words, i, i + length, reading.cut, reading.proclitic, article=reading.article)
            if hit is not None:
                return hit
    return None


def _joined(words: Sequence[Word], i: int, most: int) -> int:
    """How many words from i on stand together, up to `most`."""
    count = min(most, 1)
    while count < most and i + count < len(words) and words[i + count - 1].joined:
        count += 1
    return count


def _writable(sense: Sense, proclitic: str, *, article: bool) -> bool:
    """Whether that form can stand behind these letters: no article before a verb, no preposition before a perfect."""
    if sense.form == "noun":
        return not proclitic.endswith("س")
    if article:
        return False
    last = proclitic[-1:]
    return last in ("", "و", "ف") or (sense.form == "verb_pres" and last in ("س", "ل"))


def _fitting(
    senses: Sequence[Sense], words: Sequence[Word], first: int, last: int, cut: int, proclitic: str, *, article: bool
) -> Hit | None:
    following = _following(words, last)
    fit = [
        s
        for s in senses
        if (not s.needs or any(_starts(following, n) for n in s.needs))
        and not any(_starts(following, b) for b in s.bars)
        and (not s.exact or s.exact in _MARKS.sub("", words[first].text))
    ]
    if not fit:
        return None
    if article or any(c in proclitic for c in "بكل"):
        fit = [s for s in fit if s.form != "verb_past"] or fit
    return Hit(first, last, cut, proclitic, article, tuple(fit))


def _following(words: Sequence[Word], last: int) -> list[str]:
    """The next words of the same stretch as the lexicon writes them: bare of article, and with it."""
    out = []
    for j in range(last, min(last + _WINDOW, len(words))):
        if not words[j - 1].joined:
            break
        out.append(words[j].norm)
    return out


def _starts(following: Sequence[str], wanted: str) -> bool:
    """Whether one of the words begins so, with or without و, ب, ل and the article; several words count from each start."""
    parts = wanted.split()
    if len(parts) > 1:
        joined = " ".join(following) + " "
        return joined.startswith(wanted) or f" {wanted}" in joined
    if len(wanted) <= 2 or wanted == "the":
        if len(wanted) == 1:
            return any(word.startswith(wanted) for word in following)
        # أن and عن may wait for the subject: يرى الوزير أن; other short words must come at once.
        return wanted in (following if wanted in ("ان", "عن") else following[:1])
    if len(wanted) <= 4 and wanted.isascii():
        return wanted in following
    return any(word.startswith(wanted) or _bare(word).startswith(wanted) for word in following)


@lru_cache(maxsize=1 << 14)
def _bare(word: str) -> str:
    """The word without a particle and the article, when it is Arabic."""
    if word.isascii():
        return word
    readings = arabic_readings(word)
    return next((r.core for r in reversed(readings) if r.article), readings[-1].core)


@lru_cache(maxsize=1 << 15)
def is_event_word(norm: str, language: str) -> bool:
    """Whether a word alone may be a trigger or a support verb, whatever its conditions."""
    table = lexicon(language)
    if language == "en":
        return norm in table
    return any(
        any(_writable(s, r.proclitic, article=r.article) for s in table.get(r.core, ())) for r in arabic_readings(norm)
    )


_SPEECH = frozenset({"STATEMENT", "ACCUSE", "REQUEST", "THREATEN"})


@lru_cache(maxsize=1 << 13)
def says(norm: str) -> bool:
    """Whether an Arabic word can be a verb of speaking in any form."""
    table = lexicon("ar")
    return any(
        sense.type in _SPEECH and sense.form != "noun" and _writable(sense, r.proclitic, article=r.article)
        for r in arabic_readings(norm)
        for sense in table.get(r.core, ())
    )
