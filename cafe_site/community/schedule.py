"""When meetings take place or took place, and which of them have no notes."""

from __future__ import annotations

import datetime
import functools
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote
from zoneinfo import ZoneInfo

from cafe_site.community import FIRST_DAY, LAST_DAY
from cafe_site.translation import N_, gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from cafe_site.community import Period, Series

_DAY = datetime.timedelta(days=1)


class DateOfNotes(Protocol):
    """The day that notes are dated by, or the month alone."""

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """Year, month and day; the day is 0 if there is none."""


class Status(StrEnum):
    """How an occurrence came about."""

    SCHEDULED = "scheduled"
    """The rule gives it."""
    CANCELED = "canceled"
    """The rule gives it, and it does not take place."""
    MOVED = "moved"
    """The rule gives it, and it takes place at another time."""
    EXTRA = "extra"
    """It takes place, and the rule does not give it."""


@dataclass(frozen=True)
class Occurrence:
    """One meeting of a series."""

    series: Series
    start: datetime.datetime
    """When it begins, in the series' time zone on that day."""
    end: datetime.datetime
    """When it ends, in the same time zone."""
    origin: datetime.date | None = None
    """The day that a moved meeting has been moved from."""
    status: Status = Status.SCHEDULED
    reason: str = ""
    """Why it is canceled, moved or extra; may be empty."""

    @property
    def date(self) -> datetime.date:
        """The day on which it begins where the series' time zone is."""
        return self.start.date()

    @property
    def utc(self) -> datetime.datetime:
        """When it begins, in coordinated universal time."""
        return self.start.astimezone(datetime.UTC)

    @property
    def canceled(self) -> bool:
        """Whether it does not take place."""
        return self.status is Status.CANCELED

    def is_over(self, now: datetime.datetime) -> bool:
        """Return whether it has ended."""
        return self.end.astimezone(datetime.UTC) <= now

    @property
    def timezone(self) -> str:
        """The name of the IANA time zone."""
        zone = self.start.tzinfo
        assert isinstance(zone, ZoneInfo)
        return zone.key


def occurrences(series: Series, since: datetime.date, until: datetime.date) -> list[Occurrence]:
    """Return the meetings of a series that begin from one day to another, both included.

    They are sorted by time.
    Canceled ones are included; a moved one is listed at its new time only.
    """
    canceled = {one.date: one for one in series.canceled}
    moved = {one.origin for one in series.moved}
    found = []
    # One more day at either end, for nights in which the clocks change.
    for day, period in series.days(_plus(since, -1), _plus(until, 1)):
        if day in moved:
            continue
        start = datetime.datetime.combine(day, period.time)
        if day in canceled:
            reason = canceled[day].reason
            found.append(_occurrence(series, period, start, Status.CANCELED, reason))
        else:
            found.append(_occurrence(series, period, start))
    for move in series.moved:
        period = series.period_on(move.origin)
        found.append(
            _occurrence(series, period, move.start, Status.MOVED, move.reason, move.origin)
        )
    for extra in series.extra:
        period = series.period_on(extra.start.date())
        found.append(_occurrence(series, period, extra.start, Status.EXTRA, extra.reason))
    return sorted((one for one in found if since <= one.date <= until), key=_order)


def of_all(
    schedule: Iterable[Series], since: datetime.date, until: datetime.date
) -> list[Occurrence]:
    """Return the meetings of several series, as `occurrences` does for one."""
    found = [one for series in schedule for one in occurrences(series, since, until)]
    return sorted(found, key=_order)


def chosen(schedule: Iterable[Series], wanted: str | None) -> tuple[Series, ...]:
    """Return the series that were asked for; all if none was.

    A series is named by its id or by the folder of its notes, ``.`` for the notes folder itself.
    An id takes precedence over a folder.
    """
    every = tuple(schedule)
    if wanted is None:
        return every
    folder = "" if wanted == "." else wanted.strip("/")
    return tuple(one for one in every if one.id == wanted) or tuple(
        one for one in every if one.notes == folder
    )


def upcoming(schedule: Iterable[Series], now: datetime.datetime, count: int) -> list[Occurrence]:
    """Return the next meetings of all series that have not ended yet, sorted by time.

    Canceled ones are included and do not count toward ``count``;
    the last one is a meeting that takes place, if there is one.

    :param now: a time with a time zone
    """
    schedule = tuple(schedule)
    last = max((_last_day(series) for series in schedule), default=FIRST_DAY)
    # In the westernmost time zone, a meeting of nearly a day may have begun two days ago.
    now = now.astimezone(datetime.UTC)
    since = _plus(now.date(), -2)
    days = 400
    while count > 0:
        until = min(_plus(since, days), last)
        found = [one for one in of_all(schedule, since, until) if not one.is_over(now)]
        taking_place = [i for i, one in enumerate(found) if not one.canceled]
        if len(taking_place) >= count:
            return found[: taking_place[count - 1] + 1]
        if until >= last:
            return found
        days *= 4
    return []


def next_meeting(schedule: Iterable[Series], now: datetime.datetime) -> Occurrence | None:
    """Return the first meeting that has not ended yet and is not canceled, or None."""
    found = upcoming(schedule, now, 1)
    return found[-1] if found and not found[-1].canceled else None


def last_meeting(schedule: Iterable[Series], now: datetime.datetime) -> Occurrence | None:
    """Return the last meeting that has ended and was not canceled, or None.

    :param now: a time with a time zone
    """
    schedule = tuple(schedule)
    # Where it is latest on earth, it may be tomorrow already.
    until = _plus(now.astimezone(datetime.UTC).date(), 2)
    # Most schedules have met within a year; only for the others it takes all of them.
    for since in (_plus(until, -400), FIRST_DAY):
        found = [
            one
            for series in schedule
            for one in occurrences(series, since, until)
            if not one.canceled and one.is_over(now)
        ]
        if found:
            return max(found, key=lambda one: one.utc)
    return None


def missing(
    series: Series, dates: Collection[DateOfNotes], today: datetime.date
) -> list[Occurrence]:
    """Return the past meetings of a series that have no notes.

    A meeting is past if it ended before today in its own time zone.
    Canceled ones need no notes.
    Notes of a moved meeting may be dated by its new day or by its old one.
    Notes that are dated by a month only count for all meetings of that month,
    and notes of a day without a meeting are ignored.

    :param dates: the dates of the notes of this series
    """
    known = {date.sort_key for date in dates}

    def has_notes(day: datetime.date) -> bool:
        return not known.isdisjoint({(day.year, day.month, day.day), (day.year, day.month, 0)})

    return [
        one
        for one in occurrences(series, FIRST_DAY, today)
        if one.end.date() < today
        and not one.canceled
        and not has_notes(one.date)
        and not (one.origin and has_notes(one.origin))
    ]


# --- for people in other time zones ---------------------------------------------------------

# A time zone of each region, and the sentences for a meeting later and earlier than usual;
# {length} is "an hour", for example.
_REGIONS = (
    (
        "Europe/Berlin",
        N_("In Europe this one begins {length} later than usual."),
        N_("In Europe this one begins {length} earlier than usual."),
    ),
    (
        "America/New_York",
        N_("In North America this one begins {length} later than usual."),
        N_("In North America this one begins {length} earlier than usual."),
    ),
)
# A difference that is in force on fewer days of a year than this is unusual. Between Europe and
# North America that is so for four weeks of a year; between either and a time zone without
# daylight saving time, or in the southern hemisphere, each of two differences lasts for months.
_USUAL_DAYS = 60


def unusual_hours(occurrence: Occurrence) -> tuple[str, ...]:
    """Return where a meeting begins at an unusual hour, one sentence for each region.

    Europe and North America do not change their clocks on the same days,
    so a meeting that is kept at eleven in Los Angeles
    begins an hour earlier in Europe for some weeks in March and one around the end of October.
    The usual difference between the clocks is the one that was in force before
    and that is in force for at least two months of the year.
    Nothing is unusual in a region with the same clocks as the series,
    nor for a moved or extra meeting that begins at another time of day anyway.
    """
    period = occurrence.series.period_on(occurrence.origin or occurrence.date)
    if occurrence.start.time() != period.time:
        return ()
    return tuple(
        gettext(later if minutes > 0 else earlier).format(length=_length(abs(minutes)))
        for zone, later, earlier in _REGIONS
        if (minutes := _shift(occurrence, ZoneInfo(zone)))
    )


def time_zone_link(occurrence: Occurrence) -> str:
    """Return the address of a page that shows when a meeting begins in the reader's time zone.

    Its form is ``https://arewemeetingyet.com/<city>/<date>/<time>/<title>``,
    all of it in the meeting's own time zone.
    """
    city = occurrence.timezone.rpartition("/")[2].replace("_", " ")
    title = quote(occurrence.series.title, safe="")
    start = f"{occurrence.start:%Y-%m-%d/%H:%M}"
    return f"https://arewemeetingyet.com/{quote(city, safe='')}/{start}/{title}"


def _shift(occurrence: Occurrence, region: ZoneInfo) -> int:
    """Return how many minutes later than usual a meeting begins in a region."""
    zone = ZoneInfo(occurrence.timezone)
    day, time = occurrence.date, occurrence.start.time()
    # How many days of the year that ends with the meeting each difference is in force, the one
    # of the meeting itself first.
    days: dict[datetime.timedelta, int] = {}
    end, begin = day + _DAY, day - 364 * _DAY
    runs = [run for year in (day.year - 1, day.year) for run in _runs(year, time, zone, region)]
    for first, ahead in reversed(runs):
        if (length := (end - max(first, begin)).days) > 0:
            days[ahead] = days.get(ahead, 0) + length
            end = first
    now = next(iter(days))
    usual = next((ahead for ahead, length in days.items() if length >= _USUAL_DAYS), now)
    return (now - usual) // _MINUTE


@functools.lru_cache(maxsize=256)
def _runs(
    year: int, time: datetime.time, zone: ZoneInfo, region: ZoneInfo
) -> tuple[tuple[datetime.date, datetime.timedelta], ...]:
    """Return how far a region's clocks are ahead of a time zone's at a time of day in a year.

    Each difference comes with the first day of those on which it is in force.
    """
    runs: list[tuple[datetime.date, datetime.timedelta]] = []
    day = datetime.date(year, 1, 1)
    while day.year == year:
        ahead = _ahead(datetime.datetime.combine(day, time), zone, region)
        if not runs or ahead != runs[-1][1]:
            runs.append((day, ahead))
        day += _DAY
    return tuple(runs)


_MINUTE = datetime.timedelta(minutes=1)


def _ahead(wall: datetime.datetime, zone: ZoneInfo, region: ZoneInfo) -> datetime.timedelta:
    """Return how far a region's clocks are ahead of a time zone's."""
    moment = instant(wall, zone)
    return moment.astimezone(region).replace(tzinfo=None) - moment.replace(tzinfo=None)


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if rest:
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    return ngettext("an hour", "{count} hours", hours).format(count=hours)


# --- times ----------------------------------------------------------------------------------


def instant(wall: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
    """Return the instant of a local time in a time zone.

    RFC 5545, section 3.3.5: a time that is skipped when the clocks go forward
    is read with the offset before that; of a time that occurs twice, the first is meant.

    >>> instant(datetime.datetime(2007, 3, 11, 2, 30), ZoneInfo("America/New_York")).isoformat()
    '2007-03-11T03:30:00-04:00'
    >>> instant(datetime.datetime(2007, 11, 4, 1, 30), ZoneInfo("America/New_York")).isoformat()
    '2007-11-04T01:30:00-04:00'
    """
    # PEP 495: fold=0 has the offset before the change in both cases.
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(datetime.UTC)
    return moment.astimezone(zone)


def end_of(start: datetime.datetime, period: Period) -> datetime.datetime:
    """Return when a meeting ends."""
    # Adding to an aware datetime would add local time, not elapsed time.
    return (start.astimezone(datetime.UTC) + period.duration).astimezone(period.zone)


def _occurrence(
    series: Series,
    period: Period,
    wall: datetime.datetime,
    status: Status = Status.SCHEDULED,
    reason: str = "",
    origin: datetime.date | None = None,
) -> Occurrence:
    start = instant(wall, period.zone)
    return Occurrence(series, start, end_of(start, period), origin, status, reason)


def _order(occurrence: Occurrence) -> tuple[datetime.datetime, str]:
    return (occurrence.utc, occurrence.series.id)


def _plus(day: datetime.date, days: int) -> datetime.date:
    """Return a day some days later, within the years that a schedule can have."""
    ordinal = min(max(day.toordinal() + days, FIRST_DAY.toordinal()), LAST_DAY.toordinal())
    return datetime.date.fromordinal(ordinal)


def _last_day(series: Series) -> datetime.date:
    """Return a day after which a series has no meetings."""
    starts: Sequence[datetime.datetime] = [
        *(one.start for one in series.moved),
        *(one.start for one in series.extra),
    ]
    last = series.periods[-1].last or LAST_DAY
    return max(last, *(_plus(start.date(), 1) for start in starts), FIRST_DAY)
