"""Synthetic Arabic documents: always the same for the same number, each with spans at word borders."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from typing import Any

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
