"""The help of commands, in the language of the terminal."""

from __future__ import annotations

import copy
import gettext as catalogs
from typing import TYPE_CHECKING

import click

from cafe_site.translation import DOMAIN, FOLDER, N_, gettext

if TYPE_CHECKING:
    from typing import TypeVar

    _Command = TypeVar("_Command", bound=click.Command)

# Click's own messages, which it looks up in the process-wide gettext catalog.
OF_CLICK = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("[OPTIONS]"),
    N_("COMMAND [ARGS]..."),
    N_("Show this message and exit."),
    N_("Show the version and exit."),
    N_("default: {default}"),
    N_("Error: {message}"),
    N_("Try '{command} {option}' for help."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Missing command."),
    N_("No such command {name!r}."),
    N_("No such option {name!r}."),
    N_("Option {name!r} does not take a value."),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("directory"),
    N_("path"),
    N_("{name} {filename!r} does not exist."),
    N_("{name} {filename!r} is a file."),
)


def translated(command: _Command) -> _Command:
    """Return a command with its help, and that of its subcommands, in the current language."""
    catalogs.bindtextdomain(DOMAIN, FOLDER)
    catalogs.textdomain(DOMAIN)
    return _translated(command)


def _translated(command: _Command) -> _Command:
    made = copy.copy(command)
    made.help = made.help and gettext(made.help)
    made.options_metavar = made.options_metavar and gettext(made.options_metavar)
    made.params = [_parameter(one) for one in made.params]
    if isinstance(made, click.Group):
        made.subcommand_metavar = made.subcommand_metavar and gettext(made.subcommand_metavar)
        made.commands = {name: _translated(one) for name, one in made.commands.items()}
    return made


def _parameter(parameter: click.Parameter) -> click.Parameter:
    made = copy.copy(parameter)
    if isinstance(made, click.Option) and made.help:
        made.help = gettext(made.help)
    if made.metavar:
        made.metavar = gettext(made.metavar)
    return made
