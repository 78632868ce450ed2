"""What ``community.yaml`` says."""

from __future__ import annotations

import datetime
import functools
import zoneinfo
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dateutil.rrule import rrulestr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dateutil.rrule import rrule, rruleset

FIRST_DAY = datetime.date(1970, 1, 1)
LAST_DAY = datetime.date(2199, 12, 31)
"""Dates outside of these are taken for typos."""
HOSTS = ("github", "gitlab", "bitbucket")
"""Where a repository can be."""
FORGES = ("github", "gitlab", "gitea")
"""The software of hosts whose issues notes may refer to. Forgejo counts as Gitea."""


class CommunityError(Exception):
    """A ``community.yaml`` that cannot be used.

    >>> print(CommunityError(("community.yaml:1: name: is required",)))
    community.yaml:1: name: is required
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(self.problems)


@dataclass(frozen=True)
class Repository:
    """The repository that the site's sources are in."""

    owner: str
    """The person, organization or, on GitLab, group with its subgroups."""
    name: str
    host: str = "github"
    """One of `HOSTS`."""
    branch: str = "main"
    folder: str = ""
    """The folder of ``conf.py`` in the repository, without leading and trailing slashes."""


@dataclass(frozen=True)
class Period:
    """A span of time in which one rule says when a series of meetings takes place."""

    rrule: str
    """The rule of RFC 5545, section 3.3.10, in uppercase: ``FREQ=MONTHLY;BYDAY=1TU,3TU``."""
    time: datetime.time
    """When meetings begin, in local time."""
    timezone: str
    """The name of the IANA time zone."""
    duration: datetime.timedelta
    """How long meetings last."""
    first: datetime.date
    """The first day that can have a meeting; weeks and months are counted from it."""
    last: datetime.date | None = None
    """The last day that can have a meeting; None if there is no end."""

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone."""
        return zoneinfo.ZoneInfo(self.timezone)

    def days(self, since: datetime.date, until: datetime.date) -> list[datetime.date]:
        """Return the days that the rule gives from one day to another, both included.

        >>> period = Period("FREQ=MONTHLY;BYDAY=1TU,3TU", datetime.time(11), "UTC",
        ...                 datetime.timedelta(hours=1), datetime.date(2025, 10, 7))
        >>> days = period.days(datetime.date(2025, 1, 1), datetime.date(2025, 11, 4))
        >>> [str(day) for day in days]
        ['2025-10-07', '2025-10-21', '2025-11-04']
        """
        since = max(since, self.first)
        until = min(until, self.last or LAST_DAY, LAST_DAY)
        if until < since:
            return []
        rule = _rule(self.rrule, self.first)
        found = rule.between(midnight(since), midnight(until), inc=True)
        return [moment.date() for moment in found]

    def first_day(self, since: datetime.date) -> datetime.date | None:
        """Return the first day that the rule gives at or after a day, or None."""
        found = _rule(self.rrule, self.first).after(midnight(since), inc=True)
        if found is None or found.date() > (self.last or LAST_DAY):
            return None
        return found.date()

    def last_day(self, until: datetime.date) -> datetime.date | None:
        """Return the last day that the rule gives at or before a day, or None."""
        rule = _rule(self.rrule, self.first)
        found = rule.before(midnight(min(until, self.last or LAST_DAY)), inc=True)
        return None if found is None else found.date()


@dataclass(frozen=True)
class Cancellation:
    """A meeting that does not take place."""

    date: datetime.date
    """The day that the rule gives."""
    reason: str = ""


@dataclass(frozen=True)
class Move:
    """A meeting that takes place at another time than the rule says."""

    origin: datetime.date
    """The day that the rule gives."""
    start: datetime.datetime
    """When it begins instead, in the time zone of its period."""
    reason: str = ""


@dataclass(frozen=True)
class Extra:
    """A meeting that the rule does not give."""

    start: datetime.datetime
    """When it begins, in the time zone of its period (`Series.period_on`)."""
    reason: str = ""


@dataclass(frozen=True)
class Series:
    """A series of meetings."""

    id: str
    """Lowercase letters, digits and hyphens; part of file names and identifiers."""
    title: str
    notes: str
    """The folder of its notes below the notes folder; ``""`` is the notes folder itself."""
    periods: tuple[Period, ...]
    """At least one, oldest first; they do not overlap, and only the last one may have no end."""
    updated: datetime.datetime | None = None
    """When the entry of the series was last changed, in UTC; None if not given."""
    canceled: tuple[Cancellation, ...] = ()
    """By date."""
    moved: tuple[Move, ...] = ()
    """By the day they are moved from."""
    extra: tuple[Extra, ...] = ()
    """By date."""
    repository: str = ""
    """The repository whose issues notes refer to by their numbers, such as ``numpy/numpy``;
    with the host before it if that is not GitHub's."""

    def days(
        self, since: datetime.date, until: datetime.date
    ) -> list[tuple[datetime.date, Period]]:
        """Return the days that the rules give from one day to another, with their periods."""
        return [(day, period) for period in self.periods for day in period.days(since, until)]

    def period_on(self, day: datetime.date) -> Period:
        """Return the period that a day is in, or else the one before it, or else the first."""
        begun = [period for period in self.periods if period.first <= day]
        return begun[-1] if begun else self.periods[0]


@dataclass(frozen=True)
class Community:
    """All that ``community.yaml`` says."""

    name: str
    organizers: str = ""
    site: str = ""
    """The URL of the published site, with a ``/`` at its end; empty if unknown."""
    domain: str = ""
    """Makes identifiers globally unique; stays the same when the site moves; empty if unknown."""
    links: Mapping[str, str] = field(default_factory=dict)
    """URLs by name, in the order of the file."""
    repository: Repository | None = None
    hide_people: tuple[str, ...] = ()
    """Handles of people who asked not to be named."""
    drop_sections: tuple[str, ...] = ()
    """Headings of parts of meetings that are not shown."""
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other names and handles of people, by their preferred names."""
    vocabulary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The community's own words for `cafe_site.vocabulary`, by key."""
    forges: Mapping[str, str] = field(default_factory=dict)
    """What runs on hosts besides GitHub's, one of `FORGES`."""
    schedule: tuple[Series, ...] = ()
    """In the order of the file."""


@functools.lru_cache(maxsize=64)
def _rule(text: str, first: datetime.date) -> rrule | rruleset:
    """Return a rule from its first day on.

    It ends with the last day that a schedule can have: without an end, a rule that gives no
    more dates is searched for them up to the year 9999.
    """
    return rrulestr(f"{text};UNTIL={LAST_DAY:%Y%m%d}", dtstart=midnight(first))


def midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time())
