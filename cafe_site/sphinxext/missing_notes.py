"""The past meetings that have no notes in the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from cafe_site.community.schedule import missing
from cafe_site.sphinxext.domain import Selection
from cafe_site.sphinxext.schedule_context import ScheduleDirective
from cafe_site.sphinxext.site import cafe_domain
from cafe_site.translation import gettext

if TYPE_CHECKING:
    from cafe_site.community.schedule import Occurrence
    from cafe_site.sphinxext.schedule_context import ScheduleContext


class Missing(ScheduleDirective):
    """``{cafe:missing}``: past meetings that have no notes in the archive, newest first."""

    kind = "missing"


def without_notes(context: ScheduleContext, series: str | None) -> list[Occurrence]:
    """Return past meetings without notes, newest first."""
    domain = cafe_domain(context.app.env)
    found = []
    for one in context.chosen(series):
        meetings = domain.meetings(Selection(series=one.notes))
        dates = {meeting.date for _, meeting in meetings}
        found += missing(one, dates, context.today)
    return sorted(found, key=lambda one: (one.utc, one.series.id), reverse=True)


def render(context: ScheduleContext, series: str | None) -> list[nodes.Node]:
    """Return the list of past meetings without notes."""
    found = without_notes(context, series)
    if not found:
        every = context.chosen(series)
        if len(every) == 1:
            text = gettext("Every {title} so far has its notes. Thank you!")
        else:
            text = gettext("Every meeting so far has its notes. Thank you!")
        text = text.format(title=every[0].title)
        return [nodes.paragraph("", text, classes=["cafe-complete"])]
    rows = nodes.bullet_list(classes=["cafe-missing", "no-search"])
    for one in found:
        line = context.described(one).date
        if context.several:
            line = f"{one.series.title}: {line}"
        rows += nodes.list_item("", nodes.paragraph("", line))
    return [rows]
