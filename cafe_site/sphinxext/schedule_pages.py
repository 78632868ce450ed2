"""Pages with schedule directives: what they show, and when they are rewritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from cafe_site.community.schedule import chosen
from cafe_site.formats.occurrence_views import occurrences_to_show
from cafe_site.sphinxext import checklist, missing_notes, next_meeting, options
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext.calendar_files import calendars
from cafe_site.sphinxext.domain import digest
from cafe_site.sphinxext.freshness import PageDigests
from cafe_site.sphinxext.problems import SiteProblem, warn
from cafe_site.sphinxext.schedule_context import ScheduleContext
from cafe_site.sphinxext.script_words import add_script
from cafe_site.sphinxext.site import cafe_domain, is_site
from cafe_site.translation import gettext

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from cafe_site.sphinxext.checklist import Needs

_DIRECTIVES = (
    next_meeting.Next,
    missing_notes.Missing,
    checklist.Checklist,
    checklist.Due,
    checklist.PasteMessage,
)


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Record what a page shows of the schedule, and report what cannot be shown."""
    places = list(doctree.findall(cafe.schedule_place))
    if not places:
        return
    docname = app.env.current_document.docname
    kinds = {place["kind"] for place in places}
    for place in places:
        _check(app, place, kinds)
    checklist.check(doctree)
    path = options.community_path(app)
    if path is not None:
        app.env.note_dependency(path, docname=docname)
    needs = checklist.needs_of(doctree)
    cafe_domain(app.env).data["dates"][docname] = [
        (place["kind"], place.get("series"), needs) for place in places
    ]


def _check(app: Sphinx, place: cafe.schedule_place, kinds: set[str]) -> None:
    """Warn about a placeholder that cannot be filled.

    :param kinds: the kinds of placeholder on the same page
    """
    community = options.community(app)
    schedule = community.schedule if community else ()
    name = f"{{cafe:{place['kind']}}}"
    if place["kind"] in ("due", "message"):
        if "checklist" not in kinds:
            warn(
                SiteProblem.SCHEDULE,
                "%s needs a {cafe:checklist} on the same page",
                name,
                location=place,
            )
    elif not schedule:
        how = (
            "conf.py names no community.yaml (cafe_community)"
            if community is None
            else f"{app.config.cafe_community} has no schedule"
        )
        warn(SiteProblem.SCHEDULE, "%s has no dates to show: %s", name, how, location=place)
    elif not chosen(schedule, place["series"]):
        known = ", ".join(one.id for one in schedule)
        warn(
            SiteProblem.SCHEDULE,
            "unknown series %r in the schedule; the series are: %s",
            place["series"],
            known,
            location=place,
        )


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """Return the pages to rewrite because a day has passed or the schedule has changed."""
    domain = cafe_domain(env)
    before = domain.data["shown_dates"].get(app.builder.name, PageDigests())
    context = ScheduleContext(app)
    now = PageDigests(
        # The head of every page links to the calendars.
        digest(calendars(context)),
        {
            docname: digest(
                [
                    context.community,
                    [
                        _depends_on(context, kind, series, needs)
                        for kind, series, needs in places
                        if kind not in ("due", "message") and context.chosen(series)
                    ],
                ]
            )
            for docname, places in sorted(domain.data["dates"].items())
        },
    )
    domain.data["shown_dates"][app.builder.name] = now
    return now.changed(before, env.found_docs)


def _depends_on(context: ScheduleContext, kind: str, series: str | None, needs: Needs) -> object:
    """Return a value that changes when the content of a placeholder does."""
    if kind == "next":
        return occurrences_to_show(context.chosen(series), context.now)
    if kind == "missing":
        return missing_notes.without_notes(context, series)
    return checklist.choice(context, series), needs, checklist.templates(context.app)


def on_doctree_resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fill the placeholders of a page that is about to be written."""
    places = list(doctree.findall(cafe.schedule_place))
    if not places:
        return
    context = ScheduleContext(app)
    needs = checklist.needs_of(doctree)
    for place in places:
        place.replace_self(_filled(context, place, docname, needs))


def _filled(
    context: ScheduleContext, place: cafe.schedule_place, docname: str, needs: Needs
) -> list[nodes.Node]:
    kind = place["kind"]
    if kind in ("due", "message", "checklist"):
        # Without its script, the page is the plain checklist.
        if not is_site(context.app) or not context.schedule:
            return []
        if kind == "due":
            return checklist.render_due(place["days"])
        if kind == "message":
            return checklist.render_message(place["name"], following=place["following"])
        if not context.chosen(place["series"]):
            return []
        return checklist.render_checklist(context, place, needs)
    series = place["series"]
    if not context.chosen(series):
        return [
            nodes.paragraph("", gettext("The dates are not known: this site has no schedule."))
        ]
    if kind == "missing":
        return missing_notes.render(context, series)
    return next_meeting.render(context, series, place["count"], docname)


def on_html_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Add the scripts that a page needs."""
    if not is_site(app):
        return
    places = cafe_domain(app.env).data["dates"]
    if app.builder.name == "singlehtml":
        kinds = {kind for found in places.values() for kind, *_ in found}
    else:
        kinds = {kind for kind, *_ in places.get(pagename, ())}
    if kinds:
        app.add_css_file("cafe_schedule.css")
    for kind in ("next", "checklist"):
        if kind in kinds:
            add_script(app, f"cafe_{kind}.js")


def setup(app: Sphinx) -> None:
    """Register the directives and the handlers that fill their placeholders."""
    for directive in _DIRECTIVES:
        app.add_directive_to_domain("cafe", directive.kind, directive)
    app.connect("doctree-read", on_doctree_read)
    app.connect("env-updated", on_env_updated)
    app.connect("doctree-resolved", on_doctree_resolved)
    app.connect("html-page-context", on_html_page_context)
