"""Synthetic Arabic documents: always the same for the same number, each with spans at word borders."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from tests.stack.site import Api, Site

WORDS = [
    "أعلنت",
    "الحكومة",
    "رئيس",
    "الوزراء",
    "وزير",
    "الخارجية",
    "البرلمان",
    "المعارضة",
    "الاتفاق",
    "المفاوضات",
    "الحدود",
    "الأمن",
    "التجارة",
    "النفط",
    "الغاز",
    "الانتخابات",
    "الجيش",
    "القوات",
    "التحالف",
    "العقوبات",
    "الدبلوماسية",
    "السفير",
    "القمة",
    "المؤتمر",
    "البيان",
    "المشترك",
    "التعاون",
    "الاقتصاد",
    "الدفاع",
    "الطاقة",
    "المياه",
    "اللاجئين",
    "الهدنة",
    "الوساطة",
    "التصعيد",
    "التهدئة",
    "الاستثمار",
    "الميزانية",
    "القانون",
    "الدستور",
    "المحكمة",
    "في",
    "من",
    "على",
    "إلى",
    "عن",
    "مع",
    "بعد",
    "قبل",
    "خلال",
    "ضد",
    "بين",
    "حول",
    "وقد",
    "كما",
    "لكن",
    "حيث",
    "التي",
    "الذي",
    "هذه",
    "ذلك",
    "أمس",
    "اليوم",
    "غدا",
    "الماضي",
    "المقبل",
    "قال",
    "أكد",
    "أضاف",
    "أشار",
    "دعا",
    "رفض",
    "وافق",
    "بحث",
    "التقى",
    "زار",
    "استقبل",
    "وقع",
    "ناقش",
    "اتهم",
    "حذر",
    "تعهد",
    "انسحب",
    "انضم",
    "شارك",
    "دعم",
]
LABELS = ("ACTOR", "EVENT", "PLACE", "TIME", "IMPLICATION")


def document(number: int, length: int = 2000, spans: int = 10) -> dict[str, Any]:
    """One line of our JSONL: a text of exactly `length` characters and `spans` spans, evenly over the text."""
    chance = random.Random(number)
    words, size = [], 0
    while size < length:
        words.append(chance.choice(WORDS) + (".\n" if len(words) % 40 == 39 else ""))
        size += len(words[-1]) + 1
    # The number makes each text another one; the last letter is no space, so that stripping would show.
    text = f"خبر رقم {number}\n\n" + " ".join(words)
    text = text[: length - 1].rstrip() + "." * (length - len(text[: length - 1].rstrip()))
    marks = []
    for n in range(spans):
        at = text.find(" ", length * n // spans) + 1
        end = min(x for x in (text.find(" ", at), text.find("\n", at), text.find(".", at), length) if x > at)
        marks.append(
            {
                "id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
                "label": LABELS[n % len(LABELS)],
                "start": at,
                "end": end,
                "quote": text[at:end],
            }
        )
    return {
        "format": "dalala-jsonl/1", "external_id": f"bench-{number}", "title": f"خبر رقم {number}", "text": text,
        "language": "ar", "published_on": "2026-11-01", "spans": marks, "relations": [],
    }  # fmt: skip


def lines(count: int, length: int = 2000, spans: int = 10) -> Iterator[bytes]:
    for number in range(count):
        yield json.dumps(document(number, length, spans), ensure_ascii=False).encode() + b"\n"


_MARKED = """
import json
from annotator.coding.models import Span
set_id, text, spans = json.load(open({path!r}, encoding="utf-8"))
rows = [Span(set_id=set_id, label=label, start=s, end=e, quote=text[s:e]) for label, s, e in spans]
Span.objects.bulk_create(rows, batch_size=2000)
"""


def coded(running: Site, api: Api, project: int, length: int, spans: int) -> int:
    """A document with the owner's own marks: the first by an edit, as a person's, the others put beside it."""
    record = document(length, length, 0)
    text = record["text"]
    made = api.must("POST", f"projects/{project}/documents/", {"title": record["title"], "text": text})
    (label, start, end), *rest = extents(text, spans)
    span = {"id": str(uuid.uuid4()), "label": label, "start": start, "end": end, "quote": text[start:end]}
    edit = {"id": str(uuid.uuid4()), "op": "add_span", "span": span}
    answer = api.must("POST", f"documents/{made['id']}/edits/", {"edits": [edit]})
    path = running.run_dir / "spans.json"
    path.write_text(json.dumps([answer["set"]["id"], text, rest]), encoding="utf-8")
    running.manage("shell", "-c", _MARKED.format(path=str(path)))
    return int(made["id"])


def extents(text: str, count: int) -> list[tuple[str, int, int]]:
    """A quarter inside a word, half of one to three words, a fifth long and nesting, a twentieth over a paragraph's end."""
    chance = random.Random(len(text))
    borders = [i for i, c in enumerate(text) if c in " \n"]
    words = [(a + 1, b) for a, b in pairwise(borders) if b > a + 3]
    lines = [i for i, c in enumerate(text) if c == "\n" and 40 < i < len(text) - 60]
    kinds = ["inside"] * 25 + ["words"] * 50 + ["long"] * 20 + ["over"] * 5
    out: list[tuple[str, int, int]] = []
    while len(out) < count:
        kind = kinds[len(out) % 100]
        label = LABELS[chance.randrange(len(LABELS))]
        at = (len(words) * len(out)) // count
        start, end = words[at]
        if kind == "inside":
            end = start + 2
        elif kind == "words":
            end = words[min(len(words) - 1, at + chance.randrange(3))][1]
        elif kind == "long":
            end = words[min(len(words) - 1, at + chance.randrange(8, 30))][1]
        else:
            line = lines[min(len(lines) - 1, len(lines) * len(out) // count)]
            start, end = line - chance.randrange(8, 30), line + chance.randrange(8, 40)
        if not text[start:end].strip() or text[start].isspace() or text[end - 1].isspace():
            start, end = words[at]
        out.append((label, start, end))
    return out
