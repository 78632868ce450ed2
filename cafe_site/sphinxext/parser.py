"""From a year file to its page: Sphinx's parser for Markdown, told apart by file name."""

from __future__ import annotations

import codecs
import datetime
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from myst_parser.parsers.sphinx_ import MystParser
from sphinx.errors import ConfigError
from sphinx.parsers import Parser
from sphinx.transforms import SphinxTransform
from sphinx.util import get_filetype

from cafe_site.formats import words
from cafe_site.notes import reader
from cafe_site.notes.identities import who_is_hidden
from cafe_site.notes.model import Privacy
from cafe_site.notes.people import names_of
from cafe_site.reading import read_file
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext import options
from cafe_site.sphinxext.highlighting import Highlighting
from cafe_site.sphinxext.problems import SiteProblem, warn
from cafe_site.sphinxext.renderer import Renderer
from cafe_site.sphinxext.site import cafe_domain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from docutils.transforms import Transform
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from cafe_site.notes.model import Entry, Link, YearNotes

_YEAR = re.compile(r"(?:(?P<series>.+)/)?(?P<year>[0-9]{4})")
_LENIENT_UTF_8 = "cafe-site-lenient-utf-8"


def year_of(docname: str, config: Config) -> tuple[str, int] | None:
    """Return the series and the year if a document is a year of notes.

    It is if its name is ``YYYY`` in the notes folder or in a subfolder of it.
    """
    folder = options.notes_folder(config)
    name = docname
    if folder:
        if not docname.startswith(f"{folder}/"):
            return None
        name = docname.removeprefix(f"{folder}/")
    match = _YEAR.fullmatch(name)
    return (match["series"] or "", int(match["year"])) if match else None


def read_year(source: bytes, series: str, year: int, env: BuildEnvironment) -> YearNotes:
    """Read what stands in a year file as the site shows it."""
    config = env.config
    domain = cafe_domain(env)
    privacy = replace(options.privacy(config), hidden=domain.hidden)
    text, problems = reader.decode(source)
    # A meeting in Auckland takes place before its day has begun in UTC.
    tomorrow = options.today(config) + datetime.timedelta(days=1)
    notes = reader.read(text, year, series=series, today=tomorrow, privacy=privacy)
    return replace(notes, problems=(*problems, *notes.problems))


class NotesParser(MystParser):
    """MyST's parser, which leaves years of notes to the reader of notes."""

    def get_transforms(self) -> list[type[Transform]]:
        """Return the transforms of a document; years of notes need none of MyST's."""
        if year_of(self._env.current_document.docname, self._config) is None:
            return super().get_transforms()  # type: ignore[no-any-return, no-untyped-call]
        return Parser.get_transforms(self)

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse a document into docutils nodes."""
        env = self._env
        docname = env.current_document.docname
        found = year_of(docname, self._config)
        if found is None:
            super().parse(inputstring, document)
            return
        series, year = found
        # Not `inputstring`: other extensions may change it at source-read, and a template
        # engine at work there would run what somebody typed into the pad.
        path = env.doc2path(docname)
        try:
            source = read_file(path)
        except OSError as error:
            # Gone since Sphinx has read it.
            warn_unreadable(docname, error)
            source = b""
            env.note_reread()
        notes = read_year(source, series, year, env)
        for problem in notes.problems:
            warn(problem.kind, "%s", problem.message, location=(docname, problem.line))
        # Typographic quotes would change what was written: code, commands, names.
        document.settings.smart_quotes = False
        document += _page(notes, docname, document, str(path), self._config)
        domain = cafe_domain(env)
        domain.note_year(docname, notes, source)
        # The archive lists every year; without one, a year needs no toctree to be found.
        env.metadata[docname]["orphan"] = True


class NotesAreNotTranslated(SphinxTransform):
    """Keeps years of notes out of the messages that Sphinx has translated.

    Notes are a record of what was said. As texts of a document they would be hundreds of
    messages a year, and Sphinx would read each translation as a file of notes.
    """

    # After ExtraTranslatableNodes (10), which adds the nodes of `gettext_additional_targets`,
    # and before Locale (20), which reads the translations.
    default_priority = 15

    def apply(self, **kwargs: Any) -> None:
        """Mark all texts of one document, if it is a year of notes."""
        if year_of(self.env.current_document.docname, self.config) is None:
            return
        for node in self.document.findall(nodes.TextElement):
            # Sphinx takes no text from inline nodes, and removes those with this mark.
            if not isinstance(node, nodes.Inline):
                node["translatable"] = False


def _page(
    notes: YearNotes, docname: str, document: nodes.document, source: str, config: Config
) -> nodes.section:
    """Make the section that is the page of a year."""
    name = words.series_title(notes.series, config.cafe_series_title)
    anchor = f"notes-{notes.year:04}"
    page = nodes.section(ids=[anchor])
    page += nodes.title("", notes.title or f"{name} {notes.year}")
    document.ids[anchor] = page
    for node in page.findall():
        node.source, node.line = source, 1

    anchors = notes.anchors
    highlighting = Highlighting()

    def renderer(prefix: str, names: frozenset[str] = frozenset()) -> Renderer:
        return Renderer(
            document,
            source,
            prefix,
            anchors=anchors,
            names=names,
            person_url=config.cafe_person_url,
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
        section = _meeting(entry, body, docname, config.language)
        for node in section.findall():
            node.source, node.line = source, meeting.line
        page += section
        document.ids[meeting.id] = section
        body.render(entry.body, section, entry.people, words.people(len(meeting.attendees)))
    cafe.make_titles_safe(page)
    return page


def _meeting(entry: Entry, renderer: Renderer, docname: str, language: str) -> nodes.section:
    """Make the section of a meeting with its heading and the line below it."""
    meeting = entry.meeting
    title = nodes.title("", words.full_date(meeting.date, language))
    if meeting.title:
        title += nodes.Text(f": {meeting.title}")
    if meeting.canceled:
        title.extend((nodes.Text(" "), nodes.inline("", "Canceled", classes=["cafe-canceled"])))
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
    """Yield the links of a heading; in the heading itself they would be in every list of it."""
    for link in links:
        yield nodes.Text(" · ")
        yield renderer.address(link)


# --- bytes that are not UTF-8 -----------------------------------------------------------
# Sphinx reads a document strictly before any event of the document, and stops the build at
# the first byte that is not UTF-8 (Builder.read_doc, Sphinx 9.0 to 9.2). Notes are pasted
# from anywhere, so while a year file with such bytes is among the documents to be read,
# Sphinx decodes leniently; the parser reads the file itself, and says where the bytes are.


class _LenientDecoder(codecs.getincrementaldecoder("utf-8-sig")):  # type: ignore[misc]
    def __init__(self, errors: str = "replace") -> None:
        super().__init__("replace")


def _find_lenient_codec(name: str) -> codecs.CodecInfo | None:
    # Python asks with underscores for the hyphens.
    if name.replace("_", "-") != _LENIENT_UTF_8:
        return None
    strict = codecs.lookup("utf-8-sig")
    return codecs.CodecInfo(
        name=_LENIENT_UTF_8,
        encode=strict.encode,
        decode=lambda data, errors="replace": strict.decode(data, "replace"),
        incrementalencoder=strict.incrementalencoder,
        incrementaldecoder=_LenientDecoder,
        streamreader=strict.streamreader,
        streamwriter=strict.streamwriter,
    )


def check_notes_folder(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn if all year files lie somewhere else, where they would be read as trusted pages."""
    if any(year_of(docname, app.config) for docname in env.found_docs):
        return
    others = {
        docname.rpartition("/")[0] or "."
        for docname in env.found_docs
        if re.fullmatch(r"(?:.+/)?(?:19|20)[0-9]{2}", docname)
    }
    if others:
        warn(
            SiteProblem.NO_NOTES,
            "there is no year of notes in the folder %r (cafe_notes), but there are files called "
            "like one in: %s; as long as that is so, they are read as pages that are trusted, "
            "which notes from a pad must not be",
            app.config.cafe_notes,
            ", ".join(sorted(others)),
        )


def warn_unreadable(docname: str, error: OSError) -> None:
    """Warn of a document that cannot be read."""
    warn(
        SiteProblem.UNREADABLE,
        "cannot be read: %s",
        error.strerror or error,
        location=docname,
    )


def on_env_get_outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Leave out what is no file, although it has the name of one, or cannot be read.

    Sphinx would wait without end for somebody to write to a named pipe, and stop the build at
    a file that is gone since it has looked for files.
    """
    for docname in sorted(added | changed):
        try:
            read_file(env.doc2path(docname))
        except OSError as error:
            warn_unreadable(docname, error)
            for names in (added, changed, env.project.docnames):
                names.discard(docname)
            if docname in env.all_docs:
                removed.add(docname)
    return []


def find_hidden_people(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> set[str]:
    """Find out who all the people are that asked not to be named.

    Returns the years of notes to read again, which are all if a file says more about them.
    """
    domain = cafe_domain(env)
    years = sorted(name for name in env.found_docs if year_of(name, app.config))
    domain.hidden = who_is_hidden(app.config.cafe_hide_people, _texts(env, years))
    return set(years) if domain.note_hidden() else set()


def _texts(env: BuildEnvironment, docnames: Iterable[str]) -> Iterator[str]:
    for docname in docnames:
        try:
            data = read_file(env.doc2path(docname))
        except OSError:  # reported where it is read
            continue
        yield reader.clean(reader.decode(data)[0])


def on_env_before_read_docs(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Let Sphinx read leniently if nothing but year files needs it."""
    check_notes_folder(app, env)
    bad = [docname for docname in docnames if not _is_utf_8(env.doc2path(docname))]
    if bad and all(year_of(docname, app.config) for docname in bad):
        env.settings["input_encoding"] = _LENIENT_UTF_8


def _is_utf_8(path: str | Path) -> bool:
    try:
        read_file(Path(path)).decode("utf-8")
    except UnicodeDecodeError:
        return False
    except OSError:  # Sphinx reports files that it cannot read
        return True
    return True


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Read strictly again."""
    env.settings["input_encoding"] = app.config.source_encoding


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Take back the labels that others have made of headings of notes.

    ``sphinx.ext.autosectionlabel`` makes one of each, with spaces in it, and Sphinx writes them
    into its inventory, where such a heading could pass for an entry of its own.
    """
    docname = app.env.current_document.docname
    if year_of(docname, app.config) is None:
        return
    domain = app.env.domains.standard_domain
    for labels in (domain.labels, domain.anonlabels):
        for name in [name for name, (page, *_) in labels.items() if page == docname]:
            del labels[name]


def on_html_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Keep the source of a year from being published if a part of it is not to be shown."""
    if year_of(pagename, app.config) is None:
        return
    # In the table of contents the newest year comes first, so the theme's "previous" would be
    # the year after; the page has links to its neighbors of its own.
    context.update(prev=None, next=None)
    is_private = options.privacy(app.config) != Privacy()
    # Sphinx stops the build at a source to copy that is gone since it was read.
    if not is_private and app.env.doc2path(pagename).is_file():
        return
    # A copy may be there from before.
    Path(app.outdir, "_sources", context.get("sourcename") or "-").unlink(missing_ok=True)
    context.update(sourcename="", has_source=False, show_source=False)


def on_builder_inited(app: Sphinx) -> None:
    """Refuse to build when something else reads Markdown files.

    :raises ConfigError: if notes would be read by a parser that trusts them
    """
    filetype = get_filetype(app.config.source_suffix, "2025.md")
    if app.registry.source_parsers.get(filetype) is not NotesParser:
        raise ConfigError(
            f"conf.py: notes are .md files, but these are of the type {filetype!r}, "
            "whose parser trusts them; set source_suffix['.md'] = 'markdown'"
        )


def setup(app: Sphinx) -> None:
    """Register the parser in the place of MyST's own."""
    codecs.register(_find_lenient_codec)
    app.add_source_parser(NotesParser, override=True)
    app.add_transform(NotesAreNotTranslated)
    app.connect("builder-inited", on_builder_inited)
    app.connect("env-get-outdated", on_env_get_outdated)
    # Of the files that are left.
    app.connect("env-get-outdated", find_hidden_people, priority=600)
    app.connect("env-before-read-docs", on_env_before_read_docs)
    app.connect("env-updated", on_env_updated)
    # After the extensions that make labels.
    app.connect("doctree-read", on_doctree_read, priority=900)
    app.connect("html-page-context", on_html_page_context)
