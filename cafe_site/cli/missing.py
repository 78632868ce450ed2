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

if TYPE_CHECKING:
    from cafe_site.notes.dates import MeetingDate


@click.command("missing")
@click.option(
    "--notes",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="The notes. By default the folder that conf.py names (cafe_notes), or notes.",
)
@options.as_json
@options.shared
def command(notes: Path | None, as_json: bool, **shared: Any) -> int:
    """List past meetings without notes.

    The oldest comes first. Exits with 1 if there are any.
    """
    context = CommandContext(**shared)
    try:
        folder = notes or find_notes(context.path)
    except Unclear as error:
        raise Refused(f"{error}; say where the notes are with --notes") from error
    if not folder.is_dir():
        raise Refused(f"there is no folder {folder}; say where the notes are with --notes")
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
        # Not refused: before the first notes of a series there is none.
        click.echo(f"there is no folder {folder}", err=True)
    found = set()
    for path in sorted(folder.glob("[0-9][0-9][0-9][0-9].md")):
        try:
            text, _ = reader.decode(read_file(path))
        except OSError as error:
            raise Refused(f"{path}: cannot be read: {error.strerror or error}") from error
        found |= {meeting.date for meeting in reader.read(text, int(path.stem)).meetings}
    return found
