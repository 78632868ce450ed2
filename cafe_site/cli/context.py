"""The context of a command: the community, its schedule, and the current time."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cafe_site.community import load_community
from cafe_site.community.schedule import (
    chosen,
    last_meeting,
    next_meeting,
    occurrences,
    upcoming,
)
from cafe_site.project import COMMUNITY, Unclear, find_community, find_language
from cafe_site.translation import gettext, ngettext, using

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from cafe_site.community import Community, Series
    from cafe_site.community.schedule import Occurrence


class Refused(Exception):
    """A request that cannot be fulfilled; the message says why, one line per problem."""


class CommandContext:
    """The values of the options that all commands share."""

    def __init__(self, community: Path | None, now: datetime.datetime | None, series: str | None):
        self.path = community or _find()
        self.community: Community = load_community(self.path)
        self.now = now or datetime.datetime.now(datetime.UTC)
        self.schedule: tuple[Series, ...] = self._schedule(series)

    def _schedule(self, wanted: str | None) -> tuple[Series, ...]:
        every = self.community.schedule
        if not every:
            message = gettext("{file}: there is no schedule; add one to say when you meet")
            raise Refused(message.format(file=self.path.name))
        found = chosen(every, wanted)
        if not found:
            known = ", ".join(one.id for one in every)
            message = gettext("{file}: unknown series {series!r}; the series are {known}")
            raise Refused(message.format(file=self.path.name, series=wanted, known=known))
        return found

    def show(self, found: list[Occurrence], *, as_json: bool) -> None:
        """Print meetings, one per line or as JSON."""
        from cafe_site.formats import listing

        if as_json:
            click.echo(listing.as_json(found))
        elif found:
            click.echo(listing.lines(found, titled=len(self.schedule) > 1))

    def on(self, day: datetime.date) -> list[Occurrence]:
        """Return the meetings on a day, at least one."""
        found = [one for series in self.schedule for one in occurrences(series, day, day)]
        if found:
            return sorted(found, key=lambda one: one.utc)
        for series in self.schedule:
            for move in series.moved:
                if move.origin == day:
                    message = gettext("the {title} of {day} has been moved: use --on {new}")
                    raise Refused(
                        message.format(title=series.title, day=day, new=move.start.date())
                    )
        noon = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
        near = [last_meeting(self.schedule, noon), next_meeting(self.schedule, noon)]
        days = [str(one.date) for one in near if one]
        if len(days) == 2:
            message = gettext(
                "there is no meeting on {day}; the nearest are on {before} and {after}"
            )
            raise Refused(message.format(day=day, before=days[0], after=days[1]))
        if days:
            message = gettext("there is no meeting on {day}; the nearest is on {near}")
            raise Refused(message.format(day=day, near=days[0]))
        raise Refused(gettext("there is no meeting on {day}").format(day=day))

    def only(self, day: datetime.date) -> Occurrence:
        """Return the only meeting on a day."""
        found = self.on(day)
        if len(found) > 1:
            ids = ", ".join(one.series.id for one in found)
            message = ngettext(
                "there is {count} meeting on {day}: choose with --series {ids}",
                "there are {count} meetings on {day}: choose with --series {ids}",
                len(found),
            )
            raise Refused(message.format(count=len(found), day=day, ids=ids))
        return found[0]

    def next(self) -> Occurrence:
        """Return the next meeting, which must not be canceled."""
        found = upcoming(self.schedule, self.now, 1)
        if not found:
            raise self.nothing()
        if not found[0].canceled:
            return found[0]
        first, last = found[0], found[-1]
        if first.reason:
            what = gettext("the {title} of {day} is canceled ({reason})")
        else:
            what = gettext("the {title} of {day} is canceled")
        problem = what.format(title=first.series.title, day=first.date, reason=first.reason)
        if last.canceled:
            message = gettext("{problem} (--on {day} gives a message that says so)")
        else:
            message = gettext(
                "{problem}; the next one is on {next}, use --on {next} "
                "(--on {day} gives a message that says so)"
            )
        raise Refused(message.format(problem=problem, day=first.date, next=last.date))

    def latest(self) -> Occurrence:
        """Return the last meeting that took place."""
        found = last_meeting(self.schedule, self.now)
        if found is None:
            message = gettext("no meeting took place before {day}")
            raise Refused(message.format(day=f"{self.now:%Y-%m-%d}"))
        return found

    def nothing(self) -> Refused:
        """Return the error for a schedule without further meetings."""
        message = gettext("{file}: no meeting is planned after {day}; its schedule has ended")
        return Refused(message.format(file=self.path.name, day=f"{self.now:%Y-%m-%d}"))

    def in_language(self, language: str | None) -> AbstractContextManager[None]:
        """Return a context manager that sets the language, by default to that of the site.

        The language of the terminal may be another.
        """
        return using(language or find_language(self.path))


def _find() -> Path:
    """Return the path of the community's file of the project that contains this folder."""
    try:
        found = find_community(Path.cwd())
    except Unclear as error:
        message = gettext("{problem}; say where the file is with --community")
        raise Refused(message.format(problem=error)) from error
    if found is None:
        message = gettext(
            "there is no {file} in this folder or one above it, nor in their folders docs, "
            "doc and source; say where it is with --community"
        )
        raise Refused(message.format(file=COMMUNITY))
    return found
