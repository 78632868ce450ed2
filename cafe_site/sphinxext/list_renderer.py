"""Renders the lists of the archive, once all notes are read and the builder is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from docutils import nodes

from cafe_site.formats import words
from cafe_site.notes import archive
from cafe_site.notes.anchors import Anchors, slug
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext import options
from cafe_site.sphinxext.domain import Selection
from cafe_site.sphinxext.page_links import reference
from cafe_site.sphinxext.site import cafe_domain
from cafe_site.translation import N_, gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sphinx.application import Sphinx

    from cafe_site.notes.archive import Mention
    from cafe_site.notes.dates import MeetingDate
    from cafe_site.notes.model import Meeting
    from cafe_site.sphinxext.archive_index import Page

_T = TypeVar("_T")

# Further topics are summed up as "and 3 more".
_MAX_TOPICS = 6
# Their anchors are the same in all languages.
_OUTCOMES = (N_("Open actions"), N_("Decisions"), N_("Done"))


class ListRenderer:
    """Renders the lists of a document in place of the directives' placeholders.

    This happens when all notes are read and the builder is known,
    so the links need not be resolved later.
    """

    def __init__(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        self._app = app
        self._doctree = doctree
        self._docname = docname
        self._domain = cafe_domain(app.env)
        # The anchors of each page, which may contain the same list twice.
        self._taken: dict[str, Anchors] = {}
        self._page = ""

    def render(self) -> None:
        """Render all lists of the document."""
        lists = {
            "archive": self._archive,
            "undated": self._undated,
            "latest": self._latest,
            "discussed": self._discussed,
            "outcomes": self._outcomes,
            "people": self._people,
            "tags": self._tags,
        }
        places = list(self._doctree.findall(cafe.meeting_list))
        # In single-page HTML, pages share their anchors; other builders keep them separate.
        together = self._app.builder.format == "html"
        if places and together:
            self._take_anchors()
        # Roles link to the first complete index of a page.
        for node in sorted(places, key=lambda node: node["selection"] != Selection()):
            self._page = "" if together else node["docname"]
            node.replace_self(lists[node["kind"]](node["selection"]))

    def _take_anchors(self) -> None:
        """Record the anchors on the page, and make those of archives unique."""
        for element in self._doctree.findall(nodes.Element):
            anchors = [self._take(anchor) for anchor in element["ids"]]
            if element.get("archive"):
                element["ids"] = anchors

    def _take(self, anchor: str) -> str:
        """Return an anchor, with a number added if it is already used on the page."""
        return self._taken.setdefault(self._page, Anchors()).add(anchor)

    def _reference(self, docname: str, anchor: str, text: str) -> nodes.TextElement:
        return reference(self._app.builder, self._docname, docname, anchor, text)

    def _archive(self, selection: Selection) -> list[nodes.Node]:
        found = self._domain.meetings(selection)
        summary = nodes.paragraph(
            "", words.count_meetings([m for _, m in found]), classes=["cafe-summary"]
        )
        pages = self._domain.pages(selection)
        tags = [tag for page in pages if page.notes.year is not None for tag in page.notes.tags]
        summary.extend(_tags(dict.fromkeys(tags)))
        return [summary, *self._rows(found, "cafe-archive", words.short_date)]

    def _undated(self, selection: Selection) -> list[nodes.Node]:
        rows = nodes.bullet_list(classes=["cafe-meetings", "no-search"])
        for page in self._domain.pages(selection):
            if page.notes.years() == [None]:
                title = self._app.env.titles[page.docname].astext()
                link = self._reference(page.docname, archive.page_anchor(page.notes), title)
                rows += nodes.list_item("", nodes.paragraph("", "", link, classes=["cafe-row"]))
        return [rows] if len(rows) else []

    def _latest(self, selection: Selection) -> list[nodes.Node]:
        return self._rows(self._domain.meetings(selection), "cafe-latest", words.full_date)

    def _rows(
        self,
        found: list[tuple[Page, Meeting]],
        kind: str,
        in_words: Callable[[MeetingDate], str],
    ) -> list[nodes.Node]:
        if not found:
            return []
        # A search should find the meeting itself rather than every list that names it.
        rows = nodes.bullet_list(classes=["cafe-meetings", kind, "no-search"])
        rows.extend(
            nodes.list_item("", self._row(page, meeting, in_words)) for page, meeting in found
        )
        return [rows]

    def _discussed(self, selection: Selection) -> list[nodes.Node]:
        found = list(self._domain.discussed(_whole(selection)).values())
        result: list[nodes.Node] = []
        for repository, items in archive.by_repository(found[: selection.limit]).items():
            entries = nodes.bullet_list(classes=["cafe-index"])
            for item in items:
                head = nodes.paragraph()
                reference = item.reference
                head += nodes.reference("", reference.short, refuri=reference.address)
                entry = nodes.list_item("", head, self._mentions(item.mentions))
                self._name(entry, archive.reference_anchor(reference), selection)
                entries += entry
            anchor = archive.repository_anchor(repository)
            result.append(self._section(anchor, repository, entries, selection=selection))
        return [*result, *_more(found, selection)]

    def _outcomes(self, selection: Selection) -> list[nodes.Node]:
        lists: dict[str, list[nodes.Node]] = {name: [] for name in _OUTCOMES}
        for page, meeting in self._domain.meetings(_whole(selection)):
            titles = {topic.anchor: topic.title for topic in meeting.topics}
            for outcome in meeting.outcomes:
                line = nodes.paragraph()
                line += self._reference(page.docname, outcome.anchor, meeting.date.iso)
                line += nodes.Text(f" {outcome.text}")
                if outcome.owner:
                    line += nodes.Text(" ")
                    line += nodes.inline("", outcome.owner, classes=["cafe-tag"])
                if title := titles.get(outcome.anchor):
                    line += nodes.Text(f" · {words.shorten(title)}")
                done = outcome.kind == "action" and outcome.done
                name = (
                    "Done" if done else "Open actions" if outcome.kind == "action" else "Decisions"
                )
                lists[name].append(nodes.list_item("", line))
        result: list[nodes.Node] = []
        for name, found in lists.items():
            if found:
                entries = nodes.bullet_list("", *found[: selection.limit], classes=["cafe-index"])
                content = (entries, *_more(found, selection))
                anchor = f"outcomes-{slug(name)}"
                result.append(self._section(anchor, gettext(name), *content, selection=selection))
        return result

    def _people(self, selection: Selection) -> list[nodes.Node]:
        entries = nodes.bullet_list(classes=["cafe-index", "cafe-persons"])
        everybody = self._domain.people(selection)
        for person in _most(everybody, lambda person: len(person.attended), selection):
            head = nodes.paragraph()
            if person.name != person.handle:
                head += nodes.strong("", person.name)
                head += nodes.Text(" " if person.handle else "")
            if person.handle:
                url = self._app.config.cafe_person_url.format(handle=person.handle)
                text = f"@{person.handle}"
                head += nodes.reference("", text, refuri=url) if url else nodes.Text(text)
            item = nodes.list_item("", head)
            self._name(item, archive.person_anchor(person), selection)
            if person.spoke:
                item += self._mentions(person.spoke)
            dates = nodes.paragraph()
            for mention in person.attended:
                if len(dates):
                    dates += nodes.Text(", ")
                dates += self._reference(mention.page, mention.anchor, mention.meeting.date.iso)
            count = len(person.attended)
            present = ngettext("Present at {count} meeting", "Present at {count} meetings", count)
            item += cafe.details("", dates, summary=present.format(count=count))
            entries += item
        return [entries, *_more(everybody, selection)] if len(entries) else []

    def _tags(self, selection: Selection) -> list[nodes.Node]:
        by_tag: dict[str, nodes.bullet_list] = {}
        for page in self._domain.pages(selection):
            for tag in page.notes.tags:
                title = self._app.env.titles[page.docname].astext()
                if page.notes.year is not None:
                    name = options.series_title(self._app.config, page.notes.series)
                    title = f"{name} {page.notes.year:04}"
                link = self._reference(page.docname, archive.page_anchor(page.notes), title)
                item = nodes.list_item("", nodes.paragraph("", "", link))
                by_tag.setdefault(tag.lower(), nodes.bullet_list()).append(item)
        for tag, mentions in archive.tags(self._pages(_whole(selection))).items():
            entries = by_tag.setdefault(tag.lower(), nodes.bullet_list())
            entries.extend(self._mentions(mentions).children)
        found = sorted(by_tag.items())
        sections: list[nodes.Node] = [
            self._section(archive.tag_anchor(tag), tag, entries, selection=selection)
            for tag, entries in _most(found, lambda item: len(item[1]), selection)
        ]
        return [*sections, *_more(found, selection)]

    def _pages(self, selection: Selection) -> Iterator[tuple[str, Meeting]]:
        for page, meeting in self._domain.meetings(selection):
            yield page.docname, meeting

    def _mentions(self, mentions: Iterable[Mention]) -> nodes.bullet_list:
        """Return a list of places in the archive."""
        places = nodes.bullet_list()
        for mention in mentions:
            line = nodes.paragraph()
            line += self._reference(mention.page, mention.anchor, mention.meeting.date.iso)
            if title := mention.title or mention.meeting.subject:
                line += nodes.Text(f" {words.shorten(title)}")
            places += nodes.list_item("", line)
        return places

    def _row(
        self, page: Page, meeting: Meeting, in_words: Callable[[MeetingDate], str]
    ) -> nodes.paragraph:
        row = nodes.paragraph(classes=["cafe-row"])
        row += self._reference(page.docname, meeting.id, in_words(meeting.date))
        what = nodes.inline(classes=["cafe-what"])
        if meeting.canceled:
            canceled = nodes.inline("", gettext("Canceled"), classes=["cafe-canceled"])
            what.extend((canceled, nodes.Text(" ")))
        if about := _about(meeting):
            what += nodes.Text(about)
        what.extend(_tags(meeting.tags))
        if len(what):
            row.extend((nodes.Text(" "), what))
        if meeting.attendees:
            count = words.people(len(meeting.attendees))
            row.extend((nodes.Text(" "), nodes.inline("", count, classes=["cafe-count"])))
        return row

    def _section(
        self, anchor: str, title: str, *content: nodes.Node, selection: Selection
    ) -> nodes.section:
        section = nodes.section("", nodes.title("", title), *content, classes=["cafe-group"])
        if selection.limit is not None:
            # The complete index may be on the same page.
            anchor = f"first-{selection.limit}-{anchor}"
        section["ids"].append(self._take(anchor))
        cafe.make_titles_safe(section)
        return section

    def _name(self, entry: nodes.list_item, anchor: str, selection: Selection) -> None:
        """Give an entry its anchor, unless the index is limited to some entries."""
        if selection.limit is None:
            entry["ids"].append(self._take(anchor))


def _whole(selection: Selection) -> Selection:
    """Return a selection limited only by series and year."""
    return replace(selection, limit=None)


def _most(found: list[_T], count: Callable[[_T], int], selection: Selection) -> list[_T]:
    """Return the entries with the highest counts, in their original order."""
    most = sorted(range(len(found)), key=lambda index: count(found[index]), reverse=True)
    return [found[index] for index in sorted(most[: selection.limit])]


def _more(found: Sequence[object], selection: Selection) -> list[nodes.Node]:
    """Return the line with the number of omitted entries, if any."""
    rest = 0 if selection.limit is None else len(found) - selection.limit
    return [nodes.paragraph("", _rest(rest), classes=["cafe-more"])] if rest > 0 else []


def _rest(count: int) -> str:
    return ngettext("and {count} more", "and {count} more", count).format(count=count)


def on_doctree_resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Render the lists of a document that is about to be written."""
    ListRenderer(app, doctree, docname).render()


def _about(meeting: Meeting) -> str:
    if meeting.subject:
        return meeting.subject
    topics = [words.shorten(title) for title in meeting.about]
    shown = topics if len(topics) <= _MAX_TOPICS + 1 else topics[:_MAX_TOPICS]
    rest = len(topics) - len(shown)
    return " · ".join([*shown, _rest(rest)] if rest else shown)


def _tags(tags: Iterable[str]) -> list[nodes.Node]:
    result: list[nodes.Node] = []
    for tag in tags:
        result.extend((nodes.Text(" "), nodes.inline("", tag, classes=["cafe-tag"])))
    return result


def setup(app: Sphinx) -> None:
    """Register the event handler."""
    app.connect("doctree-resolved", on_doctree_resolved)
