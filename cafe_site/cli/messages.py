"""``cafe-site issue``, ``pad`` and ``remind``: messages about a meeting, ready to paste."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cafe_site.cli import options
from cafe_site.cli.context import CommandContext, Refused
from cafe_site.translation import N_, gettext

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

_templates = click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar=N_("FOLDER"),
    help=N_("Your own messages. By default, the folder messages next to community.yaml, if any."),
)


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that all messages share."""
    return options.on(_templates(options.in_language(options.shared(command))))


@click.command("issue", help=N_("Print the issue for the next meeting."))
@click.option("--title", is_flag=True, help=N_("Only the title of the issue."))
@_options
def issue(title: bool, **rest: Any) -> None:
    _print("issue-title" if title else "issue", **rest)


@click.command("pad", help=N_("Print the empty agenda of the next meeting."))
@_options
def pad(**rest: Any) -> None:
    _print("pad", **rest)


@click.command("remind", help=N_("Print a reminder, or thanks afterward."))
@click.option("--week", "name", flag_value="remind-week", help=N_("A week before, for the issue."))
@click.option("--day", "name", flag_value="remind-day", help=N_("A day before, for the issue."))
@click.option("--chat", "name", flag_value="chat", help=N_("An announcement for the chat."))
@click.option(
    "--thanks",
    "name",
    flag_value="thanks",
    help=N_("Thanks for the issue, after the last meeting that took place."),
)
@_options
def remind(name: str | None, **rest: Any) -> None:
    if name is None:
        raise click.UsageError(gettext("Choose one of --week, --day, --chat and --thanks."))
    _print(name, **rest)


def _print(
    name: str,
    day: datetime.date | None,
    templates: Path | None,
    language: str | None,
    **shared: Any,
) -> None:
    from cafe_site.formats import messages

    context = CommandContext(**shared)
    if day is not None:
        one = context.only(day)
    else:
        one = context.latest() if name == "thanks" else context.next()
    own = templates or context.path.parent / messages.FOLDER
    try:
        with context.in_language(language):
            text = messages.render(
                name, context.community, one, folder=own if own.is_dir() else None
            )
    except messages.MessageError as error:
        raise Refused(str(error)) from error
    click.echo(text, nl=False)
