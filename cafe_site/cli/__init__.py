"""The command line: dates, messages to paste, and missing notes.

Each command has a module. None imports Sphinx, and slow imports are deferred to where they are
used. ``docs/command-line.md`` is the reference.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from cafe_site import __version__
from cafe_site.cli import calendar, check, messages, missing, next
from cafe_site.cli.context import Refused
from cafe_site.cli.help import translated
from cafe_site.community import CommunityError
from cafe_site.translation import N_, environment_language, gettext, set_language

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.group(
    help=N_(
        "Dates and messages for a community's meetings, and checks of their notes.\n\n"
        "The dates come from the community's file, community.yaml."
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    commands=[
        next.command,
        *(messages.issue, messages.pad, messages.remind),
        missing.command,
        check.command,
        calendar.command,
    ],
)
@click.version_option(__version__, message="cafe-site %(version)s")
def cafe_site() -> None:
    """Run the subcommand."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0: success; 1: something is missing or wrong; 2: a usage error.
    Problems go to standard error, one per line.
    Output is UTF-8, whatever the encoding of the terminal, and in its language if there is a
    translation.

    :param argv: the arguments; those of the process by default
    """
    set_language(environment_language())
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        if sys.stdout is None:
            raise Refused(gettext("standard output is closed"))
        code = translated(cafe_site).main(argv, prog_name="cafe-site", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (Refused, CommunityError) as error:
        click.echo(error, err=True)
    except BrokenPipeError:
        # The reader has stopped reading, as in `cafe-site next | head -1`.
        _drop_output()
    except OSError as error:
        if error.filename is None:
            _drop_output()
        name = error.filename or gettext("standard output")
        click.echo(f"{name}: {error.strerror or error}", err=True)
    except click.Abort:
        pass
    else:
        return int(code or 0)
    return 1


def _drop_output() -> None:
    """Discard buffered output, which Python would otherwise fail to write on exit."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, ValueError):
        pass
