"""The Sphinx domain that keeps the facts of all meetings from one build to the next."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.domains import Domain, ObjType
from sphinx.roles import XRefRole
from sphinx.util.nodes import make_refnode

from cafe_site.formats import words
from cafe_site.notes import archive
from cafe_site.notes.model import Hidden
from cafe_site.notes.persons import person_key, register
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext.archive_index import ArchiveIndex
from cafe_site.sphinxext.versions import environment_version
from cafe_site.translation import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from cafe_site.notes.archive import Discussed, Person
    from cafe_site.notes.dates import MeetingDate
    from cafe_site.notes.model import Meeting, NotesFile
    from cafe_site.notes.persons import Register
    from cafe_site.sphinxext.archive_index import Page


def digest(value: object) -> str:
    """Return a string that is different for different values."""
    # Everything stored is a frozen dataclass, tuple, string or number, so its repr is complete.
    return hashlib.sha256(repr(value).encode()).hexdigest()


# What is kept from one build to the next.
_INITIAL_DATA: dict[str, dict[str, Any]] = {
    # docname -> NotesFile without text
    "notes": {},
    # docname -> digest of these
    "digests": {},
    # docname -> the lists on that page, as pairs of kind and Selection
    "lists": {},
    # docname -> the years and pages that the archive on that page has
    "groups": {},
    # docname -> schedule data shown on that page: kind, series or None, checklist.Needs
    "dates": {},
    # docname -> digest of the file of notes
    "sources": {},
    # docname -> when the file of notes was opened, in microseconds since 1970
    "read": {},
    # docname -> the searchable content of that page, in the search's own format
    "texts": {},
    # builder name -> what its last build showed from the notes and the schedule (PageDigests),
    # and the files it generated from all notes (OutputDigests)
    "shown": {},
    "shown_dates": {},
    "outputs": {},
    # "people" -> digest of all names and handles of people who asked not to be named; the
    # names are not stored, since the doctree directory may be published with the site
    "hidden": {},
}
# Cleared when a page is reread or removed.
_BY_PAGE = ("notes", "groups", "digests", "lists", "dates", "sources", "texts", "read")
ENV_VERSION = environment_version()


@dataclass(frozen=True)
class Selection:
    """Which meetings a list shows; None means no restriction."""

    series: str | None = None
    year: int | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class _Object:
    """A target that a role can link to."""

    docname: str
    anchor: str
    title: str
    date: MeetingDate | None = None


class CafeDomain(Domain):
    """All meetings, by page."""

    name = "cafe"
    label = "Collaboration Café"
    object_types = {  # noqa: RUF012 - as in Sphinx's own domains
        kind: ObjType(kind, kind) for kind in (N_("meeting"), N_("person"), N_("ref"), N_("tag"))
    }
    roles = {  # noqa: RUF012
        kind: XRefRole(innernodeclass=nodes.inline, warn_dangling=True)
        for kind in ("meeting", "person", "ref", "tag")
    }
    data_version = ENV_VERSION
    initial_data = _INITIAL_DATA
    _found_archive: ArchiveIndex | None = None
    _archive_pages: dict[str, str] | None = None
    _discussed: dict[tuple[str, str], Discussed] | None = None
    _who: Register | None = None
    _objects: dict[tuple[str, str], _Object] | None = None
    facts_changed = True
    """Whether any meeting's facts changed since this builder's last build."""
    sources_changed = True
    """Whether notes or the community's details changed since this builder's last build."""
    texts_digest = ""
    """A digest of all searchable content in this build."""

    hidden = Hidden()
    """All names and handles of people who asked not to be named; collected in each build."""

    def note_hidden(self) -> bool:
        """Store the digest of the people to hide; return whether it has changed."""
        now = self.hidden.digest
        before: str = self.data["hidden"].get("people", Hidden().digest)
        self.data["hidden"]["people"] = now
        return now != before

    def note_file(self, docname: str, notes: NotesFile, source: bytes) -> None:
        """Store a file of notes that was just read from ``source``."""
        self.data["sources"][docname] = hashlib.sha256(source).hexdigest()
        self._forget()
        facts = notes.without_text()
        self.data["notes"][docname] = facts
        # An extra line above a meeting changes nothing that other pages show about it.
        self.data["digests"][docname] = digest(
            (facts.title, facts.tags, [replace(meeting, line=0) for meeting in facts.meetings])
        )

    def note_reading(self, docname: str, time: int) -> None:
        """Store when a file of notes is opened, in microseconds since 1970."""
        self.data["read"][docname] = time

    def note_text(self, docname: str, text: bytes) -> None:
        """Store the searchable content of a page that was just read."""
        self.data["texts"][docname] = text

    def _archive(self) -> ArchiveIndex:
        # Every page of notes needs these.
        if self._found_archive is None:
            self._found_archive = ArchiveIndex(self.data["notes"])
        return self._found_archive

    def series(self) -> dict[str, list[Page]]:
        """Return the pages of each series, newest first."""
        return self._archive().by_series

    def pages(self, selection: Selection) -> list[Page]:
        """Return the pages of a selection, grouped by series, newest first."""
        return self._archive().pages.get((selection.series, selection.year), [])

    def neighbors(self, docname: str) -> tuple[list[Page], list[Page]]:
        """Return the year files before and after that of a page, each empty if there is none."""
        return self._archive().year_neighbors.get(docname, ([], []))

    def meeting_neighbors(self, docname: str) -> tuple[list[tuple[Page, Meeting]], ...]:
        """Return the meetings of the series before and after those of a page."""
        return self._archive().meeting_neighbors.get(docname, ([], []))

    def archive_page(self, docname: str) -> str | None:
        """Return the page with the archive that lists a file of notes, or None."""
        # Every page of notes needs this.
        if self._archive_pages is None:
            self._archive_pages = {}
            for page, shown in sorted(self.data["groups"].items(), reverse=True):
                for _, groups in shown:
                    self._archive_pages.update(dict.fromkeys(groups, page))
        return self._archive_pages.get(self.data["notes"][docname].series)

    def meetings(self, selection: Selection) -> list[tuple[Page, Meeting]]:
        """Return the meetings of a selection and their pages, newest first."""
        key = (selection.series, selection.year)
        return self._archive().meetings.get(key, [])[: selection.limit]

    def discussed(self, selection: Selection) -> dict[tuple[str, str], Discussed]:
        """Return what the meetings of a selection refer to on GitHub."""
        if selection != Selection():
            return archive.discussed((y.docname, m) for y, m in self.meetings(selection))
        # Every page of notes needs this one.
        if self._discussed is None:
            self._discussed = archive.discussed(
                (y.docname, m) for y, m in self.meetings(selection)
            )
        return self._discussed

    def who(self) -> Register:
        """Return who is who in the whole archive."""
        if self._who is None:
            everything = [(page.docname, meeting) for page, meeting in self.meetings(Selection())]
            series = {page.docname: page.notes.series for page in self.pages(Selection())}
            self._who = register(everything, self.env.config.cafe_people, series)
        return self._who

    def people(self, selection: Selection) -> list[Person]:
        """Return the people of the meetings of a selection."""
        meetings = self.meetings(replace(selection, limit=None))
        return archive.people(((page.docname, meeting) for page, meeting in meetings), self.who())

    def objects(self) -> dict[tuple[str, str], _Object]:
        """Return the targets of roles, by kind and name."""
        # Every role needs these.
        if self._objects is None:
            self._objects = self._find_objects()
        return self._objects

    def _find_objects(self) -> dict[tuple[str, str], _Object]:
        found: dict[tuple[str, str], _Object] = {}

        def add(
            kind: str, title: str, docname: str, anchor: str, date: MeetingDate | None = None
        ) -> None:
            item = _Object(docname, anchor, " ".join(title.split()), date)
            found[kind, _object_key(kind, title)] = item

        # Backwards: if two files have a meeting of the same name, the first one counts.
        for page, meeting in reversed(self.meetings(Selection())):
            prefix = f"{page.notes.series}/" if page.notes.series else ""
            add("meeting", f"{prefix}{meeting.id}", page.docname, meeting.id, meeting.date)
        lists = {
            kind: docname
            for docname, shown in sorted(self.data["lists"].items(), reverse=True)
            for kind, selection in shown
            if selection == Selection()
        }
        if place := lists.get("people"):
            for person in self.people(Selection()):
                name = person.handle or person.name
                add("person", name, place, archive.person_anchor(person))
            # Other names of a person work as well.
            for name, key in self.who().also_called().items():
                if ("person", key) in found:
                    found.setdefault(("person", name), found["person", key])
        if place := lists.get("discussed"):
            for discussed in self.discussed(Selection()).values():
                reference = discussed.reference
                add("ref", reference.name, place, archive.reference_anchor(reference))
        if place := lists.get("tags"):
            names = [tag for each in self.pages(Selection()) for tag in each.notes.tags]
            names += [tag for _, m in self.meetings(Selection()) for tag in m.tags]
            for name in names:
                add("tag", name.lower(), place, archive.tag_anchor(name))
        # Names from the inventory work as well, unless they belong to another object.
        for (kind, name), item in list(found.items()):
            found.setdefault((kind, _object_name(name)), item)
        return found

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
        """Resolve a role; a link to a meeting without an explicit title shows its date."""
        found = self.objects().get((typ, _object_key(typ, target)))
        if found is None:
            return None
        if found.date is not None and not node.get("refexplicit"):
            contnode = nodes.inline("", words.full_date(found.date))
        address = builder.get_relative_uri(fromdocname, found.docname)
        # In a single-page build, Sphinx appends the anchor to that of the page.
        here = found.docname if address.startswith("#") else fromdocname
        return make_refnode(builder, here, found.docname, found.anchor, contnode)

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Resolve the ``any`` role."""
        links = [
            (
                f"cafe:{kind}",
                self.resolve_xref(env, fromdocname, builder, kind, target, node, contnode),
            )
            for kind in self.object_types
        ]
        return [(role, link) for role, link in links if link is not None]

    def get_type_name(self, type: ObjType, primary: bool = False) -> str:
        """Return the name of an object type in Sphinx's own search."""
        return f"{self.label} {gettext(type.lname)}"

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield the objects that other projects can link to."""
        for (kind, name), item in sorted(self.objects().items()):
            if name == _object_name(name):
                yield name, item.title, kind, item.docname, item.anchor, 1

    # --- called by Sphinx -------------------------------------------------------------

    def _forget(self) -> None:
        """Clear what was computed from the pages, since one of them changes."""
        self._found_archive = self._archive_pages = None
        self._discussed = self._objects = self._who = None

    def clear_doc(self, docname: str) -> None:
        """Remove the data of a page."""
        self._forget()
        for kind in _BY_PAGE:
            self.data[kind].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Merge what another process has read."""
        self._forget()
        for kind in _BY_PAGE:
            for docname in docnames:
                if docname in otherdata[kind]:
                    self.data[kind][docname] = otherdata[kind][docname]

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Record which lists a page shows."""
        lists = [(node["kind"], node["selection"]) for node in document.findall(cafe.meeting_list)]
        if lists:
            self._objects = None
            self.data["lists"][docname] = lists


def _object_key(kind: str, text: str) -> str:
    """Return the lookup key for a target as written in a role.

    >>> _object_key("tag", "#Road  map"), _object_key("person", "@Ada")
    ('road map', 'ada')
    """
    text = " ".join(text.split())
    if kind == "meeting":
        return text
    text = text.lstrip("@#")
    return person_key(text) if kind == "person" else text.lower()


def _object_name(key: str) -> str:
    """Return the name of an object in the inventory ``objects.inv``.

    Lines of an inventory are split at spaces, so a name with spaces could pass
    for an entry of another domain that links to any URL:
    ``tag py:function 1 //evil.example/ -``. Hyphens replace the spaces.
    """
    return "-".join(key.split())


def setup(app: Sphinx) -> None:
    """Register the domain."""
    app.add_domain(CafeDomain)
