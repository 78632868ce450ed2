"""``cafe-site check``: what is understood of notes, and what is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from cafe_site.project import Unclear
from cafe_site.translation import N_, gettext

_WIDTH = 100
"""The width of the table where the output is not a terminal."""


_FORMATS = ("text", "json", "github")


def _known(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if value not in _FORMATS:
        message = gettext("{value!r} is not a format; the formats are {formats}")
        raise click.BadParameter(message.format(value=value, formats=", ".join(_FORMATS)))
    return value


@click.command(
    "check",
    help=N_(
        "Show what is understood of notes, and what is not.\n\n"
        "PATHS are files or folders; by default the notes of the project in this folder. "
        "Exits with 1 if there are problems, which are those that a build warns about."
    ),
)
@click.argument(
    "paths", nargs=-1, metavar=N_("[PATHS]..."), type=click.Path(exists=True, path_type=Path)
)
@click.option(
    "--format",
    "form",
    callback=_known,
    default=_FORMATS[0],
    show_default=True,
    metavar=N_("NAME"),
    help=N_("text for a table and lines, json, or github for annotations in its pull requests."),
)
def command(paths: tuple[Path, ...], form: str) -> int:
    # The reader is slow to import, and other commands need none.
    from cafe_site.checking import NoNotes, check
    from cafe_site.formats import check_report

    try:
        files = list(check(paths))
    except (Unclear, NoNotes) as error:
        message = gettext("{problem}; name the files to check")
        raise click.UsageError(message.format(problem=error)) from error
    findings = [finding for file in files for finding in file.findings]
    if form == "json":
        click.echo(check_report.as_json(files, findings))
    elif form == "github":
        if findings:
            click.echo(check_report.as_annotations(findings))
    else:
        click.echo(check_report.as_table(files, shutil.get_terminal_size((_WIDTH, 0)).columns))
        if findings:
            click.echo()
            click.echo(check_report.as_lines(findings))
        click.echo()
        click.echo(check_report.summary(files, findings))
    return 1 if findings else 0
