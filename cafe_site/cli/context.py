"""What a command works on: the community, its schedule, and the time that counts as now."""

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
from cafe_site.formats import listing
from cafe_site.project import COMMUNITY, Unclear, find_community

if TYPE_CHECKING:
    from cafe_site.community import Community, Series
    from cafe_site.community.schedule import Occurrence


class Refused(Exception):
    """What was asked for cannot be done; says why, one line for each problem."""


class CommandContext:
    """What the options that all commands share say."""

    def __init__(self, community: Path | None, now: datetime.datetime | None, series: str | None):
        self.path = community or _find()
        self.community: Community = load_community(self.path)
        self.now = now or datetime.datetime.now(datetime.UTC)
        self.schedule: tuple[Series, ...] = self._schedule(series)

    def _schedule(self, wanted: str | None) -> tuple[Series, ...]:
        every = self.community.schedule
        if not every:
            raise Refused(f"{self.path.name}: there is no schedule; add one to say when you meet")
        found = chosen(every, wanted)
        if not found:
            known = ", ".join(one.id for one in every)
            raise Refused(f"{self.path.name}: there is no series {wanted!r}; it has {known}")
        return found

    def show(self, found: list[Occurrence], *, as_json: bool) -> None:
        """Print meetings: a line each, or JSON."""
        if as_json:
            click.echo(listing.as_json(found))
        elif found:
            click.echo(listing.lines(found, titled=len(self.schedule) > 1))

    def on(self, day: datetime.date) -> list[Occurrence]:
        """Return the meetings of a day, at least one."""
        found = [one for series in self.schedule for one in occurrences(series, day, day)]
        if found:
            return sorted(found, key=lambda one: one.utc)
        for series in self.schedule:
            for move in series.moved:
                if move.origin == day:
                    raise Refused(
                        f"the {series.title} of {day} has been moved: use --on {move.start.date()}"
                    )
        noon = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
        near = [last_meeting(self.schedule, noon), next_meeting(self.schedule, noon)]
        days = " and ".join(str(one.date) for one in near if one)
        nearest = f"; the nearest are on {days}" if all(near) else f"; the nearest is on {days}"
        raise Refused(f"there is no meeting on {day}{nearest if days else ''}")

    def only(self, day: datetime.date) -> Occurrence:
        """Return the one meeting of a day."""
        found = self.on(day)
        if len(found) > 1:
            ids = ", ".join(one.series.id for one in found)
            raise Refused(f"there are {len(found)} meetings on {day}: choose with --series {ids}")
        return found[0]

    def next(self) -> Occurrence:
        """Return the next meeting, which must not be a canceled one."""
        found = upcoming(self.schedule, self.now, 1)
        if not found:
            raise self.nothing()
        if not found[0].canceled:
            return found[0]
        last = found[-1]
        instead = (
            "" if last.canceled else f"; the next one is on {last.date}, use --on {last.date}"
        )
        raise Refused(
            f"the {found[0].series.title} of {found[0].date} is canceled"
            f"{_because(found[0])}{instead} (--on {found[0].date} gives a text that says so)"
        )

    def latest(self) -> Occurrence:
        """Return the last meeting that took place."""
        found = last_meeting(self.schedule, self.now)
        if found is None:
            raise Refused(f"no meeting took place before {self.now:%Y-%m-%d}")
        return found

    def nothing(self) -> Refused:
        """Return what to say if there are no more meetings."""
        return Refused(
            f"{self.path.name}: no meeting is planned after {self.now:%Y-%m-%d}; "
            "its schedule has ended"
        )


def _find() -> Path:
    """Return the path of the community's file of the project that this folder is in."""
    try:
        found = find_community(Path.cwd())
    except Unclear as error:
        raise Refused(f"{error}; say where the file is with --community") from error
    if found is None:
        raise Refused(
            f"there is no {COMMUNITY} in this folder or one above it, nor in their folders docs, "
            "doc and source; say where it is with --community"
        )
    return found


def _because(occurrence: Occurrence) -> str:
    return f" ({occurrence.reason})" if occurrence.reason else ""
