"""Helpers shared by all Sphinx modules: the domain, and the URLs of the site."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sphinx.config import Config

from cafe_site.sphinxext import options
from cafe_site.sphinxext.domain import CafeDomain
from cafe_site.sphinxext.problems import SiteProblem, warn

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def cafe_domain(env: BuildEnvironment) -> CafeDomain:
    """Return the domain that keeps the facts of all meetings."""
    domain = env.domains["cafe"]
    assert isinstance(domain, CafeDomain)
    return domain


def is_site(app: Sphinx) -> bool:
    """Return whether a build is for browsers; only such output is updated for notes."""
    return app.builder.format == "html" and app.builder.name != "epub"


def site_title(app: Sphinx) -> str:
    """Return the title of the site, on one line."""
    # Sphinx's default is a placeholder.
    if app.config.project != Config().project:
        title = str(app.config.project)
    else:
        title = app.env.titles[app.config.root_doc].astext()
    return " ".join(title.split())


def site_address(app: Sphinx) -> str:
    """Return the URL of the site, with a trailing slash; ``""`` if it is unknown.

    Sphinx accepts any string as `html_baseurl`, such as ``/notes/``, and prepends it to
    the names of pages. Feeds and calendars are read outside the site, so they need
    an absolute URL, by the same rules as for the one in ``community.yaml``.
    """
    found = options.community(app)
    return whole_address(app.config.html_baseurl) or (found.site if found else "")


def whole_address(address: object) -> str:
    """Return an absolute URL with a trailing slash, or an empty string if it is not valid."""
    if not address or not isinstance(address, str):
        return ""
    # Imported here since many sites do not need it.
    from cafe_site.community.document import Refused
    from cafe_site.community.values import parse_site

    try:
        return parse_site(address)
    except Refused:
        return ""


def check_site_address(app: Sphinx) -> None:
    """Warn about an `html_baseurl` that is not the URL of a site."""
    address = app.config.html_baseurl
    if app.builder.format == "html" and address and not whole_address(address):
        warn(
            SiteProblem.SITE_ADDRESS,
            "conf.py: html_baseurl must be the URL of a site, such as "
            "'https://example.org/notes/', not %r; it is ignored for feeds, calendars, "
            "llms.txt and subscriptions",
            address,
        )


def page_uri(app: Sphinx, docname: str) -> str:
    """Return the URL of a page relative to the root of the site, percent-encoded."""
    uri = app.builder.get_target_uri(docname)
    # Sphinx 9 encodes it for the html builder, but not for dirhtml.
    return quote(uri) if app.builder.name == "dirhtml" else uri


def add_alternate(context: dict[str, Any], kind: str, address: str, title: str) -> None:
    """Link to another form of a page's contents in its head.

    :param context: that of the page's template
    :param kind: the media type
    """
    attributes = f'type="{kind}" href="{escape(address)}" title="{escape(title)}"'
    # The existing value is a string of markup.
    context["metatags"] = context.get("metatags", "") + f'\n<link rel="alternate" {attributes} />'


def add_static_files(app: Sphinx) -> None:
    """Make Sphinx copy this package's static files."""
    static = str(Path(__file__).parent.parent / "static")
    if static not in app.config.html_static_path:
        app.config.html_static_path.append(static)


def setup(app: Sphinx) -> None:
    """Register the check of the URL and the static files that all pages need."""
    app.connect("builder-inited", check_site_address)
    app.connect("builder-inited", add_static_files)
    app.add_css_file("cafe_site.css")
