"""``cafe-site check``: what is understood of notes, and what is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from cafe_site.project import Unclear
from cafe_site.translation import N_, gettext

_USAGE = 2
_WIDTH = 100
"""The width of the table where the output is not a terminal."""


@click.command(
    "check",
    help=N_(
        "Show what is understood of notes, and what is not.\n\n"
        "PATHS are files or folders; by default the notes of the project in this folder. "
        "Exits with 1 if there are problems, which are those that a build warns about."
    ),
)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help=N_("A table and lines, JSON, or annotations for GitHub Actions."),
)
def command(paths: tuple[Path, ...], form: str) -> int:
    # The reader is slow to import, and other commands need none.
    from cafe_site.checking import check
    from cafe_site.formats import check_report

    try:
        files = list(check(paths))
    except Unclear as error:
        raise _usage(str(error)) from error
    except FileNotFoundError as error:
        if error.filename is not None:
            raise
        message = gettext("{problem}; name the files to check")
        raise _usage(message.format(problem=error)) from error
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


def _usage(message: str) -> click.ClickException:
    error = click.ClickException(message)
    error.exit_code = _USAGE
    return error
