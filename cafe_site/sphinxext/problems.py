"""The warnings of a build, which are all issued here.

`cafe_site.notes.model.ProblemKind` contains the kinds that are fixed in the notes;
`SiteProblem` contains those that are fixed in the pages and settings of the site.
The value of each is the subtype of the Sphinx warning:
``suppress_warnings = ["cafe.future_date"]`` suppresses one kind.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sphinx.util import logging

if TYPE_CHECKING:
    from docutils.nodes import Node

    from cafe_site.notes.model import ProblemKind

logger = logging.getLogger(__name__)


class SiteProblem(StrEnum):
    """The kinds of problem that the maintainer of a site should fix."""

    CHECKLIST = "checklist"
    """A checklist without tasks, or a second one on a page."""
    NO_NOTES = "no_notes"
    """No year files in the notes folder, but files named like years outside of it."""
    SCHEDULE = "schedule"
    """A directive that needs a missing part of the schedule, or a failing template."""
    SEARCH = "search"
    """The search index could not be made."""
    SITE_ADDRESS = "site_address"
    """An `html_baseurl` that is not an absolute URL."""
    UNKNOWN_SERIES = "unknown_series"
    """A directive that names a series that does not exist."""
    UNREADABLE = "unreadable"
    """A page or year file that cannot be read, or was deleted during the build."""


def warn(
    kind: ProblemKind | SiteProblem,
    message: str,
    *arguments: object,
    location: Node | tuple[str, int | None] | str | None = None,
) -> None:
    """Log a warning.

    :param arguments: the values for ``%s`` in the message
    :param location: the location, as Sphinx's loggers accept it
    """
    logger.warning(message, *arguments, type="cafe", subtype=kind.value, location=location)
