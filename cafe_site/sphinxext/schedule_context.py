"""What all schedule directives share."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from cafe_site.community.schedule import chosen
from cafe_site.formats.occurrence_views import view_of
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext import options
from cafe_site.sphinxext.problems import SiteProblem, warn

if TYPE_CHECKING:
    from typing import Any

    from markupsafe import Markup
    from sphinx.application import Sphinx
    from sphinx.util.typing import OptionSpec

    from cafe_site.community import Series
    from cafe_site.community.schedule import Occurrence
    from cafe_site.formats.occurrence_views import OccurrenceView


class ScheduleDirective(SphinxDirective):
    """A directive that leaves a placeholder for something made from the schedule.

    ``:series:`` selects the meetings of one series, by its id or the folder of its notes.
    """

    kind: ClassVar[str]
    has_content = False
    option_spec: ClassVar[OptionSpec] = {"series": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return a placeholder node."""
        return [self.place(series=self.options.get("series"))]

    def place(self, **attributes: Any) -> cafe.schedule_place:
        """Return a placeholder node with the arguments and options of the directive."""
        node = cafe.schedule_place(kind=self.kind, **attributes)
        self.set_source_info(node)
        return node

    def refuse(self, message: str, *arguments: object) -> list[nodes.Node]:
        """Warn, and show nothing."""
        warn(SiteProblem.SCHEDULE, message, *arguments, location=self.get_location())
        return []


class ScheduleContext:
    """The schedule at the time of one build."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.community = options.community(app)
        self.schedule = self.community.schedule if self.community else ()
        self.several = len(self.schedule) > 1
        self.today = options.today(app.config)
        self.now = options.now(app.config)
        self.language = app.config.language

    def chosen(self, series: str | None) -> tuple[Series, ...]:
        """Return all series, or only the given one; empty if it is unknown."""
        return chosen(self.schedule, series)

    def described(self, occurrence: Occurrence) -> OccurrenceView:
        """Return the words that describe a meeting."""
        return view_of(occurrence, self.language)


def raw_html(html: Markup) -> list[nodes.Node]:
    """Return a node with HTML, which is not searchable: it is a date or a repeated text."""
    return [nodes.raw("", str(html), format="html", classes=["no-search"])]
