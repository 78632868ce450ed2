"""Warnings about meetings that are in two files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cafe_site.notes.duplicates import duplicates
from cafe_site.sphinxext.domain import Selection
from cafe_site.sphinxext.problems import warn
from cafe_site.sphinxext.site import cafe_domain

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn about meetings of one series and day in two files."""
    domain = cafe_domain(env)
    for series in domain.series():
        found = domain.meetings(Selection(series))
        docnames = {str(env.doc2path(page.docname, False)): page.docname for page, _ in found}
        paths = {docname: path for path, docname in docnames.items()}
        for path, problem in duplicates((paths[page.docname], one) for page, one in found):
            location = (docnames[path], problem.line)
            warn(problem.kind, "%s", problem.message, location=location)


def setup(app: Sphinx) -> None:
    """Register the warnings."""
    app.connect("env-updated", on_env_updated)
