"""The Arabic catalogue: complete, in step with the words of the screen, and written as Arabic is written."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import allauth
import polib
import pytest
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils.translation import gettext, override

from annotator.web.borrowed_words import ALLAUTH

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = "annotator/locale/ar/LC_MESSAGES/django.po"

ARABIC = "\u0600-\u06ff"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|%%|</?\w+>")
# Written in Latin letters in Arabic text as well: names of formats and standards, keys, and field names of REST.
KNOWN_LATIN = {
    "CSRF", "CSV", "Dalala", "JSON", "JSONL", "NUL", "OpenAPI", "REST", "UTF", "UUID", "Windows", "X-CSRFToken", "http", "https",
    "Alt", "Ctrl", "Enter", "Esc", "F", "S", "Shift", "Digit1", "KeyQ", "ar", "en", "end", "quote", "start", "1d5fbf",
}  # fmt: skip


def entries() -> list[polib.POEntry]:
    return list(polib.pofile(str(ROOT / CATALOGUE)))


def forms(entry: polib.POEntry) -> list[str]:
    """Every Arabic text of a message."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def name(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def wrong(problem: Any) -> list[str]:
    """The messages with an Arabic text that has the problem, with what is wrong about it."""
    return [f"{e.msgid!r}: {text!r} {found}" for e in entries() for text in forms(e) if (found := problem(text))]


def test_every_message_has_its_arabic() -> None:
    assert [e.msgid for e in entries() if e.fuzzy or e.obsolete or not all(text.strip() for text in forms(e))] == []


def test_every_plural_has_its_six_forms() -> None:
    plural = [e for e in entries() if e.msgid_plural]
    assert plural
    assert [e.msgid for e in plural if sorted(e.msgstr_plural) != [0, 1, 2, 3, 4, 5]] == []


def test_placeholders_are_the_same_on_both_sides() -> None:
    unequal = []
    for e in entries():
        needed = set(PLACEHOLDER.findall(e.msgid_plural or e.msgid))
        for form, text in e.msgstr_plural.items() if e.msgid_plural else [(None, e.msgstr)]:
            there = set(PLACEHOLDER.findall(text))
            # "No document", "one document" and "two documents" are said without the figure.
            count = {"%(n)s", "%(count)s"} if form in (0, 1, 2) else set()
            if not needed - count <= there <= needed:
                unequal.append((e.msgid, text))
    assert unequal == []


def test_every_word_of_the_screen_is_in_the_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Extracts anew, in a copy because the extraction writes beside the templates. `make messages` mends a failure."""
    kept = {name(e) for e in entries()}
    for room in ("annotator", "templates", "analysis"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "*.po"))
    fresh = tmp_path / "annotator" / "locale"
    fresh.mkdir(parents=True, exist_ok=True)
    settings.LOCALE_PATHS = [str(fresh)]
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["ar"], verbosity=0)
    now = {name(e) for e in polib.pofile(str(fresh / "ar" / "LC_MESSAGES" / "django.po"))}
    assert now - kept == set(), "without Arabic"
    assert kept - now == set(), "no longer on the screen"


def test_latin_letters_only_in_known_names() -> None:
    def latin(text: str) -> list[str]:
        words = re.findall(r"[A-Za-z][\w-]*|\d\w*[a-z]\w*", PLACEHOLDER.sub("", text))
        return [word for word in words if word not in KNOWN_LATIN and word.split("-")[0] not in KNOWN_LATIN]

    assert wrong(latin) == []


def test_arabic_punctuation_behind_arabic_words() -> None:
    assert wrong(lambda text: re.findall(rf"[{ARABIC})»}}s]\s*[,;?](?!\w)|[,;?]\s*[{ARABIC}]", text)) == []


def test_no_quotes_of_english_and_no_stray_spaces() -> None:
    assert wrong(lambda text: re.findall(r"[“”\"]|  |^\s|\w\s$|\s[،؛؟.:]", text.strip("\n"))) == []


def test_full_stops_and_colons_end_the_same_way() -> None:
    """A sentence is a sentence in both languages, and a heading a heading."""
    ends = [(e.msgid, text) for e in entries() for text in forms(e) if e.msgid.endswith(".") != text.endswith(".")]
    assert ends == []


def test_eastern_and_western_digits_are_not_mixed() -> None:
    assert wrong(lambda text: re.findall(r"[٠-٩۰-۹]", text)) == []


def test_one_term_for_one_thing() -> None:
    """Words that the glossary decided against, because another term stands for the thing everywhere."""
    rivals = {
        "وسم": "رمز", "توكن": "مفتاح وصول", "كيان": "فاعل / قيد", "وثيقة": "مستند", "علاقة": "رابط",
        "كودبوك": "دليل الترميز", "دفتر": "دليل الترميز", "استدلال": "دلالة", "تلميح": "اقتراح", "مهملات": "المحذوفات",
    }  # fmt: skip
    pattern = re.compile(rf"(?<![{ARABIC}])(?:و|ب|ل|ك|ف)?(?:ال|لل)?({'|'.join(rivals)})(?:ات|ة|ان|ين)?(?![{ARABIC}])")
    assert wrong(pattern.findall) == []


def test_the_borrowed_words_are_still_the_words_of_allauth_and_django() -> None:
    theirs = polib.pofile(str(Path(allauth.__file__).parent / "locale" / "ar" / "LC_MESSAGES" / "django.po"))
    assert set(ALLAUTH) - {e.msgid for e in theirs} == set()
    with override("ar"):
        assert gettext("Email") == "البريد الإلكتروني"
        with pytest.raises(ValidationError, match="الحد الأدنى لعدد المحارف 10"):
            MinimumLengthValidator(10).validate("short")


def test_the_words_are_marked_by_names_that_the_extraction_knows() -> None:
    """A word marked as `_lazy("…")` would never reach the catalogue."""
    alias = re.compile(r"\bn?p?gettext(?:_lazy|_noop)? as (?!_\b)\w+")
    modules = [*(ROOT / "annotator").rglob("*.py"), *(ROOT / "analysis").rglob("*.py")]
    assert [str(m) for m in modules if alias.search(m.read_text(encoding="utf-8"))] == []
