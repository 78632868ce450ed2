"""The keys of ``community.yaml``, and what they say together."""

from __future__ import annotations

import datetime
import io
import itertools
import re
from typing import TYPE_CHECKING

import yaml

from cafe_site.community.document import (
    Document,
    Fields,
    Found,
    Place,
    list_of,
    mapping_of,
    pairs_of,
    quoted,
    scalar,
)
from cafe_site.community.model import (
    HOSTS,
    Cancellation,
    Community,
    CommunityError,
    Extra,
    Move,
    Period,
    Repository,
    Series,
)
from cafe_site.community.values import (
    NAME,
    host_of,
    parse_address,
    parse_choice,
    parse_date,
    parse_domain,
    parse_duration,
    parse_folder,
    parse_moment,
    parse_pattern,
    parse_person,
    parse_rrule,
    parse_section,
    parse_site,
    parse_some_text,
    parse_text,
    parse_time,
    parse_timezone,
    parse_update,
)
from cafe_site.reading import read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from cafe_site.community.document import Reader


def load_community(path: Path) -> Community:
    """Read a community's file.

    :raises CommunityError: if it cannot be read, or for what `read_community` refuses
    """
    try:
        text = io.TextIOWrapper(io.BytesIO(read_file(path)), encoding="utf-8").read()
    except FileNotFoundError:
        raise CommunityError((f"{path}: there is no such file",)) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = f"{path.name}:{line}: is not UTF-8; save it as UTF-8"
        raise CommunityError((problem,)) from None
    except OSError as error:
        raise CommunityError((f"{path}: cannot be read: {error.strerror or error}",)) from None
    return read_community(text, path.name)


def read_community(text: str, name: str = "community.yaml") -> Community:
    """Read the text of a community's file.

    It is YAML without tags, aliases and keys that stand twice,
    and every value is taken as the text that it is: ``11:00`` is no number, ``no`` no truth value.
    A key without a value counts as left out.

    >>> read_community("name: Example Café\\nsite: https://cafe.example.org").domain
    'cafe.example.org'
    >>> read_community("name: Example Café\\nsite: cafe.example.org")
    Traceback (most recent call last):
    cafe_site.community.model.CommunityError: community.yaml:2: site: 'cafe.example.org' is no \
web address; it should begin with https://

    :param name: the name of the file, for problems
    :raises CommunityError: with all problems, in the order of the file's lines
    """
    document = Document(name)
    root = document.compose(text)
    community = None if root is None else _community(document, root)
    if document.problems or community is None:
        document.problems.sort(key=lambda problem: problem[0])
        raise CommunityError(line for _, line in document.problems)
    return community


# --- the keys -------------------------------------------------------------------------------


def _named_addresses(place: Place) -> dict[str, str]:
    addresses = {}
    for key, at_key, below in pairs_of(place):
        if not re.fullmatch(r"[\w-]+", key):
            at_key.report("should be a name of letters, digits, '_' and '-'")
        elif not below.is_left_out and (address := scalar(parse_address)(below)) is not None:
            addresses[key] = address
    return addresses


def _dated_reasons(place: Place) -> list[Found]:
    """Read dates with reasons; a date may have none."""
    found = []
    for _, at_key, below in pairs_of(place):
        # The path of the mapping is enough: the date stands in the message.
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
            "small letters, digits and hyphens only, no hyphen at either end, and not 'meetings'",
        )
    ),
    "title": scalar(parse_some_text),
    "notes": scalar(parse_folder),
    **_PERIOD,
    "updated": scalar(parse_update),
    "earlier": list_of(mapping_of(_PERIOD, "rrule", "first", "last")),
    "canceled": _dated_reasons,
    "moved": list_of(mapping_of(_MOVED, "from", "to")),
    "extra": list_of(_extra),
}
_read_series = mapping_of(_SERIES, "id", "rrule", "time", "timezone", "first")


def _schedule(place: Place) -> tuple[Found, ...] | None:
    """Read a list of series; a single one need not be in a list."""
    if isinstance(place.node, yaml.MappingNode):
        fields = _read_series(place)
        return None if fields is None else (Found(place, fields),)
    found: tuple[Found, ...] | None = list_of(_read_series)(place)
    return found


_REPOSITORY: Mapping[str, Reader] = {
    "host": scalar(parse_choice(*HOSTS)),
    # A group on GitLab can have subgroups.
    "owner": scalar(parse_pattern(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", NAME)),
    "name": scalar(parse_pattern(r"(?!\.\.?$)[\w.-]+", NAME)),
    "branch": scalar(parse_pattern(r"(?!/)(?!.*\.\.)[\w./-]+(?<!/)", "the name of a branch")),
    "folder": scalar(parse_folder),
}
_PRIVACY: Mapping[str, Reader] = {
    "hide_people": list_of(scalar(parse_person)),
    "drop_sections": list_of(scalar(parse_section)),
}
_COMMUNITY: Mapping[str, Reader] = {
    "name": scalar(parse_some_text),
    "organizers": scalar(parse_text),
    "site": scalar(parse_site),
    "domain": scalar(parse_domain),
    "links": _named_addresses,
    "repository": mapping_of(_REPOSITORY, "owner", "name"),
    "privacy": mapping_of(_PRIVACY),
    "schedule": _schedule,
}


KEYS: Mapping[str, tuple[str, ...]] = {
    "community": tuple(_COMMUNITY),
    "repository": tuple(_REPOSITORY),
    "privacy": tuple(_PRIVACY),
    "series": tuple(_SERIES),
    "period": tuple(_PERIOD),
    "moved": tuple(_MOVED),
    "extra": tuple(_EXTRA),
}
"""The keys that there are, by where they stand."""


# --- what the keys say together -------------------------------------------------------------


def _community(document: Document, root: yaml.Node) -> Community | None:
    fields = mapping_of(_COMMUNITY, "name")(Place(document, root, ""))
    if fields is None:
        return None
    name = fields.value("name", "")
    site = fields.value("site", "")
    privacy = fields.value("privacy", {})
    repository = fields.value("repository")
    read = [(found.value, _series(found.value, name)) for found in fields.value("schedule", ())]
    _check_unique(series_fields for series_fields, _ in read)
    return Community(
        name=name,
        organizers=fields.value("organizers", ""),
        site=site,
        domain=fields.value("domain", host_of(site)),
        links=fields.value("links", {}),
        repository=None if repository is None else _repository(repository),
        hide_people=_texts(privacy, "hide_people"),
        drop_sections=_texts(privacy, "drop_sections"),
        schedule=tuple(series for _, series in read if series is not None),
    )


def _texts(fields: Fields, key: str) -> tuple[str, ...]:
    return tuple(found.value for found in fields[key].value) if key in fields else ()


def _repository(fields: Fields) -> Repository | None:
    if "owner" not in fields or "name" not in fields:
        return None
    return Repository(**{key: found.value for key, found in fields.items()})


def _check_unique(all_fields: Iterable[Fields]) -> None:
    """Report series that share an identifier, or a folder of notes."""
    ids: set[str] = set()
    folders: set[str] = set()
    for fields in all_fields:
        if "id" in fields:
            id_ = fields.value("id")
            if id_ in ids:
                fields["id"].place.report(f"{quoted(id_)} is the id of another series already")
            ids.add(id_)
        if "notes" in fields.refused:
            continue
        folder = fields.value("notes", "")
        if folder in folders:
            place = fields["notes"].place if "notes" in fields else fields.place.inside("notes")
            place.report(
                f"{quoted(folder or '.')} has the notes of another series already; "
                "give each series a folder of its own"
            )
        folders.add(folder)


def _series(fields: Fields, community_name: str) -> Series | None:
    periods = _periods(fields)
    if periods is None:
        return None
    series = Series(
        id=fields.value("id", ""),
        title=fields.value("title", community_name),
        notes=fields.value("notes", ""),
        periods=periods,
        updated=fields.value("updated"),
    )
    return _with_changes(series, fields)


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
                f"'{one.value.last or one.value.first}' should be before {begin}, "
                "when the next rule begins"
            )
            fits = False
    return tuple(one.value for one in read) if fits else None


def _period(fields: Fields, defaults: Fields) -> Period | None:
    """Return a period of a series, whose own keys are the defaults of what it leaves out.

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


def _with_changes(series: Series, fields: Fields) -> Series:
    """Return a series with its canceled, moved and extra meetings, and report what clashes."""
    canceled = _cancellations(series, fields)
    moved = _moves(series, fields, {one.date for one in canceled})
    extra = _extras(series, fields, moved)
    return Series(
        **{**vars(series), "canceled": canceled, "moved": moved, "extra": extra},
    )


def _is_on(series: Series, day: datetime.date) -> bool:
    return bool(series.days(day, day))


def _check_is_on(series: Series, day: datetime.date, place: Place) -> bool:
    """Report a day that the rules do not give, with its neighbors that they do give."""
    if _is_on(series, day):
        return True
    before = [found for period in series.periods if (found := period.last_day(day))]
    after = [found for period in series.periods if (found := period.first_day(day))]
    nearest = [str(found) for found in (*before[-1:], *after[:1])]
    verb = "are" if len(nearest) > 1 else "is"
    place.report(f"'{day}' is no day of this series; the nearest {verb} {' and '.join(nearest)}")
    return False


def _cancellations(series: Series, fields: Fields) -> tuple[Cancellation, ...]:
    kept = []
    for found in fields.value("canceled", ()):
        if _check_is_on(series, found.value.date, found.place):
            kept.append(found.value)
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
            at_target.report(f"'{start:%Y-%m-%d %H:%M}' is when it would be anyway")
        elif day in targets or (day not in away and _is_on(series, day)):
            at_target.report(f"'{day}' has a meeting of this series already")
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
            found.place.report(f"'{day}' has a meeting of this series already")
            continue
        taken.add(day)
        start = datetime.datetime.combine(day, time or series.period_on(day).time)
        extras.append(Extra(start, reason))
    return tuple(sorted(extras, key=lambda extra: extra.start))
