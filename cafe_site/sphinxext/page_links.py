"""Links between notes: to the years or meetings before and after, and about the same issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.errors import NoUri

from cafe_site.formats import words
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext.domain import Selection
from cafe_site.sphinxext.site import cafe_domain
from cafe_site.sphinxext.sources import notes_source
from cafe_site.translation import gettext, ngettext

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder

# The others are in the index of discussed issues.
_MAX_ALSO_IN = 3


def reference(
    builder: Builder, here: str, docname: str, anchor: str, text: str
) -> nodes.TextElement:
    """Return a link to an anchor on a page, or only its text where no link is possible.

    Without an anchor, the link is to the page.
    LaTeX and Texinfo documents may contain only some pages, and man pages have no links.
    """
    if builder.format == "man":
        return nodes.inline("", text)
    try:
        address = builder.get_relative_uri(here, docname)
    except NoUri:
        return nodes.inline("", text)
    if anchor:
        if address.startswith("#"):  # single-page build
            address = ""
        address = f"{address}#{anchor}"
    return nodes.reference("", text, refuri=address, internal=True)


def _also_in(app: Sphinx, page: str, node: cafe.also_in) -> list[nodes.Node]:
    here = (node["docname"], node["meeting"])
    found = cafe_domain(app.env).discussed(Selection()).get(tuple(node["key"]))
    mentions = found.mentions if found else ()
    # This meeting is among them, once.
    first = mentions[: _MAX_ALSO_IN + 1]
    others = [m for m in first if (m.page, m.meeting.id) != here][:_MAX_ALSO_IN]
    if not others:
        return []
    rest = len(mentions) - 1 - len(others)
    # Links replace the numbers once the whole text is translated.
    items = [f"\ue000{index}\ue000" for index in range(len(others))]
    if rest > 0:
        # Translators: the last of a list of meetings, as in "also in …, …, and 3 more".
        items.append(ngettext("{count} more", "{count} more", rest).format(count=rest))
    text = gettext("(also in {meetings})").format(meetings=words.listed(items))
    links = nodes.inline("", " ", classes=["cafe-also"])
    for index, part in enumerate(text.split("\ue000")):
        if index % 2:
            mention = others[int(part)]
            links += reference(
                app.builder, page, mention.page, mention.anchor, mention.meeting.date.iso
            )
        else:
            links += nodes.Text(part)
    return [links]


def _years(app: Sphinx, page: str, docname: str) -> list[nodes.Node]:
    before, after = cafe_domain(app.env).neighbors(docname)
    links = nodes.paragraph()
    for year, text, title in (
        (before, gettext("← {year}"), gettext("The year before")),
        (after, gettext("{year} →"), gettext("The year after")),
    ):
        for neighbor in year:
            if len(links):
                links += nodes.Text(" ")
            number = f"{neighbor.notes.year:04}"
            link = reference(
                app.builder, page, neighbor.docname, f"notes-{number}", text.format(year=number)
            )
            link["reftitle"] = title
            links += link
    if not len(links):
        return []
    return [cafe.navigation("", links, label=gettext("Years"), classes=["cafe-years"])]


def _meetings(app: Sphinx, page: str, docname: str) -> list[nodes.Node]:
    """Return the links of a meeting file to its neighbors, and to the archive above it."""
    domain = cafe_domain(app.env)
    before, after = domain.meeting_neighbors(docname)
    links: list[nodes.TextElement] = []
    for neighbors, text, title in (
        (before, gettext("← {date}"), gettext("The meeting before")),
        (after, gettext("{date} →"), gettext("The meeting after")),
    ):
        for neighbor, meeting in neighbors:
            text = text.format(date=words.medium_date(meeting.date))
            link = reference(app.builder, page, neighbor.docname, meeting.id, text)
            link["reftitle"] = title
            links.append(link)
    if archive := domain.archive_page(docname):
        title = app.env.titles[archive].astext()
        links.insert(1 if before else 0, reference(app.builder, page, archive, "", title))
    if not links:
        return []
    line = nodes.paragraph()
    for link in links:
        line.extend((nodes.Text(" "), link) if len(line) else (link,))
    return [cafe.navigation("", line, label=gettext("Meetings"), classes=["cafe-years"])]


def on_doctree_resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace the placeholders in a document that is about to be written."""
    for also in list(doctree.findall(cafe.also_in)):
        also.replace_self(_also_in(app, docname, also))
    for place in list(doctree.findall(cafe.year_navigation)):
        source = notes_source(place["docname"], app.config)
        neighbors = _years if source and source.is_year_file else _meetings
        place.replace_self(neighbors(app, docname, place["docname"]))


def setup(app: Sphinx) -> None:
    """Register the event handler."""
    app.connect("doctree-resolved", on_doctree_resolved)
