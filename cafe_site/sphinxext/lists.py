"""Directives for lists generated from the whole archive, and for the table of options."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from cafe_site.community.schedule import chosen
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext import options
from cafe_site.sphinxext.domain import Selection
from cafe_site.sphinxext.interfaces import TocTree, application
from cafe_site.sphinxext.problems import SiteProblem, warn
from cafe_site.sphinxext.site import cafe_domain
from cafe_site.sphinxext.sources import notes_source
from cafe_site.translation import gettext

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import OptionSpec


# The years of each series, newest first, with the documents of the year files of each;
# None stands for files without a date.
_Groups = dict[str, dict[int | None, list[str]]]


def _groups(env: BuildEnvironment, wanted: str | None) -> _Groups:
    """Return the years that the archive shows of each series, or of one.

    They are those of the meetings, as far as they have been read, or else of the paths.
    """
    known = cafe_domain(env).data["notes"]
    found: _Groups = {}
    for docname in sorted(env.found_docs):
        source = notes_source(docname, env.config)
        if source is None or wanted not in (None, source.series):
            continue
        series = found.setdefault(source.series, {})
        if source.is_year_file:
            series.setdefault(source.year, []).append(docname)
        elif docname in known:
            for year in known[docname].years():
                series.setdefault(year, [])
        elif source.year is not None:
            series.setdefault(source.year, [])
    return {
        name: dict(sorted(years.items(), key=lambda item: item[0] or -1, reverse=True))
        for name, years in sorted(found.items())
    }


def reread_archives(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Reread pages with an archive whose years are not those of the meetings.

    Until all notes are read, only their paths give the years.
    """
    changed = [
        docname
        for docname, shown in cafe_domain(env).data["groups"].items()
        if any(groups != _groups(env, wanted) for wanted, groups in shown)
    ]
    for docname in sorted(changed):
        app.emit("env-purge-doc", env, docname)
        env.clear_doc(docname)
        app.builder.read_doc(docname)
    return changed


def leave_out_of_navigation(app: Sphinx, doctree: nodes.document) -> None:
    """Remove meeting files from the table of contents of a page that was just read.

    They stay below it in the structure of the site, without hundreds of links on each page.
    """
    for toc in list(app.env.tocs[app.env.current_document.docname].findall(addnodes.toctree)):
        if toc.get("meeting_files"):
            toc.parent.remove(toc)


class Archive(SphinxDirective):
    """``{cafe:archive}``: every meeting, by series and year, newest first.

    It also adds the years to the table of contents,
    so that no toctree has to be edited for a new year file.
    ``:series:`` shows only one series, given by its id in community.yaml or its folder;
    ``.`` is the notes folder itself.
    """

    has_content = False
    option_spec: ClassVar[OptionSpec] = {"series": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return one section per year, each with a placeholder for its list."""
        wanted = _series_folder(self)
        groups = _groups(self.env, wanted)
        cafe_domain(self.env).data["groups"].setdefault(self.env.docname, []).append(
            (wanted, groups)
        )
        result: list[nodes.Node] = []
        for series, years in groups.items():
            result.extend(self._toctree(series, years, several=len(groups) > 1))
            sections = [self._year(series, year, names) for year, names in years.items()]
            if len(groups) == 1:
                result.extend(sections)
                continue
            name = options.series_title(self.config, series)
            section = self._section(f"series-{nodes.make_id(series) or 'notes'}", name)
            section.extend(sections)
            result.append(section)
        if groups:
            result.extend(self._meeting_files(wanted))
        else:
            # With `glob`, Sphinx rereads this page when a file is added.
            result.extend(self._toctree("", {}, several=False))
            folder = options.notes_folder(self.config) or "."
            message = gettext("There are no notes in the folder {folder} yet.")
            result.append(nodes.paragraph("", message.format(folder=folder)))
        return result

    def _toctree(
        self, series: str, years: dict[int | None, list[str]], *, several: bool
    ) -> list[nodes.Node]:
        name = options.series_title(self.config, series)
        # Not all themes show captions, and the years of two series look alike.
        prefix = f"{name} " if series and several else ""
        lines = [
            f"{prefix}{year:04} </{docname}>"
            for year, docnames in years.items()
            for docname in docnames
        ]
        values: dict[str, object] = {"maxdepth": 1}
        if several and lines:
            values["caption"] = name
        return self._hidden_toctree(lines, values)

    def _meeting_files(self, wanted: str | None) -> list[nodes.Node]:
        """Return the toctree of all other files of notes."""
        # Themes show all of the toctrees of the root document.
        if self.env.docname == self.config.root_doc:
            return []
        lines = []
        for docname in sorted(self.env.found_docs, reverse=True):
            source = notes_source(docname, self.config)
            if source and not source.is_year_file and wanted in (None, source.series):
                lines.append(f"/{docname}")
        found = self._hidden_toctree(lines, {}) if lines else []
        for node in found:
            for toctree in node.findall(addnodes.toctree):
                toctree["meeting_files"] = True
        return found

    def _hidden_toctree(self, lines: list[str], values: dict[str, object]) -> list[nodes.Node]:
        return TocTree(
            "toctree",
            [],
            # With `glob`, Sphinx rereads the page when documents are added or removed.
            {"glob": None, "hidden": None, **values},
            StringList(lines, self.env.docname),
            self.lineno,
            self.content_offset,
            self.block_text,
            self.state,
            self.state_machine,
        ).run()

    def _year(self, series: str, year: int | None, docnames: list[str]) -> nodes.section:
        if year is None:
            section = self._section(
                nodes.make_id(f"archive-{series}-undated"), gettext("Without a date")
            )
            selection = Selection(series)
        else:
            title: str | nodes.Node = f"{year:04}"
            if docnames:
                title = addnodes.pending_xref(
                    "",
                    nodes.inline("", f"{year:04}"),
                    refdomain="std",
                    reftype="doc",
                    refdoc=self.env.docname,
                    reftarget=f"/{docnames[0]}",
                    refexplicit=True,
                    refwarn=True,
                )
            section = self._section(nodes.make_id(f"archive-{series}-{year:04}"), title)
            selection = Selection(series, year)
        kind = "undated" if year is None else "archive"
        section += cafe.meeting_list(kind=kind, selection=selection, docname=self.env.docname)
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
        self.state.document.set_id(section)
        return section


def _series_folder(directive: SphinxDirective) -> str | None:
    """Return the folder of the series given in ``:series:``; None for all.

    As everywhere, a series is given by its id in community.yaml or by its folder.
    Warns about an unknown series, whose list would otherwise be silently empty.
    """
    wanted = directive.options.get("series")
    if wanted is None:
        return None
    app = application(directive.env)
    if path := options.community_path(app):
        directive.env.note_dependency(path)
    community = options.community(app)
    if found := chosen(community.schedule if community else (), wanted):
        return found[0].notes
    folder = "" if wanted == "." else str(wanted).strip("/")
    sources = (notes_source(name, directive.config) for name in directive.env.found_docs)
    known = sorted({source.series for source in sources if source})
    if folder not in known:
        warn(
            SiteProblem.UNKNOWN_SERIES,
            "unknown series %r; the series are: %s",
            wanted,
            ", ".join(name or "." for name in known) or "none",
            location=directive.get_location(),
        )
    return folder


class _List(SphinxDirective):
    """A list that is generated once all notes are read.

    ``:series:`` selects the meetings of one series, given by its id in community.yaml or its
    folder; ``.`` is the notes folder itself.
    ``:year:`` selects those of one year.
    ``:limit:`` is the maximum number of entries; a last line counts the others.
    With any of these options the index is partial, so roles do not link to it.
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
        """Return a placeholder for the list."""
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

    ``:limit:`` is how many, 3 by default; ``:series:`` is as for the archive.
    """

    kind = "latest"
    limit = 3
    option_spec: ClassVar[OptionSpec] = {
        "limit": directives.positive_int,
        "series": directives.unchanged_required,
    }


class DiscussedList(_List):
    """``{cafe:discussed}``: GitHub issues by repository, with the meetings they came up in.

    ``:limit:`` is the number of issues; those of the newest meetings are kept.
    """

    kind = "discussed"


class OutcomesList(_List):
    """``{cafe:outcomes}``: open actions, then decisions, then actions that are done.

    ``:limit:`` is the maximum number of lines in each of the three.
    """

    kind = "outcomes"


class PeopleList(_List):
    """``{cafe:people}``: who took part, when, and which topics they raised.

    ``:limit:`` keeps those who attended the most meetings, in alphabetical order.
    """

    kind = "people"


class TagsList(_List):
    """``{cafe:tags}``: the years and meetings with each tag.

    ``:limit:`` keeps the most used tags, in alphabetical order.
    """

    kind = "tags"


class OptionsTable(SphinxDirective):
    """``{cafe:options}``: the table of this extension's options, generated from the code."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the table, generated from `options.OPTIONS`."""
        lines = ["| Option | Description |", "| --- | --- |"]
        for option in options.OPTIONS:
            default = json.dumps(option.default)
            lines.append(f"| `{option.name}` | {option.help} Default: `{default}`. |")
        return self.parse_text_to_nodes("\n".join(lines))


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive_to_domain("cafe", "archive", Archive)
    # After Sphinx has collected the table of contents of the page.
    app.connect("doctree-read", leave_out_of_navigation, priority=800)
    # Before other handlers ask what the pages have.
    app.connect("env-updated", reread_archives, priority=100)
    app.add_directive_to_domain("cafe", "latest", Latest)
    app.add_directive_to_domain("cafe", "discussed", DiscussedList)
    app.add_directive_to_domain("cafe", "outcomes", OutcomesList)
    app.add_directive_to_domain("cafe", "people", PeopleList)
    app.add_directive_to_domain("cafe", "tags", TagsList)
    app.add_directive_to_domain("cafe", "options", OptionsTable)
