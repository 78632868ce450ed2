"""The calendars: one for all meetings, one for each series, and files with one meeting each."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from sphinx.util.osutil import relative_uri

from cafe_site.formats.occurrence_views import occurrences_to_show
from cafe_site.sphinxext import files
from cafe_site.sphinxext.domain import Selection
from cafe_site.sphinxext.schedule_context import ScheduleContext
from cafe_site.sphinxext.site import add_alternate, cafe_domain, is_site, page_uri, site_address

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from typing import Any

    from sphinx.application import Sphinx

    from cafe_site.community import Series
    from cafe_site.community.schedule import Occurrence

FOLDER = "calendar"
"""The folder of the files with one meeting each, in the output folder."""
CALENDAR = "meetings.ics"
"""The calendar of all meetings, in the output folder."""

# Each is a file that takes some time to make.
_SINGLE_FILES = 12


def calendars(context: ScheduleContext) -> list[tuple[str, str]]:
    """Return the names and titles of the calendars to subscribe to."""
    if context.community is None or not context.schedule:
        return []
    series = [(f"{one.id}.ics", one.title) for one in context.schedule] if context.several else []
    return [(CALENDAR, context.community.name), *series]


def with_file(context: ScheduleContext, schedule: Iterable[Series]) -> list[Occurrence]:
    """Return the meetings that have calendar files of their own: the next of each series."""
    found: list[Occurrence] = []
    for series in schedule:
        shown = occurrences_to_show((series,), context.now)
        found += [one for one in shown if not one.canceled][:_SINGLE_FILES]
    return found


def single_name(occurrence: Occurrence, *, several: bool) -> str:
    """Return the path of the calendar file with one meeting, from the root of the site.

    It contains the date given by the rule, so that it stays the same if the meeting is moved.

    :param several: whether there are several series, whose meetings may be on the same day
    """
    day = occurrence.origin or occurrence.date
    prefix = f"{occurrence.series.id}-" if several else ""
    return f"{FOLDER}/{prefix}{day}.ics"


def path_to_root(app: Sphinx, docname: str) -> str:
    """Return the relative URL from a page to the root: ``../``, repeated, or an empty string."""
    here = app.builder.get_target_uri(docname)
    # In single-page output, URLs are anchors.
    return "" if here.startswith("#") else relative_uri(here, CALENDAR).removesuffix(CALENDAR)


def on_html_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Link to the calendars in the head of a page."""
    if not is_site(app):
        return
    root = path_to_root(app, pagename)
    for name, title in calendars(ScheduleContext(app)):
        add_alternate(context, "text/calendar", root + name, title)


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write the calendars, and remove those of single meetings that are over."""
    if exception is not None or not is_site(app):
        return
    context = ScheduleContext(app)
    notes = _notes(context)
    meetings = with_file(context, context.schedule)
    names = {name for name, _ in calendars(context)}
    names |= {single_name(one, several=context.several) for one in meetings}
    _remove_others(app, names)
    if context.community is None or not context.schedule:
        return
    from cafe_site.formats import ical

    files.write(app.outdir, CALENDAR, ical.calendar(context.community, notes=notes))
    if context.several:
        for series in context.schedule:
            content = ical.calendar(context.community, series=(series,), notes=notes)
            files.write(app.outdir, f"{series.id}.ics", content)
    for one in meetings:
        content = ical.single(context.community, one)
        files.write(app.outdir, single_name(one, several=context.several), content)


def _notes(context: ScheduleContext) -> dict[tuple[str, datetime.date], str]:
    """Return the URLs of the notes of past meetings, if the URL of the site is known."""
    site = site_address(context.app)
    if not site:
        return {}
    found: dict[tuple[str, datetime.date], str] = {}
    for series in context.schedule:
        for year, meeting in cafe_domain(context.app.env).meetings(Selection(series=series.notes)):
            day = meeting.date.start
            if meeting.date.day is None or day is None or day > context.today:
                continue
            address = page_uri(context.app, year.docname)
            if not address.startswith("#"):
                found.setdefault((series.id, day), urljoin(site, f"{address}#{meeting.id}"))
    return found


def _remove_others(app: Sphinx, names: set[str]) -> None:
    """Remove obsolete calendars of earlier builds, recognized by their producer."""
    folder = app.outdir / FOLDER
    paths = sorted((*app.outdir.glob("*.ics"), *folder.glob("*.ics")))
    others = [path for path in paths if path.relative_to(app.outdir).as_posix() not in names]
    if others:
        from cafe_site.formats.ical import PRODUCT

        for path in others:
            if f"PRODID:{PRODUCT}".encode() in path.read_bytes()[:200]:
                path.unlink()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def setup(app: Sphinx) -> None:
    """Register the writing of calendars, and the links to them."""
    app.connect("html-page-context", on_html_page_context)
    app.connect("build-finished", on_build_finished)
