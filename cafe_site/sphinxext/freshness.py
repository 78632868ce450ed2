"""Which pages are written again: those that show facts of others, or of the site, that changed.

What a page last showed is kept by builder: after the HTML has been brought up to date,
another builder on the same doctrees still has the old facts.
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
    """What the pages of a builder's last build showed, as digests."""

    everywhere: str = ""
    """What every page shows."""
    pages: dict[str, str] = field(default_factory=dict)
    """What a page alone shows, by docname and sorted by it."""

    def changed(self, before: PageDigests, docnames: Set[str]) -> set[str]:
        """Return those of some pages that show something else than before."""
        if self.everywhere != before.everywhere:
            return set(docnames)
        return {
            docname for docname, shown in self.pages.items() if shown != before.pages.get(docname)
        } & docnames


@dataclass(frozen=True)
class OutputDigests:
    """What the files that a builder's last build made of all notes had in them, as digests."""

    facts: str = ""
    """What all meetings together say."""
    sources: str = ""
    """The whole texts, with their markup, and who the community is that signs them."""


def _shown_on_pages(domain: CafeDomain) -> dict[str, str]:
    """Return for each page that shows facts of other pages a digest of these facts."""
    result = {
        docname: digest([_listed(domain, kind, selection) for kind, selection in lists])
        for docname, lists in domain.data["lists"].items()
    }
    elsewhere: dict[str, list[object]] = {}
    for item in domain.discussed(Selection()).values():
        if len(item.mentions) > 1:
            # Once, as it may be much and stand on many pages.
            places = digest([(m.page, m.meeting.id, m.anchor) for m in item.mentions])
            for page in dict.fromkeys(mention.page for mention in item.mentions):
                elsewhere.setdefault(page, []).append((item.reference.key, places))
    for years in domain.series().values():
        for index, year in enumerate(years):
            neighbors = years[max(index - 1, 0) : index + 2]
            result[year.docname] = digest(
                (
                    [(y.docname, y.notes.year) for y in neighbors],
                    elsewhere.get(year.docname),
                )
            )
    return dict(sorted(result.items()))


def _listed(domain: CafeDomain, kind: str, selection: Selection) -> object:
    """Return something that changes when a list does."""
    if kind == "latest":
        return [(y.docname, replace(m, line=0)) for y, m in domain.meetings(selection)]
    return [(y.docname, domain.data["digests"][y.docname]) for y in domain.years(selection)]


def _shown_everywhere(app: Sphinx, domain: CafeDomain) -> str:
    """Return a digest of what every page shows."""
    env = app.env
    return digest(
        (
            # A page more or less is in the navigation of every page.
            sorted((docname, title.astext()) for docname, title in env.titles.items()),
            sorted(children(env).items()),
            [
                (year.docname, year.notes.year, year.notes.title)
                for years in domain.series().values()
                for year in years
            ],
            # Another builder on these doctrees may have read all pages again for a new value.
            options.values(app.config),
            domain.data["hidden"],
            app.config.language,
            # The head of every page names the feeds.
            site_address(app),
        )
    )


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """Return the pages to write again since they show facts of pages that changed."""
    domain = cafe_domain(env)
    name = app.builder.name
    before, made = PageDigests(), OutputDigests()
    # A build that was killed has stored what it meant to write, and what is in this output
    # folder may have been made from other doctrees.
    if builds.begin(app, _build(app, domain), domain.data["years"]):
        before = domain.data["shown"].get(name, before)
        made = domain.data["outputs"].get(name, made)
    now = PageDigests(_shown_everywhere(app, domain), _shown_on_pages(domain))
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
        # Sphinx would add to it, and keep the words that options for privacy have taken out.
        index = getattr(app.builder, "searchindex_filename", None)
        if index:
            (app.outdir / index).unlink(missing_ok=True)
    return now.changed(before, env.found_docs)


def _uri(app: Sphinx, docname: str) -> str:
    # LaTeX and Texinfo know no addresses yet.
    return app.builder.get_target_uri(docname) if app.builder.format == "html" else ""


def _build(app: Sphinx, domain: CafeDomain) -> str:
    """Return what is the same in two builds of a builder if all pages show the same."""
    kinds = ("shown", "outputs", "shown_dates")
    return digest([domain.data[kind].get(app.builder.name) for kind in kinds])


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Note that all has been written."""
    if exception is None:
        domain = cafe_domain(app.env)
        builds.end(app, _build(app, domain), domain.data["years"])


def setup(app: Sphinx) -> None:
    """Bring pages up to date."""
    app.connect("env-updated", on_env_updated)
    # After all that others write.
    app.connect("build-finished", on_build_finished, priority=950)
