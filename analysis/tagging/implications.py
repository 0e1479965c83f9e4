"""Implication prompts: cue words that announce what an event means, causes, aims at or threatens, and the clause behind them.

About half of the hits are right (measured on political news), so scores stay at 0.5 and below.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from analysis.tagging.base import View, make_span
from analysis.types import Span, Tagging

RULES = "1"
_GAP = r"(?:\s+\S+){0,3}?\s+"

# kind: cues. A cue may leave room for up to three words with {gap}.
_AR: dict[str, list[str]] = {
    "SIGNIFICANCE": ["مما يعني", "ما يعني", "يعكس", "تعكس", "يدل على", "تدل على", "يشير إلى أن", "تشير إلى أن", "يكشف عن", "تكشف عن",
                     "إذ تمثل", "إذ يمثل", "بما يعني", "تحمل دلالات", "يحمل دلالات", "ويمثل ذلك", "يؤشر على", "تؤشر على"],
    "CONSEQUENCE": ["يؤدي إلى", "تؤدي إلى", "أدى إلى", "أدت إلى", "يفضي إلى", "تفضي إلى", "أسفر عن", "أسفرت عن", "يترتب على ذلك",
                    "نتيجة لذلك", "على أثر ذلك", "تسبب في", "يمهد لـ", "يمهد الطريق", "تمهد الطريق", "من شأنه أن", "من شأنها أن"],
    "INTENT": ["بهدف", "سعيا إلى", "من أجل", "في محاولة لـ", "بغية", "يهدف{gap}إلى", "تهدف{gap}إلى", "تسعى{gap}إلى", "يسعى{gap}إلى",
               "تسعى{gap}في", "لكي", "رغبة في", "حرصا على"],
    "FORECAST": ["من المتوقع أن", "من المرجح أن", "يتوقع أن", "من المنتظر أن", "من المحتمل أن", "لا يستبعد أن", "قد يؤدي", "قد تؤدي"],
    "RISK": ["ينذر ب", "تنذر ب", "يهدد ب", "تهدد ب", "مخاطر", "يخشى من", "مخاوف من", "خشية أن"],
    "RECOMMENDATION": ["يتوجب", "ينبغي", "يتعين على", "لا بد من", "الحاجة إلى", "من الضروري", "يوصي ب"],
}  # fmt: skip
_EN: dict[str, list[str]] = {
    "SIGNIFICANCE": ["which means", "this means", "signals", "signalled", "signaled", "suggests that", "reflects", "indicates that",
                     "shows that", "underlines", "amounts to", "is a sign of", "demonstrates"],
    "CONSEQUENCE": ["leads to", "led to", "resulted in", "results in", "paves the way for", "paved the way for", "as a result",
                    "will allow", "brings about"],
    "INTENT": ["in order to", "aimed at", "aims to", "aiming to", "seeks to", "sought to", "with the aim of", "in an effort to", "so as to"],
    "FORECAST": ["is expected to", "are expected to", "is likely to", "are likely to", "could lead to", "may lead to", "is set to"],
    "RISK": ["threatens to", "raises the risk of", "risks", "fears that", "fear that", "danger of"],
    "RECOMMENDATION": ["should", "ought to", "must", "it is necessary to", "needs to", "need to"],
}  # fmt: skip
_SCORES = {
    "INTENT": 0.5,
    "CONSEQUENCE": 0.45,
    "FORECAST": 0.4,
    "SIGNIFICANCE": 0.4,
    "RISK": 0.35,
    "RECOMMENDATION": 0.35,
}
_CLAUSE_END = re.compile(r"[.؟!؛;\n]|،(?=\s*و)|,\s+(?:and|but|while|which)\b")
_MAX_CLAUSE = 260
_MIN_CLAUSE = 8


def _compile(cues: dict[str, list[str]], boundary: str) -> list[tuple[str, re.Pattern[str]]]:
    out = []
    for kind, forms in cues.items():
        parts = [
            re.escape(form).replace(r"\{gap\}", _GAP).replace(r"\ ", r"\s+")
            for form in sorted(forms, key=len, reverse=True)
        ]
        out.append((kind, re.compile(boundary.format("|".join(parts)), re.IGNORECASE)))
    return out


_PATTERNS = {
    "ar": _compile(_AR, r"(?<!\w)[وف]?(?P<cue>{})"),
    "en": _compile(_EN, r"\b(?P<cue>{})\b"),
}


class ImplicationCues:
    name = "implications"
    languages = ("ar", "en")

    def __init__(self) -> None:
        digest = hashlib.sha256(repr((RULES, _AR, _EN, _SCORES)).encode())
        self.version = f"{RULES}-{digest.hexdigest()[:10]}"

    def tag(self, view: View) -> Tagging:
        """At most one prompt a clause: the best cue wins."""
        best: dict[tuple[int, int], Span] = {}
        for start, end in view.sentences:
            for span in self._prompts(view, start, end):
                key = (span.start, span.end)
                if key not in best or (best[key].score or 0) < (span.score or 0):
                    best[key] = span
        return Tagging(tuple(sorted(best.values(), key=lambda s: (s.start, s.end))))

    def _prompts(self, view: View, start: int, end: int) -> Iterator[Span]:
        language = "ar" if view.language == "ar" else "en"
        for kind, pattern in _PATTERNS[language]:
            for found in pattern.finditer(view.text, start, end):
                clause = self._clause(view.text, found.end("cue"), end)
                if clause is None:
                    continue
                cue = view.text[found.start("cue") : found.end("cue")]
                signal = {"start": found.start("cue"), "end": found.end("cue"), "quote": cue}
                yield make_span(
                    view, "IMPLICATION", *clause, score=_SCORES[kind],
                    attributes={"kind": kind, "explicitness": "STATED", "signal": signal},
                    reason={"rule": "cue", "matched": cue, "kind": kind},
                )  # fmt: skip

    def _clause(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """From behind the cue to before the next stop; whole words, no space or stop at the ends."""
        stop = _CLAUSE_END.search(text, start, end)
        end = min(stop.start() if stop else end, start + _MAX_CLAUSE)
        if end < len(text) and end == start + _MAX_CLAUSE:
            end = max(text.rfind(" ", start, end), start)
        while start < end and (text[start].isspace() or text[start] in "،,:«»\"'"):
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] in "،,:.«»\"'…"):
            end -= 1
        return (start, end) if end - start >= _MIN_CLAUSE else None
