"""Decides which pages to rewrite: those that show changed facts of other pages or of the site.

What a page last showed is stored per builder: after the HTML has been updated,
the output of another builder on the same doctrees still has the old facts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cafe_site.sphinxext import builds, options
from cafe_site.sphinxext.domain import Selection, digest
from cafe_site.sphinxext.interfaces import children
from cafe_site.sphinxext.site import cafe_domain, site_address

if TYPE_CHECKING:
    from collections.abc import Set

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from cafe_site.sphinxext.domain import CafeDomain


@dataclass(frozen=True)
class PageDigests:
    """Digests of what the pages of a builder's last build showed."""

    everywhere: str = ""
    """What every page shows."""
    pages: dict[str, str] = field(default_factory=dict)
    """What only this page shows, by docname, sorted."""

    def changed(self, before: PageDigests, docnames: Set[str]) -> set[str]:
        """Return the pages among `docnames` whose content has changed."""
        if self.everywhere != before.everywhere:
            return set(docnames)
        return {
            docname for docname, shown in self.pages.items() if shown != before.pages.get(docname)
        } & docnames


@dataclass(frozen=True)
class OutputDigests:
    """Digests of the contents of the files that a builder's last build made from all notes."""

    facts: str = ""
    """The facts of all meetings."""
    sources: str = ""
    """The full text with its markup, and the details of the community that publishes it."""


def _shown_on_pages(env: BuildEnvironment, domain: CafeDomain) -> dict[str, str]:
    """Return a digest of the facts of other pages for each page that shows any."""
    shown = domain.data["lists"]
    wanted = {selection.series for lists in shown.values() for _, selection in lists}
    # Digested once, as a page may have a list of each year of a series.
    series = {name: _series_digest(domain, name) for name in wanted}
    result = {
        docname: digest(
            [
                _latest(domain, selection) if kind == "latest" else series[selection.series]
                for kind, selection in lists
            ]
        )
        for docname, lists in shown.items()
    }
    # A page written by hand may link to any page by its title.
    meeting_files = _meeting_files(domain)
    titles = digest([(name, env.titles[name].astext()) for name in sorted(meeting_files)])
    for docname in env.found_docs - domain.data["notes"].keys():
        result[docname] = digest((result.get(docname), titles))
    elsewhere: dict[str, list[object]] = {}
    for item in domain.discussed(Selection()).values():
        if len(item.mentions) > 1:
            # Digested once, as it may be large and appear on many pages.
            places = digest([(m.page, m.meeting.id, m.anchor) for m in item.mentions])
            for page in dict.fromkeys(mention.page for mention in item.mentions):
                elsewhere.setdefault(page, []).append((item.reference.key, places))
    for file in domain.pages(Selection()):
        years = [each for side in domain.neighbors(file.docname) for each in side]
        meetings = [each for side in domain.meeting_neighbors(file.docname) for each in side]
        result[file.docname] = digest(
            (
                [(each.docname, each.notes.year) for each in years],
                # The page of a year links to no meetings of other files.
                [(each.docname, meeting.id) for each, meeting in meetings]
                if file.notes.year is None
                else [],
                elsewhere.get(file.docname),
            )
        )
    return dict(sorted(result.items()))


def _series_digest(domain: CafeDomain, series: str | None) -> str:
    """Return a value that changes when any list of a series does.

    What repeats in the series, and who is known in it, decides what a list shows of any year.
    """
    pages = domain.pages(Selection(series))
    return digest([(page.docname, domain.data["digests"][page.docname]) for page in pages])


def _latest(domain: CafeDomain, selection: Selection) -> object:
    """Return a value that changes when a list of the latest meetings does."""
    return [(page.docname, replace(m, line=0)) for page, m in domain.meetings(selection)]


def _meeting_files(domain: CafeDomain) -> set[str]:
    """Return the pages that are in no navigation."""
    return {docname for docname, notes in domain.data["notes"].items() if notes.year is None}


def _shown_everywhere(app: Sphinx, domain: CafeDomain) -> str:
    """Return a digest of what every page shows."""
    env = app.env
    meeting_files = _meeting_files(domain)
    return digest(
        (
            # An added or removed page changes the navigation of every page.
            sorted(
                (docname, title.astext())
                for docname, title in env.titles.items()
                if docname not in meeting_files
            ),
            [
                (docname, [name for name in names if name not in meeting_files])
                for docname, names in sorted(children(env).items())
            ],
            [
                (page.docname, page.notes.year, page.notes.title)
                for page in domain.pages(Selection())
                if page.notes.year is not None
            ],
            list(domain.series()),
            # Another builder on these doctrees may have reread all pages for a new value.
            options.values(app.config),
            domain.data["hidden"],
            app.config.language,
            # The head of every page links to the feeds.
            site_address(app),
        )
    )


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """Return the pages to rewrite because they show facts of changed pages."""
    domain = cafe_domain(env)
    name = app.builder.name
    before, made = PageDigests(), OutputDigests()
    # A build that was killed has stored what it was going to write, and the files in this
    # outdir may have been made from other doctrees.
    if builds.begin(app, _build(app, domain), domain.data["notes"]):
        before = domain.data["shown"].get(name, before)
        made = domain.data["outputs"].get(name, made)
    now = PageDigests(_shown_everywhere(app, domain), _shown_on_pages(env, domain))
    facts = digest(
        [
            (docname, _uri(app, docname), found)
            for docname, found in sorted(domain.data["digests"].items())
        ]
    )
    texts = sorted(domain.data["texts"].items())
    addresses = [_uri(app, docname) for docname, _ in texts]
    domain.texts_digest = digest((now.everywhere, facts, addresses, texts))
    sources = sorted(domain.data["sources"].items())
    about = (options.community(app), app.config.project)
    outputs = OutputDigests(facts, digest((now.everywhere, facts, sources, about)))
    domain.facts_changed = outputs.facts != made.facts
    domain.sources_changed = outputs.sources != made.sources
    domain.data["shown"][name] = now
    domain.data["outputs"][name] = outputs
    if now.everywhere != before.everywhere:
        # Sphinx would update it, and keep the words that privacy options have removed.
        index = getattr(app.builder, "searchindex_filename", None)
        if index:
            (app.outdir / index).unlink(missing_ok=True)
    return now.changed(before, env.found_docs)


def _uri(app: Sphinx, docname: str) -> str:
    # LaTeX and Texinfo have no target URIs yet.
    return app.builder.get_target_uri(docname) if app.builder.format == "html" else ""


def _build(app: Sphinx, domain: CafeDomain) -> str:
    """Return a digest that is equal for two builds of a builder if all pages show the same."""
    kinds = ("shown", "outputs", "shown_dates")
    return digest([domain.data[kind].get(app.builder.name) for kind in kinds])


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Record that everything has been written."""
    if exception is None:
        domain = cafe_domain(app.env)
        builds.end(app, _build(app, domain), domain.data["notes"])


def setup(app: Sphinx) -> None:
    """Register the event handlers."""
    app.connect("env-updated", on_env_updated)
    # After everything that others write.
    app.connect("build-finished", on_build_finished, priority=950)
