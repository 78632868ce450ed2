"""The command line: dates, texts to paste, and notes that are missing.

Nothing here imports Sphinx, and what takes long to import is imported where it is used.
``docs/command-line.md`` is the reference.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cafe_site import __version__
from cafe_site.community import FIRST_DAY, LAST_DAY, CommunityError, load_community
from cafe_site.community.schedule import (
    Status,
    missing,
    next_meeting,
    occurrences,
    time_zone_link,
    unusual_hours,
    upcoming,
)
from cafe_site.community.schedule import chosen as chosen_series
from cafe_site.project import COMMUNITY, Unclear, find_community, find_notes
from cafe_site.reading import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cafe_site.community import Community, Series
    from cafe_site.community.schedule import Occurrence
    from cafe_site.notes.dates import MeetingDate


class _Refused(Exception):
    """What was asked for cannot be done; says why, one line for each problem."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0: all is well; 1: something is missing or wrong; 2: the command was not understood.
    What is wrong is said on standard error, one line for each problem.
    Output is UTF-8, whatever the encoding of the terminal.

    :param argv: the arguments; those of the process by default
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        if sys.stdout is None:
            raise _Refused("standard output is closed")
        code = cafe_site.main(argv, prog_name="cafe-site", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (_Refused, CommunityError) as error:
        click.echo(error, err=True)
    except BrokenPipeError:
        # Whoever reads has read enough, as in `cafe-site next | head -1`.
        _drop_output()
    except OSError as error:
        if error.filename is None:
            _drop_output()
        name = error.filename or "standard output"
        click.echo(f"{name}: {error.strerror or error}", err=True)
    except click.Abort:
        pass
    else:
        return int(code or 0)
    return 1


def _drop_output() -> None:
    """Send what is left of the output nowhere; Python would try to write it on exit, and fail."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, ValueError):
        pass


# --- arguments ------------------------------------------------------------------------------


def _to_day(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime.date | None:
    """Return the day that an argument means."""
    if value is None:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise click.BadParameter(f"{value!r} is no date; write it as 2026-12-01")
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not in the calendar") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        years = f"{FIRST_DAY.year} and {LAST_DAY.year}"
        raise click.BadParameter(f"{value!r} is not between the years {years}")
    return day


def _to_moment(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> datetime.datetime | None:
    """Return the beginning of a day in UTC, or the time that an argument means."""
    day = _to_day(ctx, param, value and value[:10])
    if value is None or day is None:
        return None
    if len(value) == 10:
        return datetime.datetime.combine(day, datetime.time(), datetime.UTC)
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise click.BadParameter(f"{value!r} is no time; write it as 2026-12-01T19:30Z")
    return moment


class _Chosen:
    """What the options that all commands share say."""

    def __init__(self, community: Path | None, now: datetime.datetime | None, series: str | None):
        self.path = community or _find()
        self.community: Community = load_community(self.path)
        self.now = now or datetime.datetime.now(datetime.UTC)
        self.schedule: tuple[Series, ...] = self._schedule(series)

    def _schedule(self, wanted: str | None) -> tuple[Series, ...]:
        every = self.community.schedule
        if not every:
            raise _Refused(f"{self.path.name}: there is no schedule; add one to say when you meet")
        found = chosen_series(every, wanted)
        if not found:
            known = ", ".join(one.id for one in every)
            raise _Refused(f"{self.path.name}: there is no series {wanted!r}; it has {known}")
        return found

    def on(self, day: datetime.date) -> list[Occurrence]:
        """Return the meetings of a day, at least one."""
        found = [one for series in self.schedule for one in occurrences(series, day, day)]
        if found:
            return sorted(found, key=lambda one: one.utc)
        for series in self.schedule:
            for move in series.moved:
                if move.origin == day:
                    raise _Refused(
                        f"the {series.title} of {day} has been moved: use --on {move.start.date()}"
                    )
        noon = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
        near = [_latest(self.schedule, noon), next_meeting(self.schedule, noon)]
        days = " and ".join(str(one.date) for one in near if one)
        nearest = f"; the nearest are on {days}" if all(near) else f"; the nearest is on {days}"
        raise _Refused(f"there is no meeting on {day}{nearest if days else ''}")

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
        raise _Refused(
            f"the {found[0].series.title} of {found[0].date} is canceled"
            f"{_because(found[0])}{instead} (--on {found[0].date} gives a text that says so)"
        )

    def latest(self) -> Occurrence:
        """Return the last meeting that took place."""
        found = _latest(self.schedule, self.now)
        if found is None:
            raise _Refused(f"no meeting took place before {self.now:%Y-%m-%d}")
        return found

    def nothing(self) -> _Refused:
        """Return what to say if there are no more meetings."""
        return _Refused(
            f"{self.path.name}: no meeting is planned after {self.now:%Y-%m-%d}; "
            "its schedule has ended"
        )


def _find() -> Path:
    """Return the path of the community's file of the project that this folder is in."""
    try:
        found = find_community(Path.cwd())
    except Unclear as error:
        raise _Refused(f"{error}; say where the file is with --community") from error
    if found is None:
        raise _Refused(
            f"there is no {COMMUNITY} in this folder or one above it, nor in their folders docs, "
            "doc and source; say where it is with --community"
        )
    return found


def _latest(schedule: Sequence[Series], now: datetime.datetime) -> Occurrence | None:
    """Return the last meeting that has ended and was not canceled, or None."""
    # Where it is latest on earth, it may be tomorrow already.
    until = min(now.astimezone(datetime.UTC).date() + datetime.timedelta(days=2), LAST_DAY)
    # Most schedules have met within a year; only for the others it takes all of them.
    for since in (max(until - datetime.timedelta(days=400), FIRST_DAY), FIRST_DAY):
        found = [
            one
            for series in schedule
            for one in occurrences(series, since, until)
            if not one.canceled and one.end.astimezone(datetime.UTC) <= now
        ]
        if found:
            return max(found, key=lambda one: one.utc)
    return None


def _because(occurrence: Occurrence) -> str:
    return f" ({occurrence.reason})" if occurrence.reason else ""


def _shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that all commands share."""
    for option in (
        click.option(
            "--series",
            metavar="ID",
            help="Only this series of meetings, by its id or the folder of its notes.",
        ),
        click.option(
            "--today",
            "--now",
            "now",
            callback=_to_moment,
            metavar="DATE",
            help="The day (its beginning in UTC) or the time, such as 2026-12-01T19:30Z, "
            "that counts as now, instead of the clock's.",
        ),
        click.option(
            "--community",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The community's file. By default what conf.py names, or community.yaml, in "
            "this folder or the nearest one above, or in their folders docs, doc and source.",
        ),
    ):
        command = option(command)
    return command


_on = click.option(
    "--on", "day", callback=_to_day, metavar="DATE", help="The meeting on this day."
)
_templates = click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Your own texts. By default the folder texts next to community.yaml, if there is one.",
)
_json = click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")


# --- commands -------------------------------------------------------------------------------


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="cafe-site %(version)s")
def cafe_site() -> None:
    """Dates and texts for a community's meetings, and notes that are missing.

    The dates come from the community's file, community.yaml.
    """


@cafe_site.command("next")
@click.option(
    "--count",
    type=click.IntRange(1, 1000),
    default=6,
    show_default=True,
    help="How many meetings; canceled ones do not count.",
)
@_on
@_json
@_shared
def _next(count: int, day: datetime.date | None, as_json: bool, **shared: Any) -> None:
    """Show when the next meetings are."""
    chosen = _Chosen(**shared)
    found = chosen.on(day) if day else upcoming(chosen.schedule, chosen.now, count)
    if as_json:
        _echo_json({"meetings": [_facts(one) for one in found]})
    elif found:
        for one in found:
            click.echo(_line(one, titled=len(chosen.schedule) > 1))
    if not found:
        raise chosen.nothing()


@cafe_site.command("issue")
@click.option("--title", is_flag=True, help="Only the title of the issue.")
@_on
@_templates
@_shared
def _issue(title: bool, day: datetime.date | None, templates: Path | None, **shared: Any) -> None:
    """Print the text of the next meeting's issue."""
    _print_text("issue-title" if title else "issue", day, templates, _Chosen(**shared))


@cafe_site.command("pad")
@_on
@_templates
@_shared
def _pad(day: datetime.date | None, templates: Path | None, **shared: Any) -> None:
    """Print the empty agenda of the next meeting."""
    _print_text("pad", day, templates, _Chosen(**shared))


@cafe_site.command("remind")
@click.option("--week", "name", flag_value="remind-week", help="A week before, for the issue.")
@click.option("--day", "name", flag_value="remind-day", help="A day before, for the issue.")
@click.option("--chat", "name", flag_value="chat", help="An announcement for the chat.")
@click.option(
    "--thanks",
    "name",
    flag_value="thanks",
    help="Thanks for the issue, after the last meeting that took place.",
)
@_on
@_templates
@_shared
def _remind(
    name: str | None, day: datetime.date | None, templates: Path | None, **shared: Any
) -> None:
    """Print a reminder, or thanks afterward."""
    if name is None:
        raise click.UsageError("Say which text: --week, --day, --chat or --thanks.")
    _print_text(name, day, templates, _Chosen(**shared))


@cafe_site.command("missing")
@click.option(
    "--notes",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="The notes. By default the folder that conf.py names (cafe_notes), or notes.",
)
@_json
@_shared
def _missing(notes: Path | None, as_json: bool, **shared: Any) -> int:
    """List past meetings without notes.

    The oldest comes first. Exits with 1 if there are any.
    """
    chosen = _Chosen(**shared)
    try:
        folder = notes or find_notes(chosen.path)
    except Unclear as error:
        raise _Refused(f"{error}; say where the notes are with --notes") from error
    if not folder.is_dir():
        raise _Refused(f"there is no folder {folder}; say where the notes are with --notes")
    today = chosen.now.astimezone(datetime.UTC).date()
    found = [
        one
        for series in chosen.schedule
        for one in missing(series, _dates(folder / series.notes), today)
    ]
    found.sort(key=lambda one: one.utc)
    if as_json:
        _echo_json({"meetings": [_facts(one) for one in found]})
    else:
        for one in found:
            click.echo(_line(one, titled=len(chosen.schedule) > 1))
    return 1 if found else 0


@cafe_site.command("calendar")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it to a file instead of to standard output.",
)
@_shared
def _calendar(output: Path | None, **shared: Any) -> None:
    """Make a calendar of all meetings (iCalendar)."""
    from cafe_site.formats.ical import calendar

    chosen = _Chosen(**shared)
    series = chosen.schedule if shared["series"] else None
    content = calendar(chosen.community, series=series)
    if output is None:
        # Bytes, since line ends are part of the format.
        click.echo(content, nl=False)
    else:
        _write(output, content)


# --- output ---------------------------------------------------------------------------------


def _print_text(
    name: str, day: datetime.date | None, templates: Path | None, chosen: _Chosen
) -> None:
    from cafe_site.formats import messages as texts

    if day is None:
        one = chosen.latest() if name == "thanks" else chosen.next()
    else:
        found = chosen.on(day)
        if len(found) > 1:
            ids = ", ".join(meeting.series.id for meeting in found)
            raise _Refused(f"there are {len(found)} meetings on {day}: choose with --series {ids}")
        one = found[0]
    own = templates or chosen.path.parent / texts.FOLDER
    try:
        text = texts.render(name, chosen.community, one, folder=own if own.is_dir() else None)
    except texts.TextError as error:
        raise _Refused(str(error)) from error
    click.echo(text, nl=False)


def _line(occurrence: Occurrence, *, titled: bool) -> str:
    """Return one line about a meeting: when it is, and what is special about it."""
    start, utc = occurrence.start, occurrence.utc
    moment = f"{start:%H:%M} {occurrence.timezone}"
    if occurrence.timezone not in ("UTC", "Etc/UTC"):
        day = "" if utc.date() == start.date() else f"{utc:%Y-%m-%d} "
        moment += f" ({day}{utc:%H:%M} UTC)"
    parts = [f"{start:%Y-%m-%d}", _WEEKDAYS[start.weekday()], moment]
    if titled:
        parts.append(occurrence.series.title)
    return "  ".join((*parts, *_special(occurrence)))


# Not %A, which is in the language of the process. All of one length, so that times stand in line.
_WEEKDAYS = tuple(
    f"{day:9}"
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
)


def _special(occurrence: Occurrence) -> list[str]:
    """Return what is special about a meeting."""
    what = {
        Status.SCHEDULED: "",
        Status.CANCELED: "Canceled",
        Status.MOVED: f"Moved from {occurrence.origin}",
        Status.EXTRA: "Extra",
    }[occurrence.status]
    special = [f"{what}: {occurrence.reason}" if occurrence.reason else what] if what else []
    return special if occurrence.canceled else [*special, *unusual_hours(occurrence)]


def _facts(occurrence: Occurrence) -> dict[str, Any]:
    """Return what JSON says about a meeting."""
    end_utc = occurrence.end.astimezone(datetime.UTC)
    origin = occurrence.origin
    return {
        "series": occurrence.series.id,
        "title": occurrence.series.title,
        "status": occurrence.status.value,
        "reason": occurrence.reason,
        "date": occurrence.date.isoformat(),
        "moved_from": origin.isoformat() if origin else None,
        "start": occurrence.start.isoformat(timespec="minutes"),
        "end": occurrence.end.isoformat(timespec="minutes"),
        "timezone": occurrence.timezone,
        "start_utc": f"{occurrence.utc:%Y-%m-%dT%H:%M}Z",
        "end_utc": f"{end_utc:%Y-%m-%dT%H:%M}Z",
        "unusual_hours": [] if occurrence.canceled else list(unusual_hours(occurrence)),
        "time_zone_link": time_zone_link(occurrence),
    }


def _echo_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and only if it changes."""
    try:
        path = path.resolve()
        if path.exists() and not path.is_file():
            what = "is a folder" if path.is_dir() else "is no regular file"
            raise _Refused(f"{path}: cannot be written: {what}")
        if path.exists() and path.read_bytes() == content:
            return
        new = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            new.write_bytes(content)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    # A loop of symbolic links is a RuntimeError up to Python 3.12.
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _Refused(f"{path}: cannot be written: {reason}") from error


# --- notes ----------------------------------------------------------------------------------


def _dates(folder: Path) -> set[MeetingDate]:
    """Return the dates of the meetings in a folder's year files."""
    from cafe_site.notes import reader

    if not folder.is_dir():
        # Not refused: before the first notes of a series there is none.
        click.echo(f"there is no folder {folder}", err=True)
    found = set()
    for path in sorted(folder.glob("[0-9][0-9][0-9][0-9].md")):
        try:
            text, _ = reader.decode(read_file(path))
        except OSError as error:
            raise _Refused(f"{path}: cannot be read: {error.strerror or error}") from error
        found |= {meeting.date for meeting in reader.read(text, int(path.stem)).meetings}
    return found
