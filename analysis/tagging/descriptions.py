"""Descriptions of actors around and beside registered names in Arabic: offices with the names of their holders, institutions
with their complements, people, and words that point back. A grammar of word classes; `data/actors_ar.tsv` holds the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.tagging.base import View, Word
from analysis.tagging.lexicon import is_event_word, says
from analysis.tagging.names import Match, Reading, arabic_readings
from analysis.tagging.words import classes

_LISTS = classes("actors_ar.tsv")
_OFFICE, _PORTFOLIO, _QUALITY = _LISTS["OFFICE"], _LISTS["PORTFOLIO"], _LISTS["QUALITY"]
_INSTITUTION, _COLLECTIVE, _PEOPLE = _LISTS["INSTITUTION"], _LISTS["COLLECTIVE"], _LISTS["PEOPLE"]
_GIVEN, _INNER, _PARTICLE, _STOP = _LISTS["GIVEN"], _LISTS["INNER"], _LISTS["PARTICLE"], _LISTS["STOP"]
_HEADS = _OFFICE | _INSTITUTION | _COLLECTIVE | _PEOPLE | _LISTS["SIDE"]
_MOST_WORDS = 12
_MOST_NAMES = 5
_FAR = 100  # how many names back a word such as المنظمة may point
_PRONOUNS = ("ه", "ها", "هم", "هما", "نا")


@dataclass(slots=True)
class Description:
    """A described actor over words first … last-1. `inner` are registered names inside that are actors of their own."""

    first: int
    last: int
    start: int
    rule: str
    mention: str
    score: float
    entity: str | None = None
    person: int | None = None  # the index of the word where the name of a person begins
    end: int | None = None  # where the span ends, if before the end of its last word (the possessive in English)
    inner: list[Match] = field(default_factory=list)
    nested: list[Description] = field(default_factory=list)
    metonymy: str = ""


class Describer:
    """Reads the descriptions of one Arabic text."""

    def __init__(self, view: View, matches: list[Match]) -> None:
        self._words = view.words
        self._at: Mapping[int, Match] = {m.first: m for m in matches}
        self._named: list[tuple[int, Match]] = []

    def find(self) -> list[Description]:
        """Descriptions in order of the text, the longest from each point, none beginning inside another."""
        out: list[Description] = []
        i = 0
        while i < len(self._words):
            found = self._read(i) or self._document(i)
            if (match := self._at.get(i)) is not None:
                self._named.append((i, match))
            if found is None:
                i = match.last if match is not None else i + 1
                continue
            out.append(found)
            self._named += [(m.first, m) for m in found.inner]
            i = found.last
        return out

    def _read(self, i: int) -> Description | None:
        match = self._at.get(i)
        if match is not None:
            return self._after_name(i, match)
        for reading in arabic_readings(self._words[i].norm):
            found = self._headed(i, reading)
            if found is not None:
                return found
        return self._person(i)

    def _after_name(self, i: int, match: Match) -> Description | None:
        """A registered office (الرئيس الصيني) followed by who holds it, or a registered body with more behind it."""
        if match.nisba:
            return None
        head = arabic_readings(self._words[i].norm)[0].core
        following = self._words[match.last].norm if self._words[match.last - 1].joined else ""
        if following in ("السابق", "السابقه") and match.name.kind != "PLACE":
            return Description(i, match.last + 1, match.start, "former", "NAM", 0.8, match.name.key)
        if match.name.kind == "PERSON" and head in _OFFICE:
            last = self._complement(match.last, [], office=True, definite=True)
            named, at = self._names_after(last)
            if named > last or last > match.last:
                return Description(
                    i, named, match.start, "office_and_name", "NAM" if at else "NOM", 0.85, match.name.key, at
                )
        return None

    def _headed(self, i: int, reading: Reading) -> Description | None:
        core = reading.core
        start = self._words[i].at(reading.cut) if reading.cut else self._words[i].start
        if core in _OFFICE:
            return self._office(i, start, reading)
        if core in _PEOPLE:
            last = self._adjectives(i + 1)
            return Description(i, last, start, "people", "NOM", 0.6)
        if core in _LISTS["SIDE"] and reading.article:
            return Description(i, i + 1, start, "sides", "NOM", 0.7)
        if core in _INSTITUTION or core in _COLLECTIVE:
            return self._body(i, start, reading)
        if core.endswith(_PRONOUNS) and not reading.article and not self._words[i].text.endswith("ة"):
            stem = next(core.removesuffix(p) for p in sorted(_PRONOUNS, key=len, reverse=True) if core.endswith(p))
            if {stem, stem.rstrip("يو"), stem.rstrip("يو") + "ء"} & _LISTS["KIN"]:
                return Description(i, self._adjectives(i + 1, nisba_only=True), start, "somebodys", "NOM", 0.5)
        return None

    def _office(self, i: int, start: int, reading: Reading) -> Description | None:
        inner: list[Match] = []
        definite = reading.article or reading.core.endswith(("ها", "هم", "نا"))
        last = self._complement(i + 1, inner, office=True, definite=definite)
        named, at = self._names_after(last)
        if at is not None:
            nested = self._institution_in(i + 1, last) or self._pointing(i + 1, last)
            return Description(i, named, start, "office_and_name", "NAM", 0.85, person=at, inner=inner, nested=nested)
        if last > i + 1 and (inner or self._is_specific(i + 1, last)):
            nested = self._pointing(i + 1, last)
            return Description(i, last, start, "office", "NOM", 0.65, inner=inner, nested=nested)
        if reading.article and reading.core in _LISTS["ALONE"]:
            return Description(i, last, start, "office_alone", "NOM", 0.4, inner=inner)
        return None

    def _institution_in(self, first: int, last: int) -> list[Description]:
        """The body that an office is of, when the registry does not have it: أمين [المجلس الأعلى …]."""
        for j in range(first, last - 1):
            reading = arabic_readings(self._words[j].norm)[0]
            if reading.core in _INSTITUTION and j not in self._at:
                return [Description(j, last, self._words[j].start, "body", "NAM", 0.6)]
        return []

    def _body(self, i: int, start: int, reading: Reading) -> Description | None:
        inner: list[Match] = []
        if self._words[i].joined and not reading.article and i + 1 not in self._at:
            following = arabic_readings(self._words[i + 1].norm)[0] if i + 1 < len(self._words) else reading
            if following.core in _OFFICE and not following.proclitic:
                office = self._office(i + 1, self._words[i + 1].start, following)
                if office is not None and office.person is not None:
                    return Description(i, office.last, start, "body", "NOM", 0.6, nested=[office])
        last = self._complement(i + 1, inner, office=False, definite=reading.article)
        named = reading.core in _INSTITUTION
        if last > i + 1:
            last = self._members_of(last, inner)
            score, nested = (0.65 if inner else 0.55), self._pointing(i + 1, last)
            return Description(i, last, start, "body", "NAM" if named else "NOM", score, inner=inner, nested=nested)
        if (
            self._words[i].joined
            and reading.core in _COLLECTIVE
            and (person := self._read_person(i + 1, 1)) is not None
        ):
            return Description(i, person.last, start, "body_of_person", "NOM", 0.6, None, person.person)
        if reading.article and reading.core in _LISTS["BACK"] and (known := self._antecedent(reading.core)):
            return Description(i, i + 1, start, "points_back", "NOM", 0.75, known.name.key)
        if reading.article and reading.core in _LISTS["ALONE"]:
            return Description(i, i + 1, start, "body_alone", "NOM", 0.5)
        return None

    def _document(self, i: int) -> Description | None:
        """A document that speaks for its issuer: وأشار البيان, البيان لم يذكر."""
        readings = [r for r in arabic_readings(self._words[i].norm) if r.article and r.core in _LISTS["DOCUMENT"]]
        if not readings or readings[0].proclitic.endswith(("ب", "ل", "ك")):
            return None
        reading = readings[0]
        last = i + 1
        while last < len(self._words) and self._words[last - 1].joined and self._is_kind_of_document(self._words[last]):
            last += 1
        around = [i - 1] if i and self._words[i - 1].joined else []
        around += [j for j in (last, last + 1) if j < len(self._words) and self._words[j - 1].joined]
        if not any(says(self._words[j].norm) for j in around):
            return None
        start = self._words[i].at(reading.cut) if reading.cut else self._words[i].start
        return Description(i, last, start, "document", "NOM", 0.6, metonymy="DOCUMENT")

    def _is_kind_of_document(self, word: Word) -> bool:
        return word.norm.startswith("ال") and word.norm[2:] in _LISTS["DOCUMENT_KIND"]

    def _members_of(self, last: int, inner: list[Match]) -> int:
        """الدول الأعضاء في المنظمة: what they are members of belongs to the description."""
        words = self._words
        if last + 1 >= len(words) or words[last - 1].norm not in ("الاعضاء", "العضو") or words[last].norm != "في":
            return last
        match = self._at.get(last + 1)
        if match is not None and not match.nisba:
            inner.append(match)
            return match.last
        return last + 2 if words[last + 1].norm.removeprefix("ال") in _LISTS["BACK"] else last

    def _antecedent(self, core: str) -> Match | None:
        """The institution of that kind named last."""
        for at, match in reversed(self._named[-_FAR:]):
            if any(core == r.core for r in arabic_readings(self._words[at].norm)):
                return match
        return None

    def _complement(self, j: int, inner: list[Match], *, office: bool, definite: bool) -> int:
        """The index behind what belongs to the head before word j: whose, of what, of which kind."""
        first = j
        bare = not definite  # an indefinite head may be followed by one definite noun (وزير الموارد)
        while j < len(self._words) and self._words[j - 1].joined and j - first < _MOST_WORDS:
            word = self._words[j]
            match = self._at.get(j)
            if match is not None and self._belongs(match, definite=definite or j > first, first=j == first):
                if not match.nisba:
                    inner.append(match)
                j, bare, definite = match.last, False, True
                continue
            step = self._qualifies(word, self._words[j - 1].norm, bare=bare, office=office, definite=definite)
            if match is not None or step is None:
                break
            bare = step
            definite = definite or word.norm.startswith("ال")
            j += 1
        return j

    def _belongs(self, match: Match, *, definite: bool, first: bool) -> bool:
        if match.name.kind == "PERSON":
            return False
        if match.proclitic in ("", "ل"):
            # لل after a definite head (الأمين العام للأمم المتحدة); a bare name after an indefinite one (حكومة العراق).
            return (
                match.proclitic == "ل" if definite and not match.nisba and first else match.proclitic == "" or definite
            )
        return False

    def _qualifies(self, word: Word, before: str, *, bare: bool, office: bool, definite: bool) -> bool | None:
        """None when the word does not belong to the description; else whether the next word may be any definite noun."""
        norm = word.norm
        if norm in _STOP:
            return None
        article = norm.startswith("ال") and len(norm) > 3
        core = norm[2:] if article else norm
        if norm == "باسم" and office:
            return False
        if core in _PORTFOLIO or core in _QUALITY:
            if article != definite and not (bare and core in _PORTFOLIO):
                return None if not (office and article) else False
            return not article and core in _PORTFOLIO
        if norm.startswith("ل") and (norm[1:] in _PORTFOLIO or norm[2:] in _PORTFOLIO) and definite:
            return not norm.startswith("لل")
        if norm.startswith("لل") and norm[2:] in _INSTITUTION and definite:
            return False
        if norm.startswith("وال") and norm[3:] in _PORTFOLIO and definite and office:
            return False
        if bare and not article and core in (_OFFICE | _INSTITUTION | _COLLECTIVE):
            return True
        of_body = any(r.core in _INSTITUTION for r in arabic_readings(before))
        if bare and article and core not in _HEADS and (of_body or not is_event_word(norm, "ar")):
            return False  # هيئة الانتخابات
        if article and norm.endswith("يه") and before.startswith("ال") and office:
            return False  # the adjective of a portfolio: وزير البنية التحتية
        if bare and article and core in (_OFFICE | _INSTITUTION | _COLLECTIVE | _LISTS["SIDE"]):
            return False
        return None

    def _is_specific(self, first: int, last: int) -> bool:
        cores = {self._words[j].norm.removeprefix("ال") for j in range(first, last)}
        return bool(cores & (_PORTFOLIO | _COLLECTIVE | _LISTS["SIDE"] | _LISTS["BACK"]))

    def _pointing(self, first: int, last: int) -> list[Description]:
        """Words inside a description that stand for somebody themselves: دول [المنظمة], وزيرا خارجية [البلدين]."""
        if last - 1 < first or last - 1 in self._at:
            return []
        word = self._words[last - 1]
        if not word.norm.startswith(("ال", "لل")):
            return []
        core = word.norm[2:]
        if core in _LISTS["SIDE"]:
            return [Description(last - 1, last, word.start, "sides", "NOM", 0.7)]
        if core in _LISTS["BACK"] and (known := self._antecedent(core)) is not None:
            return [Description(last - 1, last, word.start, "points_back", "NOM", 0.7, known.name.key)]
        return []

    def _adjectives(self, j: int, *, nisba_only: bool = False) -> int:
        while j < len(self._words) and self._words[j - 1].joined:
            match = self._at.get(j)
            if match is not None and match.nisba and not match.proclitic:
                j = match.last
                continue
            if nisba_only or self._words[j].norm.removeprefix("ال") not in _QUALITY:
                break
            j += 1
        return j

    def _names_after(self, j: int) -> tuple[int, int | None]:
        """(index behind the name, index where it begins) of a person's name at word j; (j, None) when there is none."""
        at = j
        while at < len(self._words) and self._words[at - 1].joined and self._is_honorific(self._words[at]):
            at += 1
            at += at < len(self._words) and self._words[at].norm == "اول"  # الفريق أول
        last = self._name_end(at, sure=at > j)
        return (last, at) if last > at else (j, None)

    def _is_honorific(self, word: Word) -> bool:
        return word.norm.startswith("ال") and word.norm[2:] in _LISTS["HONORIFIC"]

    def _name_end(self, at: int, *, sure: bool) -> int:
        """Behind the name that begins at word `at`. Without a given name it takes two words nobody knows."""
        words = self._words
        if not at or at >= len(words) or not words[at - 1].joined:
            return at
        known = words[at].norm in _GIVEN or words[at].norm in _PARTICLE
        last = at
        while last < len(words) and last - at < _MOST_NAMES + 2 and (last == at or words[last - 1].joined):
            if last == at and not sure and words[at].norm.startswith("ال"):
                break
            sure_part = last > at and _goes_on(words[last - 1].norm, words[last].norm)
            if last in self._at or not (sure_part or self._may_be_name(words[last], first=last == at and not sure)):
                break
            last += 1
        while last > at and words[last - 1].norm in _PARTICLE:
            last -= 1
        return last if known or sure or last - at >= 2 else at

    def _may_be_name(self, word: Word, *, first: bool) -> bool:
        norm = word.norm
        if norm in _PARTICLE or norm in _GIVEN or (not first and {norm, norm.removeprefix("ال")} & _INNER):
            return not word.text.endswith("ى") or norm != "علي"
        if norm in _STOP or not word.text[0].isalpha() or len(norm) < 2 + first or norm.startswith("و"):
            return False
        core = norm.removeprefix("ال")
        if core in _HEADS or core in _PORTFOLIO or core in _QUALITY or is_event_word(norm, "ar"):
            return False
        if word.text.endswith(("ة", "ه")) and not first:
            return False  # names in ة and ه are in the lists; what else ends so begins the rest of the sentence
        return not _looks_common(norm, first=first)

    def _person(self, i: int) -> Description | None:
        """A name without a title: an unmistakable given name and at least one more word of a name."""
        word = self._words[i]
        if word.norm not in _GIVEN or word.norm in (
            "علي",
            "هو",
            "بان",
            "لي",
            "شي",
            "حسن",
            "عبد",
            "مون",
            "جو",
            "غير",
            "عادل",
        ):
            return self._read_person(i) if word.norm == "عبد" else None
        return self._read_person(i)

    def _read_person(self, i: int, least: int = 2) -> Description | None:
        words = self._words
        if i >= len(words) or (words[i].norm not in _GIVEN):
            return None
        last = i + 1
        while last < len(words) and words[last - 1].joined and last - i < _MOST_NAMES:
            sure_part = _goes_on(words[last - 1].norm, words[last].norm)
            if last in self._at or not (sure_part or self._may_be_name(words[last], first=False)):
                break
            last += 1
        while last > i + 1 and words[last - 1].norm in _PARTICLE:
            last -= 1
        return Description(i, last, words[i].start, "given_name", "NAM", 0.7, person=i) if last - i >= least else None


def _goes_on(before: str, norm: str) -> bool:
    """Whether a word must belong to the name before it: آل ثاني, or a surname that is also an adjective (محمد إسلامي)."""
    return before == "ال" or (
        before in _GIVEN and norm.endswith("ي") and not norm.startswith("ال") and norm in _QUALITY
    )


def _looks_common(norm: str, *, first: bool) -> bool:
    """Signs that a word is no name: tanwin endings, attached pronouns, an imperfect prefix with a verb's ending."""
    if norm.endswith(("ات", "ها", "هم", "يه", "اء")) and not norm.startswith(("ال",)):
        return len(norm) > 4
    if norm.startswith(("بال", "وال", "فال", "كال", "لل", "است", "سي", "ست", "تت", "يت", "تست", "يست")):
        return True
    return first and norm.startswith(("ي", "ت")) and norm.endswith(("وا", "ان"))


def surnames(view: View, found: Sequence[Description]) -> Iterator[tuple[str, Description]]:
    """The last word of each person's name, by which later sentences call them."""
    for one in found:
        if one.person is not None and one.last - one.person >= 2:
            last = view.words[one.last - 1].norm
            if len(last.removeprefix("ال")) >= 4 and last not in _GIVEN:
                yield last, one
