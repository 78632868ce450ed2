"""The dates of meetings, as people write them."""

from __future__ import annotations

import datetime

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from cafe_site.notes.dates import Dates, MeetingDate, dates_in, english, parse_date
from cafe_site.vocabulary import languages, vocabulary


@pytest.mark.parametrize(
    ("heading", "iso", "title"),
    [
        ("2025-12-16", "2025-12-16", ""),
        ("2025-10-1", "2025-10-01", ""),
        ("2025-1-2", "2025-01-02", ""),
        ("2024-06", "2024-06", ""),
        ("2024-06 Summer break", "2024-06", "Summer break"),
        ("16 December 2025", "2025-12-16", ""),
        ("1st of March 2023", "2023-03-01", ""),
        ("Tuesday 21st February 2023", "2023-02-21", ""),
        ("Tuesday, 21 February 2023", "2023-02-21", ""),
        ("Tue 21 Feb 2023", "2023-02-21", ""),
        ("Tues., Feb. 21st, 2023", "2023-02-21", ""),
        ("December 16, 2025", "2025-12-16", ""),
        ("Sept. 3rd 2025", "2025-09-03", ""),
        ("16-Dec-2025", "2025-12-16", ""),
        ("2025 December 16", "2025-12-16", ""),
        ("Thursday, December 16, 2025: Planning", "2025-12-16", "Planning"),
        ("Wed 2025-12-17", "2025-12-17", ""),
        ("2025-12-16: Planning", "2025-12-16", "Planning"),
        ("2025-12-16 – Planning", "2025-12-16", "Planning"),
        ("2025-12-16 (canceled)", "2025-12-16", "(canceled)"),
        ("2025-12-16_planning", "2025-12-16", "planning"),
        ("  2025-12-16  ", "2025-12-16", ""),
        ("2025/12/16", "2025-12-16", ""),
        ("2025.12.16", "2025-12-16", ""),
        ("2025_12_16", "2025-12-16", ""),
        ("2025–12–16", "2025-12-16", ""),
        ("2025‑12‑16", "2025-12-16", ""),
        ("20251216", "2025-12-16", ""),
        ("2025-12-16T15:00Z", "2025-12-16", ""),
        ("2025-12-16T15:00:30+01:00 Planning", "2025-12-16", "Planning"),
        ("2025-12-16 15:00 UTC", "2025-12-16", "15:00 UTC"),
        ("[2025-12-16]", "2025-12-16", ""),
        ("[2025-12-16] Planning", "2025-12-16", "Planning"),
        ("📅 2025-12-16", "2025-12-16", "📅"),
        ("May 2025", "2025-05", ""),
        # Only one order of the numbers is a date.
        ("16/12/2025", "2025-12-16", ""),
        ("12/16/2025", "2025-12-16", ""),
        ("5.5.2025", "2025-05-05", ""),
        ("12/16/25", "2025-12-16", ""),
        ("Tue 16/12/25: Planning", "2025-12-16", "Planning"),
        # The first day of a range.
        ("March 4–6, 2025", "2025-03-04", ""),
        ("March 4-6, 2025: Sprint", "2025-03-04", "Sprint"),
        ("4 – 6 March 2025", "2025-03-04", ""),
        ("4th to 6th of March 2025", "2025-03-04", ""),
        ("March 30 – April 2, 2025", "2025-03-30", ""),
        ("30 March – 2 April 2025", "2025-03-30", ""),
        ("2025-03-04 – 06", "2025-03-04", ""),
        ("2025-03-04/06", "2025-03-04", ""),
        ("2025-03-30 to 2025-04-02", "2025-03-30", ""),
        ("2025-03-04 and 05: Sprint", "2025-03-04", "Sprint"),
        ("2025-03-04–06 Sprint", "2025-03-04", "Sprint"),
        # What may be about something else stays in the title.
        ("2025-03-04 Room A 11", "2025-03-04", "Room A 11"),
        ("2025-03-04 A 11", "2025-03-04", "A 11"),
        ("2025-03-04 – 20 years of Python", "2025-03-04", "20 years of Python"),
        ("2025-03-04 - 15:00", "2025-03-04", "15:00"),
    ],
)
def test_a_date_is_read_with_the_title_after_it(heading: str, iso: str, title: str) -> None:
    found = parse_date(heading)
    assert found is not None
    assert (found[0].iso, found[1]) == (iso, title)
    assert found[0].exists


@pytest.mark.parametrize(
    "heading",
    [
        "",
        "Agenda",
        "2024 Collaboration Cafe Notes",
        "2024-2025 roadmap",
        "2024-25 season",
        "2025-12-16th",
        "2025-12-165",
        "2025-12-16-17",
        "Version 2025-12-16",
        "3 Marchember 2025",
        "12 2025",
        "04/05/2024",
        "4.5.2024",
        "04/05/24",
        "16.12.25",
        "1/2/3",
        "100 December 2025",
        "2.0.1",
        "2.10.2024.1",
        "Python 3.12",
        "Roadmap 2025",
        "Issue 20251345",
        "December 16",
        "April",
        "12-16",
    ],
)
def test_other_headings_are_not_dates(heading: str) -> None:
    assert parse_date(heading) is None


def test_a_title_of_any_length_is_kept() -> None:
    title = "looms " * 200 + "end"
    assert parse_date(f"2025-12-16 {title}") == (MeetingDate(2025, 12, 16), title)


@pytest.mark.parametrize("heading", ["2025-02-30", "2025-13-01", "2025-00-10", "0000-01-01"])
def test_a_date_that_no_calendar_has_is_kept_as_written(heading: str) -> None:
    found = parse_date(heading)
    assert found is not None
    assert found[0].iso == heading
    assert not found[0].exists


def test_a_month_sorts_at_its_start() -> None:
    dates = [MeetingDate(2024, 6, 1), MeetingDate(2024, 6), MeetingDate(2024, 5, 31)]
    assert sorted(dates, key=lambda date: date.sort_key) == [dates[2], dates[1], dates[0]]


# --- headings of meetings -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Meeting 2025-12-16", "Meeting"),
        ("Date: 2025-12-16", ""),
        ("Date: Tuesday, December 16, 2025", ""),
        ("Community call (2025-12-16)", "Community call"),
        ("Community call – 2025-12-16", "Community call"),
        ("Community call, 16 Dec 2025", "Community call"),
        ("Notes for 2025-12-16", "Notes"),
        ("Minutes of the meeting of December 16, 2025", "Minutes of the meeting"),
        ("Call (2025-12-16): planning", "Call: planning"),
        ("Weekly sync [2025-12-16] with guests", "Weekly sync with guests"),
        ("Example Project (16/12/2025)", "Example Project"),
    ],
)
def test_a_heading_of_a_meeting_has_its_date_anywhere(heading: str, title: str) -> None:
    assert english().of_heading(heading, 2) == (MeetingDate(2025, 12, 16), title)


@pytest.mark.parametrize(
    "heading",
    [
        "Next meeting: 2025-12-16",
        "Previous meeting (2025-12-16)",
        "Deadline 2025-12-16",
        "Release 2.0 (2025-12-16)",
        "Updated 2025-12-16",
        "What happens on 2025-12-16 in the lab",
        "Roadmap 2025",
        "Plans for December 2025",
    ],
)
@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_heading_about_another_day_begins_no_meeting(heading: str, level: int) -> None:
    assert english().of_heading(heading, level) is None


def test_deep_headings_begin_a_meeting_only_with_the_date_or_a_word_for_it() -> None:
    dates = english()
    assert dates.of_heading("Workshop in Oslo (2025-12-16)", 3) is not None
    assert dates.of_heading("2025-12-16", 4) is not None
    assert dates.of_heading("Lunch (2025-12-16)", 2) is not None
    assert dates.of_heading("Lunch (2025-12-16)", 3) is None


# --- the year of the file -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "iso", "title"),
    [
        ("December 16", "2025-12-16", ""),
        ("16 Dec", "2025-12-16", ""),
        ("Tuesday, Dec. 16th", "2025-12-16", ""),
        ("Dec 16: Planning", "2025-12-16", "Planning"),
        ("March 4–6", "2025-03-04", ""),
        ("April", "2025-04", ""),
        ("📅 April", "2025-04", "📅"),
        ("December 16, 2024", "2024-12-16", ""),
    ],
)
def test_the_year_of_the_file_completes_a_date(heading: str, iso: str, title: str) -> None:
    found = english(2025).of_heading(heading, 2)
    assert found is not None
    assert (found[0].iso, found[1]) == (iso, title)


@pytest.mark.parametrize(
    "heading",
    [
        "May 5 people came",
        "April showers",
        "Room 3 March",
        "February 30",
        "March of progress",
        "16",
    ],
)
def test_the_year_of_the_file_makes_no_dates_of_other_words(heading: str) -> None:
    assert english(2025).of_heading(heading, 2) is None


def test_a_month_below_a_heading_is_a_section() -> None:
    assert english(2025).of_heading("April", 3) is None


# --- languages ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "heading", "iso", "title"),
    [
        ("de", "Dienstag, 10. November 2026", "2026-11-10", ""),
        ("de", "Di., 10.11.2026", "2026-11-10", ""),
        ("de", "4.5.2026", "2026-05-04", ""),
        ("de", "4.–6. März 2026", "2026-03-04", ""),
        ("de", "Protokoll der Sitzung vom 10.11.2026", "2026-11-10", "Protokoll der Sitzung"),
        ("de", "Datum: 10. Nov. 2026", "2026-11-10", ""),
        ("de", "Tuesday, November 10, 2026", "2026-11-10", ""),
        ("fr", "mardi 10 novembre 2026", "2026-11-10", ""),
        ("fr", "1er décembre 2026", "2026-12-01", ""),
        ("fr", "1er decembre 2026", "2026-12-01", ""),
        ("fr", "04/05/2026", "2026-05-04", ""),
        ("fr", "Réunion du 10 novembre 2026", "2026-11-10", "Réunion"),
        ("es", "martes, 10 de noviembre de 2026", "2026-11-10", ""),
        (
            "es",
            "Acta de la reunión del 10 de noviembre de 2026",
            "2026-11-10",
            "Acta de la reunión",
        ),
        ("pt_BR", "terça-feira, 10 de novembro de 2026", "2026-11-10", ""),
        ("pt", "Ata da reunião de 10/11/2026", "2026-11-10", "Ata da reunião"),
        ("nl", "dinsdag 10 november 2026", "2026-11-10", ""),
    ],
)
def test_dates_are_read_in_the_language_of_the_site(
    language: str, heading: str, iso: str, title: str
) -> None:
    found = dates_in(vocabulary(language)).of_heading(heading, 2)
    assert found is not None
    assert (found[0].iso, found[1]) == (iso, title)


@pytest.mark.parametrize("language", [*languages(), "pt_BR", "nl", "it", "sv", "pl"])
@pytest.mark.parametrize("width", ["full", "long", "medium"])
@given(day=st.dates(datetime.date(1970, 1, 1), datetime.date(2099, 12, 31)))
def test_what_babel_writes_is_read(language: str, width: str, day: datetime.date) -> None:
    text = format_date(day, width, locale=language)
    found = dates_in(vocabulary(language)).begins_with(text)
    assert found == (MeetingDate(day.year, day.month, day.day), ""), text


@pytest.mark.parametrize(
    ("text", "weekday"),
    [("Tuesday 21st February 2023", 1), ("Planning (Wed, 2025-12-17)", 2), ("2025-12-16", None)],
)
def test_the_weekday_next_to_a_date(text: str, weekday: int | None) -> None:
    found = english().find(text)
    assert found is not None
    assert found.weekday == weekday


def test_a_language_that_nobody_knows_reads_english() -> None:
    assert Dates(vocabulary("xx")).begins_with("December 16, 2025") is not None


# --- what is warned about -------------------------------------------------------------------


@pytest.mark.parametrize("text", ["04/05/2024", "Lunch in Oslo on 2025-12-16", "May 2025"])
def test_a_date_that_begins_no_meeting_is_noticed(text: str) -> None:
    assert english().mentions(text)


@pytest.mark.parametrize(
    "text",
    [
        "2.0.1",
        "Python 3.12",
        "Roadmap 2025",
        "2024-06 and later",
        "",
        "Next meeting: 2025-12-16",
        "Release 2.0 (16 December 2025)",
    ],
)
def test_other_numbers_and_dates_of_other_days_are_not_noticed(text: str) -> None:
    assert not english().mentions(text)


@given(st.text(max_size=300), st.integers(1, 4), st.sampled_from([None, 2025]))
def test_any_text_can_be_read(text: str, level: int, year: int | None) -> None:
    english(year).of_heading(text, level)
    english(year).mentions(text)
