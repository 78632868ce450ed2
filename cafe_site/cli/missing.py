"""``cafe-site missing``: past meetings without notes."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cafe_site.cli import options
from cafe_site.cli.context import CommandContext, Refused
from cafe_site.community.schedule import missing
from cafe_site.project import Unclear, find_notes
from cafe_site.reading import read_file
from cafe_site.translation import N_, gettext

if TYPE_CHECKING:
    from cafe_site.notes.dates import MeetingDate


@click.command(
    "missing",
    help=N_(
        "List past meetings without notes.\n\n"
        "The oldest comes first. Exits with 1 if there are any."
    ),
)
@click.option(
    "--notes",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar=N_("FOLDER"),
    help=N_("The notes. By default the folder that conf.py names (cafe_notes), or notes."),
)
@options.as_json
@options.shared
def command(notes: Path | None, as_json: bool, **shared: Any) -> int:
    context = CommandContext(**shared)
    try:
        folder = notes or find_notes(context.path)
    except Unclear as error:
        message = gettext("{problem}; say where the notes are with --notes")
        raise Refused(message.format(problem=error)) from error
    if not folder.is_dir():
        message = gettext("there is no folder {folder}; say where the notes are with --notes")
        raise Refused(message.format(folder=folder))
    today = context.now.astimezone(datetime.UTC).date()
    found = [
        one
        for series in context.schedule
        for one in missing(series, _dates(folder / series.notes), today)
    ]
    found.sort(key=lambda one: one.utc)
    context.show(found, as_json=as_json)
    return 1 if found else 0


def _dates(folder: Path) -> set[MeetingDate]:
    """Return the dates of the meetings in a folder's year files."""
    from cafe_site.notes import reader

    if not folder.is_dir():
        # Not an error: a series without notes does not have a folder yet.
        click.echo(gettext("there is no folder {folder}").format(folder=folder), err=True)
    found = set()
    for path in sorted(folder.glob("[0-9][0-9][0-9][0-9].md")):
        try:
            text, _ = reader.decode(read_file(path))
        except OSError as error:
            message = gettext("{path}: cannot be read: {reason}")
            raise Refused(message.format(path=path, reason=error.strerror or error)) from error
        found |= {meeting.date for meeting in reader.read(text, int(path.stem)).meetings}
    return found
