"""``cafe-site issue``, ``pad`` and ``remind``: texts about a meeting, ready to paste."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cafe_site.cli import options
from cafe_site.cli.context import CommandContext, Refused

if TYPE_CHECKING:
    import datetime

_templates = click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Your own texts. By default the folder texts next to community.yaml, if there is one.",
)


@click.command("issue")
@click.option("--title", is_flag=True, help="Only the title of the issue.")
@options.on
@_templates
@options.shared
def issue(title: bool, **rest: Any) -> None:
    """Print the text of the next meeting's issue."""
    _print("issue-title" if title else "issue", **rest)


@click.command("pad")
@options.on
@_templates
@options.shared
def pad(**rest: Any) -> None:
    """Print the empty agenda of the next meeting."""
    _print("pad", **rest)


@click.command("remind")
@click.option("--week", "name", flag_value="remind-week", help="A week before, for the issue.")
@click.option("--day", "name", flag_value="remind-day", help="A day before, for the issue.")
@click.option("--chat", "name", flag_value="chat", help="An announcement for the chat.")
@click.option(
    "--thanks",
    "name",
    flag_value="thanks",
    help="Thanks for the issue, after the last meeting that took place.",
)
@options.on
@_templates
@options.shared
def remind(name: str | None, **rest: Any) -> None:
    """Print a reminder, or thanks afterward."""
    if name is None:
        raise click.UsageError("Say which text: --week, --day, --chat or --thanks.")
    _print(name, **rest)


def _print(name: str, day: datetime.date | None, templates: Path | None, **shared: Any) -> None:
    from cafe_site.formats import messages

    context = CommandContext(**shared)
    if day is not None:
        one = context.only(day)
    else:
        one = context.latest() if name == "thanks" else context.next()
    own = templates or context.path.parent / messages.FOLDER
    try:
        text = messages.render(name, context.community, one, folder=own if own.is_dir() else None)
    except messages.TextError as error:
        raise Refused(str(error)) from error
    click.echo(text, nl=False)
