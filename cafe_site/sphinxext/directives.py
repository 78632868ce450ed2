"""Directives for hand-written pages, and what fills their places once all notes are read."""

from __future__ import annotations

import functools
import html
import posixpath
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar, TypeVar
from urllib.parse import quote

from docutils import nodes
from docutils.parsers.rst import directives
from jinja2.sandbox import SandboxedEnvironment
from sphinx import addnodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import ConfigError, NoUri
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from cafe_site.community.schedule import chosen
from cafe_site.formats import words
from cafe_site.notes import archive
from cafe_site.notes.anchors import Anchors, slug
from cafe_site.notes.model import Privacy
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext import options
from cafe_site.sphinxext.domain import Selection
from cafe_site.sphinxext.parser import year_of
from cafe_site.sphinxext.problems import SiteProblem, warn
from cafe_site.sphinxext.site import cafe_domain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from jinja2 import Template
    from sphinx.application import Sphinx
    from sphinx.util.typing import OptionSpec

    from cafe_site.notes.archive import Mention
    from cafe_site.notes.dates import MeetingDate
    from cafe_site.notes.model import Meeting
    from cafe_site.sphinxext.domain import Year

_T = TypeVar("_T")

# More topics than this end in "and 3 more".
_MAX_TOPICS = 6
# The index of discussed issues has the others.
_MAX_ALSO_IN = 3
_OUTCOMES = ("Open actions", "Decisions", "Done")


class Archive(SphinxDirective):
    """``{cafe:archive}``: every meeting, by series and year, newest first.

    It also takes the years into the table of contents,
    so that a new year's file needs no toctree to be edited.
    ``:series:`` shows one series alone, by its id in community.yaml or its folder;
    ``.`` is the notes folder itself.
    """

    has_content = False
    option_spec: ClassVar[OptionSpec] = {"series": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Make one section per year, each with a place for its list."""
        years: dict[str, list[tuple[int, str]]] = {}
        wanted = _series_folder(self)
        for docname in sorted(self.env.found_docs):
            found = year_of(docname, self.config)
            if found and wanted in (None, found[0]):
                years.setdefault(found[0], []).append((found[1], docname))
        result: list[nodes.Node] = []
        for series, pages in sorted(years.items()):
            pages.sort(reverse=True)
            result.append(self._toctree(series, pages, several=len(years) > 1))
            sections = [self._year(series, year, docname) for year, docname in pages]
            if len(years) == 1:
                result.extend(sections)
                continue
            name = words.series_title(series, self.config.cafe_series_title)
            section = self._section(f"series-{nodes.make_id(series) or 'notes'}", name)
            section.extend(sections)
            result.append(section)
        if not years:
            # With `glob`, Sphinx reads this page again when a file is added.
            result.append(self._toctree("", [], several=False))
            folder = options.notes_folder(self.config) or "."
            result.append(nodes.paragraph("", f"There are no notes in the folder {folder} yet."))
        return result

    def _toctree(
        self, series: str, pages: list[tuple[int, str]], *, several: bool
    ) -> nodes.Element:
        toctree = addnodes.toctree()
        toctree["parent"] = self.env.docname
        name = words.series_title(series, self.config.cafe_series_title)
        # Not all themes show captions, and the years of two series look alike.
        prefix = f"{name} " if series and several else ""
        toctree["entries"] = [(f"{prefix}{year:04}", docname) for year, docname in pages]
        toctree["includefiles"] = [docname for _, docname in pages]
        toctree["glob"] = True
        toctree["hidden"] = True
        toctree["maxdepth"] = 1
        toctree["includehidden"] = toctree["numbered"] = toctree["titlesonly"] = False
        toctree["caption"] = name if several else None
        self.set_source_info(toctree)
        wrapper = nodes.compound(classes=["toctree-wrapper"])
        wrapper += toctree
        return wrapper

    def _year(self, series: str, year: int, docname: str) -> nodes.section:
        anchor = nodes.make_id(f"archive-{series}-{year:04}")
        title = addnodes.pending_xref(
            "",
            nodes.inline("", f"{year:04}"),
            refdomain="std",
            reftype="doc",
            refdoc=self.env.docname,
            reftarget=f"/{docname}",
            refexplicit=True,
            refwarn=True,
        )
        section = self._section(anchor, title)
        section += cafe.meeting_list(
            kind="archive", selection=Selection(series, year), docname=self.env.docname
        )
        return section

    def _section(self, anchor: str, title: str | nodes.Node) -> nodes.section:
        taken = self.state.document.ids
        number, name = 1, anchor
        while anchor in taken:
            number += 1
            anchor = f"{name}-{number}"
        section = nodes.section(ids=[anchor], archive=True)
        section += nodes.title("", "", nodes.Text(title) if isinstance(title, str) else title)
        self.set_source_info(section)
        taken[anchor] = section
        return section


def _series_folder(directive: SphinxDirective) -> str | None:
    """Return the folder of the series that ``:series:`` asks for; None for all.

    It is asked for by the id that it has in community.yaml, or by its folder, as everywhere.
    A series that there is not is warned about: it would be an empty list without a word.
    """
    wanted = directive.options.get("series")
    if wanted is None:
        return None
    app = directive.env._app
    if path := options.community_path(app):
        directive.env.note_dependency(path)
    community = options.community(app)
    if found := chosen(community.schedule if community else (), wanted):
        return found[0].notes
    folder = "" if wanted == "." else str(wanted).strip("/")
    years = (year_of(name, directive.config) for name in directive.env.found_docs)
    known = sorted({year[0] for year in years if year})
    if folder not in known:
        warn(
            SiteProblem.UNKNOWN_SERIES,
            "there is no series %r; there are: %s",
            wanted,
            ", ".join(name or "." for name in known) or "none",
            location=directive.get_location(),
        )
    return folder


class _List(SphinxDirective):
    """A list that is made once all notes are read.

    ``:series:`` takes the meetings of one series alone, by its id in community.yaml or its
    folder; ``.`` is the notes folder itself.
    ``:year:`` takes those of one year.
    ``:limit:`` is how many entries there are at most; a last line counts the others.
    With one of these it is a part of an index, so roles do not lead to it.
    """

    kind: ClassVar[str]
    has_content = False
    option_spec: ClassVar[OptionSpec] = {
        "limit": directives.positive_int,
        "series": directives.unchanged_required,
        "year": directives.positive_int,
    }
    limit: ClassVar[int | None] = None

    def run(self) -> list[nodes.Node]:
        """Make a place for the list."""
        selection = Selection(
            _series_folder(self),
            self.options.get("year"),
            self.options.get("limit", self.limit),
        )
        node = cafe.meeting_list(kind=self.kind, selection=selection, docname=self.env.docname)
        self.set_source_info(node)
        return [node]


class Latest(_List):
    """``{cafe:latest}``: the newest meetings with what they were about.

    ``:limit:`` says how many, 3 if it is not given; ``:series:`` as for the archive.
    """

    kind = "latest"
    limit = 3
    option_spec: ClassVar[OptionSpec] = {
        "limit": directives.positive_int,
        "series": directives.unchanged_required,
    }


class DiscussedList(_List):
    """``{cafe:discussed}``: GitHub issues by repository, with the meetings they came up in.

    ``:limit:`` counts issues, and chooses those of the newest meetings.
    """

    kind = "discussed"


class OutcomesList(_List):
    """``{cafe:outcomes}``: open actions, then decisions, then actions that are done.

    ``:limit:`` counts the lines of each of the three.
    """

    kind = "outcomes"


class PeopleList(_List):
    """``{cafe:people}``: who took part, when, and which topics they raised.

    ``:limit:`` chooses those who were at most meetings, and keeps the alphabetical order.
    """

    kind = "people"


class TagsList(_List):
    """``{cafe:tags}``: the years and meetings with each tag.

    ``:limit:`` chooses the tags that are used most, and keeps the alphabetical order.
    """

    kind = "tags"


class OptionsTable(SphinxDirective):
    """``{cafe:options}``: the table of this extension's options, made from the code."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Make the table from `options.OPTIONS`."""
        lines = ["| Option | What it says |", "| --- | --- |"]
        for option in options.OPTIONS:
            default = f'"{option.default}"' if isinstance(option.default, str) else "[]"
            lines.append(f"| `{option.name}` | {option.help} Default: `{default}`. |")
        return self.parse_text_to_nodes("\n".join(lines))


class Filler:
    """Fills the places that directives and the parser left in a document.

    This happens when all notes are read and the builder is known,
    so the links need no resolving of their own.
    """

    def __init__(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        self._app = app
        self._doctree = doctree
        self._docname = docname
        self._domain = cafe_domain(app.env)
        # The anchors on a page, which may have a list twice.
        self._taken: dict[str, Anchors] = {}
        self._page = ""

    def fill(self) -> None:
        """Fill all places of the document."""
        lists = {
            "archive": self._archive,
            "latest": self._latest,
            "discussed": self._discussed,
            "outcomes": self._outcomes,
            "people": self._people,
            "tags": self._tags,
        }
        places = list(self._doctree.findall(cafe.meeting_list))
        # In HTML, pages that are in one share their anchors; other builders tell them apart.
        together = self._app.builder.format == "html"
        if places and together:
            self._take_anchors()
        # Roles lead to the first whole index of a page.
        for node in sorted(places, key=lambda node: node["selection"] != Selection()):
            self._page = "" if together else node["docname"]
            node.replace_self(lists[node["kind"]](node["selection"]))
        for also in list(self._doctree.findall(cafe.also_in)):
            also.replace_self(self._also_in(also))
        for place in list(self._doctree.findall(cafe.year_navigation)):
            place.replace_self(self._years(place["docname"]))
        for link in list(self._doctree.findall(cafe.edit_link)):
            link.replace_self(self._edit_link(link["docname"], link["line"]))
        self._link_source()

    def _take_anchors(self) -> None:
        """Note the anchors on the page, and let no two archives have the same."""
        for element in self._doctree.findall(nodes.Element):
            anchors = [self._take(anchor) for anchor in element["ids"]]
            if element.get("archive"):
                element["ids"] = anchors

    def _take(self, anchor: str) -> str:
        """Return an anchor, or one with a number if the page has it already."""
        return self._taken.setdefault(self._page, Anchors()).add(anchor)

    def _reference(self, docname: str, anchor: str, text: str) -> nodes.TextElement:
        """Return a link to a place on a page, or its text alone where there can be none.

        Documents in LaTeX and Texinfo may have a part of the pages, and manuals have no links.
        """
        if self._app.builder.format == "man":
            return nodes.inline("", text)
        try:
            address = self._app.builder.get_relative_uri(self._docname, docname)
        except NoUri:
            return nodes.inline("", text)
        if address.startswith("#"):  # all pages are in one
            address = ""
        return nodes.reference("", text, refuri=f"{address}#{anchor}", internal=True)

    def _archive(self, selection: Selection) -> list[nodes.Node]:
        found = self._domain.meetings(selection)
        summary = nodes.paragraph(
            "", words.count_meetings([m for _, m in found]), classes=["cafe-summary"]
        )
        summary.extend(_tags(found[0][0].notes.tags if found else ()))
        return [summary, *self._rows(found, "cafe-archive", words.short_date)]

    def _latest(self, selection: Selection) -> list[nodes.Node]:
        return self._rows(self._domain.meetings(selection), "cafe-latest", words.full_date)

    def _rows(
        self,
        found: list[tuple[Year, Meeting]],
        kind: str,
        in_words: Callable[[MeetingDate, str], str],
    ) -> list[nodes.Node]:
        if not found:
            return []
        # A search should find the meeting itself rather than every list that names it.
        rows = nodes.bullet_list(classes=["cafe-meetings", kind, "no-search"])
        rows.extend(
            nodes.list_item("", self._row(year, meeting, in_words)) for year, meeting in found
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
                head += nodes.reference("", f"#{reference.number}", refuri=reference.address)
                entry = nodes.list_item("", head, self._mentions(item.mentions))
                self._name(entry, archive.reference_anchor(reference), selection)
                entries += entry
            anchor = archive.repository_anchor(repository)
            result.append(self._section(anchor, repository, entries, selection=selection))
        return [*result, *_more(found, selection)]

    def _outcomes(self, selection: Selection) -> list[nodes.Node]:
        lists: dict[str, list[nodes.Node]] = {name: [] for name in _OUTCOMES}
        for year, meeting in self._domain.meetings(_whole(selection)):
            for outcome in meeting.outcomes:
                line = nodes.paragraph()
                line += self._reference(year.docname, outcome.anchor, meeting.date.iso)
                line += nodes.Text(f" {outcome.text}")
                if outcome.owner:
                    line += nodes.Text(" ")
                    line += nodes.inline("", outcome.owner, classes=["cafe-tag"])
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
                result.append(self._section(anchor, name, *content, selection=selection))
        return result

    def _people(self, selection: Selection) -> list[nodes.Node]:
        entries = nodes.bullet_list(classes=["cafe-index", "cafe-persons"])
        everybody = archive.people(self._pages(_whole(selection)))
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
            present = "Present at 1 meeting" if count == 1 else f"Present at {count} meetings"
            item += cafe.details("", dates, summary=present)
            entries += item
        return [entries, *_more(everybody, selection)] if len(entries) else []

    def _tags(self, selection: Selection) -> list[nodes.Node]:
        by_tag: dict[str, nodes.bullet_list] = {}
        for year in self._domain.years(selection):
            for tag in year.notes.tags:
                name = words.series_title(year.notes.series, self._app.config.cafe_series_title)
                anchor = f"notes-{year.notes.year:04}"
                link = self._reference(year.docname, anchor, f"{name} {year.notes.year:04}")
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
        for year, meeting in self._domain.meetings(selection):
            yield year.docname, meeting

    def _mentions(self, mentions: Iterable[Mention]) -> nodes.bullet_list:
        """Return a list of places in the archive."""
        places = nodes.bullet_list()
        for mention in mentions:
            line = nodes.paragraph()
            line += self._reference(mention.page, mention.anchor, mention.meeting.date.iso)
            if title := mention.title or mention.meeting.title:
                line += nodes.Text(f" {words.shorten(title)}")
            places += nodes.list_item("", line)
        return places

    def _also_in(self, node: cafe.also_in) -> list[nodes.Node]:
        here = (node["docname"], node["meeting"])
        found = self._domain.discussed(Selection()).get(tuple(node["key"]))
        mentions = found.mentions if found else ()
        # This meeting is among them, once.
        first = mentions[: _MAX_ALSO_IN + 1]
        others = [m for m in first if (m.page, m.meeting.id) != here][:_MAX_ALSO_IN]
        if not others:
            return []
        links = nodes.inline("", " (also in ", classes=["cafe-also"])
        for index, mention in enumerate(others):
            if index:
                links += nodes.Text(", ")
            links += self._reference(mention.page, mention.anchor, mention.meeting.date.iso)
        rest = len(mentions) - 1 - len(others)
        links += nodes.Text(f" and {rest} more)" if rest > 0 else ")")
        return [links]

    def _row(
        self, year: Year, meeting: Meeting, in_words: Callable[[MeetingDate, str], str]
    ) -> nodes.paragraph:
        date = in_words(meeting.date, self._app.config.language)
        row = nodes.paragraph(classes=["cafe-row"])
        row += self._reference(year.docname, meeting.id, date)
        what = nodes.inline(classes=["cafe-what"])
        if meeting.canceled:
            what.extend((nodes.inline("", "Canceled", classes=["cafe-canceled"]), nodes.Text(" ")))
        if about := _about(meeting):
            what += nodes.Text(about)
        what.extend(_tags(meeting.tags))
        if len(what):
            row.extend((nodes.Text(" "), what))
        if meeting.attendees:
            count = words.people(len(meeting.attendees))
            row.extend((nodes.Text(" "), nodes.inline("", count, classes=["cafe-count"])))
        return row

    def _years(self, docname: str) -> list[nodes.Node]:
        before, after = self._domain.neighbors(docname)
        links = nodes.paragraph()
        for year, text, title in (
            (before, "← {}", "The year before"),
            (after, "{} →", "The year after"),
        ):
            for neighbor in year:
                if len(links):
                    links += nodes.Text(" ")
                number = f"{neighbor.notes.year:04}"
                link = self._reference(neighbor.docname, f"notes-{number}", text.format(number))
                link["reftitle"] = title
                links += link
        if not len(links):
            return []
        return [cafe.navigation("", links, label="Years", classes=["cafe-years"])]

    def _link_source(self) -> None:
        """Add a link to a year's source to the line below its title."""
        if year_of(self._docname, self._app.config) is None:
            return
        address = source_address(self._app, self._docname)
        page = next(self._doctree.findall(nodes.section), None)
        if address is None or page is None:
            return
        here = self._app.builder.get_target_uri(self._docname)
        link = nodes.reference("", "Source", refuri=relative_uri(here, address), internal=True)
        for node in page.children:
            if isinstance(node, nodes.paragraph) and "cafe-summary" in node["classes"]:
                node.extend((nodes.Text(" · "), link))
                return

    def _section(
        self, anchor: str, title: str, *content: nodes.Node, selection: Selection
    ) -> nodes.section:
        section = nodes.section("", nodes.title("", title), *content, classes=["cafe-group"])
        if selection.limit is not None:
            # The whole index may stand on the same page.
            anchor = f"first-{selection.limit}-{anchor}"
        section["ids"].append(self._take(anchor))
        cafe.make_titles_safe(section)
        return section

    def _name(self, entry: nodes.list_item, anchor: str, selection: Selection) -> None:
        """Give an entry of an index its anchor, if it is not one of a few in a part of it."""
        if selection.limit is None:
            entry["ids"].append(self._take(anchor))

    def _edit_link(self, docname: str, line: int) -> list[nodes.Node]:
        builder = self._app.builder
        if builder.format != "html" or builder.name == "epub":
            return []
        path = str(self._app.env.doc2path(docname, False)).replace("\\", "/")
        address = edit_address(self._app.config.html_context, path, line)
        if address is None:
            return []
        link = nodes.reference("", "Edit this meeting", refuri=address, classes=["cafe-edit"])
        return [nodes.Text(" · "), link]


def _whole(selection: Selection) -> Selection:
    """Return a selection that is limited by meetings only: by series and year."""
    return replace(selection, limit=None)


def _most(found: list[_T], count: Callable[[_T], int], selection: Selection) -> list[_T]:
    """Return the entries that count most, in the order that they have."""
    most = sorted(range(len(found)), key=lambda index: count(found[index]), reverse=True)
    return [found[index] for index in sorted(most[: selection.limit])]


def _more(found: Sequence[object], selection: Selection) -> list[nodes.Node]:
    """Return the line that says how many entries were left out, if any were."""
    rest = 0 if selection.limit is None else len(found) - selection.limit
    return [nodes.paragraph("", f"and {rest} more", classes=["cafe-more"])] if rest > 0 else []


def on_doctree_resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fill the places of a document that is about to be written."""
    Filler(app, doctree, docname).fill()


def _about(meeting: Meeting) -> str:
    if meeting.title:
        return meeting.title
    topics = [words.shorten(topic.title) for topic in meeting.topics]
    shown = topics if len(topics) <= _MAX_TOPICS + 1 else topics[:_MAX_TOPICS]
    rest = len(topics) - len(shown)
    return " · ".join([*shown, f"and {rest} more"] if rest else shown)


class FlattenFootnotes(SphinxPostTransform):
    """Makes the footnotes of notes such that Sphinx's writers for LaTeX and Texinfo take them.

    - They have different numbers on a page. Each meeting counts its own from 1,
      and these writers take two footnotes with one number for the same footnote.
    - None refers to another. That would be written within that one, without an end if the
      other refers back, and twice as long with each that refers to the next one twice.
    - Those that nothing refers to are text, for as footnotes they would not be written.
    """

    # Before LaTeXFootnoteTransform (600).
    default_priority = 590
    formats = ("latex", "texinfo")

    def run(self, **kwargs: Any) -> None:
        """Change the footnotes of one document, which may be many pages in one."""
        footnotes: dict[tuple[str, str], nodes.footnote] = {}
        numbers: dict[tuple[str, str], str] = {}
        counts: dict[str, int] = {}
        for footnote in self.document.findall(nodes.footnote):
            docname = footnote["docname"]
            if year_of(docname, self.config) is not None:
                counts[docname] = counts.get(docname, 0) + 1
                key = (docname, footnote["ids"][0])
                footnotes[key] = footnote
                numbers[key] = str(counts[docname])
                footnote[0] = nodes.label("", numbers[key])
        for footnote in footnotes.values():
            for inner in list(footnote.findall(nodes.footnote_reference)):
                number = numbers[inner["docname"], inner["refid"]]
                inner.parent.replace(inner, nodes.Text(f"[{number}]"))
        unused = dict(footnotes)
        for reference in self.document.findall(nodes.footnote_reference):
            if (key := (reference["docname"], reference["refid"])) in footnotes:
                unused.pop(key, None)
                reference.clear()
                reference += nodes.Text(numbers[key])
        for key, footnote in unused.items():
            label = nodes.paragraph("", f"[{numbers[key]}]")
            footnote.parent.replace(footnote, [label, *footnote.children[1:]])


def _tags(tags: Iterable[str]) -> list[nodes.Node]:
    result: list[nodes.Node] = []
    for tag in tags:
        result.extend((nodes.Text(" "), nodes.inline("", tag, classes=["cafe-tag"])))
    return result


# In the order in which pydata-sphinx-theme looks for them.
_HOSTS = {
    "bitbucket": ("https://bitbucket.org", "src"),
    "github": ("https://github.com", "edit"),
    "gitlab": ("https://gitlab.com", "-/edit"),
}


def edit_address(context: Mapping[str, Any], path: str, line: int) -> str | None:
    """Return the address that opens a file at a line for editing.

    It is that of pydata-sphinx-theme's "edit this page" button, by the same keys,
    rules and precedence (``edit_this_page.py`` there), and the line.

    :param context: ``html_context``
    :param path: the file's path below the documentation, with ``/`` between names
    :raises jinja2.TemplateError: if ``edit_page_url_template`` is no template

    >>> edit_address({"github_user": "a", "github_repo": "b", "github_version": "main"}, "n.md", 7)
    'https://github.com/a/b/edit/main/n.md#L7'
    >>> edit_address({}, "n.md", 7) is None
    True
    """
    folder = str(context.get("doc_path") or "")
    if folder and not folder.endswith("/"):
        folder += "/"
    template = context.get("edit_page_url_template")
    if template is not None:
        pagename, suffix = posixpath.splitext(path)
        address = _template(str(template)).render(
            {f"{host}_url": url for host, (url, _) in _HOSTS.items()}
            | {"pagename": pagename, "page_source_suffix": suffix}
            | {**context, "doc_path": folder, "file_name": path}
        )
        # The part after a number sign may be what the host goes by.
        return address if "#" in address else f"{address}#L{line}"
    for host, (default, middle) in _HOSTS.items():
        user, repo, version = (context.get(f"{host}_{key}") for key in ("user", "repo", "version"))
        if user and repo and version:
            base = str(context.get(f"{host}_url") or default).rstrip("/")
            anchor = f"?mode=edit#lines-{line}" if host == "bitbucket" else f"#L{line}"
            return f"{base}/{user}/{repo}/{middle}/{version}/{quote(folder + path)}{anchor}"
    return None


@functools.lru_cache(maxsize=4)
def _template(text: str) -> Template:
    return SandboxedEnvironment().from_string(text)


def source_address(app: Sphinx, docname: str) -> str | None:
    """Return where the copy of a year file is, seen from the root of the site.

    None if there is none: other builders than HTML make none, `html_copy_source` may say so,
    and sources have what the options for privacy keep off the pages.
    """
    builder, config = app.builder, app.config
    if not isinstance(builder, StandaloneHTMLBuilder) or not builder.copysource:
        return None
    if not config.html_copy_source or options.privacy(config) != Privacy():
        return None
    # As in Sphinx's StandaloneHTMLBuilder.get_doc_context.
    name = PurePath(app.env.doc2path(docname, False)).as_posix()
    suffix = config.html_sourcelink_suffix
    return quote(f"_sources/{name if name == docname + suffix else name + suffix}")


def on_html_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Name the source of a year in its page's head, for programs that would rather read that."""
    if year_of(pagename, app.config) is None or pagename not in app.env.titles:
        return
    address = source_address(app, pagename)
    if address is None:
        return
    href = html.escape(relative_uri(app.builder.get_target_uri(pagename), address))
    title = html.escape(f"{app.env.titles[pagename].astext()} (Markdown)")
    context["metatags"] = context.get("metatags", "") + (
        f'\n<link rel="alternate" type="text/markdown" href="{href}" title="{title}" />'
    )


def setup(app: Sphinx) -> None:
    """Register the directives and what fills their places."""
    app.add_directive_to_domain("cafe", "archive", Archive)
    app.add_directive_to_domain("cafe", "latest", Latest)
    app.add_directive_to_domain("cafe", "discussed", DiscussedList)
    app.add_directive_to_domain("cafe", "outcomes", OutcomesList)
    app.add_directive_to_domain("cafe", "people", PeopleList)
    app.add_directive_to_domain("cafe", "tags", TagsList)
    app.add_directive_to_domain("cafe", "options", OptionsTable)
    app.add_post_transform(FlattenFootnotes)
    app.connect("doctree-resolved", on_doctree_resolved)
    app.connect("html-page-context", on_html_page_context)
    app.add_css_file("cafe_site.css")
    app.connect("builder-inited", on_builder_inited)


def on_builder_inited(app: Sphinx) -> None:
    """Let Sphinx copy this package's static files, and check the address for editing.

    :raises ConfigError: if it is a template that cannot be filled
    """
    static = str(Path(__file__).parent.parent / "static")
    if static not in app.config.html_static_path:
        app.config.html_static_path.append(static)
    try:
        edit_address(app.config.html_context, "index.md", 1)
    except Exception as error:  # a template may do anything
        raise ConfigError(
            f"conf.py: edit_page_url_template in html_context is no valid template: {error}"
        ) from error
