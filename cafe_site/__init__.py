"""A Sphinx extension for the notes and the handbook of a community's open meetings.

Add it to ``extensions`` in ``conf.py`` and tell it where the notes are::

    extensions = ["cafe_site"]
    cafe_notes = "notes"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up the extension; Sphinx calls this."""
    # Imported here so that `cafe_site.notes` stays usable without Sphinx.
    from cafe_site.sphinxext import (
        builds,
        calendar_files,
        domain,
        duplicates,
        encoding,
        feeds,
        footnotes,
        former_anchors,
        freshness,
        language,
        list_renderer,
        lists,
        nodes,
        notes_page,
        option_checks,
        options,
        outputs,
        page_links,
        parser,
        removed_pages,
        schedule_pages,
        search,
        site,
        source_links,
        sources,
    )

    app.setup_extension("myst_parser")
    options.setup(app)
    option_checks.setup(app)
    language.setup(app)
    builds.setup(app)
    nodes.setup(app)
    domain.setup(app)
    duplicates.setup(app)
    freshness.setup(app)
    site.setup(app)
    sources.setup(app)
    encoding.setup(app)
    parser.setup(app)
    notes_page.setup(app)
    footnotes.setup(app)
    former_anchors.setup(app)
    lists.setup(app)
    list_renderer.setup(app)
    page_links.setup(app)
    source_links.setup(app)
    removed_pages.setup(app)
    outputs.setup(app)
    feeds.setup(app)
    search.setup(app)
    schedule_pages.setup(app)
    calendar_files.setup(app)
    return {
        "version": __version__,
        "env_version": domain.ENV_VERSION,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
