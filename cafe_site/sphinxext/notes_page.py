"""The page for a file of notes: its heading, and those of its meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from cafe_site.formats import words
from cafe_site.notes.archive import page_anchor
from cafe_site.notes.rendering import Rendering
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext import options
from cafe_site.sphinxext.former_anchors import add_former_anchors, former_anchors
from cafe_site.sphinxext.highlighting import Highlighting
from cafe_site.sphinxext.renderer import Renderer
from cafe_site.sphinxext.sources import notes_source
from cafe_site.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.config import Config

    from cafe_site.notes.model import Entry, Link, NotesFile


# The access keys of the links to the next and the previous page, in any language.
_NEIGHBOR_KEYS = ("N", "P")


def notes_page(
    notes: NotesFile, docname: str, document: nodes.document, source: str, config: Config
) -> nodes.section:
    """Return the section that is the page for a file of notes.

    If the file is one meeting, that is the section of the meeting.
    """
    former = former_anchors(notes)
    anchors = notes.anchors.union(*former.values())
    highlighting = Highlighting()

    def renderer(prefix: str) -> Renderer:
        return Renderer(
            document,
            source,
            Rendering(prefix, anchors, config.cafe_person_url),
            docname="" if prefix == "introduction" else docname,
            highlighting=highlighting,
        )

    def add(section: nodes.section, line: int) -> None:
        for node in section.findall():
            node.source, node.line = source, line
        document.set_id(section)

    page: nodes.section | None = None
    if not notes.is_one_meeting:
        introduction = renderer("introduction")
        page = _head(notes, docname, introduction, config)
        add(page, 1)
        introduction.render(notes.introduction, page)
    for entry in notes.entries:
        meeting = entry.meeting
        body = renderer(meeting.id)
        section = _meeting(entry, body, docname)
        if page is None:
            page = section
            page["classes"].append("cafe-page")
            page.insert(1, cafe.year_navigation(docname=docname))
        else:
            page += section
        add(section, meeting.line)
        body.render(entry.body, section, entry.people, words.people(len(meeting.attendees)))
    assert page is not None
    add_former_anchors(page, former)
    cafe.make_titles_safe(page)
    return page


def _head(notes: NotesFile, docname: str, renderer: Renderer, config: Config) -> nodes.section:
    """Return the section for a page that may have several meetings, with what is above them."""
    page = nodes.section(ids=[page_anchor(notes)])
    title = notes.title
    if not title:
        name = options.series_title(config, notes.series)
        title = f"{name} {notes.year}" if notes.year is not None else notes.path
    page += nodes.title("", title)
    summary = nodes.paragraph("", words.count_meetings(notes.meetings), classes=["cafe-summary"])
    summary.extend(_addresses(notes.links, renderer))
    page.extend((cafe.year_navigation(docname=docname), summary))
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
    """Remove the theme's previous and next links from the pages of notes."""
    if notes_source(pagename, app.config) is not None:
        # In the table of contents the newest year comes first, so the theme's "previous" would be
        # the following year; the page has its own links to its neighbors.
        links = [link for link in context.get("rellinks", ()) if link[2] not in _NEIGHBOR_KEYS]
        context.update(prev=None, next=None, rellinks=links)


def setup(app: Sphinx) -> None:
    """Register the event handler."""
    app.connect("html-page-context", on_html_page_context)
