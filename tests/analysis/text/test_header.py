"""Title, date line and byline of a pasted article; the body is never eaten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.header import Header, read_header

BODY = "استضافت العاصمة أمس اجتماعًا شارك فيه وزراء من سبع دول، وبحثوا ملفات الأمن والتجارة والمناخ في جلسات مغلقة امتدت حتى المساء."
BODY_EN = "Ministers from seven states met in the capital yesterday and talked about security, trade and climate until late in the evening."


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("اجتماع العاصمة: ماذا بعد؟\n\n", ("اجتماع العاصمة: ماذا بعد؟", None, "")),
        (
            "اجتماع العاصمة\nالخميس 16/مارس/2023 - 09:15 ص\nسلمى عبد الرحيم\n",
            ("اجتماع العاصمة", "2023-03-16", "سلمى عبد الرحيم"),
        ),
        ("اجتماع العاصمة\nبقلم: سلمى عبد الرحيم\n16 مارس 2023\n", ("اجتماع العاصمة", "2023-03-16", "سلمى عبد الرحيم")),
        (
            "نُشر الخبر\nنشر في: الخميس 7 يناير 2021، 11:30 صباحًا\nإعداد: مكتب الأخبار\n",
            ("نُشر الخبر", "2021-01-07", "مكتب الأخبار"),
        ),
        ("لقاء في الرياض\nالرياض، 5 يناير 2021\n", ("لقاء في الرياض", "2021-01-05", "")),
        ("لقاء\nأبو ظبي - الثلاثاء 5 يناير 2021\nنادر سعيد\n", ("لقاء", "2021-01-05", "نادر سعيد")),
        ("  عنوان بمسافات  \n\n\nالثلاثاء ٢٦ تموز/يوليو ٢٠٢٢\n\n", ("عنوان بمسافات", "2022-07-26", "")),
    ],
)
def test_the_header_of_an_arabic_article(head: str, expected: tuple[str, str | None, str]):
    header = read_header(head + BODY)
    assert (header.title, header.published_on, header.author) == expected
    assert (head + BODY)[header.body_start :] == BODY


def test_the_header_of_an_english_article():
    text = f"Seven ministers meet\nThursday, 6 April 2023\nBy Salma Rahim\n\n{BODY_EN}"
    header = read_header(text)
    assert header == Header("Seven ministers meet", "2023-04-06", "Salma Rahim", text.index(BODY_EN))
    assert read_header(f"Seven meet\nADDIS ABABA, 6 April 2023\n\n{BODY_EN}").published_on == "2023-04-06"


@pytest.mark.parametrize(
    "text",
    [
        "", "سطر واحد بلا شيء بعده", BODY, f"{BODY}\n{BODY}", f"{BODY}\n\n{BODY}", "سطر أول\nسطر ثان\nسطر ثالث",
        "عنوان\nالخميس 16 مارس 2023", "x" * 300 + "\n\n" + BODY_EN,
    ],
)  # fmt: skip
def test_when_in_doubt_nothing_is_seen(text: str):
    assert read_header(text) == Header()


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("LIMA, 9 May 2023 - ", "2023-05-09"), ("SANTA CRUZ, May 9, 2023 (Andina) — ", "2023-05-09"),
        ("الرباط - 5 يناير 2021 (وكالات) - ", "2021-01-05"), ("أبو ظبي، ٥ يناير ٢٠٢١: ", "2021-01-05"),
        ("9 May 2023 – ", "2023-05-09"), ("LIMA, May 2023 - ", None), ("LIMA - ", None),
        ("Talks that began in Lima, 9 May 2023 - ", None), ("LIMA, 9 May 2023 was the day on which ", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("title", ["", "Seven meet\n\n"])
def test_the_date_that_the_first_paragraph_opens_with(title: str, opening: str, day: str | None):
    text = f"{title}{opening}{BODY_EN}\n{BODY_EN}"
    header = read_header(text)
    assert header.published_on == day
    assert text[header.body_start :].startswith(opening)  # it stays in the text


def test_a_first_sentence_that_names_a_date_is_no_date_line():
    text = f"عنوان\n\nوصل الوفد في 16 مارس 2023 إلى المدينة وبدأ عمله فورًا.\n{BODY}"
    header = read_header(text)
    assert (header.title, header.published_on) == ("عنوان", None)
    assert text[header.body_start :].startswith("وصل الوفد")


@given(st.text(st.sampled_from("عنوان كتب بقلم By 16/مارس2023\n.،x 😀"), max_size=120))
def test_a_header_never_takes_more_than_its_own_lines(text: str):
    header = read_header(text)
    assert 0 <= header.body_start <= len(text)
    if header.title:
        assert text[: header.body_start].strip().startswith(header.title)
        assert text[header.body_start :].strip(), "something is left to read"
        assert header.body_start == 0 or text[header.body_start - 1].isspace()
    else:
        assert header == Header()
