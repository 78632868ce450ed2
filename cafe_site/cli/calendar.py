"""``cafe-site calendar``: all meetings, for calendar programs."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import click

from cafe_site import files
from cafe_site.cli import options
from cafe_site.cli.context import CommandContext, Refused
from cafe_site.translation import N_, gettext


@click.command("calendar", help=N_("Make a calendar of all meetings (iCalendar)."))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar=N_("FILE"),
    help=N_("Write it to a file instead of to standard output."),
)
@options.in_language
@options.shared
def command(output: Path | None, language: str | None, **shared: Any) -> None:
    from cafe_site.formats.ical import calendar

    context = CommandContext(**shared)
    series = context.schedule if shared["series"] else None
    with context.in_language(language):
        content = calendar(context.community, series=series)
    if output is None:
        # Bytes, since line endings are part of the format.
        click.echo(content, nl=False)
        return
    try:
        # Write to the target of a symbolic link, and keep the link.
        output = output.resolve()
        if output.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        files.write(output, content)
    # A loop of symbolic links is a RuntimeError up to Python 3.12, and left unresolved later.
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        message = gettext("{path}: cannot be written: {reason}")
        raise Refused(message.format(path=output, reason=reason)) from error
