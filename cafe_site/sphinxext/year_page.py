"""The page for a year of notes: its heading, and those of its meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from cafe_site.formats import words
from cafe_site.notes.people import names_of
from cafe_site.notes.rendering import Rendering
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext.highlighting import Highlighting
from cafe_site.sphinxext.renderer import Renderer
from cafe_site.sphinxext.sources import year_of
from cafe_site.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.config import Config

    from cafe_site.notes.model import Entry, Link, NotesFile


def year_page(
    notes: NotesFile, docname: str, document: nodes.document, source: str, config: Config
) -> nodes.section:
    """Return the section that is the page for a year."""
    name = words.series_title(notes.series, config.cafe_series_title)
    anchor = f"notes-{notes.year:04}"
    page = nodes.section(ids=[anchor])
    page += nodes.title("", notes.title or f"{name} {notes.year}")
    document.set_id(page)
    for node in page.findall():
        node.source, node.line = source, 1

    anchors = notes.anchors
    highlighting = Highlighting()

    def renderer(prefix: str, names: frozenset[str] = frozenset()) -> Renderer:
        return Renderer(
            document,
            source,
            Rendering(prefix, anchors, names, config.cafe_person_url),
            docname="" if prefix == "introduction" else docname,
            highlighting=highlighting,
        )

    introduction = renderer("introduction")
    summary = nodes.paragraph("", words.count_meetings(notes.meetings), classes=["cafe-summary"])
    summary.extend(_addresses(notes.links, introduction))
    page.extend((cafe.year_navigation(docname=docname), summary))
    introduction.render(notes.introduction, page)
    for entry in notes.entries:
        meeting = entry.meeting
        body = renderer(meeting.id, names_of(meeting.attendees))
        section = _meeting(entry, body, docname)
        for node in section.findall():
            node.source, node.line = source, meeting.line
        page += section
        document.set_id(section)
        body.render(entry.body, section, entry.people, words.people(len(meeting.attendees)))
    cafe.make_titles_safe(page)
    return page


def _meeting(entry: Entry, renderer: Renderer, docname: str) -> nodes.section:
    """Return the section for a meeting, with its heading and the line below it."""
    meeting = entry.meeting
    title = nodes.title("", words.full_date(meeting.date))
    if meeting.title:
        title += nodes.Text(f": {meeting.title}")
    if meeting.canceled:
        canceled = nodes.inline("", gettext("Canceled"), classes=["cafe-canceled"])
        title.extend((nodes.Text(" "), canceled))
    bar = nodes.paragraph(classes=["cafe-bar"])
    bar += nodes.reference(
        "", meeting.id, refid=meeting.id, internal=True, classes=["cafe-permalink"]
    )
    if meeting.attendees:
        bar += nodes.Text(" · ")
        bar += nodes.inline("", words.people(len(meeting.attendees)), classes=["cafe-count"])
    bar.extend(_addresses(entry.links, renderer))
    bar += cafe.edit_link(docname=docname, line=meeting.line)
    return nodes.section("", title, bar, ids=[meeting.id], classes=["cafe-meeting"])


def _addresses(links: Iterable[Link], renderer: Renderer) -> Iterator[nodes.Node]:
    """Yield the links of a heading; inside it, they would appear wherever it is listed."""
    for link in links:
        yield nodes.Text(" · ")
        yield renderer.address(link)


def on_html_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Remove the theme's previous and next links from the page for a year."""
    if year_of(pagename, app.config) is not None:
        # In the table of contents the newest year comes first, so the theme's "previous" would be
        # the following year; the page has its own links to its neighbors.
        context.update(prev=None, next=None)


def setup(app: Sphinx) -> None:
    """Register the event handler."""
    app.connect("html-page-context", on_html_page_context)
