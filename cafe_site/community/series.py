"""The keys of a series of meetings in ``community.yaml``, and how they fit together."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from typing import TYPE_CHECKING

import yaml

from cafe_site.community.document import (
    Fields,
    Found,
    Place,
    list_of,
    mapping_of,
    pairs_of,
    quoted,
    scalar,
)
from cafe_site.community.model import Cancellation, Extra, Move, Period, Series
from cafe_site.community.values import (
    parse_date,
    parse_duration,
    parse_folder,
    parse_moment,
    parse_pattern,
    parse_repository,
    parse_rrule,
    parse_some_text,
    parse_text,
    parse_time,
    parse_timezone,
    parse_update,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cafe_site.community.document import Reader


def _dated_reasons(place: Place) -> list[Found]:
    """Read dates with reasons; a date may have none."""
    found = []
    for _, at_key, below in pairs_of(place):
        # The path of the mapping is enough: the message contains the date.
        at_date = Place(place.document, at_key.node, place.path)
        date = scalar(parse_date)(at_date)
        reason = "" if below.is_left_out else scalar(parse_text)(below)
        if date is not None and reason is not None:
            found.append(Found(at_date, Cancellation(date, reason)))
    return found


_EXTRA: Mapping[str, Reader] = {
    "date": scalar(parse_date),
    "time": scalar(parse_time),
    "reason": scalar(parse_text),
}


def _extra(place: Place) -> tuple[datetime.date, datetime.time | None, str] | None:
    """Read an extra meeting: a date, a date and a time, or keys with values."""
    if not isinstance(place.node, yaml.MappingNode):
        moment = scalar(parse_moment)(place)
        return None if moment is None else (*moment, "")
    fields = mapping_of(_EXTRA, "date")(place)
    if fields is None or "date" not in fields:
        return None
    return fields.value("date"), fields.value("time"), fields.value("reason", "")


_MOVED: Mapping[str, Reader] = {
    "from": scalar(parse_date),
    "to": scalar(parse_moment),
    "reason": scalar(parse_text),
}
_PERIOD: Mapping[str, Reader] = {
    "rrule": scalar(parse_rrule),
    "time": scalar(parse_time),
    "timezone": scalar(parse_timezone),
    "duration": scalar(parse_duration),
    "first": scalar(parse_date),
    "last": scalar(parse_date),
}
_SERIES: Mapping[str, Reader] = {
    # meetings.ics is the calendar of all series.
    "id": scalar(
        parse_pattern(
            r"(?!meetings$)[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?",
            "lowercase letters, digits and hyphens, no hyphen at either end, and not 'meetings'",
        )
    ),
    "title": scalar(parse_some_text),
    "notes": scalar(parse_folder),
    "repository": scalar(parse_repository),
    **_PERIOD,
    "updated": scalar(parse_update),
    "earlier": list_of(mapping_of(_PERIOD, "rrule", "first", "last")),
    "canceled": _dated_reasons,
    "moved": list_of(mapping_of(_MOVED, "from", "to")),
    "extra": list_of(_extra),
}
_read_series = mapping_of(_SERIES, "id", "rrule", "time", "timezone", "first")


def read_schedule(place: Place) -> tuple[Found, ...] | None:
    """Read a list of series, or a single one without a list."""
    if isinstance(place.node, yaml.MappingNode):
        fields = _read_series(place)
        return None if fields is None else (Found(place, fields),)
    found: tuple[Found, ...] | None = list_of(_read_series)(place)
    return found


KEYS: Mapping[str, tuple[str, ...]] = {
    "series": tuple(_SERIES),
    "period": tuple(_PERIOD),
    "moved": tuple(_MOVED),
    "extra": tuple(_EXTRA),
}
"""All keys, by the mapping that they belong to."""


# --- how the keys fit together ---------------------------------------------------------------


def check_unique(all_fields: Iterable[Fields]) -> None:
    """Report series that share an identifier, or a folder of notes."""
    ids: set[str] = set()
    folders: set[str] = set()
    for fields in all_fields:
        if "id" in fields:
            id_ = fields.value("id")
            if id_ in ids:
                fields["id"].place.report(f"{quoted(id_)} is already the id of another series")
            ids.add(id_)
        if "notes" in fields.refused:
            continue
        folder = fields.value("notes", "")
        if folder in folders:
            place = fields["notes"].place if "notes" in fields else fields.place.inside("notes")
            place.report(
                f"{quoted(folder or '.')} is already the notes folder of another series; "
                "give each series its own folder"
            )
        folders.add(folder)


def series_of(fields: Fields, community_name: str) -> Series | None:
    """Return a series, and report what does not fit together; None if its rules do not."""
    periods = _periods(fields)
    if periods is None:
        return None
    series = Series(
        id=fields.value("id", ""),
        title=fields.value("title", community_name),
        notes=fields.value("notes", ""),
        periods=periods,
        repository=fields.value("repository", ""),
        updated=fields.value("updated"),
    )
    canceled = _cancellations(series, fields)
    moved = _moves(series, fields, {one.date for one in canceled})
    extra = _extras(series, fields, moved)
    return dataclasses.replace(series, canceled=canceled, moved=moved, extra=extra)


def _periods(fields: Fields) -> tuple[Period, ...] | None:
    """Return the periods of a series, oldest first, or None if one is wrong."""
    found = [Found(fields.place, _period(fields, fields))]
    found += [
        Found(earlier.value["last"].place, _period(earlier.value, fields))
        for earlier in fields.value("earlier", ())
        if "last" in earlier.value
    ]
    read = [one for one in found if one.value is not None]
    read.sort(key=lambda one: one.value.first)
    written = len(fields["earlier"].place.node.value) if "earlier" in fields else 0
    fits = len(read) == 1 + written and "earlier" not in fields.refused
    for one, following in itertools.pairwise(read):
        begin = following.value.first
        if one.value.last is None or one.value.last >= begin:
            place = one.place
            if one is found[0]:
                place = fields["last"].place if "last" in fields else fields["first"].place
            place.report(
                f"'{one.value.last or one.value.first}' must be before {begin}, "
                "when the next rule begins"
            )
            fits = False
    return tuple(one.value for one in read) if fits else None


def _period(fields: Fields, defaults: Fields) -> Period | None:
    """Return a period of a series; the keys of the series are the defaults for those it omits.

    Days depend on the rule and on the first and last day alone,
    so that they can be checked although a time or time zone has been refused.
    """
    rule, first = fields.value("rrule"), fields.value("first")
    if rule is None or first is None or "last" in fields.refused:
        return None
    period = Period(
        rrule=rule,
        time=fields.value("time", defaults.value("time", datetime.time())),
        timezone=fields.value("timezone", defaults.value("timezone", "UTC")),
        duration=fields.value("duration", defaults.value("duration", datetime.timedelta(hours=1))),
        first=first,
        last=fields.value("last"),
    )
    if period.last is not None and period.last < period.first:
        fields["last"].place.report(f"'{period.last}' is before 'first', {period.first}")
        return None
    if period.first_day(period.first) is None:
        until = "on" if period.last is None else f"to {period.last}"
        dates = f"from {period.first} {until}"
        fields["rrule"].place.report(f"{quoted(period.rrule)} gives no date {dates}")
        return None
    return period


def _is_on(series: Series, day: datetime.date) -> bool:
    return bool(series.days(day, day))


def _check_is_on(series: Series, day: datetime.date, place: Place) -> bool:
    """Report a day that is not given by the rules, with the nearest ones that are."""
    if _is_on(series, day):
        return True
    before = [found for period in series.periods if (found := period.last_day(day))]
    after = [found for period in series.periods if (found := period.first_day(day))]
    nearest = [str(found) for found in (*before[-1:], *after[:1])]
    verb = "are" if len(nearest) > 1 else "is"
    place.report(
        f"'{day}' is not a day of this series; the nearest {verb} {' and '.join(nearest)}"
    )
    return False


def _cancellations(series: Series, fields: Fields) -> tuple[Cancellation, ...]:
    kept = [
        found.value
        for found in fields.value("canceled", ())
        if _check_is_on(series, found.value.date, found.place)
    ]
    return tuple(sorted(kept, key=lambda one: one.date))


def _moves(series: Series, fields: Fields, canceled: set[datetime.date]) -> tuple[Move, ...]:
    given = [
        found.value
        for found in fields.value("moved", ())
        if "from" in found.value and "to" in found.value
    ]
    away = {one.value("from") for one in given} - canceled
    seen: set[datetime.date] = set()
    targets: set[datetime.date] = set()
    moves = []
    for one in given:
        origin = one.value("from")
        day, time = one.value("to")
        at_origin, at_target = one["from"].place, one["to"].place
        if origin in seen:
            at_origin.report(f"'{origin}' is moved twice; keep one of them")
            continue
        seen.add(origin)
        if not _check_is_on(series, origin, at_origin):
            continue
        if origin in canceled:
            at_origin.report(f"'{origin}' is canceled as well; keep one of them")
            continue
        period = series.period_on(origin)
        start = datetime.datetime.combine(day, time or period.time)
        if start == datetime.datetime.combine(origin, period.time):
            at_target.report(f"'{start:%Y-%m-%d %H:%M}' is already its scheduled time")
        elif day in targets or (day not in away and _is_on(series, day)):
            at_target.report(f"'{day}' already has a meeting of this series")
        else:
            targets.add(day)
            moves.append(Move(origin, start, one.value("reason", "")))
    return tuple(sorted(moves, key=lambda move: move.origin))


def _extras(series: Series, fields: Fields, moved: tuple[Move, ...]) -> tuple[Extra, ...]:
    away = {move.origin for move in moved}
    taken = {move.start.date() for move in moved}
    extras = []
    for found in fields.value("extra", ()):
        day, time, reason = found.value
        if day in taken or (day not in away and _is_on(series, day)):
            found.place.report(f"'{day}' already has a meeting of this series")
            continue
        taken.add(day)
        start = datetime.datetime.combine(day, time or series.period_on(day).time)
        extras.append(Extra(start, reason))
    return tuple(sorted(extras, key=lambda extra: extra.start))
