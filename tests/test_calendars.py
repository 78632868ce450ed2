"""Meetings as iCalendar files, read back with libraries that did not write them."""

from __future__ import annotations

import datetime
import hashlib
import io
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from dateutil import tz
from hypothesis import given
from hypothesis import strategies as st

from cafe_site.community import Community, read_community
from cafe_site.community.schedule import Status, occurrences
from cafe_site.formats.ical import calendar, single
from tests.oracles import two_years
from tests.samples import CAFE

if TYPE_CHECKING:
    from icalendar import Event

HEAD = """\
name: Collaboration Café
site: https://cafe.example.org
domain: example.net
links:
  pad: https://pad.example.org/cafe
  video: https://video.example.org/cafe
  code_of_conduct: https://example.org/conduct
  other: https://example.org/other
schedule:
"""
NOTES = {
    ("cafe", datetime.date(2025, 10, 21)): "https://cafe.example.org/notes/2025.html#2025-10-21",
    ("cafe", datetime.date(2026, 8, 12)): "https://cafe.example.org/notes/2026.html#2026-08-12",
    ("cafe", datetime.date(2026, 11, 3)): "https://cafe.example.org/notes/2026.html#2026-11-03",
    # No meeting, another series, and one that is canceled.
    ("cafe", datetime.date(2025, 10, 22)): "https://cafe.example.org/off",
    ("team", datetime.date(2025, 10, 7)): "https://cafe.example.org/team",
    ("cafe", datetime.date(2026, 7, 7)): "https://cafe.example.org/canceled",
}


def community(schedule: str = CAFE, head: str = HEAD) -> Community:
    """Return a community with a schedule."""
    return read_community(head + schedule)


def events(content: bytes) -> list[Event]:
    """Return the events of a file as they are written."""
    return icalendar.Calendar.from_ical(content).events


def expanded(content: bytes, since: str = "2025-01-01", until: str = "2028-01-01") -> list[Event]:
    """Return the events that another library makes of a file, by time."""
    file = icalendar.Calendar.from_ical(content)
    found = recurring_ical_events.of(file).between(
        *(datetime.date.fromisoformat(day) for day in (since, until))
    )
    return sorted(found, key=lambda event: event.start)


def the_one(content: bytes, **properties: str) -> Event:
    """Return the one event that has some properties, such as a STATUS."""
    (found,) = [
        event
        for event in events(content)
        if all(str(event.get(key.replace("_", "-"))) == value for key, value in properties.items())
    ]
    return found


def text_of(event: Event, key: str) -> str:
    """Return a property as text, empty if the event does not have it."""
    return str(event.get(key, ""))


# --- what other programs read ---------------------------------------------------------------


def test_two_years_are_read_as_computed_without_libraries() -> None:
    found = expanded(calendar(community(), notes=NOTES))
    read = [(event.start, text_of(event, "STATUS")) for event in found]
    assert read == [
        (start, "CANCELLED" if status == "canceled" else "CONFIRMED")
        for start, status in two_years()
    ]
    taking_place = [event for event in found if text_of(event, "STATUS") != "CANCELLED"]
    assert len(taking_place) == len(read) - 2
    assert {event.duration for event in found} == {datetime.timedelta(hours=1)}


@pytest.mark.parametrize(
    "schedule",
    [
        CAFE,
        "  - {id: x, rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH', time: 17:30, duration: 45,\n"
        "     timezone: Europe/Berlin, first: 2025-06-06, last: 2027-03-30}\n",
        "  - {id: x, rrule: FREQ=MONTHLY;BYDAY=-1FR, time: 23:30, timezone: Asia/Tokyo,\n"
        "     first: 2025-06-06,\n"
        "     earlier: [{rrule: FREQ=DAILY;INTERVAL=10, first: 2025-01-01, last: 2025-05-30,\n"
        "     timezone: Europe/London}]}\n",
        "  - {id: x, rrule: FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31, time: 11:00, timezone: UTC,\n"
        "     first: 2025-06-06}\n",
        "  - {id: x, rrule: FREQ=WEEKLY, time: 02:30, timezone: America/New_York,\n"
        "     first: 2025-01-04}\n",
    ],
)
def test_other_programs_see_what_the_site_shows(schedule: str) -> None:
    read = community(schedule)
    shown = occurrences(read.schedule[0], datetime.date(2025, 1, 1), datetime.date(2027, 12, 31))
    found = expanded(calendar(read))
    assert [event.start.astimezone(datetime.UTC) for event in found] == [one.utc for one in shown]
    assert [(event.end - event.start) for event in found] == [
        one.series.period_on(one.date).duration for one in shown
    ]


def test_a_canceled_meeting_says_so_and_takes_no_time() -> None:
    event = the_one(calendar(community()), STATUS="CANCELLED", DESCRIPTION="Summer break")
    assert text_of(event, "SUMMARY") == "Canceled: Collaboration Café"
    assert text_of(event, "TRANSP") == "TRANSPARENT"
    assert "LOCATION" not in event
    assert b"EXDATE" not in calendar(community())


def test_a_moved_meeting_replaces_the_one_of_the_rule() -> None:
    content = calendar(community())
    zone = ZoneInfo("America/Los_Angeles")
    (event,) = [event for event in events(content) if "Moved" in text_of(event, "DESCRIPTION")]
    assert event["RECURRENCE-ID"].dt == datetime.datetime(2026, 11, 3, 11, tzinfo=zone)
    assert event.start == datetime.datetime(2026, 11, 10, 12, 30, tzinfo=zone)
    assert text_of(event, "UID") == "cafe-20251007@example.net"
    assert text_of(event, "DESCRIPTION").splitlines()[:3] == [
        "Moved from 2026-11-03.",
        "Election day",
        "In your time zone: https://arewemeetingyet.com/Los%20Angeles/2026-11-10/12:30/"
        "Collaboration%20Caf%C3%A9",
    ]


def test_what_one_needs_to_join_is_in_the_event() -> None:
    event = events(calendar(community()))[0]
    assert text_of(event, "LOCATION") == "https://video.example.org/cafe"
    assert text_of(event, "URL") == "https://cafe.example.org/"
    assert text_of(event, "DESCRIPTION").splitlines() == [
        "Join: https://video.example.org/cafe",
        "Shared notes: https://pad.example.org/cafe",
        "Code of conduct: https://example.org/conduct",
    ]


def test_past_meetings_have_the_address_of_their_notes() -> None:
    found = {
        str(event.start.date()): text_of(event, "URL")
        for event in expanded(calendar(community(), notes=NOTES))
    }
    home = "https://cafe.example.org/"
    assert found["2025-10-21"] == f"{home}notes/2025.html#2025-10-21"
    assert found["2026-08-12"] == f"{home}notes/2026.html#2026-08-12"
    # Notes of a moved meeting may be dated by its old day.
    assert found["2026-11-10"] == f"{home}notes/2026.html#2026-11-03"
    assert found["2026-07-07"] == home
    assert set(found.values()) == {home, *(found[day] for day in found if "#" in found[day])}
    assert list(found.values()).count(home) == len(found) - 3
    content = calendar(community(), notes=NOTES)
    event = the_one(content, URL=f"{home}notes/2025.html#2025-10-21")
    assert text_of(event, "DESCRIPTION") == f"Notes: {home}notes/2025.html#2025-10-21"


def test_notes_of_ten_years_do_not_make_a_big_file() -> None:
    read = community(CAFE.replace("first: 2025-10-07", "first: 2016-01-01"))
    shown = occurrences(read.schedule[0], datetime.date(2016, 1, 1), datetime.date(2025, 12, 31))
    notes = {
        ("cafe", one.date): f"https://cafe.example.org/notes/{one.date.year}.html#{one.date}"
        for one in shown
    }
    assert len(notes) == 240
    assert len(calendar(read, notes=notes)) < 600 * len(notes)


# --- identifiers ----------------------------------------------------------------------------


def test_identifiers_stay_when_a_rule_becomes_an_earlier_one() -> None:
    before = "  - {id: a, rrule: FREQ=WEEKLY, time: 9:00, timezone: UTC, first: 2025-01-07}\n"
    after = (
        "  - {id: a, rrule: FREQ=MONTHLY;BYDAY=1TU, time: 9:00, timezone: UTC,\n"
        "     first: 2026-01-01, updated: 2026-01-05,\n"
        "     earlier: [{rrule: FREQ=WEEKLY, first: 2025-01-07, last: 2025-12-31}]}\n"
    )
    (old,) = events(calendar(community(before)))
    stays, new = events(calendar(community(after)))
    assert text_of(old, "UID") == text_of(stays, "UID") == "a-20250107@example.net"
    assert text_of(new, "UID") == "a-20260101@example.net"
    assert sequence(old) < sequence(stays) == sequence(new)
    assert stays["RRULE"]["UNTIL"] == [datetime.datetime(2025, 12, 31, 9, tzinfo=datetime.UTC)]
    stamps = [f"{event.DTSTAMP:%Y-%m-%d %H:%M %Z}" for event in (old, stays)]
    assert stamps == ["2025-01-07 00:00 UTC", "2026-01-05 00:00 UTC"]


def test_each_event_is_told_apart() -> None:
    read = community()
    keys = [
        (text_of(event, "UID"), event["RECURRENCE-ID"].dt if "RECURRENCE-ID" in event else None)
        for event in events(calendar(read, notes=NOTES))
    ]
    assert len(set(keys)) == len(keys) == 6
    assert {uid for uid, _ in keys} == {
        "cafe-20251007@example.net",
        "cafe-20260812-extra@example.net",
    }


def sequence(event: Event) -> int:
    """Return the number of an event's version; RFC 5546 counts one without as 0."""
    return int(event.get("SEQUENCE", 0))


RULE = "  - {{id: a, rrule: FREQ=WEEKLY, time: '{}', timezone: UTC, first: 2026-01-06{}}}\n"
TEXTS = st.sampled_from(
    [
        RULE.format(time, changes)
        for time in ("9:00", "10:00")
        for changes in (
            "",
            ", canceled: {2026-01-13: }",
            ", canceled: {2026-01-13: , 2026-01-20: Snow}",
            ", moved: [{from: 2026-01-13, to: 2026-01-14}]",
            ", moved: [{from: 2026-01-13, to: 2026-01-15 8:00}]",
            ", last: 2026-02-03",
            ", extra: [2026-01-08]",
        )
    ]
)


@given(st.lists(st.tuples(TEXTS, st.integers(1, 60 * 24 * 30)), min_size=2, max_size=8))
def test_sequence_grows_with_every_dated_change_of_the_file(edits: list[tuple[str, int]]) -> None:
    known: dict[str, int] = {}
    moment = datetime.datetime(2026, 1, 1)
    for text, minutes in edits:
        moment += datetime.timedelta(minutes=minutes)
        dated = text.replace("first:", f"updated: {moment:%Y-%m-%d %H:%M}, first:")
        found = events(calendar(community(dated)))
        numbers = {text_of(event, "UID"): sequence(event) for event in found}
        assert {(uid, sequence(event)) for event in found for uid in [text_of(event, "UID")]} == (
            set(numbers.items())
        )
        for uid, number in numbers.items():
            assert known.get(uid, 0) < number < 2**31
        known |= numbers


@given(st.lists(TEXTS, min_size=2, max_size=8))
def test_sequence_never_goes_down_where_nobody_dates_the_changes(edits: list[str]) -> None:
    for text in edits:
        assert {sequence(event) for event in events(calendar(community(text)))} == {0}
    # And not when somebody begins to.
    dated = edits[-1].replace("first:", "updated: 2026-01-01, first:")
    assert all(sequence(event) > 0 for event in events(calendar(community(dated))))


@pytest.mark.parametrize(
    ("updated", "number", "stamp"),
    [
        ("1970-01-01", 0, "1970-01-01 00:00"),
        ("2026-06-01", 29671200, "2026-06-01 00:00"),
        ("2026-06-01 00:01", 29671201, "2026-06-01 00:01"),
        ("2199-12-31", 120967200, "2199-12-31 00:00"),
    ],
)
def test_sequence_is_the_minutes_of_the_last_change(updated: str, number: int, stamp: str) -> None:
    text = RULE.format("9:00", f", updated: {updated}")
    (event,) = events(calendar(community(text)))
    assert (event["SEQUENCE"], f"{event.DTSTAMP:%Y-%m-%d %H:%M}") == (number, stamp)


def test_without_a_domain_identifiers_have_none() -> None:
    (event, *_) = events(calendar(community(head="name: Café\nschedule:\n")))
    assert text_of(event, "UID") == "cafe-20251007"
    assert "URL" not in event
    assert "DESCRIPTION" not in event


def test_a_calendar_of_some_series() -> None:
    team = (
        "  - {id: team, title: Team, notes: team, rrule: FREQ=WEEKLY, time: 9:00,\n"
        "     timezone: UTC, first: 2026-01-06}\n"
    )
    read = community(CAFE + team)
    assert {text_of(event, "SUMMARY") for event in events(calendar(read))} >= {
        "Team",
        "Collaboration Café",
    }
    content = calendar(read, series=read.schedule[1:])
    assert [text_of(event, "SUMMARY") for event in events(content)] == ["Team"]
    assert icalendar.Calendar.from_ical(content)["X-WR-CALNAME"] == "Team"
    with pytest.raises(ValueError, match="needs a series"):
        calendar(read, series=[])


# --- one meeting ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "uid", "status", "start"),
    [
        ("2026-03-17", "cafe-20260317-single@example.net", "CONFIRMED", "2026-03-17 18:00"),
        ("2026-07-07", "cafe-20260707-single@example.net", "CANCELLED", "2026-07-07 18:00"),
        ("2026-11-10", "cafe-20261103-single@example.net", "CONFIRMED", "2026-11-10 20:30"),
        # The same meeting as in the whole calendar, since nothing repeats there either.
        ("2026-08-12", "cafe-20260812-extra@example.net", "CONFIRMED", "2026-08-12 16:00"),
    ],
)
def test_one_meeting(date: str, uid: str, status: str, start: str) -> None:
    read = community()
    day = datetime.date.fromisoformat(date)
    (occurrence,) = occurrences(read.schedule[0], day, day)
    content = single(read, occurrence)
    (event,) = events(content)
    assert (text_of(event, "UID"), text_of(event, "STATUS")) == (uid, status)
    assert f"{event.start.astimezone(datetime.UTC):%Y-%m-%d %H:%M}" == start
    assert event.duration == datetime.timedelta(hours=1)
    assert "RRULE" not in event
    assert "RECURRENCE-ID" not in event
    assert len(content) < 2000


def test_one_meeting_tells_about_other_time_zones_or_its_notes() -> None:
    read = community()
    day = datetime.date(2026, 3, 17)
    (occurrence,) = occurrences(read.schedule[0], day, day)
    assert occurrence.status is Status.SCHEDULED
    assert text_of(events(single(read, occurrence))[0], "DESCRIPTION").splitlines()[:2] == [
        "In Europe this one begins an hour earlier than usual.",
        "In your time zone: https://arewemeetingyet.com/Los%20Angeles/2026-03-17/11:00/"
        "Collaboration%20Caf%C3%A9",
    ]
    (event,) = events(single(read, occurrence, notes="https://cafe.example.org/notes"))
    assert text_of(event, "DESCRIPTION") == "Notes: https://cafe.example.org/notes"
    assert text_of(event, "URL") == "https://cafe.example.org/notes"


# --- the form of the file -------------------------------------------------------------------


def test_the_file_has_the_form_of_rfc_5545() -> None:
    content = calendar(
        community(head=HEAD.replace("Café", "Café ☕, Tea; and \\ more " + "ä" * 80)), notes=NOTES
    )
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode("utf-8")  # no character is cut in two
    unfolded = content.decode("utf-8").replace("\r\n ", "").split("\r\n")
    assert unfolded[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert "PRODID:-//cafe_site//cafe_site//EN" in unfolded
    assert "REFRESH-INTERVAL;VALUE=DURATION:P1D" in unfolded
    assert "X-PUBLISHED-TTL:P1D" in unfolded
    name = "Collaboration Café ☕\\, Tea\\; and \\\\ more " + "ä" * 80
    assert {f"NAME:{name}", f"X-WR-CALNAME:{name}", f"SUMMARY:{name}"} <= set(unfolded)


def test_each_event_has_what_the_rfc_requires() -> None:
    for event in events(calendar(community(), notes=NOTES)):
        for key in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS"):
            assert key in event
            assert not isinstance(event[key], list), "must not occur more than once"
        assert event.DTSTAMP.utcoffset() == datetime.timedelta()
        assert event.errors == []


def test_the_rule_begins_with_a_day_that_it_gives() -> None:
    (event, *_) = events(
        calendar(community(CAFE.replace("first: 2025-10-07", "first: 2025-09-28")))
    )
    assert f"{event.start:%Y-%m-%d}" == "2025-10-07"
    assert text_of(event, "UID") == "cafe-20250928@example.net"


@pytest.mark.parametrize("first", [2005, 2024])
@pytest.mark.parametrize(
    ("zone", "by_rule"),
    [
        ("America/Los_Angeles", 2024),
        ("America/Sao_Paulo", None),
        ("Europe/Berlin", 2005),
        ("Europe/Dublin", 2005),
        # By one rule until 2011, and not at all since.
        ("Europe/Moscow", None),
        ("Asia/Kolkata", None),
        ("Africa/Casablanca", None),
        ("Australia/Lord_Howe", 2024),
    ],
)
def test_time_zones_are_defined_as_they_are(zone: str, by_rule: int | None, first: int) -> None:
    """Every six hours of ten years, and every quarter of an hour when the clocks change."""
    read = community(
        f"  - {{id: x, rrule: FREQ=WEEKLY, time: 11:00, timezone: {zone}, first: {first}-01-03}}\n"
    )
    content = calendar(read).decode()
    definition = content[content.index("BEGIN:VTIMEZONE") : content.index("BEGIN:VEVENT")]
    assert ("RRULE" in definition) == (by_rule is not None and first >= by_rule)
    # dateutil reads definitions on its own.
    defined = tz.tzical(io.StringIO(content.replace("\r\n ", ""))).get()
    known = ZoneInfo(zone)
    moment = datetime.datetime(first, 1, 1)
    step, quarter = datetime.timedelta(hours=6), datetime.timedelta(minutes=15)
    while moment.year < first + 10:
        walls = [moment]
        if known.utcoffset(moment) != known.utcoffset(moment + step):
            walls = [moment + i * quarter for i in range(24)]
        for wall in walls:
            ambiguous = known.utcoffset(wall) != known.utcoffset(wall.replace(fold=1))
            if not ambiguous:
                assert defined.utcoffset(wall) == known.utcoffset(wall), wall
        moment += step


def test_a_time_zone_changes_when_its_clocks_show_the_old_time() -> None:
    """RFC 5545, section 3.6.5: DTSTART is the local time to which TZOFFSETFROM belongs."""
    content = calendar(
        community(
            "  - {id: x, rrule: FREQ=WEEKLY, time: 11:00, timezone: Europe/Berlin,\n"
            "     first: 2026-01-06}\n"
        )
    ).decode()
    assert content[content.index("BEGIN:DAYLIGHT") : content.index("END:VTIMEZONE")].split() == [
        "BEGIN:DAYLIGHT",
        "DTSTART:20250330T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:20251026T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
    ]


def test_universal_time_needs_no_definition() -> None:
    content = calendar(
        community(
            "  - {id: x, rrule: FREQ=WEEKLY, time: 11:00, timezone: UTC, first: 2026-01-06}\n"
        )
    )
    assert b"VTIMEZONE" not in content
    assert b"DTSTART:20260106T110000Z" in content


def test_each_time_zone_is_defined_once() -> None:
    more = (
        "  - {id: b, notes: b, rrule: FREQ=WEEKLY, time: 9:00, timezone: Europe/Berlin,\n"
        "     first: 2026-01-06}\n"
    )
    content = calendar(community(CAFE + more + more.replace(": b", ": c"))).decode()
    assert re.findall(r"TZID:(.*)\r\n", content) == ["America/Los_Angeles", "Europe/Berlin"]


SCRIPT = """
import hashlib, sys
from tests.test_calendars import NOTES, calendar, community
sys.stdout.write(hashlib.sha256(calendar(community(), notes=NOTES)).hexdigest())
"""


def test_the_same_schedule_gives_the_same_bytes() -> None:
    content = calendar(community(), notes=NOTES)
    assert calendar(community(), notes=NOTES) == content
    assert calendar(community(), notes=dict(reversed(NOTES.items()))) == content
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == hashlib.sha256(content).hexdigest()
