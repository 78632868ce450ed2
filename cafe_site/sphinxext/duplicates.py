"""Warnings about meetings that are in two files."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from cafe_site.notes.model import ProblemKind
from cafe_site.sphinxext.domain import Selection
from cafe_site.sphinxext.problems import warn
from cafe_site.sphinxext.site import cafe_domain

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn about meetings of one series and day in two files, unless titles distinguish them.

    Within a file, the reader reports them.
    """
    domain = cafe_domain(env)
    for series in domain.series():
        found = domain.meetings(Selection(series))
        for date, items in groupby(found, key=lambda item: item[1].date):
            first, *others = sorted(items, key=lambda item: item[0].docname)
            for page, meeting in others:
                titles = {first[1].title, meeting.title}
                if page.docname != first[0].docname and (len(titles) == 1 or "" in titles):
                    warn(
                        ProblemKind.DUPLICATE_DATE,
                        "there is another meeting on %s in %s; if it is the same one, delete "
                        "one of them; if both took place, tell them apart with titles, or "
                        "with cafe_series in conf.py",
                        date.iso,
                        env.doc2path(first[0].docname, False),
                        location=(page.docname, meeting.line),
                    )


def setup(app: Sphinx) -> None:
    """Register the warnings."""
    app.connect("env-updated", on_env_updated)
