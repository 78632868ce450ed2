"""``cafe-site calendar``: all meetings, for calendar programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cafe_site import files
from cafe_site.cli import options
from cafe_site.cli.context import CommandContext, Refused


@click.command("calendar")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it to a file instead of to standard output.",
)
@options.shared
def command(output: Path | None, **shared: Any) -> None:
    """Make a calendar of all meetings (iCalendar)."""
    from cafe_site.formats.ical import calendar

    context = CommandContext(**shared)
    content = calendar(context.community, series=context.schedule if shared["series"] else None)
    if output is None:
        # Bytes, since line ends are part of the format.
        click.echo(content, nl=False)
        return
    try:
        # What a link leads to is written, and the link stays.
        output = output.resolve()
        files.write(output, content)
    # A loop of symbolic links is a RuntimeError up to Python 3.12.
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Refused(f"{output}: cannot be written: {reason}") from error
