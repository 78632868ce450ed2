"""When meetings take place, and which of them have no notes."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cafe_site.community import Series, read_community
from cafe_site.community.schedule import (
    Occurrence,
    Status,
    instant,
    missing,
    next_meeting,
    occurrences,
    time_zone_link,
    unusual_hours,
    upcoming,
)
from cafe_site.notes.dates import parse_date
from tests.oracles import two_years
from tests.samples import CAFE

LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def read(text: str) -> tuple[Series, ...]:
    """Return the series that a file's schedule says."""
    return read_community(f"name: Collaboration Café\nschedule:\n{text}").schedule


def weekly(timezone: str, time: str, first: str, more: str = "") -> Series:
    """Return a series of meetings that take place every week from a day on."""
    text = f"{{id: x, rrule: FREQ=WEEKLY, timezone: {timezone}, time: '{time}', first: {first}"
    return read(f"  - {text}{more}}}")[0]


def at(text: str) -> datetime.datetime:
    """Return a time in UTC."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def day(text: str) -> datetime.date:
    """Return a day."""
    return datetime.date.fromisoformat(text)


def on(series: Series, date: str) -> Occurrence:
    """Return the one meeting of a day."""
    (found,) = occurrences(series, day(date), day(date))
    return found


def test_two_years_are_as_computed_without_libraries() -> None:
    (cafe,) = read(CAFE)
    found = occurrences(cafe, day("2025-01-01"), day("2028-01-01"))
    assert [(one.start, str(one.status)) for one in found] == two_years()
    # Two years and a quarter, with both changes of the clocks in each of the two years.
    assert len(found) == 3 * 2 + 24 * 2 + 1
    assert {one.start.utcoffset() for one in found} == {
        datetime.timedelta(hours=-7),
        datetime.timedelta(hours=-8),
    }
    assert all(one.end - one.start == datetime.timedelta(hours=1) for one in found)
    assert all(one.timezone == "America/Los_Angeles" for one in found)


def test_an_occurrence_knows_why_it_is_not_as_usual() -> None:
    (cafe,) = read(CAFE)
    usual, canceled, moved, extra = (
        on(cafe, date) for date in ("2026-07-21", "2026-07-07", "2026-11-10", "2026-08-12")
    )
    assert (usual.canceled, usual.reason, usual.origin) == (True, "", None)
    assert (canceled.status, canceled.reason) == (Status.CANCELED, "Summer break")
    assert (moved.status, moved.reason) == (Status.MOVED, "Election day")
    assert (moved.origin, moved.date) == (day("2026-11-03"), day("2026-11-10"))
    assert moved.utc == at("2026-11-10 20:30")
    assert (extra.status, extra.reason, extra.origin) == (Status.EXTRA, "Sprint", None)
    assert occurrences(cafe, day("2026-11-03"), day("2026-11-03")) == []


def test_both_days_are_included() -> None:
    (cafe,) = read(CAFE)
    found = occurrences(cafe, day("2026-06-02"), day("2026-06-16"))
    assert [str(one.date) for one in found] == ["2026-06-02", "2026-06-16"]
    assert occurrences(cafe, day("2026-06-03"), day("2026-06-15")) == []
    assert occurrences(cafe, day("2026-06-16"), day("2026-06-02")) == []


def test_each_period_has_its_own_rule_time_zone_and_duration() -> None:
    series = weekly(
        "Europe/Berlin",
        "17:00",
        "2026-03-02",
        ", earlier: [{rrule: FREQ=WEEKLY;INTERVAL=2, first: 2026-02-04, last: 2026-03-01,"
        " time: '09:00', timezone: UTC, duration: 30}], extra: [2026-02-06, 2026-03-06]",
    )
    found = occurrences(series, day("2026-01-01"), day("2026-03-10"))
    assert [(f"{one.start:%m-%d %H:%M}", one.timezone) for one in found] == [
        ("02-04 09:00", "UTC"),
        ("02-06 09:00", "UTC"),
        ("02-18 09:00", "UTC"),
        ("03-02 17:00", "Europe/Berlin"),
        ("03-06 17:00", "Europe/Berlin"),
        ("03-09 17:00", "Europe/Berlin"),
    ]
    assert [(one.end - one.start).seconds // 60 for one in found] == [30, 30, 30, 60, 60, 60]


@pytest.mark.parametrize(
    ("zone", "wall", "expected"),
    [
        # The example of RFC 5545, section 3.3.5, and its twin in autumn.
        ("America/New_York", "2007-03-11 02:30", "2007-03-11 07:30"),
        ("America/New_York", "2007-11-04 01:30", "2007-11-04 05:30"),
        ("America/New_York", "2007-11-04 02:30", "2007-11-04 07:30"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:30"),
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:45"),
    ],
)
def test_times_that_the_clocks_leave_out_or_show_twice(
    zone: str, wall: str, expected: str
) -> None:
    moment = instant(datetime.datetime.fromisoformat(wall), ZoneInfo(zone))
    # Python never takes a time that comes twice for equal to one of another zone (PEP 495).
    assert moment.astimezone(datetime.UTC) == at(expected)


def test_a_meeting_in_the_hour_that_is_left_out_begins_an_hour_later_and_lasts_as_long() -> None:
    series = weekly("Europe/Berlin", "02:30", "2026-03-22")
    before, change, after = occurrences(series, day("2026-03-22"), day("2026-04-05"))
    assert (before.utc, change.utc, after.utc) == (
        at("2026-03-22 01:30"),
        at("2026-03-29 01:30"),
        at("2026-04-05 00:30"),
    )
    assert f"{change.start:%H:%M} {change.end:%H:%M}" == "03:30 04:30"
    assert (change.end.astimezone(datetime.UTC) - change.utc) == datetime.timedelta(hours=1)


def test_a_meeting_over_the_hour_that_comes_twice_lasts_as_long_as_ever() -> None:
    change = on(weekly("Europe/Berlin", "02:30", "2026-10-25"), "2026-10-25")
    assert (change.end.astimezone(datetime.UTC) - change.utc) == datetime.timedelta(hours=1)
    assert f"{change.end:%H:%M} {change.end.fold}" == "02:30 1"


# --- what comes next ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2020-01-01 00:00", "2025-10-07"),
        ("2026-06-02 17:59", "2026-06-02"),
        ("2026-06-02 18:59", "2026-06-02"),  # under way
        ("2026-06-02 19:00", "2026-06-16"),  # over
        ("2026-06-17 00:00", "2026-08-04"),  # July is canceled
        ("2026-10-31 00:00", "2026-11-10"),  # moved
        ("2027-12-21 19:30", "2027-12-21"),
        ("2027-12-21 20:00", None),
        ("2199-12-31 23:59", None),
    ],
)
def test_the_next_meeting(now: str, expected: str | None) -> None:
    found = next_meeting(read(CAFE), at(now))
    assert (found and str(found.date)) == expected


def test_upcoming_meetings_tell_the_canceled_ones_and_do_not_count_them() -> None:
    found = upcoming(read(CAFE), at("2026-06-03 00:00"), 3)
    assert [(str(one.date), str(one.status)) for one in found] == [
        ("2026-06-16", "scheduled"),
        ("2026-07-07", "canceled"),
        ("2026-07-21", "canceled"),
        ("2026-08-04", "scheduled"),
        ("2026-08-12", "extra"),
    ]


def test_upcoming_meetings_of_all_series_are_in_the_order_of_time() -> None:
    team = (
        "  - {id: team, notes: team, rrule: FREQ=WEEKLY, time: 23:00, timezone: Asia/Tokyo,"
        " first: 2026-06-03}\n"
    )
    found = upcoming(read(team + CAFE), at("2026-06-01 00:00"), 4)
    # 23:00 of June 3 in Tokyo is later than 11:00 of June 2 in Los Angeles.
    assert [(one.series.id, str(one.date)) for one in found] == [
        ("cafe", "2026-06-02"),
        ("team", "2026-06-03"),
        ("team", "2026-06-10"),
        ("cafe", "2026-06-16"),
    ]


def test_upcoming_meetings_end_with_the_schedule() -> None:
    dates = [one.date for one in upcoming(read(CAFE), at("2027-12-01 00:00"), 10)]
    assert dates == [day("2027-12-07"), day("2027-12-21")]
    assert upcoming(read(CAFE), at("2026-01-01 00:00"), 0) == []
    assert upcoming([], at("2026-01-01 00:00"), 3) == []
    assert next_meeting([], at("2026-01-01 00:00")) is None


@pytest.mark.parametrize(("fold", "left"), [(0, 1), (1, 0)])
def test_now_may_be_in_the_hour_that_comes_twice(fold: int, left: int) -> None:
    series = weekly("Europe/Berlin", "01:45", "2026-10-25", ", last: 2026-10-25")
    now = datetime.datetime(2026, 10, 25, 2, 15, fold=fold, tzinfo=ZoneInfo("Europe/Berlin"))
    assert len(upcoming([series], now, 1)) == left


def test_a_long_meeting_far_in_the_west_may_have_begun_two_days_ago() -> None:
    series = weekly("Etc/GMT+12", "23:00", "2026-06-02", ", duration: 1439")
    found = next_meeting([series], at("2026-06-04 10:00"))
    assert found is not None
    assert found.date == day("2026-06-02")


def test_only_canceled_meetings_are_left() -> None:
    series = weekly("UTC", "11:00", "2026-06-02", ", last: 2026-06-15, canceled: {2026-06-09: x}")
    assert [one.canceled for one in upcoming([series], at("2026-06-05 00:00"), 2)] == [True]
    assert next_meeting([series], at("2026-06-05 00:00")) is None


def test_rare_meetings_are_found() -> None:
    (series,) = read(
        "  - {id: x, rrule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29, timezone: UTC, time: '11:00',"
        " first: 2025-01-01}"
    )
    found = upcoming([series], at("2026-01-01 00:00"), 3)
    assert [one.date.year for one in found] == [2028, 2032, 2036]


@given(
    now=st.datetimes(
        datetime.datetime(2025, 1, 1),
        datetime.datetime(2028, 1, 1),
        timezones=st.sampled_from(
            [datetime.UTC, LOS_ANGELES, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Etc/GMT+12")]
        ),
    ),
    count=st.integers(0, 60),
)
def test_upcoming_is_what_has_not_ended(now: datetime.datetime, count: int) -> None:
    (cafe,) = read(CAFE)
    all_of_them = occurrences(cafe, day("2025-01-01"), day("2028-01-01"))
    left = [one for one in all_of_them if one.end.timestamp() > now.timestamp()]
    found = upcoming([cafe], now, count)
    assert found == left[: len(found)]
    taking_place = sum(not one.canceled for one in found)
    assert taking_place == min(count, sum(not one.canceled for one in left))


# --- notes that are missing -----------------------------------------------------------------


def missing_dates(dates: str, today: str) -> list[str]:
    """Return the days for which notes are missing, if there are notes of some dates."""
    (cafe,) = read(CAFE)
    parsed = [parse_date(date) for date in dates.split()]
    known = [found[0] for found in parsed if found is not None]
    return [str(one.date) for one in missing(cafe, known, day(today))]


@pytest.mark.parametrize(
    ("dates", "today", "expected"),
    [
        ("", "2025-10-07", ""),
        ("", "2025-10-08", "2025-10-07"),
        ("", "2025-11-01", "2025-10-07 2025-10-21"),
        ("2025-10-07", "2025-11-01", "2025-10-21"),
        ("2025-10-07 2025-10-21", "2025-11-01", ""),
        ("2025-10-08 2025-10-25", "2025-11-01", "2025-10-07 2025-10-21"),
        ("2025-10", "2025-11-05", "2025-11-04"),
        ("2025-10-99", "2025-10-20", "2025-10-07"),
    ],
)
def test_past_meetings_without_notes(dates: str, today: str, expected: str) -> None:
    assert missing_dates(dates, today) == expected.split()


@pytest.mark.parametrize(
    ("dates", "expected"),
    [("", ["2026-11-10"]), ("2026-11-10", []), ("2026-11-03", []), ("2026-11", [])],
)
def test_notes_of_a_moved_meeting_may_have_either_date(dates: str, expected: list[str]) -> None:
    found = missing_dates(dates, "2026-11-16")
    assert [date for date in found if date.startswith("2026-11")] == expected


def test_notes_of_extra_meetings_are_missed_and_those_of_canceled_ones_are_not() -> None:
    found = missing_dates("2026-08", "2026-09-01")
    assert [date for date in found if date > "2026-06-30"] == []
    found = missing_dates("2026-08-04 2026-08-18", "2026-09-01")
    assert [date for date in found if date > "2026-06-30"] == ["2026-08-12"]


def test_a_meeting_that_ends_today_is_not_past_yet() -> None:
    series = weekly("UTC", "23:30", "2026-06-02")
    assert missing(series, [], day("2026-06-03")) == []
    assert [one.date for one in missing(series, [], day("2026-06-04"))] == [day("2026-06-02")]


# --- other time zones -----------------------------------------------------------------------

EARLIER = ("In Europe this one begins an hour earlier than usual.",)
LATER = ("In North America this one begins an hour later than usual.",)


@pytest.mark.parametrize(
    ("zone", "date", "expected"),
    [
        # Summer time of 2026: from March 8 to November 1 in North America,
        # from March 29 to October 25 in Europe.
        ("America/Los_Angeles", "2026-03-07", ()),
        ("America/Los_Angeles", "2026-03-08", EARLIER),
        ("America/Los_Angeles", "2026-03-28", EARLIER),
        ("America/Los_Angeles", "2026-03-29", ()),
        ("America/Los_Angeles", "2026-10-24", ()),
        ("America/Los_Angeles", "2026-10-25", EARLIER),
        ("America/Los_Angeles", "2026-10-31", EARLIER),
        ("America/Los_Angeles", "2026-11-01", ()),
        ("America/New_York", "2026-03-10", EARLIER),
        ("Europe/Berlin", "2026-03-07", ()),
        ("Europe/Berlin", "2026-03-10", LATER),
        ("Europe/Paris", "2026-10-27", LATER),
        ("Europe/London", "2026-10-27", LATER),
        # Where clocks never change, they are an hour off for months: that is not unusual.
        ("UTC", "2026-01-06", ()),
        ("UTC", "2026-03-10", ()),
        ("UTC", "2026-07-07", ()),
        ("Asia/Tokyo", "2026-01-06", ()),
        # In Sydney summer ends on April 5. Europe's clocks have been ten hours behind until
        # March 29; then nine until April 5 and eight from there on.
        ("Australia/Sydney", "2026-03-24", ()),
        (
            "Australia/Sydney",
            "2026-03-31",
            ("In Europe this one begins an hour later than usual.",),
        ),
        ("Australia/Sydney", "2026-06-02", ()),
    ],
)
def test_unusual_hours(zone: str, date: str, expected: tuple[str, ...]) -> None:
    (series,) = read(
        f"  - {{id: x, rrule: FREQ=DAILY, timezone: {zone}, time: '11:00', first: 2025-01-01}}"
    )
    assert tuple(s for s in unusual_hours(on(series, date)) if s in expected) == expected
    if not expected and zone != "Australia/Sydney":
        assert unusual_hours(on(series, date)) == ()


def test_a_meeting_at_another_time_of_the_day_has_no_usual_hour() -> None:
    more = (
        ", moved: [{from: 2026-03-10, to: 2026-03-11 12:00}, {from: 2026-03-17, to: 2026-03-18}]"
    )
    series = weekly("America/Los_Angeles", "11:00", "2026-03-03", more)
    assert unusual_hours(on(series, "2026-03-11")) == ()
    assert unusual_hours(on(series, "2026-03-18")) == EARLIER


@pytest.mark.parametrize(
    ("zone", "title", "expected"),
    [
        (
            "America/Los_Angeles",
            "Collaboration Café",
            "Los%20Angeles/2026-06-02/09:05/Collaboration%20Caf%C3%A9",
        ),
        (
            "Europe/Berlin",
            "Binder Team Meeting",
            "Berlin/2026-06-02/09:05/Binder%20Team%20Meeting",
        ),
        ("UTC", "Q&A/office #1?", "UTC/2026-06-02/09:05/Q%26A%2Foffice%20%231%3F"),
        ("America/Argentina/Buenos_Aires", "x", "Buenos%20Aires/2026-06-02/09:05/x"),
    ],
)
def test_a_link_to_the_reader_s_own_time(zone: str, title: str, expected: str) -> None:
    series = weekly(zone, "9:05", "2026-06-02", f", title: {title!r}")
    link = time_zone_link(on(series, "2026-06-02"))
    assert link == f"https://arewemeetingyet.com/{expected}"
