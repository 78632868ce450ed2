"""Meetings as iCalendar files, to subscribe to or to import.

iCalendar is RFC 5545, with the calendar properties of RFC 7986.
The output depends only on the schedule: no clock, no random identifiers.
"""

from __future__ import annotations

import datetime
import functools
from calendar import monthrange
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vRecur, vText

from cafe_site.community import FIRST_DAY
from cafe_site.community.schedule import (
    Status,
    end_of,
    instant,
    occurrences,
    time_zone_link,
    unusual_hours,
)
from cafe_site.translation import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cafe_site.community import Community, Period, Series
    from cafe_site.community.schedule import Occurrence

    Notes = Mapping[tuple[str, datetime.date], str]
    """The URLs of meetings' notes, by the id of their series and their date."""

PRODUCT = "-//cafe_site//cafe_site//EN"

# What people need when a meeting begins: names of links in community.yaml,
# and the lines that show them.
_LINKS = (
    ("video", N_("Join: {address}")),
    ("pad", N_("Shared notes: {address}")),
    ("issues", N_("Topics: {address}")),
    ("chat", N_("Chat: {address}")),
    ("code_of_conduct", N_("Code of conduct: {address}")),
    ("archive", N_("Notes of earlier meetings: {address}")),
)
# The number of years that the definition of a time zone without a rule covers.
_ZONE_YEARS = 40
_NO_NOTES: Notes = MappingProxyType({})


def calendar(
    community: Community, *, series: Iterable[Series] | None = None, notes: Notes = _NO_NOTES
) -> bytes:
    """Return a calendar of all meetings, to subscribe to.

    Each period of a series is one recurring event.
    Its UID is made of the series' id and the period's first day,
    so it does not change when a period moves into ``earlier``.
    An occurrence that differs is another event with this UID and a RECURRENCE-ID:

    - A moved one has its new time.
    - A canceled one has ``STATUS:CANCELLED``, says so in its title and takes no time
      (``TRANSP:TRANSPARENT``), for programs that show it anyway.
      With an EXDATE it would disappear without notice.
    - A past one with notes has their URL instead of how to join.

    Extra meetings are events with their own UIDs.

    SEQUENCE (RFC 5545, section 3.8.7.4) must grow with a change of times and never go down,
    or programs ignore the change. The contents of the file do not show how often it was changed:
    a count of the cancellations goes down when one is revoked. So both SEQUENCE, in minutes
    since 1970, and DTSTAMP come only from the series' ``updated``. SEQUENCE is the same in all
    events of a series, because programs may ignore an occurrence with a lower one than
    the rule. Without ``updated`` there is no SEQUENCE, which RFC 5546, section 2.1.4, treats
    as 0, and DTSTAMP is the first day.

    :param series: the series to include; all of the community's by default
    :param notes: the URLs of notes; those of days without a meeting are left out
    :raises ValueError: if there is no series, since RFC 5545, section 3.6, requires a component
    """
    chosen = tuple(community.schedule if series is None else series)
    if not chosen:
        raise ValueError("a calendar needs a series of meetings")
    name = chosen[0].title if len(chosen) == 1 and series is not None else community.name
    file = _file(name, community.site)
    for one in chosen:
        for event in _events(community, one, notes):
            file.add_component(event)
    return _bytes(file)


def single(community: Community, occurrence: Occurrence, *, notes: str = "") -> bytes:
    """Return a calendar with one meeting, to import.

    Its UID is made of the series' id and the day given by the rule,
    so it does not change when the meeting is moved.

    :param notes: the URL of its notes, if any
    """
    file = _file(occurrence.series.title, community.site)
    file.add_component(_single_event(community, occurrence, notes))
    return _bytes(file)


def _file(name: str, site: str) -> Calendar:
    file = Calendar()
    file.add("VERSION", "2.0")
    file.add("PRODID", PRODUCT)
    # RFC 7986, sections 5.1 and 5.7, and what older programs read instead.
    # icalendar writes unknown properties as they are, so the type has to be explicit.
    file.add("NAME", vText(name))
    file.add("X-WR-CALNAME", vText(name))
    # RFC 7986, section 5.7: the type has to be explicit.
    day = datetime.timedelta(days=1)
    file.add("REFRESH-INTERVAL", day, parameters={"VALUE": "DURATION"})
    file.add("X-PUBLISHED-TTL", "P1D")
    if site:
        file.add("URL", site)
    return file


def _bytes(file: Calendar) -> bytes:
    """Return a file with the definitions of the time zones it uses."""
    first = min(event.start.year for event in file.events)
    for name in sorted(file.get_used_tzids(), reverse=True):
        file.subcomponents.insert(0, _zone(name, first))
    content: bytes = file.to_ical()
    return content


def _events(community: Community, series: Series, notes: Notes) -> list[Event]:
    """Return the events of a series: each period with its exceptions, then the extra meetings."""
    different: dict[Period, list[Event]] = {period: [] for period in series.periods}
    extra = []
    for one in occurrences(series, FIRST_DAY, _last_known_day(series, notes)):
        address = _notes_address(one, notes)
        if one.status is Status.EXTRA:
            extra.append(_single_event(community, one, address))
        elif address or one.status is not Status.SCHEDULED:
            day = one.origin or one.date
            period = series.period_on(day)
            event = _event(community, one, address)
            _identify(event, community, series, _period_stem(series, period))
            event.add("RECURRENCE-ID", _wall(day, period))
            different[period].append(event)
    recurring = [
        event
        for period, others in different.items()
        for event in (_recurring(community, series, period), *others)
    ]
    return recurring + extra


def _recurring(community: Community, series: Series, period: Period) -> Event:
    """Return the event of a period's rule.

    DTSTART is the first day given by the rule, since RFC 5545, section 3.8.5.3,
    leaves a DTSTART that does not match the rule undefined.
    """
    first = period.first_day(period.first)
    assert first is not None  # `read_community` refuses a rule without dates
    event = Event()
    _identify(event, community, series, _period_stem(series, period))
    start = _wall(first, period)
    event.add("SUMMARY", series.title)
    event.add("DTSTART", start)
    event.add("DTEND", end_of(instant(start.replace(tzinfo=None), period.zone), period))
    rule = vRecur.from_ical(period.rrule)
    if period.last is not None:
        # RFC 5545, section 3.3.10: in UTC if DTSTART has a time zone.
        until = instant(datetime.datetime.combine(period.last, period.time), period.zone)
        rule["UNTIL"] = until.astimezone(datetime.UTC)
    event.add("RRULE", rule)
    event.add("STATUS", "CONFIRMED")
    _describe(event, community, (), "")
    return event


def _single_event(community: Community, occurrence: Occurrence, notes: str) -> Event:
    """Return an event with its own UID."""
    kind = "extra" if occurrence.status is Status.EXTRA else "single"
    day = occurrence.origin or occurrence.date
    event = _event(community, occurrence, notes)
    stem = f"{occurrence.series.id}-{day:%Y%m%d}-{kind}"
    _identify(event, community, occurrence.series, stem)
    return event


def _event(community: Community, occurrence: Occurrence, notes: str) -> Event:
    """Return an event for one meeting, without its identifiers."""
    event = Event()
    event.add("SUMMARY", _title(occurrence))
    event.add("DTSTART", occurrence.start)
    event.add("DTEND", occurrence.end)
    event.add("STATUS", "CANCELLED" if occurrence.canceled else "CONFIRMED")
    if occurrence.canceled:
        event.add("TRANSP", "TRANSPARENT")
    sentences = []
    if occurrence.origin is not None:
        sentences.append(gettext("Moved from {date}.").format(date=occurrence.origin))
    if occurrence.reason:
        sentences.append(occurrence.reason)
    if not occurrence.canceled and not notes:
        sentences += unusual_hours(occurrence)
        sentences.append(
            gettext("In your time zone: {address}").format(address=time_zone_link(occurrence))
        )
    _describe(event, community, sentences, notes, joining=not occurrence.canceled)
    return event


def _title(occurrence: Occurrence) -> str:
    title = occurrence.series.title
    return gettext("Canceled: {title}").format(title=title) if occurrence.canceled else title


def _describe(
    event: Event,
    community: Community,
    sentences: Iterable[str],
    notes: str,
    *,
    joining: bool = True,
) -> None:
    """Add a description: the notes of a past meeting, or how to join a future one."""
    lines = list(sentences)
    if notes:
        lines.append(gettext("Notes: {address}").format(address=notes))
        event.add("URL", notes)
    else:
        if joining:
            links = community.links
            lines += [
                gettext(line).format(address=links[name]) for name, line in _LINKS if name in links
            ]
            if "video" in links:
                event.add("LOCATION", links["video"])
        if community.site:
            event.add("URL", community.site)
    if lines:
        event.add("DESCRIPTION", "\n".join(lines))


def _identify(event: Event, community: Community, series: Series, stem: str) -> None:
    event.add("UID", f"{stem}@{community.domain}" if community.domain else stem)
    midnight = datetime.time(tzinfo=datetime.UTC)
    created = datetime.datetime.combine(series.periods[-1].first, midnight)
    if series.updated is not None:
        event.add("SEQUENCE", int(series.updated.timestamp()) // 60)
    event.add("DTSTAMP", series.updated or created)


def _period_stem(series: Series, period: Period) -> str:
    return f"{series.id}-{period.first:%Y%m%d}"


def _wall(day: datetime.date, period: Period) -> datetime.datetime:
    """Return the start of a meeting by the rule, even if a clock change skips this time."""
    return datetime.datetime.combine(day, period.time, tzinfo=period.zone)


def _notes_address(occurrence: Occurrence, notes: Notes) -> str:
    """Return the URL of a meeting's notes, by its day or the day it was moved from."""
    if occurrence.canceled:
        return ""
    key = occurrence.series.id
    address = notes.get((key, occurrence.date), "")
    if not address and occurrence.origin is not None:
        address = notes.get((key, occurrence.origin), "")
    return address


def _last_known_day(series: Series, notes: Notes) -> datetime.date:
    """Return the last day with an exception or notes."""
    days = [FIRST_DAY]
    days += [one.date for one in series.canceled]
    days += [one.start.date() for one in series.moved]
    days += [one.start.date() for one in series.extra]
    days += [day for key, day in notes if key == series.id]
    return max(days)


# --- definitions of time zones --------------------------------------------------------------


def _zone(name: str, first_year: int) -> Timezone:
    """Return the definition of a time zone, from a year on.

    RFC 5545, section 3.6.5: each kind of clock change is a component of its own,
    whose start is in the old local time.
    It has a rule if the changes of all years follow one, as in Europe and North America,
    and otherwise the dates of the changes of `_ZONE_YEARS`.
    `icalendar.Timezone.from_tzinfo` writes only dates, and starts summer time an hour late.
    """
    zone = ZoneInfo(name)
    # The last clock change may have been in the year before.
    moment = datetime.datetime(first_year - 1, 1, 1, tzinfo=datetime.UTC)
    last_year = first_year + _ZONE_YEARS
    kinds: dict[tuple[datetime.timedelta, ...], list[datetime.datetime]] = {}
    before = _offset(zone, moment)
    for change in (moment, *_changes_of(zone, moment, last_year)):
        local = change.astimezone(zone)
        after, saving = _offset(zone, change), local.dst() or datetime.timedelta()
        kinds.setdefault((before, after, saving), []).append(local)
        before = after
    definition = Timezone()
    definition.add("TZID", name)
    for (before, after, saving), changes in kinds.items():
        begins = [(one.astimezone(datetime.UTC) + before).replace(tzinfo=None) for one in changes]
        part = TimezoneDaylight() if saving else TimezoneStandard()
        part.add("DTSTART", begins[0])
        part.add("TZOFFSETFROM", before)
        part.add("TZOFFSETTO", after)
        part.add("TZNAME", changes[-1].tzname() or name)
        rule = _yearly_rule(begins, last_year)
        if rule:
            part.add("RRULE", vRecur.from_ical(rule))
        elif begins[1:]:
            part.add("RDATE", begins[1:])
        definition.add_component(part)
    return definition


def _offset(zone: ZoneInfo, moment: datetime.datetime) -> datetime.timedelta:
    return moment.astimezone(zone).utcoffset() or datetime.timedelta()


@functools.lru_cache(maxsize=64)  # the same for each file of a single meeting
def _changes_of(
    zone: ZoneInfo, since: datetime.datetime, last_year: int
) -> tuple[datetime.datetime, ...]:
    """Return when the clocks of a time zone change, in UTC."""
    found = []
    while since.year <= last_year:
        # No time zone changes its clocks twice within a week.
        low = since
        high = since = since + datetime.timedelta(days=7)
        if _offset(zone, low) == _offset(zone, high):
            continue
        while high - low > _SECOND:
            middle = low + (high - low) // _SECOND // 2 * _SECOND
            if _offset(zone, middle) == _offset(zone, low):
                low = middle
            else:
                high = middle
        found.append(high)
    return tuple(found)


_SECOND = datetime.timedelta(seconds=1)


def _yearly_rule(begins: list[datetime.datetime], last_year: int) -> str:
    """Return the rule that clock changes follow up to the last year, or an empty string.

    >>> days = [datetime.datetime(y, 3, d, 2) for y, d in [(2025, 30), (2026, 29), (2027, 28)]]
    >>> _yearly_rule(days, 2027)
    'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU'
    """
    first = begins[0]
    years = [begin.year for begin in begins]
    every_year = [*range(first.year, last_year + 1)]
    shared = {(begin.month, begin.weekday(), begin.time()) for begin in begins}
    if len(begins) < 3 or len(shared) > 1 or years != every_year:
        return ""
    weeks = {(begin.day - 1) // 7 + 1 for begin in begins}
    if all(begin.day > monthrange(begin.year, begin.month)[1] - 7 for begin in begins):
        weeks = {-1}
    if len(weeks) > 1:
        return ""
    return f"FREQ=YEARLY;BYMONTH={first.month};BYDAY={weeks.pop()}{_WEEKDAYS[first.weekday()]}"


_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
