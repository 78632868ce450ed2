"""The options that several commands share."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cafe_site.community import FIRST_DAY, LAST_DAY
from cafe_site.translation import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Callable


def _to_day(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime.date | None:
    """Return the date given by an argument."""
    if value is None:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise click.BadParameter(
            gettext("{value!r} is not a valid date; write it as 2026-12-01").format(value=value)
        )
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            gettext("{value!r} is not in the calendar").format(value=value)
        ) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        message = gettext("{value!r} is not between the years {first} and {last}")
        raise click.BadParameter(
            message.format(value=value, first=FIRST_DAY.year, last=LAST_DAY.year)
        )
    return day


def _to_moment(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> datetime.datetime | None:
    """Return the time given by an argument; for a date, its beginning in UTC."""
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
        raise click.BadParameter(
            gettext("{value!r} is not a valid time; write it as 2026-12-01T19:30Z").format(
                value=value
            )
        )
    return moment


def shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that all commands share, which are passed to `CommandContext`."""
    for option in (
        click.option(
            "--series",
            metavar=N_("ID"),
            help=N_("Only this series of meetings, by its id or the folder of its notes."),
        ),
        click.option(
            "--today",
            "--now",
            "now",
            callback=_to_moment,
            metavar=N_("DATE"),
            help=N_(
                "The day (its beginning in UTC) or the time, such as 2026-12-01T19:30Z, "
                "that counts as now, instead of the clock's."
            ),
        ),
        click.option(
            "--community",
            type=click.Path(path_type=Path),
            metavar=N_("FILE"),
            help=N_(
                "The community's file. By default what conf.py names, or community.yaml, in "
                "this folder or the nearest one above, or in their folders docs, doc and source."
            ),
        ),
    ):
        command = option(command)
    return command


on = click.option(
    "--on", "day", callback=_to_day, metavar=N_("DATE"), help=N_("The meeting on this day.")
)
as_json = click.option("--json", "as_json", is_flag=True, help=N_("As JSON, for programs."))
in_language = click.option(
    "--language",
    metavar=N_("CODE"),
    help=N_("The language, such as de. By default that of conf.py, or English."),
)
