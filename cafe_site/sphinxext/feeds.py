"""The feeds of the newest notes: which ones exist, their files, and the links in each page."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from cafe_site.formats import words
from cafe_site.notes.anchors import Anchors, slug
from cafe_site.reading import read_file
from cafe_site.sphinxext import files, options
from cafe_site.sphinxext.domain import Selection
from cafe_site.sphinxext.parser import read_notes
from cafe_site.sphinxext.site import (
    add_alternate,
    cafe_domain,
    is_site,
    page_uri,
    site_address,
    site_title,
)
from cafe_site.sphinxext.sources import notes_source, warn_unreadable

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx

    from cafe_site.notes.model import NotesFile
    from cafe_site.sphinxext.domain import CafeDomain

_NEWEST = 20  # entries of a feed, as many as feed readers show of a new one
# With more series, a page links only to the feed of its own, to keep every head short.
_FEEDS_IN_A_HEAD = 20


def feeds(app: Sphinx) -> dict[str | None, tuple[str, str]]:
    """Return the feeds of the site by series: the file name and the title of each.

    There is one for all notes (its series is None) and, if there are several series, one for
    each. Feeds are read outside the site, so there are none without the URL of the site.
    """
    if not site_address(app) or app.builder.name == "singlehtml":
        return {}
    domain = cafe_domain(app.env)
    series = domain.series()
    if not series:
        return {}
    config = app.config
    titles = tuple(config.cafe_series_titles.items())
    return _feeds(tuple(series), site_title(app), config.cafe_series_title, titles)


@functools.lru_cache(maxsize=4)  # every page asks for them
def _feeds(
    series: tuple[str, ...], title: str, main_title: str, titles: tuple[tuple[str, str], ...]
) -> dict[str | None, tuple[str, str]]:
    found: dict[str | None, tuple[str, str]] = {None: ("notes.atom", title)}
    if len(series) > 1:
        names = Anchors()
        for name in series:
            series_title = words.series_title(name, main_title, dict(titles))
            file = names.add(f"notes-{slug(series_title) or 'series'}")
            found[name] = (f"{file}.atom", f"{title}: {series_title}")
    return found


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write the feeds that changed, and remove obsolete ones."""
    if exception is not None or not is_site(app):
        return
    domain = cafe_domain(app.env)
    wanted = {name: (title, series) for series, (name, title) in feeds(app).items()}
    for path in app.outdir.glob("notes*.atom"):
        # Not a file from elsewhere.
        if path.name not in wanted and b"<generator>cafe_site</generator>" in path.read_bytes():
            path.unlink()
    for name, (title, series) in wanted.items():
        is_due = domain.sources_changed or not (app.outdir / name).exists()
        if is_due and not files.is_brought(app, name):
            content = _feed(app, domain, name, title, series)
            if content is not None:
                files.write(app.outdir, name, content)


def _feed(
    app: Sphinx, domain: CafeDomain, name: str, title: str, series: str | None
) -> bytes | None:
    """Return a feed, or warn and return None if notes that it needs were deleted meanwhile.

    Without them, the feed would drop entries that it has already published.
    """
    from cafe_site.community.values import host_of
    from cafe_site.formats import atom

    site = site_address(app)
    community = options.community(app)
    owner = (community.domain if community else "") or host_of(site)
    newest = domain.meetings(Selection(series, limit=_NEWEST))
    # Texts are not stored between builds, so these files are read again.
    notes = []
    pages = {page.docname: page.notes for page, _ in newest}
    for docname in pages:
        source = notes_source(docname, app.config)
        assert source is not None
        try:
            data = read_file(app.env.doc2path(docname))
        except OSError as error:
            warn_unreadable(docname, error)
            return None
        notes.append(read_notes(data, source, app.env))
    docnames = {found.path: docname for docname, found in pages.items()}

    def address(file: NotesFile) -> str:
        return urljoin(site, page_uri(app, docnames[file.path]))

    return atom.atom(
        atom.Feed(
            title=title,
            address=urljoin(site, quote(name)),
            home=site,
            author=(community.organizers or community.name) if community else title,
            # The date of a tag URI is one on which the community owned the domain.
            id=f"tag:{owner},{_FEED_YEAR}:notes/{quote(f'{series}/') if series else ''}"
            + ("" if series is None else "feed"),
            entries=atom.entries(
                notes, address, owner, person_url=app.config.cafe_person_url, limit=_NEWEST
            ),
            language=app.config.language,
        )
    )


_FEED_YEAR = 2026


def on_html_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Link to the feeds in the head of every page."""
    if not is_site(app):
        return
    site = site_address(app)
    found = feeds(app)
    if len(found) > _FEEDS_IN_A_HEAD:
        source = notes_source(pagename, app.config)
        series = source.series if source else None
        found = {key: found[key] for key in (None, series) if key in found}
    for name, title in found.values():
        add_alternate(context, "application/atom+xml", urljoin(site, quote(name)), title)


def setup(app: Sphinx) -> None:
    """Register the feeds."""
    app.connect("html-page-context", on_html_page_context)
    app.connect("build-finished", on_build_finished)
