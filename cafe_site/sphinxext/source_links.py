"""Links to the sources of notes: to edit a meeting, and to read notes as they were written."""

from __future__ import annotations

import functools
import posixpath
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

from docutils import nodes
from jinja2.sandbox import SandboxedEnvironment
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import ConfigError
from sphinx.util.osutil import relative_uri

from cafe_site.notes.model import Privacy
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext import options
from cafe_site.sphinxext.site import add_alternate, is_site
from cafe_site.sphinxext.sources import notes_source
from cafe_site.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from jinja2 import Template
    from sphinx.application import Sphinx

# The line below the title of a page; that of a file with one meeting is the meeting's.
_LINES = frozenset({"cafe-summary", "cafe-bar"})
# In the order in which pydata-sphinx-theme looks for them.
_HOSTS = {
    "bitbucket": ("https://bitbucket.org", "src"),
    "github": ("https://github.com", "edit"),
    "gitlab": ("https://gitlab.com", "-/edit"),
}


def edit_address(context: Mapping[str, Any], path: str, line: int) -> str | None:
    """Return the URL that opens a file at a line for editing.

    It is the URL of pydata-sphinx-theme's "edit this page" button, with the same keys,
    rules and precedence (see its ``edit_this_page.py``), plus the line.

    :param context: ``html_context``
    :param path: the file's path below the documentation, with ``/`` between names
    :raises jinja2.TemplateError: if ``edit_page_url_template`` is not a valid template

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
        # The host may use the fragment itself.
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
    """Return the URL of the copy of a file of notes, relative to the root of the site.

    Return None if there is no copy: only HTML builders make one, `html_copy_source` may turn
    it off, and sources contain what the privacy options keep off the pages.
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


def _edit_link(app: Sphinx, docname: str, line: int) -> list[nodes.Node]:
    if not is_site(app):
        return []
    path = str(app.env.doc2path(docname, False)).replace("\\", "/")
    address = edit_address(app.config.html_context, path, line)
    if address is None:
        return []
    link = nodes.reference("", gettext("Edit this meeting"), refuri=address, classes=["cafe-edit"])
    return [nodes.Text(" · "), link]


def _link_source(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Add a link to the source of notes to the line below the title."""
    if notes_source(docname, app.config) is None:
        return
    address = source_address(app, docname)
    page = next(doctree.findall(nodes.section), None)
    if address is None or page is None:
        return
    here = app.builder.get_target_uri(docname)
    link = nodes.reference(
        "", gettext("Source"), refuri=relative_uri(here, address), internal=True
    )
    for node in page.children:
        if isinstance(node, nodes.paragraph) and _LINES.intersection(node["classes"]):
            node.extend((nodes.Text(" · "), link))
            return


def on_doctree_resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Add the links to a document that is about to be written."""
    for link in list(doctree.findall(cafe.edit_link)):
        link.replace_self(_edit_link(app, link["docname"], link["line"]))
    _link_source(app, doctree, docname)


def hide_source(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Keep the source of notes from being published if part of it must not be shown."""
    if notes_source(pagename, app.config) is None:
        return
    is_private = options.privacy(app.config) != Privacy()
    # Sphinx aborts the build if a source to copy was deleted after it was read.
    if not is_private and app.env.doc2path(pagename).is_file():
        return
    # There may be a copy from an earlier build.
    Path(app.outdir, "_sources", context.get("sourcename") or "-").unlink(missing_ok=True)
    context.update(sourcename="", has_source=False, show_source=False)


def name_source(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Link to the source of notes in the head of its page, for programs that prefer Markdown."""
    if notes_source(pagename, app.config) is None or pagename not in app.env.titles:
        return
    address = source_address(app, pagename)
    if address is None:
        return
    address = relative_uri(app.builder.get_target_uri(pagename), address)
    title = gettext("{title} (Markdown)").format(title=app.env.titles[pagename].astext())
    add_alternate(context, "text/markdown", address, title)


def on_builder_inited(app: Sphinx) -> None:
    """Check the template of the edit URL.

    :raises ConfigError: if it is a template that cannot be filled
    """
    try:
        edit_address(app.config.html_context, "index.md", 1)
    except Exception as error:  # a template may do anything
        raise ConfigError(
            f"conf.py: edit_page_url_template in html_context is not a valid template: {error}"
        ) from error


def setup(app: Sphinx) -> None:
    """Register the handlers that add the links."""
    app.connect("builder-inited", on_builder_inited)
    app.connect("doctree-resolved", on_doctree_resolved)
    app.connect("html-page-context", hide_source)
    app.connect("html-page-context", name_source)
