"""The next meetings, and links to put them into a calendar.

A page contains all dates of two years, and a script in the browser decides which one is next:
a page that was built weeks ago must not announce a past date as the next one.
Without JavaScript, the page is a list of dates that does not single one out as *next*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urljoin

from docutils import nodes
from docutils.parsers.rst import directives
from markupsafe import Markup

from cafe_site.formats.occurrence_views import occurrences_to_show, utc_stamp
from cafe_site.sphinxext.calendar_files import CALENDAR, path_to_root, single_name, with_file
from cafe_site.sphinxext.schedule_context import ScheduleDirective, raw_html
from cafe_site.sphinxext.site import is_site, site_address
from cafe_site.translation import N_, gettext

if TYPE_CHECKING:
    from sphinx.util.typing import OptionSpec

    from cafe_site.community.schedule import Occurrence
    from cafe_site.sphinxext.schedule_context import ScheduleContext

_COUNT = 6
_NOTHING_PLANNED = N_("No meeting is planned at present.")


class Next(ScheduleDirective):
    """``{cafe:next}``: the next meetings, and links to put them into a calendar.

    ``:count:`` is how many are listed (6 by default), including canceled ones.
    """

    kind = "next"
    option_spec: ClassVar[OptionSpec] = {
        "count": directives.positive_int,
        "series": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return a placeholder node."""
        count = self.options.get("count", _COUNT)
        return [self.place(series=self.options.get("series"), count=count)]


def render(
    context: ScheduleContext, series: str | None, count: int, docname: str
) -> list[nodes.Node]:
    """Return the content of the directive's placeholder."""
    if is_site(context.app):
        return raw_html(_html(context, series, count, path_to_root(context.app, docname)))
    return _plain(context, series, count)


def _plain(context: ScheduleContext, series: str | None, count: int) -> list[nodes.Node]:
    """Return the first dates as a list of text."""
    found = occurrences_to_show(context.chosen(series), context.now)
    rows = nodes.bullet_list(classes=["no-search"])
    for one in found[:count]:
        said = context.described(one)
        line = f"{said.date}, {said.place}" + (f" ({said.utc})" if said.utc else "")
        if context.several:
            line = f"{said.title}: {line}"
        if one.canceled:
            line += f" – {gettext('Canceled')}"
        if said.remarks:
            line = "".join(f"{text.rstrip('.')}. " for text in (line, *said.remarks)).rstrip()
        rows += nodes.list_item("", nodes.paragraph("", line))
    return [rows] if found else [nodes.paragraph("", gettext(_NOTHING_PLANNED))]


def _html(context: ScheduleContext, series: str | None, count: int, root: str) -> Markup:
    """Return all dates as a list, all but the first ones hidden.

    :param root: the relative URL from the page to the root of the site
    """
    found = occurrences_to_show(context.chosen(series), context.now)
    if not found:
        return Markup("<p>{}</p>").format(gettext(_NOTHING_PLANNED))
    files = {
        single_name(one, several=context.several)
        for one in with_file(context, context.chosen(series))
    }
    rows = Markup("").join(
        _row(
            context,
            one,
            root if single_name(one, several=context.several) in files else None,
            hidden=index >= count,
        )
        for index, one in enumerate(found)
    )
    return Markup(
        '<div class="cafe-next" data-count="{}">\n<ul class="cafe-dates">\n{}</ul>\n{}</div>\n'
    ).format(count, rows, _subscribe(context, series, root))


def _row(context: ScheduleContext, one: Occurrence, root: str | None, *, hidden: bool) -> Markup:
    said = context.described(one)
    parts = [
        Markup('<p class="cafe-when">{}<time datetime="{}">{}</time>{}</p>\n').format(
            Markup('<span class="cafe-title">{}</span> ').format(said.title)
            if context.several
            else "",
            utc_stamp(one.start),
            said.date,
            Markup(' <span class="cafe-canceled">{}</span>').format(gettext("Canceled"))
            if one.canceled
            else "",
        ),
        Markup('<p class="cafe-time"><span class="cafe-there">{}</span>{}</p>\n').format(
            said.place,
            Markup(' <span class="cafe-utc">{}</span>').format(said.utc) if said.utc else "",
        ),
    ]
    parts += [Markup('<p class="cafe-remark">{}</p>\n').format(text) for text in said.remarks]
    if root is not None and not one.canceled:
        parts.append(
            Markup(
                '<p class="cafe-add"><a href="{}" download aria-label="{}">{}</a></p>\n'
            ).format(
                root + single_name(one, several=context.several),
                gettext("Add to calendar: {date}").format(date=said.date),
                gettext("Add to calendar"),
            )
        )
    return Markup('<li data-title="{}" data-end="{}" data-zone="{}"{}{}>\n{}</li>\n').format(
        said.title,
        utc_stamp(one.end),
        one.timezone,
        Markup(" data-canceled") if one.canceled else "",
        Markup(" hidden") if hidden else "",
        Markup("").join(parts),
    )


def _subscribe(context: ScheduleContext, series: str | None, root: str) -> Markup:
    name = f"{context.chosen(series)[0].id}.ics" if context.several and series else CALENDAR
    links = []
    if site := site_address(context.app):
        address = urljoin(site, name).partition(":")[2]
        text = gettext("Subscribe to all dates")
        links.append(Markup('<a href="webcal:{}">{}</a>').format(address, text))
    text = gettext("All dates as a calendar file")
    links.append(Markup('<a href="{}{}">{}</a>').format(root, name, text))
    return Markup('<p class="cafe-subscribe">{}</p>\n').format(Markup(" ").join(links))
