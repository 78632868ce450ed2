"""The Sphinx domain that keeps the facts of all meetings from one build to the next."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sphinx.addnodes import pending_xref
from sphinx.domains import Domain
from sphinx.util.nodes import make_refnode

from cafe_site import nodes as cafe
from cafe_site.notes.dates import MeetingDate
from cafe_site.notes.model import Attendee, Entry, Meeting, Topic, YearNotes

if TYPE_CHECKING:
    from collections.abc import Set
    from typing import Any

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

# What is kept from one build to the next. A cache written with other fields must not be read,
# so its version is made from the fields: nobody has to remember to raise a number.
_STORED = (Attendee, Entry, Meeting, MeetingDate, Topic, YearNotes)
ENV_VERSION = zlib.crc32(
    repr(
        [(stored.__name__, [field.name for field in fields(stored)]) for stored in _STORED]
    ).encode()
)


@dataclass(frozen=True, slots=True)
class Year:
    """A year of notes and the page that shows it."""

    docname: str
    notes: YearNotes
    """Without the texts."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which meetings a list shows; None means no restriction."""

    series: str | None = None
    year: int | None = None
    limit: int | None = None


class CafeDomain(Domain):
    """All meetings by the page that they stand on."""

    name = "cafe"
    label = "Collaboration Café"
    data_version = ENV_VERSION
    initial_data = {  # noqa: RUF012 - Sphinx copies it
        # docname -> YearNotes without the texts
        "years": {},
        # docname -> the lists of meetings on that page, as Selections
        "lists": {},
        # builder's name -> docname -> digest of what that page last showed of other pages
        "shown": {},
    }

    def note_year(self, docname: str, notes: YearNotes) -> None:
        """Store a year of notes that was just read."""
        self.data["years"][docname] = notes.without_text()

    def years(self, series: str | None = None, year: int | None = None) -> list[Year]:
        """Return the years, newest first and those of one series together.

        :param series: only the years of this series; None for all
        :param year: only this year of each series; None for all
        """
        years = [
            Year(docname, notes)
            for docname, notes in self.data["years"].items()
            if series in (None, notes.series) and year in (None, notes.year)
        ]
        return sorted(years, key=lambda year: (year.notes.series, -year.notes.year, year.docname))

    def select(self, selection: Selection) -> list[tuple[Year, Meeting]]:
        """Return the meetings of a list and the years that they stand in, newest first."""
        found = [
            (year, meeting)
            for year in self.years(selection.series, selection.year)
            for meeting in year.notes.meetings
        ]
        # Sorting is stable, so meetings of one day keep the order of their pages.
        found.sort(key=lambda item: item[1].date.sort_key, reverse=True)
        return found[: selection.limit]

    def neighbours(self, docname: str) -> tuple[Year | None, Year | None]:
        """Return the years of the same series before and after the one on a page."""
        years = self.years(self.data["years"][docname].series)
        index = next(i for i, year in enumerate(years) if year.docname == docname)
        before = years[index + 1] if index + 1 < len(years) else None
        return before, years[index - 1] if index else None

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """Resolve what `anchor_reference` made."""
        return make_refnode(
            builder, fromdocname, node["docname"], target, contnode, node["reftitle"]
        )

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Return nothing: no role of this domain can be left out."""
        return []

    # --- what Sphinx calls ------------------------------------------------------------

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        self.data["years"].pop(docname, None)
        self.data["lists"].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process has read."""
        for kind in ("years", "lists"):
            for docname in docnames:
                if docname in otherdata[kind]:
                    self.data[kind][docname] = otherdata[kind][docname]

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Note which lists of meetings a page shows."""
        lists = [node["selection"] for node in document.findall(cafe.meeting_list)]
        if lists:
            self.data["lists"][docname] = lists

    # --- keeping pages up to date -------------------------------------------------------

    def digests(self) -> dict[str, str]:
        """Return for each page that shows facts of other pages a digest of these facts."""
        digests = {
            docname: _digest(
                [(y.docname, y.notes.tags, m) for s in lists for y, m in self.select(s)]
            )
            for docname, lists in self.data["lists"].items()
        }
        for docname in self.data["years"]:
            before, after = self.neighbours(docname)
            digests[docname] = _digest([(y.docname, y.notes.year) for y in (before, after) if y])
        return digests


def anchor_reference(
    env: BuildEnvironment, docname: str, anchor: str, content: nodes.Element, title: str = ""
) -> pending_xref:
    """Return a reference to an anchor on a page, to be resolved when the builder is known."""
    return pending_xref(
        "",
        content,
        refdomain="cafe",
        reftype="anchor",
        refdoc=env.current_document.docname,
        reftarget=anchor,
        docname=docname,
        reftitle=title or None,
        refwarn=True,
    )


def _digest(value: object) -> str:
    # Everything stored is a frozen dataclass, a tuple, a text or a number: its repr says it all.
    return hashlib.sha256(repr(value).encode()).hexdigest()


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """Return the pages to write again since they show facts of pages that changed.

    What a page last showed is kept by builder: after the HTML has been brought up to date,
    another builder on the same doctrees still has the old facts.
    """
    domain = env.domains["cafe"]
    assert isinstance(domain, CafeDomain)
    shown = domain.data["shown"].get(app.builder.name, {})
    digests = domain.digests()
    # A year more or less is in the navigation of every page.
    years = _digest([(y.docname, y.notes.year, y.notes.title) for y in domain.years()])
    domain.data["shown"][app.builder.name] = {**digests, "": years}
    if years != shown.get(""):
        return set(env.found_docs)
    return {docname for docname, digest in digests.items() if digest != shown.get(docname)}


def setup(app: Sphinx) -> None:
    """Register the domain."""
    app.add_domain(CafeDomain)
    app.connect("env-updated", on_env_updated)
