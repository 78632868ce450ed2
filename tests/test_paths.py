"""What the path of a file of notes says."""

from __future__ import annotations

import pytest

from cafe_site.notes.sources import source_of


@pytest.mark.parametrize(
    ("path", "date", "series"),
    [
        ("2025-12-16", "2025-12-16", ""),
        ("2025-12-16-planning", "2025-12-16", ""),
        ("meeting 2025-12-16", "2025-12-16", ""),
        ("community-2019-12-11", "2019-12-11", ""),
        ("community/2021/community-2021-03-17", "2021-03-17", "community"),
        ("20250114-community/index", "2025-01-14", ""),
        ("20250114", "2025-01-14", ""),
        ("2024_10_01", "2024-10-01", ""),
        ("2024.10.01", "2024-10-01", ""),
        ("2025-dec-3", "2025-12-03", ""),
        ("3-december-2025", "2025-12-03", ""),
        ("Dec-03-2025", "2025-12-03", ""),
        ("2025/tsc-04-22", "2025-04-22", ""),
        ("TSC/2025/tsc-04-22", "2025-04-22", "TSC"),
        ("2024/10-15-notes", "2024-10-15", ""),
        ("2024/15-10", "2024-10-15", ""),
        ("2014-01/jan-30", "2014-01-30", ""),
        ("2014-01/30", "2014-01-30", ""),
        ("2014/january/30-notes", "2014-01-30", ""),
        ("2014/01-january/notes-30", "2014-01-30", ""),
        ("2023/05/12", "2023-05-12", ""),
        ("2023/05-12/notes", "2023-05-12", ""),
        ("2023/guest-langs-08-08-2023", "2023-08-08", ""),
        ("2023/guest-langs-08-24-2023", "2023-08-24", ""),
        ("24.08.2023", "2023-08-24", ""),
        ("SIG-Web/JavaScript/2023/js-08-10", "2023-08-10", "SIG-Web/JavaScript"),
        ("team-2025/03-17", "2025-03-17", "team"),
        ("team/2025-12-16/index", "2025-12-16", "team"),
        ("team/2025-12-16/notes-2025", "2025-12-16", "team"),
        ("io.js/2015-01-07", "2015-01-07", "io.js"),
        ("2024-12/2025-01-07", "2025-01-07", ""),
        # Only a month.
        ("2025-12", "2025-12", ""),
        ("2025/january", "2025-01", ""),
        ("2025/04", "2025-04", ""),
        # No date, or not all of it.
        ("people", None, ""),
        ("team/notes", None, "team"),
        ("top-10", None, ""),
        ("room-101", None, ""),
        ("v1.2", None, ""),
        ("2.0.1", None, ""),
        ("python-3.12", None, ""),
        ("2025/python-3.12", None, ""),
        ("2025/v1-2", None, ""),
        ("2025/march-madness", None, ""),
        ("2025/1-on-1", None, ""),
        ("04-22", None, ""),
        ("2025-notes", None, ""),
        ("2025/index", None, ""),
        ("2024-25-season", None, ""),
        ("2025-13-45", None, ""),
        ("2025-02-30", None, ""),
        ("2023-2024/05-06", None, ""),
        ("12345678", None, ""),
        # Day and month cannot be told apart.
        ("2024/guest-langs-03-06-2024", None, ""),
        ("04.05.2024", None, ""),
    ],
)
def test_dates_and_series_of_paths(path: str, date: str | None, series: str) -> None:
    source = source_of(path)
    assert (source.date.iso if source.date else None, source.series) == (date, series)
    assert not source.is_year_file


def test_a_file_named_after_a_year_is_a_year_file() -> None:
    for path, series in {"2025": "", "team/2025": "team", "a/2024/2025": "a"}.items():
        source = source_of(path)
        assert (source.is_year_file, source.year, source.series) == (True, 2025, series)
        assert source.dates == ()


def test_both_readings_of_an_ambiguous_date_are_kept() -> None:
    dates = source_of("2024/call-03-06-2024").dates
    assert [date.iso for date in dates] == ["2024-03-06", "2024-06-03"]


@pytest.mark.parametrize(
    "path", ["2025/index", "2025-12/index", "2025-12-16/index", "a-2025/x/index"]
)
def test_a_page_in_a_folder_with_a_date_is_dated(path: str) -> None:
    assert source_of(path).is_dated


@pytest.mark.parametrize(
    "path", ["index", "team/index", "top-10/index", "v1.2/index", "12345/index"]
)
def test_a_page_in_a_folder_without_a_date_is_not(path: str) -> None:
    assert not source_of(path).is_dated
