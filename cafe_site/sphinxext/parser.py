"""The Sphinx parser for Markdown, which recognizes notes by their paths."""

from __future__ import annotations

import datetime
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.errors import ConfigError
from sphinx.parsers import Parser
from sphinx.transforms import SphinxTransform
from sphinx.util import get_filetype

from cafe_site.notes import folder, reader
from cafe_site.notes.identities import who_is_hidden
from cafe_site.reading import read_file
from cafe_site.sphinxext import interfaces, options
from cafe_site.sphinxext.notes_page import notes_page
from cafe_site.sphinxext.problems import warn
from cafe_site.sphinxext.site import cafe_domain
from cafe_site.sphinxext.sources import notes_source, warn_unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from docutils.transforms import Transform
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from cafe_site.notes.model import NotesFile
    from cafe_site.notes.sources import Source

# How much earlier than the clock the time of a file may be, in microseconds: file systems
# round it to a tick of the kernel.
_CLOCK = 20_000


def read_notes(data: bytes, source: Source, env: BuildEnvironment) -> NotesFile:
    """Read the contents of a file of notes as the site shows it."""
    config = env.config
    domain = cafe_domain(env)
    privacy = replace(options.privacy(config), hidden=domain.hidden)
    # A meeting in Auckland can take place before its day has begun in UTC.
    tomorrow = options.today(config) + datetime.timedelta(days=1)
    return folder.read_notes(
        data,
        source,
        today=tomorrow,
        privacy=privacy,
        forges=options.forges_of(config, source.series),
        vocabulary=options.vocabulary_of(config),
    )


class NotesParser(interfaces.MystParser):
    """MyST's parser, except that notes are read by `cafe_site.notes.reader`."""

    def get_transforms(self) -> list[type[Transform]]:
        """Return the transforms of a document; notes need none of MyST's."""
        env = interfaces.environment(self)
        if notes_source(env.current_document.docname, env.config) is None:
            return super().get_transforms()  # type: ignore[no-any-return, no-untyped-call]
        return Parser.get_transforms(self)

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse a document into docutils nodes."""
        env = interfaces.environment(self)
        docname = env.current_document.docname
        source = notes_source(docname, env.config)
        if source is None:
            super().parse(inputstring, document)
            return
        # Not `inputstring`: other extensions may change it at source-read, and a template
        # engine would run there what somebody typed into the pad.
        path = env.doc2path(docname)
        cafe_domain(env).note_reading(docname, time.time_ns() // 1_000 - _CLOCK)
        try:
            data = read_file(path)
        except OSError as error:
            # Deleted since Sphinx read it.
            warn_unreadable(docname, error)
            data = b""
            env.note_reread()
        notes = read_notes(data, source, env)
        for problem in notes.problems:
            warn(problem.kind, "%s", problem.message, location=(docname, problem.line))
        # Smart quotes would change what was written: code, commands, names.
        document.settings.smart_quotes = False
        document += notes_page(notes, docname, document, str(path), env.config)
        domain = cafe_domain(env)
        domain.note_file(docname, notes, data)
        # The archive lists all notes; without one, they need not be in a toctree.
        env.metadata[docname]["orphan"] = True


class NotesAreNotTranslated(SphinxTransform):
    """Exclude notes from Sphinx's translation of documents.

    Notes are a record of what was said. They would add hundreds of messages a year,
    and Sphinx would parse each translation as notes.
    """

    # After ExtraTranslatableNodes (10), which adds the nodes of `gettext_additional_targets`,
    # and before Locale (20), which reads the translations.
    default_priority = 15

    def apply(self, **kwargs: Any) -> None:
        """Mark all text nodes of one document, if it is notes."""
        if notes_source(self.env.current_document.docname, self.config) is None:
            return
        for node in self.document.findall(nodes.TextElement):
            # Sphinx extracts nothing from inline nodes, and removes those with this attribute.
            if not isinstance(node, nodes.Inline):
                node["translatable"] = False


def find_hidden_people(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> set[str]:
    """Collect all people who asked not to be named.

    Returns the notes to reread: all of them if these people have changed.
    """
    domain = cafe_domain(env)
    files = sorted(name for name in env.found_docs if notes_source(name, app.config))
    domain.hidden = who_is_hidden(
        app.config.cafe_hide_people, _texts(env, files), options.vocabulary_of(app.config)
    )
    return set(files) if domain.note_hidden() else set()


def read_again_what_changes_meanwhile(app: Sphinx, env: BuildEnvironment) -> None:
    """Make Sphinx reread notes that were edited while it was reading them.

    It compares the time of a file with the time at which it was done with the page,
    and would never notice an edit between the two.
    """
    for docname, opened in cafe_domain(env).data["read"].items():
        if docname in env.all_docs:
            env.all_docs[docname] = min(env.all_docs[docname], opened)


def _texts(env: BuildEnvironment, docnames: Iterable[str]) -> Iterator[str]:
    for docname in docnames:
        try:
            data = read_file(env.doc2path(docname))
        except OSError:  # reported when it is parsed
            continue
        yield reader.clean(reader.decode(data)[0])


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Remove the labels that other extensions have made from headings in notes.

    ``sphinx.ext.autosectionlabel`` makes one from each heading, spaces included, and in
    Sphinx's inventory such a label could pass for a separate entry.
    """
    docname = app.env.current_document.docname
    if notes_source(docname, app.config) is None:
        return
    domain = app.env.domains.standard_domain
    for labels in (domain.labels, domain.anonlabels):
        for name in [name for name, (page, *_) in labels.items() if page == docname]:
            del labels[name]


def on_builder_inited(app: Sphinx) -> None:
    """Stop the build if another parser is used for Markdown files.

    :raises ConfigError: if notes would be parsed as trusted content
    """
    filetype = get_filetype(app.config.source_suffix, "2025.md")
    if interfaces.parser_of(app, filetype) is not NotesParser:
        raise ConfigError(
            f"conf.py: notes are .md files, but these are of the type {filetype!r}, "
            "whose parser trusts them; set source_suffix['.md'] = 'markdown'"
        )


def setup(app: Sphinx) -> None:
    """Register the parser in place of MyST's own."""
    app.add_source_parser(NotesParser, override=True)
    app.add_transform(NotesAreNotTranslated)
    app.connect("builder-inited", on_builder_inited)
    # After unreadable files have been excluded.
    app.connect("env-get-outdated", find_hidden_people, priority=600)
    app.connect("env-updated", read_again_what_changes_meanwhile)
    # After the extensions that add labels.
    app.connect("doctree-read", on_doctree_read, priority=900)
