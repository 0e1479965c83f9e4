"""Implications: words that announce what an event means, causes, aims at, threatens or calls for, and the clause they govern.

Cues are matched on the normal form of the text and mapped back. Scores are modest: somewhat more than half of the hits are
right, and people decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from analysis.tagging.base import View, make_span
from analysis.tagging.lexicon import is_event_word, says
from analysis.tagging.words import SHARED, cells, fingerprint, rows
from analysis.text.normalise import Normalised, normalise
from analysis.text.tokens import sentences
from analysis.types import Span, Tagging

_GAP = r"(?:[^\s.،,؛;:؟?!]+\s+){0,7}?"
_MAX_CLAUSE = 260
_MAX_SENTENCE = 3000
_MOST_PROMPTS = 40  # a sentence; what has more is no prose
_MIN_CLAUSE = 8
_EITHER = "?"

# Where a clause ends: the comma, a coordinator that opens another clause, the end of the sentence.
_ENDS = {
    "ar": re.compile(
        r"[؛;.؟!\n]|،|,|:|(?<!اكثر)(?<!اقل)\s(?=(?:غير ان|لكن|ولكن|لكنه|لكنها|في حين|بينما|فيما|قبل ان تعلن|مما|وان(?:ه|ها|هم)?\s|والي\s|وعلي ان\s|الا ان)\b)"
    ),
    "en": re.compile(
        r"[;.?!\n]|,\s|:|\s[–—-]\s|\s(?=(?:but|while|whereas|although|though|however|because|since|and that|and it|and they|and he"
        r"|and she|and was|and to|even if)\b)"
    ),
}
_STARTS = {
    "ar": re.compile(r"[؛;.؟!\n،,:]|\s(?:ان|انه|انها|لان|حيث|اذ|لكن|بينما)\s"),
    "en": re.compile(
        r"[;.?!\n:]|,\s|\s(?:that|but|while|because|although|and(?=\s(?:the|it|they|its|this|[a-z]+ (?:should|may|will)))|which)\s"
    ),
}
# A second proposition of the same kind behind a coordinator.
_AGAIN = {
    "ar": re.compile(r"،?\s+و(?P<that>ان(?:ه|ها|هم)?)\s+|،?\s+والي\s+|،?\s+وعلي ان\s+"),
    "en": re.compile(r",?\s+and\s+(?:that\s+|to\s+)"),
}
# Behind a goal also a bare verbal noun: بهدف كسر العزلة، وإظهار القدرة.
_AGAIN_GOAL = re.compile(r"،\s+و(?=(?!ال)(?P<noun>\w+))")
# Cues that close the proposition before them.
_CUTTING = re.compile(r"[وف]?(?:حتي|مما|كي|لكي|لئلا|خشيه|تجنبا|في محاوله|بهدف|بغيه|so as to|in order to|for fear)\b")
_LEAD_EN = re.compile(r"(?:and|but|although|though|while|even where|even if)\s+")
# Words in و that hold no conjunction.
_WAW = re.compile(
    r"و(?:زي|زار|اشنطن|قف|ساط|فد|لي|كال|حد|ثي|صف|قع|جه|را|اق|اح|عد|ضع|جود|سائل|سط|طن|لاي|حده|قت|فق|ظيف|صول)"
)
_ATTRIBUTED = {
    "ar": re.compile(r"(?<!\S)(?P<verb>\S+)\s+(?:[^\s.؛]+\s+){0,12}?(?:ان|بان|انه|انها)\s"),
    "en": re.compile(
        r"\b(?P<verb>said|says|argued|argues|warned|warns|declared|stressed|believes?|claims?|claimed|insisted|told|according to)\b"
    ),
}


@dataclass(frozen=True, slots=True)
class Cue:
    kind: str
    mode: str  # AFTER, FROM, CLAUSE
    score: float
    likelihood: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A proposition found: offsets in the normal form; the signal is what the cue was read from."""

    kind: str
    start: int
    end: int
    signal: tuple[int, int]
    cue: Cue
    again: bool = False


def _compile(patterns: str, language: str) -> re.Pattern[str]:
    parts = [_written(p) for p in cells(patterns)]
    parts.sort(key=len, reverse=True)
    front = r"(?<!\w)[وف]?" if language == "ar" else r"(?<!\w)"
    # A preposition of one letter (ب, ل) is written together with what it governs.
    return re.compile(rf"{front}(?P<cue>{'|'.join(parts)})", re.IGNORECASE)


def _written(pattern: str) -> str:
    normal = normalise(pattern.replace("~ ", "\ue000")).text
    body = normal.replace("\ue000", _GAP).replace(" ", r"\s+")
    # Whole words, except that a preposition of one letter is written together with what it governs.
    return rf"{body}(?:(?<=\s[بل])|(?<=[\s|(][بل])|\b)"


@lru_cache(maxsize=2)
def _cues(language: str) -> tuple[tuple[Cue, ...], tuple[tuple[str, re.Pattern[str]], ...]]:
    """The cues of a language and the word beginnings that tell risks from opportunities."""
    cues: list[Cue] = []
    valence: list[tuple[str, re.Pattern[str]]] = []
    for kind, mode, score, likelihood, patterns in rows(f"cues_{language}.tsv"):
        if kind == "VALENCE":
            stems = "|".join(normalise(p.replace("~ ", "")).text for p in cells(patterns))
            valence.append((mode, re.compile(rf"(?<!\w)س?(?:{stems})")))
        else:
            cues.append(Cue(kind, mode, float(score), likelihood, _compile(patterns, language)))
    return tuple(cues), tuple(valence)


class ImplicationCues:
    name = "implications"
    languages = ("ar", "en")

    def __init__(self) -> None:
        self.version = fingerprint(*SHARED, "implications.py", "cues_ar.tsv", "cues_en.tsv")

    def tag(self, view: View) -> Tagging:
        """Propositions in order of the text; of several with nearly one extent the most certain."""
        normal = normalise(view.text)
        lower = normal.text.lower() if len(normal.text.lower()) == len(normal.text) else normal.text
        below = frozenset(i for i, at in enumerate(normal.starts) if view.text[at] == "إ")
        spans: list[Span] = []
        for start, end in _pieces(lower):
            spans += (
                _span(view, normal, lower, start, prompt) for prompt in _read(lower, start, end, view.language, below)
            )
        return Tagging(tuple(sorted(spans, key=lambda s: (s.start, s.end))))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Sentences; one of unnatural length in parts, so that no text can make the reading slow."""
    for start, end in sentences(text):
        while end - start > _MAX_SENTENCE:
            cut = text.rfind(" ", start + 1, start + _MAX_SENTENCE)
            cut = cut if cut > start else start + _MAX_SENTENCE
            yield start, cut
            start = cut
        yield start, end


def _read(text: str, start: int, end: int, language: str, below: frozenset[int]) -> list[Prompt]:
    """The propositions of one sentence. `below`: where the text has إ, which the normal form does not show."""
    cues, valence = _cues(language)
    found: list[Prompt] = []
    for cue in cues:
        for m in cue.pattern.finditer(text, start, end):
            found += _propositions(text, start, end, m, cue, language, below)
    found = sorted((_judged(text, p, valence) for p in found), key=lambda p: -p.cue.score)[:_MOST_PROMPTS]
    return _settled(text, found)


def _propositions(
    text: str, start: int, end: int, m: re.Match[str], cue: Cue, language: str, below: frozenset[int]
) -> Iterator[Prompt]:
    signal = m.start("cue"), m.start("cue") + len(m.group("cue").rstrip())
    if cue.mode == "CLAUSE":
        before = list(_STARTS[language].finditer(text, max(start, signal[0] - _MAX_CLAUSE), signal[0]))
        begin = before[-1].end() if before else start
        while begin < signal[0] and not text[begin].isalnum():
            begin += 1
        if language == "en":
            lead = _LEAD_EN.match(text, begin)
            begin = lead.end() if lead else begin
        elif text[begin] == "و" and not _WAW.match(text, begin):
            begin += 1
    else:
        begin = signal[1] if cue.mode == "AFTER" else signal[0]
        begin -= (
            cue.mode == "AFTER" and text[begin - 1 : begin + 1] == "لل"
        )  # merged with the article: the word is whole
    stop = _end(text, max(begin + 2, signal[1]), end, language)
    if (extent := _trimmed(text, begin, stop, language)) is None:
        return
    yield Prompt(cue.kind, *extent, signal, cue)
    if cue.mode == "AFTER" and (again := _coordinated(text, stop, end, m.group("cue"), cue.kind, language, below)):
        following = _end(text, again.end() + 2, end, language)
        if (extent := _trimmed(text, again.end(), following, language)) is not None:
            yield Prompt(cue.kind, *extent, signal, cue, again=True)


def _coordinated(
    text: str, stop: int, end: int, signal: str, kind: str, language: str, below: frozenset[int]
) -> re.Match[str] | None:
    """What joins a second proposition of the same kind to the one that ended at `stop`."""
    again = _AGAIN[language].match(text, stop, end)
    if again is not None and language == "ar" and again.group("that") and again.start("that") in below:
        return None  # وإن concedes, وأن goes on
    if again is None and language == "ar" and kind == "INTENT":
        again = _AGAIN_GOAL.match(text, stop, end)
        if again is not None and not (again.group("noun").endswith("ه") or is_event_word(again.group("noun"), "ar")):
            return None
        if again is not None and says(again.group("noun")):
            return None
    return again


def _end(text: str, begin: int, end: int, language: str) -> int:
    """Before the stop that closes the clause."""
    stop = _ENDS[language].search(text, min(begin, end), end)
    return stop.start() if stop else end


def _trimmed(text: str, start: int, end: int, language: str) -> tuple[int, int] | None:
    if end - start > _MAX_CLAUSE:
        end = max(text.rfind(" ", start, start + _MAX_CLAUSE), start)
    while start < end and not text[start].isalnum():
        start += 1
    if language == "ar" and text[start : start + 3] == "ان ":
        start += 3
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return (start, end) if end - start >= _MIN_CLAUSE else None


def _judged(text: str, prompt: Prompt, valence: tuple[tuple[str, re.Pattern[str]], ...]) -> Prompt:
    """With a kind in place of `?`: the first telling word of the proposition decides, else it is a forecast."""
    if prompt.kind != _EITHER:
        return prompt
    hits = [(m.start(), kind) for kind, pattern in valence if (m := pattern.search(text, prompt.start, prompt.end))]
    return replace(prompt, kind=min(hits)[1] if hits else "FORECAST")


def _settled(text: str, found: list[Prompt]) -> list[Prompt]:
    """Cut a proposition where the cue of another begins; of two that mostly coincide keep the likelier."""
    kept: list[Prompt] = []
    for prompt in sorted(found, key=lambda p: (-p.cue.score, p.signal[0], p.again)):
        cuts = [
            o.signal[0]
            for o in found
            if o.cue.mode == "AFTER"
            and prompt.start + _MIN_CLAUSE < o.signal[0] < prompt.end
            and o.signal != prompt.signal
            and _CUTTING.match(text, o.signal[0])
        ]
        if cuts and prompt.cue.mode != "CLAUSE":
            end = min(cuts)
            while end > prompt.start and not (text[end - 1].isalnum() and text[end - 1] not in "وف"):
                end -= 1
            prompt = replace(prompt, end=end) if end - prompt.start >= _MIN_CLAUSE else prompt
        if all(_shared(prompt, other) < 0.5 for other in kept):
            kept.append(prompt)
    return kept


def _shared(a: Prompt, b: Prompt) -> float:
    common = min(a.end, b.end) - max(a.start, b.start)
    return common / min(a.end - a.start, b.end - b.start)


def _span(view: View, normal: Normalised, text: str, sentence: int, prompt: Prompt) -> Span:
    start, end = _whole_words(view.text, *normal.source_range(prompt.start, prompt.end))
    from_, to = normal.source_range(*prompt.signal)
    signal = {"start": from_, "end": to, "quote": view.text[from_:to]}
    attributes: dict[str, Any] = {"kind": prompt.kind, "explicitness": "STATED", "signal": signal}
    if prompt.cue.likelihood:
        attributes["likelihood"] = prompt.cue.likelihood
    speaker = _speaker(text, sentence, prompt.signal[0], view.language)
    if speaker:
        attributes.update(explicitness="ATTRIBUTED", holder="ACTOR")
    return make_span(
        view, "IMPLICATION", start, end, score=round(prompt.cue.score - 0.05 * prompt.again, 2), attributes=attributes,
        reason={"rule": "cue", "matched": signal["quote"], "kind": prompt.kind, "said_by": speaker},
    )  # fmt: skip


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Without marks that the normal form has dropped at the end, such as a closing quotation mark's bidi control."""
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _speaker(text: str, start: int, end: int, language: str) -> str:
    """The verb of saying before the cue, in the same sentence; empty when the author speaks."""
    for m in _ATTRIBUTED[language].finditer(text, max(start, end - _MAX_CLAUSE), end):
        verb = m.group("verb")
        if language == "en" or says(verb):
            return verb
    return ""
