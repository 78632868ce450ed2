"""Files for programs, made from all meetings at the end of a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cafe_site.formats import words
from cafe_site.formats.llms import Link, llms_txt
from cafe_site.formats.meetings_json import meetings_json
from cafe_site.sphinxext import files, options
from cafe_site.sphinxext.domain import Selection
from cafe_site.sphinxext.interfaces import children
from cafe_site.sphinxext.site import cafe_domain, is_site, page_uri, site_address, site_title
from cafe_site.sphinxext.source_links import source_address
from cafe_site.sphinxext.sources import notes_source

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from cafe_site.sphinxext.archive_index import Page
    from cafe_site.sphinxext.domain import CafeDomain


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write the files from all meetings, not only those read in this build."""
    if exception is not None or not is_site(app):
        return
    domain = cafe_domain(app.env)
    if domain.facts_changed or not (app.outdir / "meetings.json").exists():
        files.write(app.outdir, "meetings.json", _meetings_json(app, domain))
    if not files.is_brought(app, "llms.txt"):
        files.write(app.outdir, "llms.txt", _llms_txt(app, domain))


def _meetings_json(app: Sphinx, domain: CafeDomain) -> str:
    return meetings_json(
        [(page.docname, page.notes) for page in domain.pages(Selection())],
        [(page.docname, page.notes, found) for page, found in domain.meetings(Selection())],
        lambda docname: page_uri(app, docname),
    )


def _llms_txt(app: Sphinx, domain: CafeDomain) -> str:
    titles = app.env.titles

    def link(page: Page) -> Link:
        address = source_address(app, page.docname) or _page_address(app, page.docname)
        note = "" if page.notes.is_one_meeting else words.count_meetings(page.notes.meetings)
        return Link(titles[page.docname].astext(), address, note)

    return llms_txt(
        site_title(app),
        [meeting for _, meeting in domain.meetings(Selection())],
        [
            (
                options.series_title(app.config, name),
                [link(page) for page in pages],
            )
            for name, pages in domain.series().items()
        ],
        [
            Link(titles[docname].astext(), _page_address(app, docname))
            for docname in _guide_pages(app)
        ],
        site_address(app),
    )


def _guide_pages(app: Sphinx) -> list[str]:
    """Return the pages of the toctrees, in their order, without the notes."""
    found: list[str] = []
    seen = {app.config.root_doc}
    waiting = [app.config.root_doc]
    while waiting:
        docname = waiting.pop()
        if docname != app.config.root_doc:
            found.append(docname)
        for child in reversed(children(app.env).get(docname, [])):
            if child not in seen and child in app.env.titles:
                seen.add(child)
                waiting.append(child)
    return [docname for docname in found if notes_source(docname, app.config) is None]


def _page_address(app: Sphinx, docname: str) -> str:
    address = page_uri(app, docname)
    if address.startswith("#"):  # all pages are in one file
        return f"{app.config.root_doc}.html{address}"
    return address


def setup(app: Sphinx) -> None:
    """Register the writing of files."""
    app.connect("build-finished", on_build_finished)
