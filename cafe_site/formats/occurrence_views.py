"""Which meetings pages show, and how.

A page contains all dates of two years, and a script in the browser decides which one is next:
a page that was built weeks ago must not show a past date as the next one.
"""

from __future__ import annotations

import datetime
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.community.schedule import of_all, unusual_hours, upcoming
from cafe_site.formats import words
from cafe_site.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cafe_site.community import Series
    from cafe_site.community.schedule import Occurrence

# How long a page shows the right date without a new build.
_DAYS = 730


@dataclass(frozen=True)
class OccurrenceView:
    """A meeting as a page shows it."""

    title: str
    """The title of its series."""
    date: str
    """``Tuesday, December 1, 2026``"""
    place: str
    """``11:00 in Los Angeles``"""
    utc: str
    """``19:00 UTC``, with the weekday if it differs there; empty if `place` is in UTC."""
    remarks: tuple[str, ...]
    """Why it is canceled or where it was moved from, and which hours are unusual."""


@functools.lru_cache(maxsize=2048)
def view_of(occurrence: Occurrence, language: str = "en") -> OccurrenceView:
    """Put a meeting into words.

    >>> from cafe_site.community import read_community
    >>> from cafe_site.community.schedule import upcoming
    >>> community = read_community('''
    ... name: Tea
    ... schedule: {id: tea, rrule: FREQ=WEEKLY, time: 18:00, timezone: America/Los_Angeles,
    ...            first: 2026-12-01, canceled: {2026-12-01: Holiday}}
    ... ''')
    >>> now = datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)
    >>> found = view_of(upcoming(community.schedule, now, 1)[0])
    >>> found.date, found.place, found.utc, found.remarks
    ('Tuesday, December 1, 2026', '18:00 in Los Angeles', '02:00 UTC on Wednesday', ('Holiday',))
    """
    time = f"{occurrence.start:%H:%M}"
    city = words.city(occurrence.timezone)
    utc = f"{occurrence.utc:%H:%M} UTC"
    if occurrence.utc.date() != occurrence.date:
        weekday = words.weekday(occurrence.utc.date())
        utc = gettext("{time} on {weekday}").format(time=utc, weekday=weekday)
    if city:
        place = gettext("{time} in {city}").format(time=time, city=city)
    else:
        place = f"{time} {occurrence.timezone}"
    special = words.special(occurrence, lambda day: words.full_day(day, language))
    remarks = [special] if special else []
    if not occurrence.canceled:
        remarks += unusual_hours(occurrence)
    return OccurrenceView(
        occurrence.series.title,
        words.full_day(occurrence.date, language),
        place,
        "" if occurrence.timezone == "UTC" else utc,
        tuple(remarks),
    )


def utc_stamp(moment: datetime.datetime) -> str:
    """Return a moment as scripts and HTML read it: ``2026-12-01T19:00:00Z``."""
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


def occurrences_to_show(schedule: Iterable[Series], now: datetime.datetime) -> list[Occurrence]:
    """Return the meetings of two years that have not ended yet, canceled ones too, by time.

    The two years begin with the first of these meetings, not now,
    so that a page changes only when a meeting has ended.
    """
    schedule = tuple(schedule)
    first = upcoming(schedule, now, 1)
    if not first:
        return []
    since = first[0].date - datetime.timedelta(days=2)
    until = first[0].date + datetime.timedelta(days=_DAYS)
    return [one for one in of_all(schedule, since, until) if not one.is_over(now)]
