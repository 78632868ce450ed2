"""Directives for hand-written pages, and what fills their places once all notes are read."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from cafe_site import nodes as cafe
from cafe_site import options, words
from cafe_site.domain import CafeDomain, Selection
from cafe_site.parser import year_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.util.typing import OptionSpec

    from cafe_site.domain import Year
    from cafe_site.notes.model import Meeting

logger = logging.getLogger(__name__)

# More topics than this end in "and 3 more".
_MAX_TOPICS = 6


class Archive(SphinxDirective):
    """``{cafe:archive}``: every meeting, by series and year, newest first.

    It also takes the years into the table of contents,
    so that a new year's file needs no toctree to be edited.
    ``:series:`` shows one series alone; ``.`` is the notes folder itself.
    """

    has_content = False
    option_spec: ClassVar[OptionSpec] = {"series": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Make one section per year, each with a place for its list."""
        years: dict[str, list[tuple[int, str]]] = {}
        wanted = self.options.get("series")
        for docname in sorted(self.env.found_docs):
            found = year_of(docname, self.config)
            if found and (wanted is None or found[0] == ("" if wanted == "." else wanted)):
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
        if not years and wanted is not None:
            known = sorted(
                {
                    found[0] or "."
                    for name in self.env.found_docs
                    if (found := year_of(name, self.config))
                }
            )
            logger.warning(
                "there is no series %r; there are: %s",
                wanted,
                ", ".join(known) or "none",
                type="cafe",
                subtype="unknown_series",
                location=self.get_location(),
            )
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
        toctree["entries"] = [(f"{year:04}", docname) for year, docname in pages]
        toctree["includefiles"] = [docname for _, docname in pages]
        toctree["glob"] = True
        toctree["hidden"] = True
        toctree["maxdepth"] = 1
        toctree["includehidden"] = toctree["numbered"] = toctree["titlesonly"] = False
        name = words.series_title(series, self.config.cafe_series_title)
        toctree["caption"] = toctree["rawcaption"] = name if several else None
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
        section += cafe.meeting_list(selection=Selection(series, year), counted=True)
        return section

    def _section(self, anchor: str, title: str | nodes.Node) -> nodes.section:
        section = nodes.section(ids=[anchor])
        section += nodes.title("", "", nodes.Text(title) if isinstance(title, str) else title)
        self.set_source_info(section)
        self.state.document.ids[anchor] = section
        return section


class Latest(SphinxDirective):
    """``{cafe:latest}``: the newest meetings with what they were about.

    ``:limit:`` says how many, 3 if it is not given; ``:series:`` as for the archive.
    """

    has_content = False
    option_spec: ClassVar[OptionSpec] = {
        "limit": directives.positive_int,
        "series": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Make a place for the list."""
        series = self.options.get("series")
        selection = Selection("" if series == "." else series, None, self.options.get("limit", 3))
        node = cafe.meeting_list(selection=selection, counted=False)
        self.set_source_info(node)
        return [node]


class OptionsTable(SphinxDirective):
    """``{cafe:options}``: the table of this extension's options, made from the code."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Make the table from `options.OPTIONS`."""
        lines = ["| Option | What it says |", "| --- | --- |"]
        for option in options.OPTIONS:
            lines.append(f'| `{option.name}` | {option.help} Default: `"{option.default}"`. |')
        return self.parse_text_to_nodes("\n".join(lines))


class Filler:
    """Fills the places that directives and the parser left in a document.

    This happens when all notes are read and the builder is known,
    so the links need no resolving of their own.
    """

    def __init__(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        domain = app.env.domains["cafe"]
        assert isinstance(domain, CafeDomain)
        self._app = app
        self._doctree = doctree
        self._docname = docname
        self._domain = domain

    def fill(self) -> None:
        """Fill all places of the document."""
        for node in list(self._doctree.findall(cafe.meeting_list)):
            node.replace_self(self._meetings(node))
        for place in list(self._doctree.findall(cafe.year_navigation)):
            place.replace_self(self._years(place["docname"]))
        for link in list(self._doctree.findall(cafe.edit_link)):
            link.replace_self(self._edit_link(link["docname"], link["line"]))

    def _reference(self, docname: str, anchor: str, text: str) -> nodes.reference:
        address = self._app.builder.get_relative_uri(self._docname, docname)
        if address.startswith("#"):  # all pages are in one
            address = ""
        return nodes.reference("", text, refuri=f"{address}#{anchor}", internal=True)

    def _meetings(self, node: cafe.meeting_list) -> list[nodes.Node]:
        found = self._domain.meetings(node["selection"])
        kind = "cafe-archive" if node["counted"] else "cafe-latest"
        # A search should find the meeting itself rather than every list that names it.
        rows = nodes.bullet_list(classes=["cafe-meetings", kind, "no-search"])
        rows.extend(
            nodes.list_item("", self._row(year, meeting, with_year=not node["counted"]))
            for year, meeting in found
        )
        result: list[nodes.Node] = []
        if node["counted"]:
            tags = found[0][0].notes.tags if found else ()
            summary = nodes.paragraph(
                "", words.count_meetings([m for _, m in found]), classes=["cafe-summary"]
            )
            summary.extend(_tags(tags))
            result.append(summary)
        return [*result, rows] if found else result

    def _row(self, year: Year, meeting: Meeting, *, with_year: bool) -> nodes.paragraph:
        in_words = words.full_date if with_year else words.short_date
        date = in_words(meeting.date, self._app.config.language)
        row = nodes.paragraph(classes=["cafe-row"])
        row += self._reference(year.docname, meeting.id, date)
        what = nodes.inline(classes=["cafe-what"])
        if meeting.cancelled:
            what.extend(
                (nodes.inline("", "Cancelled", classes=["cafe-cancelled"]), nodes.Text(" "))
            )
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
        notes = self._domain.data["years"][docname]
        years = self._domain.series()[notes.series]
        index = next(i for i, year in enumerate(years) if year.docname == docname)
        links = nodes.paragraph()
        for year, text, title in (
            (years[index + 1 : index + 2], "← {}", "The year before"),
            (years[max(index - 1, 0) : index], "{} →", "The year after"),
        ):
            for neighbour in year:
                if len(links):
                    links += nodes.Text(" ")
                number = f"{neighbour.notes.year:04}"
                link = self._reference(neighbour.docname, f"notes-{number}", text.format(number))
                link["reftitle"] = title
                links += link
        if not len(links):
            return []
        return [cafe.navigation("", links, label="Years", classes=["cafe-years"])]

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


class NumberFootnotes(SphinxPostTransform):
    """Gives the footnotes of a page different numbers in LaTeX.

    Each meeting counts its footnotes from 1, but Sphinx's LaTeX writer takes two footnotes
    of one page with the same number for the same footnote.
    """

    # Before LaTeXFootnoteTransform (600).
    default_priority = 590
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Number the footnotes of one document, which may be many pages in one."""
        numbers: dict[tuple[str, str], str] = {}
        counts: dict[str, int] = {}
        for footnote in self.document.findall(nodes.footnote):
            docname = footnote["docname"]
            if year_of(docname, self.config) is not None:
                counts[docname] = counts.get(docname, 0) + 1
                number = numbers[docname, footnote["ids"][0]] = str(counts[docname])
                footnote[0] = nodes.label("", number)
        for reference in self.document.findall(nodes.footnote_reference):
            if (key := (reference["docname"], reference["refid"])) in numbers:
                reference.clear()
                reference += nodes.Text(numbers[key])


def _tags(tags: Iterable[str]) -> list[nodes.Node]:
    result: list[nodes.Node] = []
    for tag in tags:
        result.extend((nodes.Text(" "), nodes.inline("", tag, classes=["cafe-tag"])))
    return result


def edit_address(context: Mapping[str, Any], path: str, line: int) -> str | None:
    """Return the address that opens a file at a line for editing.

    :param context: ``html_context``, with the same keys that pydata-sphinx-theme's
        "edit this page" button uses
    :param path: the file's path below the documentation, with ``/`` between names

    >>> edit_address({"github_user": "a", "github_repo": "b", "github_version": "main"}, "n.md", 7)
    'https://github.com/a/b/edit/main/n.md#L7'
    >>> edit_address({}, "n.md", 7) is None
    True
    """
    template = context.get("edit_page_url_template")
    full_path = posixpath.join(str(context.get("doc_path") or ""), path)
    if template:
        values = {**context, "doc_path": str(context.get("doc_path") or ""), "file_name": path}
        address = str(template)
        for key, value in values.items():
            for spelling in (f"{{{{ {key} }}}}", f"{{{{{key}}}}}"):
                address = address.replace(spelling, str(value))
        return f"{address}#L{line}"
    for host, default, middle in (
        ("github", "https://github.com", "edit"),
        ("gitlab", "https://gitlab.com", "-/edit"),
        ("bitbucket", "https://bitbucket.org", "src"),
    ):
        user, repo, version = (context.get(f"{host}_{key}") for key in ("user", "repo", "version"))
        if user and repo and version:
            base = str(context.get(f"{host}_url") or default).rstrip("/")
            anchor = f"?mode=edit#lines-{line}" if host == "bitbucket" else f"#L{line}"
            return f"{base}/{user}/{repo}/{middle}/{version}/{quote(full_path)}{anchor}"
    return None


def setup(app: Sphinx) -> None:
    """Register the directives and what fills their places."""
    app.add_directive_to_domain("cafe", "archive", Archive)
    app.add_directive_to_domain("cafe", "latest", Latest)
    app.add_directive_to_domain("cafe", "options", OptionsTable)
    app.add_post_transform(NumberFootnotes)
    app.connect("doctree-resolved", on_doctree_resolved)
    app.add_css_file("cafe_site.css")
    app.connect("builder-inited", on_builder_inited)


def on_builder_inited(app: Sphinx) -> None:
    """Let Sphinx copy this package's static files."""
    from pathlib import Path

    static = str(Path(__file__).parent / "static")
    if static not in app.config.html_static_path:
        app.config.html_static_path.append(static)
