"""The dates that headings begin with."""

from __future__ import annotations

import pytest

from cafe_site.notes.dates import MeetingDate, parse_date


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
        ("December 16, 2025", "2025-12-16", ""),
        ("Sept. 3rd 2025", "2025-09-03", ""),
        ("Thursday, December 16, 2025: Planning", "2025-12-16", "Planning"),
        ("Wed 2025-12-17", "2025-12-17", ""),
        ("2025-12-16: Planning", "2025-12-16", "Planning"),
        ("2025-12-16 – Planning", "2025-12-16", "Planning"),
        ("2025-12-16 (canceled)", "2025-12-16", "(canceled)"),
        ("  2025-12-16  ", "2025-12-16", ""),
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
        "May 2025",
        "12 2025",
        "16/12/2025",
        "100 December 2025",
    ],
)
def test_other_headings_are_not_dates(heading: str) -> None:
    assert parse_date(heading) is None


@pytest.mark.parametrize("heading", ["2025-02-30", "2025-13-01", "2025-00-10", "0000-01-01"])
def test_a_date_that_no_calendar_has_is_kept_as_written(heading: str) -> None:
    found = parse_date(heading)
    assert found is not None
    assert found[0].iso == heading
    assert not found[0].exists


def test_a_month_sorts_at_its_start() -> None:
    dates = [MeetingDate(2024, 6, 1), MeetingDate(2024, 6), MeetingDate(2024, 5, 31)]
    assert sorted(dates, key=lambda date: date.sort_key) == [dates[2], dates[1], dates[0]]
