"""``cafe-site next``: when the next meetings are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cafe_site.cli import options
from cafe_site.cli.context import CommandContext
from cafe_site.community.schedule import upcoming
from cafe_site.translation import N_

if TYPE_CHECKING:
    import datetime


@click.command("next", help=N_("Show when the next meetings are."))
@click.option(
    "--count",
    type=click.IntRange(1, 1000),
    default=6,
    show_default=True,
    metavar=N_("NUMBER"),
    help=N_("How many meetings; canceled ones do not count."),
)
@options.on
@options.as_json
@options.shared
def command(count: int, day: datetime.date | None, as_json: bool, **shared: Any) -> None:
    context = CommandContext(**shared)
    found = context.on(day) if day else upcoming(context.schedule, context.now, count)
    context.show(found, as_json=as_json)
    if not found:
        raise context.nothing()
